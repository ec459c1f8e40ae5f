import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { addressForgeries } from '../../../test/support/address-forgeries.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone, swapOperands } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { trapOf } from '../../../test/support/trap.ts';
import { publicOutputAir } from './air.ts';
import { PUBLIC_OUTPUT_INSTRUCTIONS } from './execute.ts';
import { publicOutputChip } from './trace.ts';

const run = (...steps: Step[]) => stepped(PUBLIC_OUTPUT_INSTRUCTIONS, [publicOutputChip], steps);
/** ulp.out x2, imm(x1) */
const out = (base: number, imm: number, value: number): Step => ({
  mnemonic: 'ulp.out',
  fields: { rs1: 1, rs2: 2, imm },
  registers: { 1: base, 2: value },
});
const WORD = 'the word is in the public output';

describe('executor', () => {
  test('appends words in order', () => {
    const { machine, trace } = run(out(0, 0, 7), out(8, -4, 0xffff_ffff), out(0xffff_fffc, 12, 9));
    expect(machine.publicOutput).toEqual([7, 0xffff_ffff, 9]);
    expect(messages(publicOutputAir, trace(publicOutputChip), WORD)).toEqual([
      [0, 7, 0],
      [1, 0xffff, 0xffff],
      [2, 9, 0],
    ]);
  });

  test.each([4, 2, 1, 0xffff_fffc])('traps on address %i as the first one', (base) => {
    expect(trapOf(() => run(out(base, 0, 1)))?.cause).toBe('public-output-out-of-order');
  });

  test('traps on a second write to a word', () => {
    expect(trapOf(() => run(out(0, 0, 1), out(0, 0, 1)))?.cause).toBe('public-output-out-of-order');
  });
});

test('an honest trace satisfies every constraint, with wrapping addresses and padding too', () => {
  forAll(fc.tuple(u32(), fc.integer({ min: -2048, max: 2047 })), ([value, imm]) => {
    const { main } = run(out(-imm >>> 0, imm, value), out(4 - imm, imm, value)).trace(publicOutputChip);
    expect(violations(publicOutputAir, { main: [...main, ...paddingRow(publicOutputChip).main] })).toEqual([]);
  });
});

const plain = run(out(0, 0, 0x0003_0005)).trace(publicOutputChip);
const wrapping = run(out(4, -4, 0x0003_0005)).trace(publicOutputChip);
const zero = run(out(0, 0, 0)).trace(publicOutputChip);
const forge = (changes: Record<string, number>) => withCells(publicOutputAir, plain, 0, changes);

/** Two words in the order of time, written to addresses 4 and 0. */
const inTime = [
  { rs1Lo: 4, indexLo: 1 },
  { rs1Lo: 0, indexLo: 0 },
].reduce(
  (rows, changes, row) => withCells(publicOutputAir, rows, row, changes),
  run(out(0, 0, 5), out(4, 0, 6)).trace(publicOutputChip),
);
const [later, earlier] = [inTime.main[1]!, inTime.main[0]!];
/** The machine wrote these words, and no table may say so. */
const never = (claim: string, main: readonly (readonly number[])[], changes: Record<string, number>, by: string) => {
  const forged = withCells(publicOutputAir, { main }, main.length - 1, changes);
  return { claim, honest: forged, forged, rejectedBy: [by] };
};
const ordered = run(out(0, 0, 5), out(4, 0, 6)).trace(publicOutputChip);
const second = (name: string): number => cells(publicOutputAir, ordered, name)[1]!;
const clkOf = (row: readonly number[]): number => row[publicOutputAir.offsets.clk]!;
const order: Forgery[] = [
  never('one row of weight 2 writes a word twice', plain.main, { isReal: 2 }, 'isReal is a bit'),
  never('word 1 is written before word 0', inTime.main, {}, 'words are consecutive'),
  never(
    'word 1 is written before word 0, and padding hides it',
    [later, ...paddingRow(publicOutputChip).main, earlier],
    { gapLo: (clkOf(earlier) - 1) % 2 ** 16, gapHi: Math.floor((clkOf(earlier) - 1) / 2 ** 16) },
    'no word comes after padding',
  ),
  never(
    'word 1 is written before word 0, one unit later',
    [later, earlier],
    {},
    'a word is written after the one before',
  ),
  never(
    'word 1 is written before word 0, a negative time later: its low limb',
    [later, earlier],
    { gapLo: clkOf(earlier) - clkOf(later) - 1 },
    'gapLo is below 2^16',
  ),
  never(
    'word 1 is written 2^16 later than it was, and the low limb has it all',
    ordered.main,
    {
      clk: second('clk') + 2 ** 16,
      rs1AgeHi: second('rs1AgeHi') + 1,
      rs2AgeHi: second('rs2AgeHi') + 1,
      gapLo: second('gapLo') + 2 ** 16,
    },
    'gapLo is below 2^16',
  ),
  never(
    'word 1 is written before word 0, a negative time later: its high limb',
    [later, earlier],
    { gapLo: clkOf(earlier) - clkOf(later) - 1 + 2 ** 16, gapHi: -1 },
    'gapHi is below 2^13',
  ),
];

const frame = frameForgeries({ air: publicOutputAir, honest: plain, accesses: { rs1: 0, rs2: 1 }, alsoOn: [WORD] });
const forgeries: Forgery[] = [
  // Two equal rows are never a trace of this table: `order` has its own forgery of weight 2.
  ...frame
    .filter(({ rejectedBy }) => rejectedBy[0] !== 'isReal is a bit')
    .map((forgery) =>
      forgery.forged.main.length === 1
        ? forgery
        : {
            ...forgery,
            rejectedBy: ['words are consecutive', 'a word is written after the one before', ...forgery.rejectedBy],
          },
    ),
  ...order,
  ...addressForgeries({
    air: publicOutputAir,
    plain,
    wrapping,
    step: 4,
    stepped: { indexLo: 1 },
    part: { name: 'indexLo', bits: 14 },
  }),
  {
    claim: 'a misaligned address: word 1/2',
    honest: plain,
    forged: forge({ rs1Lo: 2, indexLo: inverse(felt(2)) }),
    rejectedBy: ['indexLo is below 2^14', 'rs1 holds the value last written', WORD],
  },
  {
    claim: 'another word than the register holds, which the statement says',
    honest: plain,
    forged: forge({ rs2Lo: 6 }),
    rejectedBy: ['rs2 holds the value last written', WORD],
  },
  {
    claim: 'the operands are swapped',
    honest: zero,
    forged: swapOperands(publicOutputAir, zero),
    rejectedBy: ['the program has this instruction'],
  },
  {
    claim: 'another immediate than the program has',
    honest: plain,
    forged: forge({ immLo: 4, indexLo: 1 }),
    rejectedBy: ['the program has this instruction', WORD],
  },
];
describeForgeries(publicOutputAir, forgeries, {
  neverAlone: {
    ...frameNeverAlone(['rs1', 'rs2']),
    [WORD]: 'index and word are functions of the registers and the immediate, which other buses fix',
  },
});

test('the search finds no second address, and finds one when a check is deleted', () => {
  const query = {
    honest: wrapping,
    inputs: ['isReal', 'pc', 'clk', 'immLo', 'immHi', 'rs1Lo', 'rs1Hi'],
    outputs: ['indexLo', 'addressHi'],
  };
  expect(findSecondWitness(publicOutputAir, query)).toBeUndefined();
  for (const name of ['the low limb of the address adds up', 'the high limb of the address adds up']) {
    expect(findSecondWitness(publicOutputAir, { ...query, without: [name] }), name).toBeDefined();
  }
});
