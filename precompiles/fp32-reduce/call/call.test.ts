import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { felt, inverse, reduce } from '../../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { FP32_TABLES, fp32FrameForgeries, fp32NeverAlone } from '../../../test/support/fp32-frame.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { trapOf } from '../../../test/support/trap.ts';
import { PROGRAM_BUS } from '../../../vm/buses.ts';
import { opOf } from '../../../vm/isa/op.ts';
import { REDUCTION_SOURCES, type Reduction, type ReductionSource } from '../../../vm/isa/xulp.ts';
import { REGISTER } from '../../../vm/space.ts';
import { fp32AddChip } from '../../fp32-add/trace.ts';
import { fp32FmaChip } from '../../fp32-fma/trace.ts';
import { fp32MaxChip } from '../../fp32-max/trace.ts';
import { fp32RoundChip } from '../../fp32-round/trace.ts';
import { FP32_REDUCE_INSTRUCTIONS } from '../execute.ts';
import { foldChips } from '../fold/trace.ts';
import { fp32TreeNodeChip } from '../node/trace.ts';
import { reduceFp32 } from '../semantics.ts';
import { fp32TreeChip } from '../tree/trace.ts';
import { wordsChip } from '../words/trace.ts';
import { fp32ReduceCallAir as air } from './air.ts';
import { fp32ReduceCallChip } from './trace.ts';

const CHIPS = [
  fp32ReduceCallChip,
  ...foldChips,
  fp32TreeChip,
  fp32TreeNodeChip,
  wordsChip,
  fp32AddChip,
  fp32FmaChip,
  fp32MaxChip,
  fp32RoundChip,
];
/** 64 words: odd multiples of 1 + 2^-23, whose sums are inexact. */
const WORDS = Uint32Array.from({ length: 64 }, (_, i) => 0x3f80_0001 + 0x1_2344 * i);
const HINTS = new Uint16Array(WORDS.buffer);
const [FD, RAM_AT] = [0x3fc0_0001, 0x1_0400];

const step = (reduction: Reduction, source: ReductionSource, address: number, count: number, fflags = 0): Step => ({
  mnemonic: `fp32.${reduction}.${source}`,
  fields: { rd: 3, rs1: 1, rs2: 2 },
  registers: { 1: address, 2: count, [REGISTER.f0 + 3]: FD, [REGISTER.fflags]: fflags },
  ram: Object.fromEntries(Array.from(WORDS, (word, i) => [RAM_AT / 4 + i, word])),
});
const run = (each: Step) => stepped(FP32_REDUCE_INSTRUCTIONS, CHIPS, [each], { hints: HINTS });
/** The row of a call, with fflags as old as the other accesses. */
const rowOf = (each: Step): Rows => {
  const rows = run(each).trace(fp32ReduceCallChip);
  const age = cells(air, rows, 'fflagsAgeLo')[0]!;
  return withCells(air, rows, 0, { fflagsClk: cells(air, rows, 'fflagsClk')[0]! + age, fflagsAgeLo: 0 });
};

const ALL: readonly Reduction[] = [
  'sum.sequential',
  'sum.pairwise',
  'squares.pairwise',
  'sum.warp',
  'squares.sequential',
  'squares.warp',
  'max',
  'maxm',
];
const [FOLD_STARTS, FOLD_ENDS] = ['a fold starts with fd', 'a fold ends with the result'];
const [TREE_STARTS, TREE_ENDS] = ['a pairwise sum starts', 'a pairwise sum has all words'];
const [LANES_START, NODE] = ['lanes start as zeros', 'a tree ends with the result'];

describe('executor', () => {
  test.each(ALL)('%s from both sources: fd and flags are those of the reference, the row says so', (reduction) => {
    for (const source of ['hint', 'ram'] as const) {
      for (const count of [0, 1, 8, 9, 31, 33, 60]) {
        const first = 4;
        const address = (source === 'hint' ? 0 : RAM_AT) + (source === 'hint' ? 0 : 4 * first);
        const words = WORDS.subarray(source === 'hint' ? 0 : first).subarray(0, count);
        const expected = reduceFp32(reduction, FD, words);
        const { machine, trace } = run(step(reduction, source, address, count, 8));
        expect(machine.registers[REGISTER.f0 + 3]).toBe(expected % 2 ** 32);
        expect(machine.registers[REGISTER.fflags]).toBe(8 | Math.floor(expected / 2 ** 32));
        const rows = trace(fp32ReduceCallChip);
        expect(violations(air, { main: [...rows.main, ...paddingRow(fp32ReduceCallChip).main] })).toEqual([]);
        if (reduction.includes('.warp'))
          expect(messages(air, rows, LANES_START)[0]!.slice(3, 5)).toEqual([address / 4, count]);
      }
    }
  });

  test.each([
    ['hint', 16, 1, 'misaligned-access'],
    ['hint', 16, 0, 'misaligned-access'],
    ['hint', 224, 9, 'hint-out-of-range'],
    ['hint', 0, 2 ** 20, 'invalid-operand'],
    ['ram', RAM_AT + 2, 1, 'misaligned-access'],
    ['ram', RAM_AT + 2, 0, 'misaligned-access'],
    ['ram', 0x1000_0000 - 8, 3, 'unmapped-access'],
    ['ram', 0, 1, 'unmapped-access'],
    ['ram', 0xffff_fffc, 2, 'unmapped-access'],
    ['ram', RAM_AT, 2 ** 20, 'invalid-operand'],
  ] as const)('%s address %i, %i words: %s', (source, address, count, cause) => {
    expect(trapOf(() => run(step('sum.pairwise', source, address, count)))?.cause).toBe(cause);
  });
});

const honest = rowOf(step('sum.sequential', 'hint', 32, 3, 1));
const ofRam = rowOf(step('sum.sequential', 'ram', RAM_AT, 3));
const squares = rowOf(step('squares.sequential', 'ram', RAM_AT, 3));
const pairwise = rowOf(step('sum.pairwise', 'ram', RAM_AT, 40));
const warp = rowOf(step('squares.warp', 'hint', 0, 33));
const pairwiseSquares = rowOf(step('squares.pairwise', 'ram', RAM_AT, 40));
const empty = rowOf(step('sum.pairwise', 'hint', 0, 0));
const padding = paddingRow(fp32ReduceCallChip);
const lie = (claim: string, rows: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: rows,
  forged: withCells(air, rows, 0, changes),
  rejectedBy,
});
/** The other tables agree to whatever the row says: only the row itself can object. */
const never = (claim: string, rows: Rows, changes: Record<string, number>, rejectedBy: string): Forgery => {
  const forged = withCells(air, rows, 0, changes);
  return { claim, honest: forged, forged, rejectedBy: [rejectedBy] };
};
const selectors = ['isSum', 'isSquares', 'isMax', 'isMaxm', 'isWarpSum', 'isWarpSquares'];
const [HOLDS1, HOLDS2, HOLDSD] = ['rs1', 'rs2', 'rd'].map((name) => `${name} holds the value last written`) as [
  string,
  string,
  string,
];
const PROGRAM = 'the program has this instruction';
const SELECTED = 'one reduction is selected';

const forgeries: Forgery[] = [
  ...fp32FrameForgeries(air, honest, { alsoOn: [FOLD_STARTS, FOLD_ENDS] }).filter(
    ({ claim }) => !/^(one row of weight 2|the instruction runs four units)/.test(claim),
  ),
  lie(
    'the machine is elsewhere, where the program has the same',
    honest,
    { pc: 0x1_0100 },
    'the machine is at this instruction',
  ),
  never('a row of weight 2 is both of two reductions', honest, { isReal: 2, isMax: 1 }, 'isReal is a bit'),
  never('no reduction is selected: fd is any word by an instruction of id 8', ofRam, { isSum: 0, outHi: 77 }, SELECTED),
  // On padding a selector of -1 makes room for another one.
  ...selectors.map((name, i) =>
    never(
      `${name} is -1 on padding`,
      padding,
      { [name]: -1, [selectors[(i + 1) % selectors.length]!]: 1 },
      `${name} is a bit`,
    ),
  ),
  never(
    'isPairwise is -1 on padding, and a fold of no instruction starts',
    padding,
    { isPairwise: -1, isSum: 1, isEmpty: -1 },
    'isPairwise is a bit',
  ),
  never('padding is from both sources', padding, { isRam: 2 }, 'isRam is a bit'),
  lie('lanes of squares are lanes of a sum', warp, { isWarpSquares: 0, isWarpSum: 1 }, PROGRAM),
  lie('lanes of the tape are of RAM', warp, { isRam: 1 }, PROGRAM),
  lie('a sum is a sum of squares', honest, { isSum: 0, isSquares: 1 }, PROGRAM, FOLD_ENDS),
  lie(
    'words of RAM are taken from the tape',
    squares,
    { isRam: 0, low: cells(air, squares, 'rs1Lo')[0]! / 32 },
    PROGRAM,
    FOLD_ENDS,
  ),
  lie('the sum begins elsewhere', honest, { rs1Lo: 64, low: 2 }, HOLDS1),
  lie('the sum is of fewer words', honest, { rs2Lo: 2 }, HOLDS2),
  lie('the sum starts with another word', honest, { rdHi: 0 }, HOLDSD),
  never('words from the middle of a block on', honest, { rs1Lo: 36 }, 'the address is aligned'),
  never('words from a quarter of a word on', squares, { rs1Lo: 1, low: inverse(felt(4)) }, 'its low limb is in place'),
  never(
    'words from the middle of a block on, by a quotient',
    honest,
    { rs1Lo: 36, low: reduce(36 * inverse(felt(32))) },
    'its low limb is in place',
  ),
  never('2^20 words', honest, { rs2Hi: 16 }, 'there are less than 2^20 words'),
  lie('another result than the fold has', honest, { outLo: 5 }, FOLD_ENDS),
  lie('the fold ends early', honest, { end: 8 }, FOLD_ENDS),
  lie(
    'the flags of the fold are dropped',
    rowOf(step('sum.sequential', 'hint', 0, 9)),
    { raised: 0, accrued: 0 },
    FOLD_ENDS,
  ),
  lie(
    'the flags of the fold do not accrue',
    rowOf(step('sum.sequential', 'hint', 0, 9)),
    { accrued: 0 },
    'the flags accrue',
  ),
  lie('a pairwise sum ends after other rows', pairwise, { numRows: 1 }, TREE_ENDS),
  lie('a pairwise sum is another node', pairwise, { level: 0 }, NODE),
  lie('a pairwise sum is another word', pairwise, { outLo: 5 }, NODE),
  lie('a pairwise sum of squares is one of words', pairwiseSquares, { isPairwise: 1, isPairwiseSquares: 0 }, TREE_ENDS),
  lie('a pairwise sum of words is one of squares', pairwise, { isPairwise: 0, isPairwiseSquares: 1 }, TREE_ENDS),
  lie('a pairwise sum of squares is another word', pairwiseSquares, { outLo: 5 }, NODE),
  never(
    'isPairwiseSquares is -1 on padding, and a fold of no instruction starts',
    padding,
    { isPairwiseSquares: -1, isSum: 1, isEmpty: -1 },
    'isPairwiseSquares is a bit',
  ),
  lie('a warp has another sum', warp, { outHi: 5 }, NODE),
  {
    claim: 'a pairwise sum is passed over',
    honest: pairwise,
    forged: withCells(air, pairwise, 0, { isPairwise: 0, isWarpSum: 1, countInverse: 0 }),
    rejectedBy: [PROGRAM, LANES_START, TREE_STARTS, TREE_ENDS],
  },
  never(
    'a pairwise sum of words is +0',
    pairwise,
    { isEmpty: 1, countInverse: 0, outLo: 0, outHi: 0, raised: 0, accrued: 0 },
    'there is no word if empty',
  ),
  never('a pairwise sum without words is any node', empty, { isEmpty: 0, outLo: 5 }, 'there is one unless empty'),
  lie('an empty sum has a low limb', empty, { outLo: 5 }, 'an empty sum has a zero low limb'),
  lie('an empty sum is -0', empty, { outHi: 0x8000 }, 'an empty sum has a zero high limb'),
  lie('an empty sum raises a flag', empty, { raised: 1, accrued: 1 }, 'an empty sum raises nothing'),
];

/**
 * The program has the instructions of all rows at any place, and two more with the ids that no selector and two of them
 * add up to.
 */
const sequential = rowOf(step('sum.sequential', 'hint', 0, 9));
const programmed = [honest, ofRam, squares, pairwise, pairwiseSquares, warp, empty, sequential].flatMap((rows) =>
  messages(air, rows, PROGRAM).map(([, ...fields]) => fields),
);
const [[, ...registers]] = programmed as [number[]];
const program = [
  ...programmed,
  [REDUCTION_SOURCES.ram.op - REDUCTION_SOURCES.hint.op, ...registers],
  [opOf('fp32.sum.sequential.hint') + opOf('fp32.max.hint'), ...registers],
].map((fields) => fields.join());
const starts =
  'all its fields are claimed, so that it only counts, as often as an end is taken; its values are those of the instruction, which other checks fix';

describe('forgeries', () => {
  describeForgeries(air, forgeries, {
    tables: { ...FP32_TABLES, [PROGRAM_BUS.name]: ([, ...fields]) => program.includes(fields.join()) },
    neverAlone: { ...fp32NeverAlone(air), [FOLD_STARTS]: starts, [LANES_START]: starts, [TREE_STARTS]: starts },
  });
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const query = {
    honest: empty,
    inputs: [
      'isReal',
      'isPairwise',
      'isPairwiseSquares',
      'isRam',
      'pc',
      'clk',
      'rs1Lo',
      'rs1Hi',
      'rs2Lo',
      'rs2Hi',
      'rdLo',
      'rdHi',
      'fflagsLo',
      ...selectors,
    ],
    outputs: ['outLo', 'outHi', 'raised', 'accrued', 'isEmpty', 'low'],
    tables: FP32_TABLES,
  };
  expect(findSecondWitness(air, query)).toBeUndefined();
  for (const name of ['an empty sum has a zero low limb', 'there is one unless empty']) {
    expect(findSecondWitness(air, { ...query, without: [name] }), name).toBeDefined();
  }
});
