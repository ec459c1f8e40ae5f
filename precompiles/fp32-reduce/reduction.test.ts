/** All chips of a reduction together: what they say to one another cancels, and does not once a row is another. */
import { describe, expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { imbalance } from '../../test/support/balance.ts';
import { cells, withCells } from '../../test/support/forgery.ts';
import { type Step, stepped } from '../../test/support/step.ts';
import { REDUCTIONS, type Reduction, type ReductionSource } from '../../vm/isa/xulp.ts';
import { REGISTER } from '../../vm/space.ts';
import { FP32_ADD_BUS } from '../fp32-add/bus.ts';
import { fp32AddChip } from '../fp32-add/trace.ts';
import { fp32AddSpecialChip } from '../fp32-add-special/trace.ts';
import { FP32_FMA_BUS } from '../fp32-fma/bus.ts';
import { fp32FmaChip } from '../fp32-fma/trace.ts';
import { FP32_MAX_BUS } from '../fp32-max/bus.ts';
import { fp32MaxChip } from '../fp32-max/trace.ts';
import { fp32RoundChip } from '../fp32-round/trace.ts';
import { fp32SpecialChip } from '../fp32-special/trace.ts';
import { FOLD_BUS, NODE_BUS, TREE_BUS, WARP_BUS, WORDS_BUS } from './bus.ts';
import { fp32ReduceCallChip } from './call/trace.ts';
import { LANES } from './constants.ts';
import { FP32_REDUCE_INSTRUCTIONS } from './execute.ts';
import { foldChips } from './fold/trace.ts';
import { fp32TreeNodeChip } from './node/trace.ts';
import { fp32TreeChip } from './tree/trace.ts';
import { wordsChip } from './words/trace.ts';

const OF_ROWS = [...foldChips, fp32TreeChip, fp32TreeNodeChip, wordsChip];
const SERVICES = [fp32AddChip, fp32AddSpecialChip, fp32FmaChip, fp32SpecialChip, fp32MaxChip, fp32RoundChip];
const CHIPS = [fp32ReduceCallChip, ...OF_ROWS, ...SERVICES];
const BUSES = [FOLD_BUS, WARP_BUS, TREE_BUS, NODE_BUS, WORDS_BUS, FP32_ADD_BUS, FP32_FMA_BUS, FP32_MAX_BUS];

/** Inexact numbers; an infinity, a NaN and a zero among them. */
const WORDS = Uint32Array.from({ length: 160 }, (_, i) => 0x3f80_0001 + 0x1_2345 * i);
WORDS.set([0x7f80_0000, 0x7fa0_0000, 0x8000_0000], 150);
const RAM_AT = 0x1_0400;
const COUNT = 70;

type Tables = ReadonlyMap<string, readonly [Air, Rows]>;

/** The traces of a call of `count` words from word `first` on. */
function tablesOf(reduction: Reduction, source: ReductionSource, count: number, first = 0): Tables {
  const address = 4 * first + (source === 'ram' ? RAM_AT : 0);
  const step: Step = {
    mnemonic: `fp32.${reduction}.${source}`,
    fields: { rd: 3, rs1: 1, rs2: 2 },
    registers: { 1: address, 2: count, [REGISTER.f0 + 3]: 0x3f80_0003 },
    ram: Object.fromEntries(Array.from(WORDS, (word, i) => [RAM_AT / 4 + i, word])),
  };
  const { trace } = stepped(FP32_REDUCE_INSTRUCTIONS, CHIPS, [step], { hints: new Uint16Array(WORDS.buffer) });
  return new Map(CHIPS.map((chip) => [chip.air.name, [chip.air as unknown as Air, trace(chip)] as const]));
}

/** Names of the buses on which something is left. */
const open = (tables: Tables): string[] =>
  BUSES.filter((bus) => imbalance(bus, [...tables.values()]).length > 0).map(({ name }) => name);

const replaced = (tables: Tables, name: string, change: (rows: Rows, air: Air) => Rows): Tables => {
  const [air, rows] = tables.get(name)!;
  return new Map([...tables, [name, [air, change(rows, air)] as const]]);
};

describe.each(Object.keys(REDUCTIONS) as Reduction[])('%s', (reduction) => {
  const sources = ['hint', 'ram'] as const;

  test.each(sources)('%s: honest rows cancel, for any number of words', (source) => {
    for (const count of [0, 1, 7, 32, 33, COUNT, 155])
      expect(open(tablesOf(reduction, source, count)), `${count}`).toEqual([]);
  });

  test.each(sources)(
    '%s: a row left out, a row twice, rows of one word fewer or more or from elsewhere do not',
    (source) => {
      const honest = tablesOf(reduction, source, COUNT);
      for (const { air } of OF_ROWS) {
        const { main } = honest.get(air.name)![1];
        for (const i of main.keys()) {
          const without = replaced(honest, air.name, () => ({ main: main.toSpliced(i, 1) }));
          expect(open(without), `${air.name} without row ${i}`).not.toEqual([]);
          const twice = replaced(honest, air.name, () => ({ main: main.toSpliced(i, 0, main[i]!) }));
          expect(open(twice), `${air.name} with row ${i} twice`).not.toEqual([]);
        }
      }
      const call = honest.get(fp32ReduceCallChip.air.name)!;
      for (const other of [
        tablesOf(reduction, source, COUNT - 1),
        tablesOf(reduction, source, COUNT + 1),
        tablesOf(reduction, source, COUNT, 8),
      ]) {
        expect(open(new Map([...other, [fp32ReduceCallChip.air.name, call]]))).not.toEqual([]);
      }
    },
  );

  test('a call that says another result, other flags or another start does not', () => {
    const honest = tablesOf(reduction, 'hint', COUNT);
    const keeps = /sequential|max/.test(reduction);
    for (const lie of [
      { outLo: 1 },
      { raised: 4 },
      { rs2Lo: COUNT - 1 },
      { rs1Hi: 1 },
      ...(keeps ? [{ rdLo: 9 }] : []),
    ]) {
      const forged = replaced(honest, fp32ReduceCallChip.air.name, (rows, air) => withCells(air, rows, 0, lie));
      expect(open(forged), JSON.stringify(lie)).not.toEqual([]);
    }
  });
});

test('two rows of a sum exchange their words: each has the state of the other', () => {
  const honest = tablesOf('sum.sequential', 'hint', COUNT);
  const forged = replaced(honest, 'fp32-fold-sequential-sum', (rows, air) => {
    const x = (row: number) =>
      Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`x[${i}]`, cells(air, rows, `x[${i}]`)[row]!]));
    return withCells(air, withCells(air, rows, 0, x(1)), 1, x(0));
  });
  expect(open(forged)).toEqual(['fp32-add']);
});

test('a warp takes the lanes that a row of squares has started: their own row misses them', () => {
  const honest = tablesOf('squares.pairwise', 'hint', LANES);
  const forged = replaced(honest, 'fp32-tree', ({ main }, air) => {
    const clk = cells(air, { main }, 'clk')[0]!;
    const ofWarp = tablesOf('squares.warp', 'hint', LANES).get('fp32-tree')![1];
    return { main: [...main, withCells(air, ofWarp, 0, { clk }).main[0]!] };
  });
  expect(open(forged)).toEqual(expect.arrayContaining(['fp32-warp', 'fp32-tree-node']));
});

test('two rows of squares exchange their lanes: each is after the words of the other', () => {
  const honest = tablesOf('squares.pairwise', 'ram', 2 * LANES);
  const forged = replaced(honest, 'fp32-tree', ({ main }, air) => {
    const at = (name: string): number => air.main.find((column) => column.name === name)!.index;
    const moved = ['index', 'address', 'remaining'].map(at);
    const exchanged = [0, 1].map((row) => {
      const other = [...main[1 - row]!];
      for (const column of moved) other[column] = main[row]![column]!;
      return other;
    });
    return { main: exchanged };
  });
  expect(open(forged)).toEqual(['fp32-warp', 'fp32-tree-node']);
});

test('the nodes of a pairwise sum change places: neither is where it is taken', () => {
  const honest = tablesOf('sum.pairwise', 'ram', COUNT);
  const forged = replaced(honest, 'fp32-tree', (rows, air) =>
    withCells(air, withCells(air, rows, 0, { index: 1 }), 1, { index: 0 }),
  );
  expect(open(forged)).toEqual(['fp32-tree', 'fp32-tree-node']);
});
