import { describe, expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { centred, felt, inverse } from '../../stark/field/koala-bear.ts';
import { executionOf, stateOf, TABLES } from '../../test/support/bf16-dot.ts';
import { cells, describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
import { pairOfBlocksForgeries } from '../../test/support/pair-of-blocks-forgeries.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { significandOf } from '../bf16-dot/semantics.ts';
import { fmaBf16 } from '../bf16-dot-fma/semantics.ts';
import { BF16_DOT_FMA_SLOW_CHIP, MAC_EVENT_WORDS } from '../bf16-dot-fma/state.ts';
import { bf16DotFmaSlowAir } from './air.ts';
import { bf16DotFmaSlowChip } from './trace.ts';

const AIR = bf16DotFmaSlowAir as unknown as Air;
const DECODE = { 'fp32-decode': TABLES['fp32-decode']! };
const random = seeded(10);
const SPECIAL = [0, 0x8000, 0x0001, 0x7f80, 0xff80, 0x7fc1, 0x0080, 0x7f7f];
const hints = Uint16Array.from({ length: 64 }, () =>
  random.below(2) === 0 ? random.pick(SPECIAL) : random.below(2 ** 16),
);

/** A row of elements 16 + 2 pair and 48 + 2 pair. `significand`: of the state, that of an infinity is free. */
const rowOf = (acc: number, pair: number, significand = significandOf(acc)): Rows => {
  const log = new EventLog(MAC_EVENT_WORDS);
  const at = log.push();
  log.words.set([1, 16 + 2 * pair, 48 + 2 * pair, ((acc & 0x8000_0000) | significand) >>> 0, acc], at);
  return traceOf(bf16DotFmaSlowChip, { ...executionOf([], new Map([[BF16_DOT_FMA_SLOW_CHIP, log]])), hints });
};

describe('any two products', () => {
  const ACCS = [0, 0x8000_0000, 0x0000_0001, 0x7f80_0000, 0xff80_0000, 0x7f81_2345, 0x3f80_0001, 0x7f7f_ffff];
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('pair %i: asks fp32-fma for both and sends the state of the result', (pair) => {
    for (const acc of ACCS) {
      const rows = rowOf(acc, pair);
      expect(violations(AIR, { main: [...rows.main, ...paddingRow(bf16DotFmaSlowChip).main] })).toEqual([]);
      expect(objections(AIR, rows, rows, DECODE)).toEqual([]);
      const word = (lo: number, hi: number): number => hi * 2 ** 16 + lo;
      const limbs = (value: number): number[] => [value % 2 ** 16, Math.floor(value / 2 ** 16)];
      let expected = acc;
      for (const [i, name] of ['first', 'second'].entries()) {
        const [x, y] = [hints[16 + 2 * pair + i]!, hints[48 + 2 * pair + i]!];
        const message = messages(AIR, rows, `the ${name} product is fused`)[0]!;
        expect(message.slice(0, 9)).toEqual([0, 0, 0, 0, x, 0, y, ...limbs(expected)]);
        expected = fmaBf16(x, y, expected);
        expect(word(message[9]!, message[10]!)).toBe(expected);
      }
      const sent = messages(AIR, rows, 'the call goes on to the next products')[0]!;
      expect(sent.slice(4).map(centred)).toEqual(stateOf(expected));
      expect(sent.slice(2, 4)).toEqual([18 + 2 * pair, 50 + 2 * pair]);
    }
  });

  test('an infinite state may have any significand', () => {
    const rows = rowOf(0x7f80_0000, 2, 0x12_3456);
    expect(violations(AIR, rows)).toEqual([]);
  });
});

/** Operands 1 and 0: the result is the accumulator. */
hints.set([0x3f80, 0x3f80], 16 + 2);
hints.set([0, 0], 48 + 2);
const PI = 0x4049_0fdb;
const honest = rowOf(PI, 1);
const cell = (name: string): number => cells(AIR, honest, name)[0]!;
const forge = (changes: Readonly<Record<string, number>>, rows = honest): Rows => withCells(AIR, rows, 0, changes);
const lie = (claim: string, changes: Readonly<Record<string, number>>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest,
  forged: forge(changes),
  rejectedBy,
});
/** A row that nothing may answer: the machine asks for just this. */
const refused = (
  claim: string,
  changes: Readonly<Record<string, number>>,
  rows: Rows,
  ...rejectedBy: string[]
): Forgery => {
  const forged = forge(changes, rows);
  return { claim, honest: forged, forged, rejectedBy };
};
const third = inverse(felt(512));
/** Cells of the word `old` or `out` after its low limb grew by `more`, of the same class; of `old`, the state follows. */
const grown = (name: 'old' | 'out', more: number): Record<string, number> => {
  const low = cell(`${name}Low`) + more;
  const significand = cell(`${name}Upper`) * 2 ** 16 + cell(`${name}Middle`) * 512 + low;
  return {
    [`${name}Low`]: low,
    [`${name}Inverse`]: inverse(felt(significand)),
    ...(name === 'old' ? { accLow: low } : {}),
  };
};
const zero = rowOf(0x8000_0000, 1);

const word = (name: 'old' | 'out'): Forgery[] => {
  const isOld = name === 'old';
  return [
    refused(
      `${name} has another sign`,
      { [`${name}Sign`]: 1, ...(isOld ? { accNegative: 1 } : {}) },
      honest,
      `${name}: its high limb is decoded`,
    ),
    refused(
      `${name} has a bit that its low limb has not`,
      grown(name, -1),
      honest,
      `${name}: its low limb is in two parts`,
    ),
    refused(
      `the lower part of ${name} takes a bit from the middle one`,
      {
        [`${name}Low`]: cell(`${name}Low`) + 512,
        [`${name}Middle`]: cell(`${name}Middle`) - 1,
        ...(isOld ? { accLow: cell('accLow') + 512, accHigh: cell('accHigh') - 1 } : {}),
      },
      honest,
      `${name}Low is below 2^9`,
    ),
    refused(
      `the middle part of ${name} is a fraction`,
      {
        [`${name}Low`]: cell(`${name}Low`) - 1,
        [`${name}Middle`]: cell(`${name}Middle`) + third,
        ...(isOld ? { accLow: cell('accLow') - 1, accHigh: cell('accHigh') + third } : {}),
      },
      honest,
      `${name}Middle is below 2^7`,
    ),
    refused(
      `${name} is a zero though it has bits`,
      { [`${name}Flat`]: 1, [`${name}Inverse`]: 0, [`${name}Exponent`]: -400, ...(isOld ? { accExponent: -400 } : {}) },
      honest,
      `${name}: a zero or infinity has no further bits`,
    ),
    refused(
      `${name} is a subnormal though it is zero`,
      { [`${name}Flat`]: 0, [`${name}Exponent`]: -126, ...(isOld ? { accExponent: -126 } : {}) },
      zero,
      `${name}: anything else has`,
    ),
    refused(
      `${name} has another exponent`,
      { [`${name}Exponent`]: 2, ...(isOld ? { accExponent: 2 } : {}) },
      honest,
      `${name}: the exponent is that of its class`,
    ),
  ];
};

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two pairs',
    honest: { main: [honest.main[0]!, honest.main[0]!] },
    forged: { main: [forge({ isReal: 2 }).main[0]!, paddingRow(bf16DotFmaSlowChip).main[0]!] },
    rejectedBy: ['isReal is a bit', 'one pair is chosen'],
  },
  {
    claim: 'a row of padding is a pair of the same call',
    honest: { main: [honest.main[0]!, honest.main[0]!.map(() => 0)] },
    forged: { main: [honest.main[0]!, honest.main[0]!] },
    rejectedBy: [
      'the call has come to these products',
      'a is in a hint block',
      'b is in a hint block',
      'the first product is fused',
      'the second product is fused',
      'the call goes on to the next products',
    ],
  },
  ...pairOfBlocksForgeries(AIR, hints, (pair) => rowOf(PI, pair)),
  {
    claim: 'another first product than the words fp32-fma was asked for',
    honest,
    forged: rowOf(0x4049_0fdc, 1),
    rejectedBy: ['the call has come to these products', 'the first product is fused', 'the second product is fused'],
  },
  lie(
    'fp32-fma was asked to add the second product to another word',
    { midLo: cell('midLo') ^ 1 },
    'the second product is fused',
  ),
  {
    claim: 'an infinite state with another significand than the call has come with',
    honest: rowOf(0x7f80_0000, 1),
    forged: forge({ accLow: 1 }, rowOf(0x7f80_0000, 1)),
    rejectedBy: ['the call has come to these products'],
  },
  refused(
    'the accumulator has another sign than the state',
    { accNegative: 1 },
    honest,
    'the accumulator has the sign of the state',
  ),
  refused(
    'the accumulator has another exponent than the state',
    { accExponent: 5 },
    honest,
    'the accumulator has the exponent of the state',
  ),
  refused(
    'the accumulator has other upper bits than the state',
    { accHigh: cell('accHigh') + 1 },
    honest,
    'the accumulator has the upper part of the state',
  ),
  refused(
    'the accumulator has other lower bits than the state',
    { accLow: cell('accLow') + 1 },
    honest,
    'the accumulator has the lower part of the state',
  ),
  ...word('old'),
  ...word('out'),
];
const noneAlone = (names: readonly string[], reason: string): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, reason]));

describeForgeries(AIR, forgeries, {
  pastRanges: ['outMiddle is below 2^7'],
  tables: DECODE,
  neverAlone: {
    'isReal is a bit': 'the bits of the pairs add up to it',
    ...noneAlone(
      [0, 1, 2, 3, 4, 5, 6, 7].map((i) => `pair[${i}] is a bit`),
      'the pairs add up to 1: one that is no bit has another beside it',
    ),
    'the first product is fused': 'operands are of the tape and the accumulator is that of the state',
    'the call goes on to the next products':
      'time and elements are those received, and what it claims is stated by constraints',
  },
});
