import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import { felt, inverse, mul } from '../../stark/field/koala-bear.ts';
import { imbalance } from '../../test/support/balance.ts';
import { TABLES } from '../../test/support/bf16-dot.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../test/support/frame-forgeries.ts';
import { bf16, f32, forAll } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { DOT_STATE_BUS } from '../bf16-dot/state.ts';
import { bf16DotChip } from '../bf16-dot/trace.ts';
import { bf16DotAmpereChip } from '../bf16-dot-ampere/trace.ts';
import { bf16DotSpecialChip } from '../bf16-dot-special/trace.ts';
import { bf16DotCallAir } from './air.ts';
import { BF16_DOT_INSTRUCTIONS } from './execute.ts';

import { type DotModel, dotBf16 } from './semantics.ts';
import { bf16DotCallChip } from './trace.ts';

const FD = 32 + 7;
const CHIPS = [bf16DotCallChip, bf16DotChip, bf16DotAmpereChip, bf16DotSpecialChip];
const dot = (a: number, b: number, blocks: number, acc?: number, model: DotModel = 'hopper'): Step => ({
  mnemonic: `bf16.dot.${model}`,
  fields: { rd: 7, rs1: 10, rs2: 11, rs3: 12 },
  registers: { 10: a, 11: b, 12: blocks, ...(acc === undefined ? {} : { [FD]: acc }) },
});
const run = (steps: readonly Step[], hints: ArrayLike<number>) =>
  stepped(BF16_DOT_INSTRUCTIONS, CHIPS, steps, { hints: Uint16Array.from(hints) });

/** Blocks of 16 equal patterns. */
const flat = (...patterns: number[]): number[] => patterns.flatMap((pattern) => new Array<number>(16).fill(pattern));

describe('executor', () => {
  test('accumulates onto fd', () => {
    const { machine } = run([dot(0, 32, 1, 0x3f80_0000)], flat(0x3f80, 0x4000));
    expect(machine.registers[FD]).toBe(0x4204_0000); // 1 + 16 * 2 = 33
  });

  test.each([
    ['2^16 blocks', dot(0, 0, 2 ** 16), 'invalid-operand'],
    ['an address that is not a multiple of 32', dot(16, 0, 1), 'misaligned-access'],
    ['a block past the tape', dot(0, 32, 2), 'hint-out-of-range'],
  ] as const)('%s traps', (_, step, cause) => {
    expect(() => run([step], flat(0, 0))).toThrow(
      expect.objectContaining({ trap: expect.objectContaining({ cause }) }),
    );
  });
});

test.each(['hopper', 'ampere', 'blackwell'] as const)(
  '%s: the chips together prove any call: every state sent is taken, and fd is the result',
  (model) => {
    const hints = fc.array(bf16(), { minLength: 64, maxLength: 64 });
    const dotIn = (a: number, b: number, blocks: number, acc?: number): Step => dot(a, b, blocks, acc, model);
    forAll(
      fc.tuple(hints, f32(), fc.boolean()),
      ([values, acc, mild]) => {
        // Mild operands seldom overflow: half of the draws have no infinities and large exponents.
        const tape = mild ? values.map((x) => (x & 0x80ff) | 0x3f00) : values;
        const { machine, trace } = run([dotIn(0, 64, 2, acc), dotIn(32, 96, 1), dotIn(32, 0, 0)], tape);
        const patterns = Uint16Array.from(tape);
        const expected = dotBf16(
          model,
          dotBf16(model, acc, patterns, 0, patterns, 32, 2),
          patterns,
          16,
          patterns,
          48,
          1,
        );
        expect(machine.registers[FD]).toBe(expected);
        const tables = CHIPS.map(
          (chip) => [chip.air, { main: [...trace(chip).main, ...paddingRow(chip).main] }] as const,
        );
        for (const [air, rows] of tables) expect(violations(air, rows)).toEqual([]);
        expect(imbalance(DOT_STATE_BUS, tables)).toEqual([]);
      },
      60,
    );
  },
);

describe('forgeries', () => {
  /** `stepped` ages rs3 one access more than the others, by two. */
  const one = (step: Step): Rows => {
    const rows = run([step], flat(0x3f80, 0x3f80, 0x3f80, 0x3f80)).trace(bf16DotCallChip);
    return forge(rows, { rs3Clk: cell(rows, 'rs3Clk') + 2, rs3AgeLo: cell(rows, 'rs3AgeLo') - 2 });
  };
  const cell = (rows: Rows, name: string): number => cells(bf16DotCallAir, rows, name)[0]!;
  const forge = (rows: Rows, changes: Record<string, number>): Rows => withCells(bf16DotCallAir, rows, 0, changes);
  const called = one(dot(32, 64, 1, 0x4049_0fdb));
  const empty = one(dot(32, 64, 0, 0x4049_0fdb));
  const zero = one(dot(32, 64, 0, 0x8000_0000));
  const emptyAmpere = one(dot(32, 64, 0, 0x4049_0fdb, 'ampere'));
  /** A row that nothing may answer: the program has just this instruction. */
  const refused = (claim: string, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => {
    const forged = forge(empty, changes);
    return { claim, honest: forged, forged, rejectedBy };
  };
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: forge(honest, changes),
    rejectedBy,
  });
  /** Cells of the word `old` or `out` after its low limb grew by `more`, of the same class. */
  const grown = (rows: Rows, name: 'old' | 'out', more: number): Record<string, number> => {
    const low = cell(rows, `${name}Low`) + more;
    const significand = cell(rows, `${name}Upper`) * 2 ** 16 + cell(rows, `${name}Middle`) * 512 + low;
    return { [`${name}Low`]: low, [`${name}Inverse`]: inverse(felt(significand)) };
  };
  const byAccess = ['rs1', 'rs2', 'rs3', 'rd'].flatMap((name) => [
    `${name} holds the value last written`,
    `${name} is left with its value`,
  ]);
  const third = inverse(felt(512));

  const word = (name: 'old' | 'out'): Forgery[] => [
    lie(`${name} has another sign`, empty, { [`${name}Sign`]: 1 }, `${name}: its high limb is decoded`),
    lie(
      `${name} has a bit that its low limb has not`,
      empty,
      { ...grown(empty, name, -1), ...(name === 'out' ? { lastLow: cell(empty, 'lastLow') - 1 } : {}) },
      `${name}: its low limb is in two parts`,
    ),
    lie(
      `the lower part of ${name} takes a bit from the middle one`,
      empty,
      {
        [`${name}Low`]: cell(empty, `${name}Low`) + 512,
        [`${name}Middle`]: cell(empty, `${name}Middle`) - 1,
        ...(name === 'out' ? { lastLow: cell(empty, 'lastLow') + 512, lastHigh: cell(empty, 'lastHigh') - 1 } : {}),
      },
      `${name}Low is below 2^9`,
    ),
    lie(
      `the middle part of ${name} is a fraction`,
      empty,
      {
        [`${name}Low`]: cell(empty, `${name}Low`) - 1,
        [`${name}Middle`]: cell(empty, `${name}Middle`) + third,
        ...(name === 'out' ? { lastLow: cell(empty, 'lastLow') - 1, lastHigh: cell(empty, 'lastHigh') + third } : {}),
      },
      `${name}Middle is below 2^7`,
    ),
    lie(
      `${name} is a zero though it has bits`,
      empty,
      { [`${name}Flat`]: 1, [`${name}Inverse`]: 0, [`${name}Exponent`]: -400 },
      `${name}: a zero or infinity has no further bits`,
    ),
    lie(
      `${name} is a subnormal though it is zero, so that its exponent counts`,
      zero,
      { [`${name}Flat`]: 0, [`${name}Exponent`]: -126 },
      `${name}: anything else has`,
    ),
    lie(
      `${name} has another exponent`,
      empty,
      { [`${name}Exponent`]: 2 },
      `${name}: the exponent is that of its class`,
    ),
  ];

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: bf16DotCallAir, honest: empty, accesses: { rs1: 0, rs2: 1, rs3: 2, rd: 3 } }).filter(
      ({ claim }) => !claim.startsWith('one row of weight 2'),
    ),
    {
      claim: 'one row of weight 2 stands for two calls',
      honest: { main: [called.main[0]!, called.main[0]!] },
      forged: {
        main: [
          forge(called, { isReal: 2, blocksInverse: 2 }).main[0]!,
          forge(called, { isReal: 0, blocksInverse: 0 }).main[0]!,
        ],
      },
      rejectedBy: ['isReal is a bit'],
    },
    {
      claim: 'an executed call is passed over: its row is padding',
      honest: called,
      forged: paddingRow(bf16DotCallChip),
      rejectedBy: [
        'the machine is at this instruction',
        'the machine goes on to the next instruction',
        ...byAccess,
        'the first block continues the accumulator',
        'the last block leaves the result',
      ],
    },
    lie('ampere is blackwell, and -1 times itself', emptyAmpere, { isAmpere: -1, isBlackwell: 1 }, 'isAmpere is a bit'),
    lie(
      'ampere is also fma, and -2 times blackwell',
      emptyAmpere,
      { isFma: 1, isBlackwell: -2 },
      'isBlackwell is a bit',
    ),
    refused(
      'ulp.out is ampere and blackwell, and -2 times fma',
      { isAmpere: 1, isBlackwell: 1, isFma: -2 },
      'isFma is a bit',
    ),
    lie('ampere is fma less amx', emptyAmpere, { isAmpere: 0, isFma: 1, isAmx: -1 }, 'isAmx is a bit'),
    lie(
      'ampere is fma less amx of an odd number of blocks',
      emptyAmpere,
      { isAmpere: 0, isFma: 1, isAmxOdd: -1 },
      'isAmxOdd is a bit',
    ),
    refused('bf16.dot.amx is ampere and blackwell', { isAmpere: 1, isBlackwell: 1 }, 'there is one model'),
    lie('block a is one further than the address', empty, { aLow: 2 }, 'the address of a is a multiple of 32'),
    lie('block b is one further than the address', empty, { bLow: 3 }, 'the address of b is a multiple of 32'),
    lie(
      'an address of 33 is the block 33 / 32 mod p',
      empty,
      { rs1Lo: 33, aLow: mul(felt(33), inverse(felt(32))) },
      'aLow is below 2^11',
      'rs1 holds the value last written',
    ),
    lie(
      'an address of 65 is the block 65 / 32 mod p',
      empty,
      { rs2Lo: 65, bLow: mul(felt(65), inverse(felt(32))) },
      'bLow is below 2^11',
      'rs2 holds the value last written',
    ),
    lie(
      '2^16 blocks are none',
      empty,
      { rs3Hi: 1 },
      'rs3 holds the value last written',
      'there are less than 2^16 blocks',
    ),
    lie(
      'a call of one block does nothing',
      called,
      {
        isEmpty: 1,
        blocksInverse: 0,
        ...Object.fromEntries(
          ['Sign', 'Biased', 'Upper', 'Middle', 'Low', 'Flat', 'Inverse', 'Exponent'].map((part) => [
            `out${part}`,
            cell(called, `old${part}`),
          ]),
        ),
        outLo: cell(called, 'rdLo'),
        outHi: cell(called, 'rdHi'),
        lastHigh: cell(empty, 'lastHigh'),
        lastLow: cell(empty, 'lastLow'),
      },
      'no block if empty',
      'the first block continues the accumulator',
      'the last block leaves the result',
    ),
    lie(
      'a call of no block continues with its own state: -0 becomes +0',
      zero,
      { isEmpty: 0, outHi: 0, outSign: 0 },
      'some block unless empty',
      'the first block continues the accumulator',
      'the last block leaves the result',
    ),
    ...word('old'),
    ...word('out'),
    lie(
      'without a block the low limb changes',
      empty,
      { outLo: cell(empty, 'outLo') - 1, ...grown(empty, 'out', -1), lastLow: cell(empty, 'lastLow') - 1 },
      'without a block the low limb stays',
    ),
    lie(
      'without a block the sign changes',
      empty,
      { outHi: cell(empty, 'outHi') + 0x8000, outSign: 1 },
      'without a block the high limb stays',
    ),
    lie(
      'the result is one less than the last state, in its low limb',
      called,
      { outLo: cell(called, 'outLo') - 1, ...grown(called, 'out', -1) },
      'the result has the lower part of the state',
    ),
    lie(
      'the result is 2^9 less than the last state',
      called,
      {
        outLo: cell(called, 'outLo') - 512,
        outInverse: grown(called, 'out', -512)['outInverse']!,
        outMiddle: cell(called, 'outMiddle') - 1,
      },
      'the result has the upper part of the state',
    ),
    lie(
      'the result is another one than the blocks leave',
      called,
      { outLo: cell(called, 'outLo') - 1, ...grown(called, 'out', -1), lastLow: cell(called, 'lastLow') - 1 },
      'the last block leaves the result',
    ),
  ];

  describeForgeries(bf16DotCallAir, forgeries, {
    tables: { 'fp32-decode': TABLES['fp32-decode']! },
    neverAlone: {
      ...frameNeverAlone(['rs1', 'rs2', 'rs3', 'rd']),
      'the program has this instruction':
        'pc is that of the machine, and every other field is a constant or the address of an access',
      'aLow is below 2^11': 'the address fixes it, and an address that is no multiple of 32 has no honest row',
      'bLow is below 2^11': 'the address fixes it, and an address that is no multiple of 32 has no honest row',
      'there are less than 2^16 blocks': 'the memory bus fixes the number, and 2^16 blocks have no honest row',
      'no block if empty': 'whether a call has blocks shows on the state bus, which is that of the honest trace',
      'some block unless empty': 'whether a call has blocks shows on the state bus, which is that of the honest trace',
      'the first block continues the accumulator':
        'all its fields are claimed and stated by constraints; it only counts, as often as a last state is taken',
    },
  });
});
