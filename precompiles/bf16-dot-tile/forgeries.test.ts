import { describe, expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Block } from '../../test/support/bf16-dot.ts';
import { TABLES } from '../../test/support/bf16-dot.ts';
import { forge, type SumView } from '../../test/support/bf16-dot-forger.ts';
import { forgedBlocks, none, ONE, ordinary, sumForgeries } from '../../test/support/bf16-dot-sum-forgeries.ts';
import { type Tile, tileRows } from '../../test/support/bf16-dot-tile.ts';
import { describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { fp32 } from '../../test/support/patterns.ts';
import { HOPPER } from '../bf16-dot/semantics.ts';
import { bf16DotTileAir } from './air.ts';
import { ENTRIES, OPERANDS } from './event.ts';

const AIR = bf16DotTileAir as unknown as Air;
const ZEROS = new Uint16Array(16);

/** A block as one entry of a tile; the rows that it does not use are zeros, as are the other accumulators. */
const around = ({ acc, a, b }: Block, entry: number): Tile => ({
  a: [0, 1].map((i) => (i === entry >> 1 ? a : ZEROS)) as unknown as Tile['a'],
  b: [0, 1].map((j) => (j === (entry & 1) ? b : ZEROS)) as unknown as Tile['b'],
  acc: ENTRIES.map((_, i) => (i === entry ? acc : 0)),
});
const views = ENTRIES.map(
  ({ entry, a, b }, i): SumView => ({
    air: AIR,
    core: HOPPER,
    prefix: entry,
    from: 0,
    operands: [a, b],
    acc: [`${entry}AccNegative`, `${entry}AccHigh`, `${entry}AccLow`, `${entry}AccExponent`],
    rows: (block) => tileRows([around(block, i)]),
  }),
);

test.each(ENTRIES.map(({ entry }, i) => [entry, views[i]!] as const))(
  'the forger of %s without a lie writes the honest row',
  (_, view) => {
    for (const each of forgedBlocks(HOPPER)) expect(forge(each, {}, view)).toEqual(view.rows(each));
  },
);

/** Four different rows and accumulators. */
const pattern = (seed: number): Uint16Array => Uint16Array.from(ordinary.a, (x, k) => x ^ ((seed * (k + 3)) & 0x7f));
const tile: Tile = {
  a: [pattern(1), pattern(5)],
  b: [pattern(9), pattern(23)],
  acc: [fp32(2, 0xabcdef), fp32(1, 0x987654), fp32(3, 0xfedcba), 0],
};
const rows = tileRows([tile]);
const COLUMNS = new Map(AIR.main.map(({ name, index }) => [name, index]));
/** The row with the values of some columns exchanged: every `one` in a name for `other`, and back. */
const exchanged = (one: RegExp, other: RegExp, from: string, to: string): Forgery['forged'] => {
  const row = [...rows.main[0]!];
  for (const [name, index] of COLUMNS) {
    if (one.test(name)) row[index] = rows.main[0]![COLUMNS.get(name.replace(from, to))!]!;
    if (other.test(name)) row[index] = rows.main[0]![COLUMNS.get(name.replace(to, from))!]!;
  }
  return { main: [row] };
};
const stateOf = (...entries: string[]): string[] => entries.map((entry) => `${entry}: the call has come to this block`);
const sentBy = (...entries: string[]): string[] =>
  entries.map((entry) => `${entry}: the call goes on to the next block`);
const ALL = ENTRIES.map(({ entry }) => entry);

const [noneRow] = tileRows([around(none, 0)]).main as [number[]];
const twice = { main: [noneRow, noneRow] };

const ofOperands: Forgery[] = OPERANDS.map((name, i) => {
  const other = (of: Uint16Array, at: boolean): Uint16Array => (at ? of.with(3, ONE) : of);
  const forged: Tile = {
    ...tile,
    a: [other(tile.a[0], i === 0), other(tile.a[1], i === 1)],
    b: [other(tile.b[0], i === 2), other(tile.b[1], i === 3)],
  };
  return {
    claim: `another ${name} than is on the tape`,
    honest: rows,
    forged: tileRows([forged]),
    rejectedBy: [`${name} is a hint block`],
  };
});

const ofStates: Forgery[] = ALL.map((entry, i) => ({
  claim: `${entry} has another accumulator than its call has come with`,
  honest: rows,
  forged: tileRows([{ ...tile, acc: tile.acc.map((word, j) => (j === i ? fp32(5) : word)) }]),
  rejectedBy: stateOf(entry),
}));

/** The whole row of another tile, with elements and times of this one. */
const asThis = (other: Tile): Forgery['forged'] => tileRows([other]);

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two tiles',
    honest: twice,
    forged: withCells(AIR, withCells(AIR, twice, 0, { isReal: 2 }), 1, { isReal: 0 }),
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'a row of padding is a tile of the same calls',
    honest: { main: [noneRow, noneRow.map(() => 0)] },
    forged: twice,
    rejectedBy: [
      ...OPERANDS.map((name) => `${name} is a hint block`),
      ...ALL.flatMap((entry) => [...stateOf(entry), ...sentBy(entry)]),
    ],
  },
  ...ofOperands,
  ...ofStates,
  {
    claim: 'the operands of b0 and b1 are crossed: each column has the sums of the other',
    honest: rows,
    forged: asThis({ ...tile, b: [tile.b[1], tile.b[0]] }),
    rejectedBy: ['b0 is a hint block', 'b1 is a hint block'],
  },
  {
    claim: 'a0 stands in the place of b0: the four products are other ones',
    honest: rows,
    forged: asThis({ ...tile, a: [tile.b[0], tile.a[1]], b: [tile.a[0], tile.b[1]] }),
    rejectedBy: ['a0 is a hint block', 'b0 is a hint block'],
  },
  {
    claim: 'b0 and b1 are crossed, elements and all: y00 sums what y01 has to, and y10 what y11 has to',
    honest: rows,
    forged: {
      main: [
        tileRows([{ ...tile, b: [tile.b[1], tile.b[0]] }]).main[0]!.map((cell, index) => {
          if (index === COLUMNS.get('b0Element')) return rows.main[0]![COLUMNS.get('b1Element')!]!;
          return index === COLUMNS.get('b1Element') ? rows.main[0]![COLUMNS.get('b0Element')!]! : cell;
        }),
      ],
    },
    rejectedBy: [...stateOf(...ALL), ...sentBy(...ALL)],
  },
  {
    claim: 'y00 and y01 have exchanged their accumulators',
    honest: rows,
    forged: tileRows([{ ...tile, acc: [tile.acc[1]!, tile.acc[0]!, tile.acc[2]!, tile.acc[3]!] }]),
    rejectedBy: stateOf('y00', 'y01'),
  },
  {
    claim: 'y01 and y10 have exchanged their times and accumulators: the result of one call is that of the other',
    honest: rows,
    forged: (() => {
      const swapped = tileRows([{ ...tile, acc: [tile.acc[0]!, tile.acc[2]!, tile.acc[1]!, tile.acc[3]!] }]);
      return withCells(AIR, swapped, 0, { y01Clk: 9, y10Clk: 5 });
    })(),
    rejectedBy: [...stateOf('y01', 'y10'), ...sentBy('y01', 'y10')],
  },
  {
    claim: 'the call of y11 is taken a second time, in the place of y10',
    honest: rows,
    forged: withCells(AIR, rows, 0, { y10Clk: 13 }),
    rejectedBy: [...stateOf('y10'), ...sentBy('y10')],
  },
  ...ALL.flatMap((entry, i) => sumForgeries(views[i]!, `${entry}: `)),
];

const stated = 'time and elements are those received, and what it claims is stated by constraints';
describeForgeries(AIR, forgeries, {
  pastRanges: ['y00', 'y01', 'y10', 'y11'].flatMap((y) => [`${y}Low is below 2^9`, `${y}: moved has \`zeros\` bits`]),
  tables: TABLES,
  neverAlone: Object.fromEntries(sentBy(...ALL).map((name) => [name, stated])),
});

test('sums that have changed places without their operands are no sums', () => {
  const forged = exchanged(/^y00(?!Clk|Acc)/, /^y01(?!Clk|Acc)/, 'y00', 'y01');
  const rejected = objections(AIR, forged, rows, TABLES);
  for (const entry of ['y00', 'y01']) expect(rejected).toContain(`${entry}: lane 0 is divided`);
  expect(rejected.filter((name) => !/^y0[01]/.test(name))).toEqual([]);
});

test('entries with equal operands may change places: the two calls are the same', () => {
  const equal: Tile = { ...tile, b: [tile.b[0], tile.b[0]] };
  const honest = withCells(AIR, tileRows([equal]), 0, { b1Element: 16 });
  const other = tileRows([{ ...equal, acc: [tile.acc[1]!, tile.acc[0]!, tile.acc[2]!, tile.acc[3]!] }]);
  const forged = withCells(AIR, other, 0, { b1Element: 16, y00Clk: 5, y01Clk: 1 });
  expect(objections(AIR, forged, honest, TABLES)).toEqual([]);
});

describe.each(ALL)('the search for another result of %s', (entry) => {
  /** Everything but the cells of its sum: the others have nothing to do with it. */
  const inputs = AIR.main
    .map(({ name }) => name)
    .filter((name) => !name.startsWith(entry) || name.startsWith(`${entry}Acc`) || name === `${entry}Clk`);
  const query = { honest: rows, inputs, tables: TABLES };

  test('finds none', () => {
    expect(findSecondWitness(AIR, { ...query, tries: 150 })).toBeUndefined();
  });

  test('finds one where the sign is not that of the sum', () => {
    const without = [`${entry}: a zero is positive`];
    expect(findSecondWitness(AIR, { ...query, tries: 400, without })).toBeDefined();
  });
});
