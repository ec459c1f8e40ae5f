import { expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { imbalance } from '../../test/support/balance.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { followRounds, roundForgeries } from '../../test/support/permutation.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { SPONGE_BUS, spongeAir } from './air.ts';
import { spongeCallAir } from './call/air.ts';
import { spongeCallChip } from './call/trace.ts';
import { SPONGE_INSTRUCTIONS } from './execute.ts';
import { sponge } from './semantics.ts';
import { spongeChip } from './trace.ts';

const random = seeded(24);
const hints = Uint16Array.from({ length: 48 * 8 }, () => random.below(2 ** 16));
const advice = Uint32Array.from({ length: 64 }, () => random.below(0x7f00_0001));
const RAM = 0x0002_0000;

/** poseidon2.sponge x1, x2, x3 for the rows from a byte address of the tape on. */
const call = (rows: number, from: number): Step => ({
  mnemonic: 'poseidon2.sponge',
  fields: { rs1: 1, rs2: 2, rs3: 3 },
  registers: { 1: RAM, 2: from, 3: rows },
});
const run = (...steps: Step[]) => stepped(SPONGE_INSTRUCTIONS, [spongeCallChip, spongeChip], steps, { hints, advice });

test('has 465 columns and 5 interactions for 48 halfwords', () => {
  expect([spongeAir.main.length, spongeAir.interactions.length]).toEqual([465, 5]);
});

test('leaves the digest in memory, with rows that satisfy every constraint and bus states that cancel', () => {
  for (const rows of [0, 1, 2, 5]) {
    const { machine, trace } = run(call(rows, 64));
    const digest = sponge(hints.subarray(32, 32 + 48 * rows), advice.subarray(0, 4 * rows));
    expect(Array.from({ length: 9 }, (_, i) => machine.ram.read(RAM / 4 + i))).toEqual([...digest]);
    const tables = [
      [spongeAir, trace(spongeChip)],
      [spongeCallAir, trace(spongeCallChip)],
    ] as const;
    for (const [air, trace] of tables) expect(violations(air, trace)).toEqual([]);
    expect(tables[0][1].main).toHaveLength(rows);
    expect(imbalance(SPONGE_BUS, tables)).toEqual([]);
  }
});

test('consecutive instructions take consecutive salts', () => {
  const { machine } = run(call(1, 0), call(1, 0));
  const second = sponge(hints.subarray(0, 48), advice.subarray(4, 8));
  expect(machine.ram.read(RAM / 4)).toBe(second[0]);
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
  expect(trapOf(call(2 ** 16, 0))).toBe('invalid-operand');
  expect(trapOf(call(1, 16))).toBe('misaligned-access');
  expect(trapOf(call(9, 0))).toBe('hint-out-of-range');
  expect(trapOf({ ...call(1, 0), registers: { 1: RAM + 2, 2: 0, 3: 1 } })).toBe('misaligned-access');
  expect(trapOf({ ...call(1, 0), registers: { 1: 0x1000_0000 - 32, 2: 0, 3: 1 } })).toBe('unmapped-access');
});

const one = run(call(1, 0)).trace(spongeChip);
const two = run(call(2, 32)).trace(spongeChip);
const padding = paddingRow(spongeChip).main[0]!;
const follow = (row: readonly number[]): number[] => followRounds(spongeAir, row, 'firstInitial[0]');
const changed = (cells: Record<string, number>): number[] => withCells(spongeAir, one, 0, cells).main[0]!.slice();
const cell = (name: string): number => cells(spongeAir, one, name)[0]!;
const blocks = [0, 1, 2].map((i) => `block ${i} is on the hint tape`);
const [taken, left] = ['the sponge was left in this state', 'the sponge is left in the next state'];

const forgeries: Forgery[] = [
  ...roundForgeries(spongeAir, one, 'firstInitial[0]'),
  {
    claim: 'one row of weight 2, whose constants count twice, stands for two rows',
    honest: { main: [one.main[0]!, one.main[0]!] },
    forged: { main: [follow(changed({ isReal: 2 })), padding] },
    rejectedBy: ['isReal is a bit'],
  },
  ...[0, 1, 2].map(
    (i): Forgery => ({
      claim: `another halfword than the one on the tape in block ${i}`,
      honest: one,
      forged: { main: [follow(changed({ [`half[${16 * i + 5}]`]: cell(`half[${16 * i + 5}]`) ^ 1 }))] },
      rejectedBy: [blocks[i]!],
    }),
  ),
  {
    claim: 'three other blocks than those whose turn it is, with their contents',
    honest: one,
    forged: { main: [run(call(1, 96)).trace(spongeChip).main[0]!] },
    rejectedBy: [...blocks, taken],
  },
  {
    claim: 'a wrong number of rows: more to go than were left',
    honest: one,
    forged: { main: [changed({ remaining: 2 })] },
    rejectedBy: [taken],
  },
  {
    claim: 'the row of a sponge that another instruction started',
    honest: one,
    forged: { main: [changed({ id: cell('id') + 4 })] },
    rejectedBy: [taken],
  },
  {
    claim: 'a capacity of the own choice: a row without predecessor',
    honest: one,
    forged: { main: [follow(changed({ 'capacity[4]': 1 }))] },
    rejectedBy: [taken],
  },
  {
    claim: 'a padding row goes on where nothing started',
    honest: { main: [padding] },
    forged: one,
    rejectedBy: [...blocks, taken, left],
  },
  {
    claim: 'the second row is passed over: its row is padding',
    honest: two,
    forged: { main: [two.main[0]!, padding] },
    rejectedBy: [...blocks, taken, left],
  },
  {
    claim: 'the second row absorbs into the start again: the first one is forgotten',
    honest: two,
    forged: {
      main: [
        two.main[0]!,
        follow(
          withCells(
            spongeAir,
            two,
            1,
            Object.fromEntries(
              Array.from({ length: 9 }, (_, i) => [`capacity[${i}]`, cells(spongeAir, two, `capacity[${i}]`)[0]!]),
            ),
          ).main[1]!,
        ),
      ],
    },
    rejectedBy: [taken],
  },
];

describeForgeries(spongeAir, forgeries, {
  neverAlone: {
    [left]:
      'all its fields are claimed, so that it only counts, as often as a state was taken; its values are those of the ' +
      'taken state and of the permutations',
  },
});
