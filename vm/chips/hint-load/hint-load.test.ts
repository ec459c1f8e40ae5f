import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { addressForgeries } from '../../../test/support/address-forgeries.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u16 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { trapOf } from '../../../test/support/trap.ts';
import { hintLoadAir } from './air.ts';
import { HINT_LOAD_INSTRUCTIONS } from './execute.ts';
import { hintLoadChip } from './trace.ts';

const TAPE = Uint16Array.from({ length: 64 }, (_, i) => 0x8000 + 257 * i);
const run = (hints: Uint16Array, ...steps: Step[]) => stepped(HINT_LOAD_INSTRUCTIONS, [hintLoadChip], steps, { hints });
/** x3 = tape at imm(x1) */
const load = (mnemonic: 'ulp.hint.w' | 'ulp.hint.hu', base: number, imm = 0): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, imm },
  registers: { 1: base },
});

describe('executor', () => {
  test('loads every word and halfword of the tape', () => {
    for (let i = 0; i < TAPE.length; i++) {
      expect(run(TAPE, load('ulp.hint.hu', 2 * i)).machine.registers[3]).toBe(TAPE[i]);
      if (i % 2 === 0) {
        const word = TAPE[i]! + 2 ** 16 * TAPE[i + 1]!;
        expect(run(TAPE, load('ulp.hint.w', 2 * i)).machine.registers[3]).toBe(word);
      }
    }
  });

  test.each([
    ['ulp.hint.w', 2, 'misaligned-access'],
    ['ulp.hint.w', 1, 'misaligned-access'],
    ['ulp.hint.hu', 1, 'misaligned-access'],
    ['ulp.hint.w', 128, 'hint-out-of-range'],
    ['ulp.hint.hu', 128, 'hint-out-of-range'],
    ['ulp.hint.w', 0xffff_fffc, 'hint-out-of-range'],
  ] as const)('%s at %i traps: %s', (mnemonic, base, cause) => {
    expect(trapOf(() => run(TAPE, load(mnemonic, base)))?.cause).toBe(cause);
  });
});

test('an honest trace satisfies every constraint, with wrapping addresses, rd = rs1, x0 and padding too', () => {
  const tape = fc.array(u16(), { minLength: 16, maxLength: 48 }).map((halves) => Uint16Array.from(halves));
  forAll(fc.tuple(tape, fc.nat(15), fc.integer({ min: -2048, max: 2047 })), ([hints, i, imm]) => {
    const half = (2 * i - imm) >>> 0;
    const word = (4 * (i >>> 1) - imm) >>> 0;
    const { main } = run(
      hints,
      load('ulp.hint.hu', half, imm),
      load('ulp.hint.w', word, imm),
      { ...load('ulp.hint.w', word, imm), fields: { rd: 0, rs1: 1, imm } },
      { ...load('ulp.hint.hu', half, imm), fields: { rd: 1, rs1: 1, imm } },
    ).trace(hintLoadChip);
    expect(violations(hintLoadAir, { main: [...main, ...paddingRow(hintLoadChip).main] })).toEqual([]);
  });
});

test('takes the block with its index', () => {
  const { trace } = run(TAPE, load('ulp.hint.hu', 32 * 3 + 8));
  expect(messages(hintLoadAir, trace(hintLoadChip), 'the block is on the tape')).toEqual([
    [3, ...TAPE.subarray(48, 64)],
  ]);
});

const BLOCK = 'the block is on the tape';
const PROGRAM = 'the program has this instruction';
const SELECTED = 'one word of the block is selected';
const [LOW, HIGH] = ['the low limb is the selected halfword', 'the high limb is the upper half of a word'];
const [RS1, RD] = ['rs1 holds the value last written', 'rd holds the value last written'];
const one = (step: Step, hints = TAPE): Rows => run(hints, step).trace(hintLoadChip);
const half = one(load('ulp.hint.hu', 0));
const word = one(load('ulp.hint.w', 4));
const wrapping = one(load('ulp.hint.hu', 0xffff_fffc, 4));
const forge = (rows: Rows, changes: Record<string, number>) => withCells(hintLoadAir, rows, 0, changes);
const value = (rows: Rows, name: string): number => cells(hintLoadAir, rows, name)[0]!;
const never = (claim: string, rows: Rows, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: rows,
  forged: rows,
  rejectedBy,
});
/** Two loads of word 1, and one row of weight 2 that selects words 0 and 1: its value is the sum of both. */
const twice: Rows = { main: [half, half].map(() => one(load('ulp.hint.hu', 4)).main[0]!) };
const weightTwo = withCells(
  hintLoadAir,
  withCells(hintLoadAir, twice, 0, { isReal: 2, 'word[0]': 1, valueLo: TAPE[0]! + TAPE[2]! }),
  1,
  Object.fromEntries(hintLoadAir.main.map(({ name }) => [name, 0])),
);

const forgeries: Forgery[] = [
  ...frameForgeries({ air: hintLoadAir, honest: half, accesses: { rs1: 0, rd: 3 }, alsoOn: [BLOCK] }).filter(
    (forgery) => !forgery.claim.startsWith('one row of weight 2'),
  ),
  {
    claim: 'one row of weight 2 that selects two words stands for two loads',
    honest: twice,
    forged: weightTwo,
    rejectedBy: ['isReal is a bit'],
  },
  ...addressForgeries({
    air: hintLoadAir,
    plain: half,
    wrapping,
    step: 2,
    stepped: { odd: 1, valueLo: TAPE[1]! },
    part: { name: 'blockLo', bits: 11 },
  }),
  {
    claim: 'another halfword than the tape has',
    honest: half,
    forged: forge(half, { 'h[0]': 1, valueLo: 1 }),
    rejectedBy: [BLOCK],
  },
  {
    claim: 'another block than the address says, with its content',
    honest: half,
    forged: forge(half, {
      blockLo: 1,
      ...Object.fromEntries([...TAPE.subarray(16, 32)].map((h, i) => [`h[${i}]`, h])),
      valueLo: TAPE[16]!,
    }),
    rejectedBy: ['the low limb of the address adds up', BLOCK],
  },
  never('a value that is no halfword of the block', forge(half, { valueLo: 5 }), LOW),
  never('a halfword load that fills the high limb', forge(half, { valueHi: TAPE[1]! }), HIGH),
  never('a word load that clears the high limb', forge(word, { valueHi: 0 }), HIGH),
  never('no word is selected: the value is 0', forge(half, { 'word[0]': 0, valueLo: 0 }), SELECTED),
  never(
    'two words are selected: 0 at address 0',
    forge(half, { 'word[1]': 1, 'word[0]': 1, blockLo: 0, rs1Lo: 4, valueLo: TAPE[0]! + TAPE[2]! }),
    SELECTED,
  ),
  ...Array.from({ length: 8 }, (_, i) => {
    const [j, k] = i < 6 ? [i + 1, i + 2] : i === 6 ? [5, 7] : [5, 6];
    return never(
      `word ${j} and word ${k} less word ${i} is what address ${4 * (j + k - i)} holds`,
      forge(half, {
        'word[0]': 0,
        [`word[${j}]`]: 1,
        [`word[${k}]`]: 1,
        [`word[${i}]`]: -1,
        rs1Lo: 4 * (j + k - i),
        valueLo: TAPE[2 * j]! + TAPE[2 * k]! - TAPE[2 * i]!,
      }),
      `word[${i}] is a bit`,
    );
  }),
  never(
    'twice the upper halfword: address 4 without the word at 4',
    forge(half, { odd: 2, rs1Lo: 4, valueLo: 2 * TAPE[1]! - TAPE[0]! }),
    'odd is a bit',
  ),
  never(
    'a word at an address that is no multiple of 4',
    forge(word, { odd: 1, rs1Lo: 6, valueLo: TAPE[3]! }),
    'a word is aligned',
  ),
  never(
    'a halfword at an odd address: half a step',
    forge(half, { rs1Lo: 1, odd: inverse(felt(2)), valueLo: 0 }),
    'odd is a bit',
    LOW,
  ),
  {
    claim: 'a halfword load is a word load',
    honest: half,
    forged: forge(half, { isWord: 1, valueHi: TAPE[1]! }),
    rejectedBy: [PROGRAM],
  },
  never('padding is half a word load', forge(paddingRow(hintLoadChip), { isWord: 2 }), 'isWord is a bit'),
  {
    claim: 'another immediate than the program has',
    honest: half,
    forged: forge(half, { immLo: 2, odd: 1, valueLo: value(half, 'h[1]') }),
    rejectedBy: [PROGRAM],
  },
  {
    claim: 'another address register value',
    honest: half,
    forged: forge(half, { rs1Lo: 2, odd: 1, valueLo: value(half, 'h[1]') }),
    rejectedBy: [RS1],
  },
  { claim: 'rd held another value before', honest: half, forged: forge(half, { rdLo: 1 }), rejectedBy: [RD] },
];
describeForgeries(hintLoadAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rd']) });

test('the search finds no second result, and finds one when a check is deleted', () => {
  const honest = one(load('ulp.hint.w', 68, -32));
  const query = {
    honest,
    inputs: ['isReal', 'isWord', 'pc', 'clk', 'immLo', 'immHi', 'rs1Lo', 'rs1Hi'],
    outputs: ['word', 'blockLo'],
  };
  expect(findSecondWitness(hintLoadAir, query)).toBeUndefined();
  expect(findSecondWitness(hintLoadAir, { ...query, without: [SELECTED] })).toBeDefined();
  const value = { honest, inputs: [...query.inputs, 'h'], outputs: ['valueLo', 'valueHi'] };
  expect(findSecondWitness(hintLoadAir, value)).toBeUndefined();
  for (const name of [LOW, HIGH])
    expect(findSecondWitness(hintLoadAir, { ...value, without: [name] }), name).toBeDefined();
});
