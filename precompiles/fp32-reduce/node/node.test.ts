import { expect, test } from 'vitest';
import type { Air } from '../../../stark/air/air.ts';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { imbalance } from '../../../test/support/balance.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { reductionTables, withSources } from '../../../test/support/fp32-reduce.ts';
import { paddingRow, traceOf } from '../../../test/support/step.ts';
import { EventLog } from '../../../vm/chip.ts';
import type { Execution } from '../../../vm/executor/execution.ts';
import type { Machine } from '../../../vm/executor/machine.ts';
import { flagsOf, withFlags, wordOf } from '../../fp32-round/semantics.ts';
import { NODE_BUS, NODE_CHIP } from '../bus.ts';
import { reduceFp32 } from '../semantics.ts';
import { fp32TreeNodeAir } from './air.ts';
import { fp32TreeNodeChip, recordNodes } from './trace.ts';

const air = withSources(fp32TreeNodeAir as unknown as Air);
const TABLES = reductionTables(0);
const CLK = 9;

/** All rows above these nodes, and what the call takes. */
function above(nodes: readonly number[]): { readonly rows: Rows; readonly root: number; readonly level: number } {
  const log = new EventLog(fp32TreeNodeChip.eventWords);
  // The additions are asked of other chips, which do not record here.
  const machine = { clk: CLK, log: (name: string) => (name === NODE_CHIP ? log : undefined) };
  const taken = recordNodes(machine as unknown as Machine, nodes);
  return { ...taken, rows: traceOf(fp32TreeNodeChip, { logs: new Map([[NODE_CHIP, log]]) } as unknown as Execution) };
}

const padding = paddingRow(fp32TreeNodeChip);
const words = (n: number): number[] => Array.from({ length: n }, (_, i) => 0x3f80_0000 + 77_777 * i);

test.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 31, 33])(
  '%i nodes: the rows take all of them and leave their pairwise sum',
  (n) => {
    const nodes = words(n).map((word, i) => withFlags(word, i === 2 ? 4 : 0));
    const { rows, root, level } = above(nodes);
    expect(violations(air, { main: [...rows.main, ...padding.main] })).toEqual([]);
    const expected = reduceFp32('sum.pairwise', 0, words(n));
    expect([wordOf(root), flagsOf(root)]).toEqual([wordOf(expected), flagsOf(expected) | (n > 2 ? 4 : 0)]);
    const left = imbalance(NODE_BUS, [[fp32TreeNodeAir as unknown as Air, rows]]);
    const limbs = (node: number) => [flagsOf(node), wordOf(node) & 0xffff, wordOf(node) >>> 16];
    const open = [...nodes.map((node, i) => [CLK, 0, i, ...limbs(node)]), [CLK, level, 0, ...limbs(root)]];
    expect(left.map(({ tuple }) => tuple.join(' ')).sort()).toEqual(n === 1 ? [] : open.map((t) => t.join(' ')).sort());
  },
);

const nodes = [0x3f80_0001, 0x3f81_2345, 0x3f84_5678].map((word, i) => withFlags(word, i === 1 ? 4 : 1));
const { rows } = above(nodes);
const [sum, passed] = [0, 1].map((i): Rows => ({ main: [rows.main[i]!] })) as [Rows, Rows];
const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest,
  forged: withCells(air, honest, 0, changes),
  rejectedBy,
});
/** What leaves the sum of these nodes, whatever they are. */
const sumOf = (left: number, right: number): Rows => ({ main: [above([left, right]).rows.main[0]!] });
const [LEFT, RIGHT, IS_LEFT] = ['there is a left node', 'there is a right node', 'the node is left'];
const withZero = sumOf(nodes[0]!, 0);
/** Node 0 passed on. */
const first = withCells(air, { main: [above([0, 0, nodes[0]!]).rows.main[1]!] }, 0, { index: 0 });
const half = withCells(air, passed, 0, { index: inverse(felt(2)) });

const forgeries: Forgery[] = [
  lie('another index: the node before is left', sum, { index: 1 }, LEFT, RIGHT),
  lie('a node of another call', passed, { clk: CLK + 8 }, LEFT),
  lie('a node of another level', passed, { level: 1 }, LEFT),
  { claim: 'another left node', honest: sum, forged: sumOf(nodes[2]!, nodes[1]!), rejectedBy: [LEFT] },
  { claim: 'another right node', honest: sum, forged: sumOf(nodes[0]!, nodes[2]!), rejectedBy: [RIGHT] },
  {
    claim: 'the nodes are swapped: the same sum, the other flags',
    honest: sum,
    forged: sumOf(nodes[1]!, nodes[0]!),
    rejectedBy: [LEFT, RIGHT],
  },
  { claim: 'a row is left out', honest: sum, forged: padding, rejectedBy: [LEFT, RIGHT, IS_LEFT] },
  { claim: 'the right node is left out', honest: sum, forged: first, rejectedBy: [RIGHT] },
  {
    claim: 'node 1 is passed on as node 1 / 2',
    honest: half,
    forged: half,
    rejectedBy: ['index is below 2^16'],
  },
  {
    claim: 'one row is a sum and passes its left node on',
    honest: { main: [withZero.main[0]!, first.main[0]!] },
    forged: { main: [withCells(air, withZero, 0, { isPassed: 1 }).main[0]!, padding.main[0]!] },
    rejectedBy: ['a node is a sum or passed on, not both'],
  },
  {
    claim: 'one sum of weight 2 stands for two',
    honest: { main: [sum.main[0]!, sum.main[0]!] },
    forged: { main: [withCells(air, sum, 0, { isSum: 2 }).main[0]!, padding.main[0]!] },
    rejectedBy: ['isSum is a bit'],
  },
  {
    claim: 'one node passed on with weight 2 stands for two',
    honest: { main: [passed.main[0]!, passed.main[0]!] },
    forged: { main: [withCells(air, passed, 0, { isPassed: 2 }).main[0]!, padding.main[0]!] },
    rejectedBy: ['isPassed is a bit'],
  },
  lie('another sum', sum, { outLo: 5 }, 'the node is the sum'),
  lie('the flag of the right node is dropped', sum, { bothFlags: 1, accrued: 1 }, 'the flags of both nodes accrue'),
  lie('all flags are dropped', sum, { accrued: 0 }, 'the flags of the addition accrue'),
  lie('a node passed on has another low limb', passed, { outLo: 5 }, 'a node passed on has its low limb'),
  lie('a node passed on has another sign', passed, { outHi: 0xbf84 }, 'a node passed on has its high limb'),
  lie('a node passed on has no flags', passed, { accrued: 0 }, 'a node passed on has its flags'),
];

describeForgeries(air, forgeries, {
  tables: TABLES,
  neverAlone: {
    [IS_LEFT]:
      'all its fields are claimed, so that it only counts, as often as a left node was taken; its values are those of ' +
      'the row, which other checks fix',
  },
});

test('a sum says its nodes', () => {
  expect(messages(air, sum, RIGHT)[0]!.slice(0, 4)).toEqual([CLK, 0, 1, 4]);
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  for (const [honest, without] of [
    [sum, 'the flags of the addition accrue'],
    [passed, 'a node passed on has its low limb'],
  ] as const) {
    const query = {
      honest,
      inputs: [
        'isSum',
        'isPassed',
        'clk',
        'level',
        'leftLo',
        'leftHi',
        'leftFlags',
        'rightLo',
        'rightHi',
        'rightFlags',
        'index',
      ],
      outputs: ['outLo', 'outHi', 'accrued'],
      tables: TABLES,
    };
    expect(findSecondWitness(air, query)).toBeUndefined();
    expect(findSecondWitness(air, { ...query, without: [without] })).toBeDefined();
  }
});
