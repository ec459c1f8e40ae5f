import { expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { add, type Felt, inverse, mul, P, reduce } from '../../stark/field/koala-bear.ts';
import { imbalance } from '../../test/support/balance.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { followRounds, roundForgeries } from '../../test/support/permutation.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { MERKLE_BUS, merkleAir } from './air.ts';
import { merkleCallAir } from './call/air.ts';
import { merkleCallChip } from './call/trace.ts';
import { MERKLE_INSTRUCTIONS } from './execute.ts';
import { rootOf } from './semantics.ts';
import { merkleChip } from './trace.ts';

const random = seeded(9);
const advice = Uint32Array.from({ length: 9 * 30 }, () => random.below(P));
const leaf = Uint32Array.from({ length: 9 }, () => random.below(P));
const RAM = 0x0002_0000;

/** poseidon2.merkle x1, x2, x3 on the words of a leaf. */
const call = (index: number, depth: number, digest: ArrayLike<number> = leaf): Step => ({
  mnemonic: 'poseidon2.merkle',
  fields: { rs1: 1, rs2: 2, rs3: 3 },
  registers: { 1: RAM, 2: index, 3: depth },
  ram: Object.fromEntries(Array.from(digest, (word, i) => [RAM / 4 + i, word])),
});
const run = (...steps: Step[]) => stepped(MERKLE_INSTRUCTIONS, [merkleCallChip, merkleChip], steps, { advice });
const wordsOf = (machine: ReturnType<typeof run>['machine']): number[] =>
  Array.from({ length: 9 }, (_, i) => machine.ram.read(RAM / 4 + i));

test('has 232 columns and 2 interactions a level', () => {
  expect([merkleAir.main.length, merkleAir.interactions.length]).toEqual([232, 2]);
});

test('leaves the root in memory, with rows that satisfy every constraint and bus states that cancel', () => {
  for (const [index, depth] of [
    [0, 0],
    [0, 1],
    [1, 1],
    [5, 3],
    [2 ** 30 - 1, 30],
    [0x2aaa_5555, 30],
  ] as const) {
    const { machine, trace } = run(call(index, depth));
    expect(wordsOf(machine)).toEqual([...rootOf(leaf, index, advice.subarray(0, 9 * depth))]);
    const tables = [
      [merkleAir, trace(merkleChip)],
      [merkleCallAir, trace(merkleCallChip)],
    ] as const;
    for (const [air, trace] of tables) expect(violations(air, trace)).toEqual([]);
    expect(tables[0][1].main).toHaveLength(depth);
    expect(imbalance(MERKLE_BUS, tables)).toEqual([]);
  }
});

test('a word of the leaf that is no residue stands for the residue', () => {
  const shifted = Uint32Array.of(5, 6, 7, 8, 9, 10, 11, 12, 13);
  const { machine, trace } = run(
    call(
      1,
      2,
      shifted.map((word) => word + P),
    ),
  );
  expect(wordsOf(machine)).toEqual([...rootOf(shifted, 1, advice.subarray(0, 18))]);
  const tables = [
    [merkleAir, trace(merkleChip)],
    [merkleCallAir, trace(merkleCallChip)],
  ] as const;
  expect(imbalance(MERKLE_BUS, tables)).toEqual([]);
});

test('traps where it has no result', () => {
  const trapOf = (step: Step): unknown => {
    try {
      run(step);
    } catch (signal) {
      return (signal as { trap: { cause: string } }).trap.cause;
    }
    return undefined;
  };
  expect(trapOf(call(0, 31))).toBe('invalid-operand');
  expect(trapOf(call(8, 3))).toBe('invalid-operand');
  expect(trapOf(call(1, 0))).toBe('invalid-operand');
  expect(trapOf({ ...call(0, 1), registers: { 1: RAM + 1, 2: 0, 3: 1 } })).toBe('misaligned-access');
});

test('advice that is exhausted, or outside the field, traps', () => {
  const causeWith = (advice: Uint32Array): unknown => {
    try {
      stepped(MERKLE_INSTRUCTIONS, [merkleCallChip, merkleChip], [call(0, 1)], { advice });
    } catch (signal) {
      return (signal as { trap: { cause: string } }).trap.cause;
    }
    return undefined;
  };
  expect(causeWith(new Uint32Array(8))).toBe('advice-exhausted');
  expect(causeWith(new Uint32Array(9).with(8, P))).toBe('advice-not-a-field-element');
});

const asLeft = run(call(0, 1)).trace(merkleChip);
const asRight = run(call(5, 3)).trace(merkleChip);
const padding = paddingRow(merkleChip).main[0]!;
const follow = (row: readonly number[]): number[] => followRounds(merkleAir, row, 'parentInitial[0]');
const changed = (cells: Record<string, number>): number[] => withCells(merkleAir, asLeft, 0, cells).main[0]!.slice();
const cell = (name: string): number => cells(merkleAir, asLeft, name)[0]!;
const digest = (value: (i: number) => [string, number]): Record<string, number> =>
  Object.fromEntries(Array.from({ length: 9 }, (_, i) => value(i)));
const [taken, left] = ['the path was left at this node', 'the path goes on at the parent'];
const half = inverse(reduce(2));

describeForgeries(
  merkleAir,
  [
    ...roundForgeries(merkleAir, asLeft, 'parentInitial[0]'),
    {
      claim: 'one row of weight 2, whose constants count twice, stands for two levels',
      honest: { main: [asLeft.main[0]!, asLeft.main[0]!] },
      forged: { main: [follow(changed({ isReal: 2 })), padding] },
      rejectedBy: ['isReal is a bit'],
    },
    {
      claim: 'a side of 2: the node is twice the right child less the left one',
      honest: asLeft,
      forged: {
        main: [
          follow(
            changed({
              isRight: 2,
              parentIndex: P - 1,
              ...digest((i) => [`left[${i}]`, i]),
              ...digest((i) => [`right[${i}]`, mul(add(cell(`node[${i}]`) as Felt, i as Felt), half)]),
            }),
          ),
        ],
      },
      rejectedBy: ['isRight is a bit'],
    },
    ...Array.from(
      { length: 9 },
      (_, i): Forgery => ({
        claim: `element ${i} of the node is replaced on its way into the permutation`,
        honest: asLeft,
        forged: { main: [follow(changed({ [`left[${i}]`]: cell(`left[${i}]`) + 1 }))] },
        rejectedBy: [`element ${i} of the node is the one of its side`],
      }),
    ),
    {
      claim: 'a right child is hashed as a left one: the index is not the one of the path',
      honest: asRight,
      forged: {
        main: asRight.main.with(
          0,
          follow(
            withCells(merkleAir, asRight, 0, {
              isRight: 0,
              ...digest((i) => [`left[${i}]`, cells(merkleAir, asRight, `node[${i}]`)[0]!]),
              ...digest((i) => [`right[${i}]`, cells(merkleAir, asRight, `left[${i}]`)[0]!]),
            }).main[0]!,
          ),
        ),
      },
      rejectedBy: [taken],
    },
    {
      claim: 'another parent index than half of the index',
      honest: asLeft,
      forged: { main: [changed({ parentIndex: 1 })] },
      rejectedBy: [taken],
    },
    {
      claim: 'fewer levels than were left to go',
      honest: asLeft,
      forged: { main: [changed({ remaining: 0 })] },
      rejectedBy: [taken],
    },
    {
      claim: 'the level of a path that another instruction started',
      honest: asLeft,
      forged: { main: [changed({ id: cell('id') + 4 })] },
      rejectedBy: [taken],
    },
    {
      claim: 'a node of the own choice',
      honest: asLeft,
      forged: { main: [follow(changed({ 'node[0]': 1, 'left[0]': 1 }))] },
      rejectedBy: [taken],
    },
    {
      claim: 'a padding row goes up where nothing started',
      honest: { main: [padding] },
      forged: asLeft,
      rejectedBy: [taken, left],
    },
    {
      claim: 'a level is passed over: its row is padding',
      honest: asRight,
      forged: { main: asRight.main.with(1, padding) },
      rejectedBy: [taken, left],
    },
  ],
  {
    neverAlone: {
      [left]:
        'all its fields are claimed, so that it only counts, as often as a node was taken; its values are those of the ' +
        'taken node and of the permutation',
    },
  },
);
