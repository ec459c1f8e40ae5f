import { expect, test } from 'vitest';
import type { Air } from '../../../stark/air/air.ts';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { describeForgeries, type Forgery, messages, objections, withCells } from '../../../test/support/forgery.ts';
import { limbs, reductionTables, withSources, wordAt, ZEROS_AT } from '../../../test/support/fp32-reduce.ts';
import { paddingRow } from '../../../test/support/step.ts';
import { addFp32 } from '../../fp32-add/semantics.ts';
import { fmaFp32 } from '../../fp32-fma/semantics.ts';
import { flagsOf, ROUNDING, wordOf } from '../../fp32-round/semantics.ts';
import { childrenOf, LANES, laneOfLeaf, RAM_TIME, TREE_NODES } from '../constants.ts';
import { reduceFp32 } from '../semantics.ts';
import { fp32TreeAir } from './air.ts';
import { fp32TreeChip } from './trace.ts';

const plain = fp32TreeAir as unknown as Air;
const air = withSources(plain);
const CLK = 77;
const TABLES = reductionTables(CLK + RAM_TIME);

interface RowOptions {
  readonly kind?: 'hint' | 'ram' | 'warp' | 'hintSquares' | 'ramSquares';
  readonly remaining?: number;
  readonly address?: number;
  readonly index?: number;
  readonly before?: number;
  /** Which words are taken; default the first ones. */
  readonly take?: readonly number[];
  /** Words that are not those of the source, nodes and flags that do not follow: what comes later follows from them. */
  readonly words?: Readonly<Record<number, number>>;
  readonly results?: Readonly<Record<number, number>>;
  readonly flags?: Readonly<Record<number, number>>;
}

/** A row that follows from what it is told, be it true or not. */
function rowOf({
  kind = 'hint',
  remaining = LANES,
  address = 16,
  index = 0,
  before = 0,
  words = {},
  results = {},
  flags = {},
  ...options
}: RowOptions): Rows {
  const take = options.take ?? Array.from({ length: LANES }, (_, k) => (k < remaining ? 1 : 0));
  const isSquares = kind === 'hintSquares' || kind === 'ramSquares';
  const wordOrSquare = (k: number): number =>
    !isSquares ? wordAt(false, address + k) : k < remaining ? wordOf(squareAt(address + k)) : 0;
  const entries = Array.from({ length: LANES }, (_, k) => words[k] ?? wordOrSquare(k));
  const [raised, accrued]: [number[], number[]] = [[], []];
  for (let n = 0; n < TREE_NODES; n++) {
    const { left, right, rightLeaf } = childrenOf(n);
    const a = entries[left]!;
    const result = take[rightLeaf] === 0 ? a : addFp32(ROUNDING.rne, false, a, entries[right]!);
    entries.push(results[n] ?? wordOf(result));
    raised.push(flagsOf(result));
    accrued.push(flags[n] ?? (accrued[n - 1] ?? before) | flagsOf(result));
  }
  const isWarp = kind === 'warp' ? 1 : 0;
  const [fromHint, fromRam] = [kind === 'hint' ? 1 : 0, kind === 'ram' ? 1 : 0];
  const [hintSquares, ramSquares] = [kind === 'hintSquares' ? 1 : 0, kind === 'ramSquares' ? 1 : 0];
  const kinds = { isWarp, fromHint, fromRam, hintSquares, ramSquares };
  const [leaf, out] = [entries.slice(0, LANES).flatMap(limbs), entries.slice(LANES).flatMap(limbs)];
  const place = { clk: CLK, address, remaining, index, before };
  return { main: [fp32TreeAir.encode({ ...kinds, ...place, take, leaf, out, raised, accrued })] };
}

/** The rounded square of a word, with flags. */
const squareAt = (address: number): number =>
  fmaFp32(ROUNDING.rne, 0, wordAt(false, address), wordAt(false, address), 0);
const padding = paddingRow(fp32TreeChip);
const each = Array.from({ length: LANES }, (_, k) => k);
const nodes = each.slice(0, TREE_NODES);
const [STATE, NEXT, WARP, NODE] = [
  'the sum was left in this state',
  'the sum is left in the next state',
  'the lanes are left with these words',
  'the sum of the row is a node',
];
const [SQUARES_START, SQUARES] = ['squares start as zeros', 'the squares are those of the words'];

test('children of nodes are leaves, then nodes before it, each once', () => {
  const children = nodes.flatMap((n) => [childrenOf(n).left, childrenOf(n).right]);
  expect(children).toEqual(Array.from({ length: LANES + TREE_NODES - 1 }, (_, i) => i));
  expect(nodes.map((n) => childrenOf(n).rightLeaf).sort((a, b) => a - b)).toEqual(each.slice(1));
});

test('the leaves of a warp pair lanes as xor 16, 8, 4, 2, 1 do', () => {
  let groups = each.map((leaf) => [laneOfLeaf(leaf)]);
  for (const offset of [16, 8, 4, 2, 1]) {
    for (let i = 0; i < groups.length; i += 2) {
      expect(groups[i + 1]!.map((lane) => lane ^ offset)).toEqual(groups[i]);
    }
    groups = groups.filter((_, i) => i % 2 === 0);
  }
});

test('an honest row leaves the sum of its words or lanes', () => {
  for (const kind of ['hint', 'ram', 'warp', 'hintSquares', 'ramSquares'] as const) {
    for (const remaining of kind === 'warp' ? [LANES] : [1, 2, 3, 5, 8, 9, 16, 17, 25, 31, 32, 40]) {
      const isSquares = kind.endsWith('Squares');
      const flags = each.slice(0, remaining).reduce((all, k) => all | flagsOf(squareAt(16 + k)), 0);
      const rows = rowOf({ kind, remaining, before: isSquares ? flags : 0 });
      expect(violations(air, { main: [...rows.main, ...padding.main] })).toEqual([]);
      expect(objections(air, rows, rows, TABLES)).toEqual([]);
      const leaves = each.slice(0, remaining).map((k) => wordAt(false, 16 + k));
      // The lanes in the order of their numbers, from the leaves.
      const lanes = each.map((lane) => leaves[laneOfLeaf(lane)]!);
      const expected =
        kind === 'warp'
          ? reduceFp32('sum.warp', 0, lanes)
          : reduceFp32(isSquares ? 'squares.pairwise' : 'sum.pairwise', 0, leaves);
      expect(messages(plain, rows, NODE)).toEqual([[CLK, 0, 0, flagsOf(expected), ...limbs(wordOf(expected))]]);
    }
  }
});

const full = rowOf({ remaining: LANES + 3 });
const warp = rowOf({ kind: 'warp' });
const zeros = rowOf({ kind: 'ram', remaining: 2, address: ZEROS_AT });
const ram = rowOf({ kind: 'ram' });
const squares = rowOf({ kind: 'hintSquares', remaining: 40, before: 1 });
const one = (claim: string, honest: RowOptions, forged: RowOptions, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: rowOf(honest),
  forged: rowOf(forged),
  rejectedBy,
});
const cell = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest,
  forged: withCells(air, honest, 0, changes),
  rejectedBy,
});
const never = (claim: string, rows: Rows, rejectedBy: string): Forgery => ({
  claim,
  honest: rows,
  forged: rows,
  rejectedBy: [rejectedBy],
});
/** The first `n` words are taken, but for those with a weight of their own. */
const firstOf = (n: number, weights: Readonly<Record<number, number>>): number[] =>
  each.map((k) => weights[k] ?? (k < n ? 1 : 0));

const forgeries: Forgery[] = [
  { claim: 'a row is left out', honest: full, forged: padding, rejectedBy: [STATE, NEXT, NODE] },
  one('32 words are left out', { remaining: 40 }, { remaining: 40, address: 48 }, STATE),
  one('a row has another number', { remaining: 40 }, { remaining: 40, index: 1 }, STATE),
  one('one word more remains', { remaining: 40 }, { remaining: 41 }, STATE),
  one('the words are in RAM', { remaining: 40 }, { remaining: 40, kind: 'ram' }, STATE),
  cell('another call', full, { clk: CLK + 8 }, STATE),
  {
    claim: 'lanes are swapped',
    honest: warp,
    forged: rowOf({ kind: 'warp', words: { 0: wordAt(false, 17), 1: wordAt(false, 16) } }),
    rejectedBy: [WARP],
  },
  {
    claim: 'words of a sum are the lanes of a warp',
    honest: full,
    forged: rowOf({ kind: 'warp', remaining: LANES + 3 }),
    rejectedBy: [STATE, NEXT, WARP],
  },
  one('the flags of the lanes are dropped', { kind: 'warp', before: 4 }, { kind: 'warp' }, WARP),
  cell('lanes of another fold', warp, { fold: 1 }, WARP),
  never(
    '32 words are passed over',
    withCells(air, padding, 0, { fromHint: 1, remaining: 40 }),
    'the row is of one kind',
  ),
  one(
    'squares are the words themselves',
    { kind: 'hintSquares', before: 1 },
    { kind: 'hint' },
    STATE,
    SQUARES_START,
    SQUARES,
  ),
  one(
    'a square is another',
    { kind: 'hintSquares', before: 1 },
    { kind: 'hintSquares', before: 1, words: { 3: 0x4000_0000 } },
    SQUARES,
  ),
  one(
    'squares change places',
    { kind: 'ramSquares', before: 1 },
    { kind: 'ramSquares', before: 1, words: { 0: wordOf(squareAt(17)), 1: wordOf(squareAt(16)) } },
    SQUARES,
  ),
  one('flags of squares are dropped', { kind: 'hintSquares', before: 1 }, { kind: 'hintSquares' }, SQUARES),
  one(
    'squares are of the words of another row',
    { kind: 'hintSquares', remaining: 40, before: 1 },
    { kind: 'hintSquares', remaining: 40, before: 1, address: 48 },
    STATE,
    SQUARES,
  ),
  one(
    'words of RAM are squared for those of the tape',
    { kind: 'hintSquares', before: 1 },
    { kind: 'ramSquares', before: 1 },
    STATE,
    SQUARES,
  ),
  {
    claim: 'lanes of squares are taken as those of a warp',
    honest: squares,
    forged: withCells(air, rowOf({ kind: 'warp', address: 48, before: 1 }), 0, { fold: 1 }),
    rejectedBy: [STATE, NEXT, SQUARES_START, SQUARES, WARP],
  },
  never('squares of -1 rows', withCells(air, warp, 0, { hintSquares: -1, fromHint: 1 }), 'hintSquares is a bit'),
  never('squares of RAM of -1 rows', withCells(air, warp, 0, { ramSquares: -1, fromHint: 1 }), 'ramSquares is a bit'),
  one('words raise a flag', {}, { before: 8 }, 'words raise no flags'),
  one('the last lane is left out', { kind: 'warp' }, { kind: 'warp', remaining: LANES - 1 }, 'all lanes are taken'),
  one('a warp is a later node', { kind: 'warp' }, { kind: 'warp', index: 1 }, 'a warp has one node'),
  one(
    'words are left out in the middle',
    { remaining: 40 },
    { remaining: 40, take: firstOf(2, {}) },
    'words are left out only if none remain',
  ),
  {
    claim: 'one row from both sources stands for two',
    honest: { main: [zeros.main[0]!, zeros.main[0]!] },
    forged: {
      main: [
        withCells(air, rowOf({ kind: 'ram', remaining: 2, address: ZEROS_AT, take: firstOf(1, { 0: 2 }) }), 0, {
          fromHint: 1,
        }).main[0]!,
        padding.main[0]!,
      ],
    },
    rejectedBy: ['take[0] is a bit'],
  },
  {
    claim: 'one row stands for two, with a warp of weight -1 that another warp makes up for',
    honest: { main: [ram.main[0]!, ram.main[0]!] },
    forged: { main: [withCells(air, ram, 0, { fromHint: 1, isWarp: -1 }).main[0]!, rowOf({ kind: 'warp' }).main[0]!] },
    rejectedBy: ['isWarp is a bit'],
  },
  cell('a warp is from the hint tape and from RAM', warp, { fromHint: 1, fromRam: -1 }, 'fromRam is a bit'),
  cell('a warp is from RAM and from the hint tape', warp, { fromHint: -1, fromRam: 1 }, 'fromHint is a bit'),
  never(
    'word 1 is taken on a row of padding',
    withCells(air, padding, 0, { 'take[1]': 1 }),
    'word 1 comes after word 0',
  ),
  ...each
    .slice(2)
    .map((k) =>
      one(
        `word ${k} is taken in place of word ${k - 1}`,
        { remaining: k },
        { remaining: k, take: firstOf(k - 1, { [k]: 1 }) },
        `word ${k} comes after word ${k - 1}`,
      ),
    ),
  ...each.slice(1).map((k) => {
    const honest = { remaining: k + 2, address: ZEROS_AT };
    return one(
      `word ${k} counts twice, and the next one is left out`,
      honest,
      { ...honest, take: firstOf(k, { [k]: 2 }) },
      `take[${k}] is a bit`,
    );
  }),
  ...[0, 1, 2, 3].flatMap((block) => [
    one(
      `a word of block ${block} is not that of the tape`,
      {},
      { words: { [8 * block]: 0x4000_0000 } },
      `block ${block} is on the hint tape`,
    ),
    one(
      `a word of block ${block} is not that of RAM`,
      { kind: 'ram' },
      { kind: 'ram', words: { [8 * block + 7]: 0x4000_0000 } },
      `block ${block} is in RAM`,
    ),
  ]),
  ...nodes.flatMap((n) => {
    const { left, rightLeaf } = childrenOf(n);
    const short = { remaining: rightLeaf };
    // Of a tree without right halves from this leaf on.
    const held = leftHalf(left, rightLeaf);
    const without = `without a right half node ${n}`;
    return [
      one(`node ${n} is another sum`, {}, { results: { [n]: 0x4048_f5c3 } }, `node ${n} is the sum`),
      one(`node ${n} raises another flag`, {}, { flags: { [n]: 9 } }, `the flags of node ${n} accrue`),
      one(
        `${without} has another low limb`,
        short,
        { ...short, results: { [n]: held ^ 1 } },
        `${without} has the low limb of the left`,
      ),
      one(
        `${without} has another sign`,
        short,
        { ...short, results: { [n]: held + 2 ** 31 } },
        `${without} has the high limb of the left`,
      ),
      one(`${without} raises a flag`, short, { ...short, flags: { [n]: 9 } }, `${without} raises nothing`),
    ];
  }),
];

/** Entry `i` of a row that takes `count` words: a leaf or the sum of a node. */
function leftHalf(i: number, count: number): number {
  if (i < LANES) return wordAt(false, 16 + i);
  const { left, right, rightLeaf } = childrenOf(i - LANES);
  const a = leftHalf(left, count);
  return rightLeaf < count ? wordOf(addFp32(ROUNDING.rne, false, a, leftHalf(right, count))) : a;
}

describeForgeries(air, forgeries, {
  tables: TABLES,
  neverAlone: Object.fromEntries(
    [NEXT, NODE, SQUARES_START].map((name) => [
      name,
      'all its fields are claimed, so that it only counts, as often as a state was taken; its values are those of the row, ' +
        'which other checks fix',
    ]),
  ),
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const query = {
    honest: rowOf({ remaining: 3 }),
    inputs: [
      'isWarp',
      'fromHint',
      'fromRam',
      'clk',
      'address',
      'remaining',
      'index',
      'before',
      'take',
      'leaf',
      'raised',
    ],
    outputs: ['out', 'accrued'],
    tables: TABLES,
    tries: 60,
  };
  expect(findSecondWitness(air, query)).toBeUndefined();
  const without = ['without a right half node 5 has the low limb of the left'];
  expect(findSecondWitness(air, { ...query, without, outputs: ['out'], tries: 400 })).toBeDefined();
});
