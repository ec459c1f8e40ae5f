import { describe, expect, test } from 'vitest';
import { defineAir, given } from '../stark/air/air.ts';
import { EXECUTION_BUS, HINT_BUS } from '../vm/buses.ts';
import type { Chip } from '../vm/chip.ts';
import { ADD_INSTRUCTIONS } from '../vm/chips/add/execute.ts';
import { rangeTable } from '../vm/chips/range/air.ts';
import { defineMachine, type MachineChip } from './machine.ts';
import { EXTENSIONS, ulpMachine } from './relation.ts';

/** A chip that takes the state and sends it on `step` later, or by a cell of its row. */
const stepping = (name: string, step: number | 'by a cell' | 'by 8 and a cell'): Chip => ({
  air: defineAir({
    name,
    columns: {
      on: given('free', 'multiplicity'),
      pc: given('free', 'pc'),
      clk: given('free', 'time'),
      by: given('free', 'step'),
    },
    define({ local: { on, pc, clk, by }, send, receive }) {
      receive('taken', EXECUTION_BUS, { given: [pc, clk] }, on);
      const after = { 'by a cell': by, 'by 8 and a cell': by.plus(8) };
      send('sent', EXECUTION_BUS, { claimed: [pc, clk.plus(typeof step === 'number' ? step : after[step])] }, on);
    },
  }) as Chip['air'],
  rows: () => 0,
  fill: () => {},
});

describe('the machine of this project', () => {
  const { relation, chips, recorded, instructions } = ulpMachine();

  test('bounds the time of the longest run by the heights', () => {
    const [{ weights, limit }] = relation.heightLimits as [(typeof relation.heightLimits)[0]];
    expect(limit).toBe(2 ** 29 - 1);
    expect(['add', 'load', 'hint-load', 'assert'].map((name) => weights.get(name))).toEqual([8, 8, 8, 8]);
    expect(['program', 'image', 'memory', 'halt', 'range', 'hint'].map((name) => weights.get(name))).toEqual([
      0, 0, 0, 0, 0, 0,
    ]);
  });

  test('has a log for every instruction it has a chip for', () => {
    expect(recorded.map((chip) => chip.air.name)).toContain('halt');
    expect([...chips.keys()]).toEqual(relation.airs.map((air) => air.name));
    for (const mnemonic of ['addi', 'ecall', 'ulp.hint.w', 'bf16.dot.hopper']) {
      expect(instructions.table.byMnemonic(mnemonic), mnemonic).toBeDefined();
    }
  });

  test('keeps the columns of a fixed table as they are in its tuples, padding included', () => {
    for (const { tables = [] } of EXTENSIONS) {
      for (const table of tables) {
        const { logHeight, columns } = relation.fixedTables.get(table.air.name)!;
        const cells = columns();
        expect(cells).toHaveLength(table.air.fixed.length);
        for (const row of [0, table.fixedRows - 1, table.fixedRows, 2 ** logHeight - 1]) {
          expect(cells.map((column) => column[row])).toEqual(table.fixedRow(row));
        }
      }
    }
  });
});

describe('defining a machine', () => {
  const member = stepping('eight', 8);

  test('a chip of a user joins by an extension', () => {
    const machine = ulpMachine([{ name: 'mine', chips: [member] }]);
    expect(machine.chips.get('eight')).toBe(member);
    expect(machine.relation.heightLimits[0]!.weights.get('eight')).toBe(8);
  });

  test.each<[string, () => unknown]>([
    [
      'chips: expected distinct names, got eight twice',
      () => defineMachine('m', [{ name: 'a', chips: [member, stepping('eight', 8)] }]),
    ],
    [
      'wild: expected one step of 8 in time, got another',
      () => defineMachine('m', [{ name: 'a', chips: [stepping('wild', 'by a cell')] }]),
    ],
    [
      'wild: expected one step of 8 in time, got another',
      () => defineMachine('m', [{ name: 'a', chips: [stepping('wild', 'by 8 and a cell')] }]),
    ],
    [
      'four: expected one step of 8 in time, got another',
      () => defineMachine('m', [{ name: 'a', chips: [stepping('four', 4)] }]),
    ],
    [
      'bus hint: expected one table, got one, other',
      () => {
        const answers = (name: string): MachineChip => ({
          ...stepping(name, 8),
          providers: [{ bus: HINT_BUS, multiplicities: ['on'], positionOf: () => 0 }],
        });
        return defineMachine('m', [{ name: 'a', chips: [answers('one'), answers('other')] }]);
      },
    ],
    [
      'specs: expected unique mnemonics, got add twice',
      () => defineMachine('m', [{ name: 'a', instructions: [...ADD_INSTRUCTIONS, ADD_INSTRUCTIONS[0]!] }]),
    ],
    [
      'chips: expected distinct names, got range twice',
      () => defineMachine('m', [{ name: 'a', tables: [rangeTable, { ...rangeTable }] }]),
    ],
  ])('%s', (message, define) => expect(define).toThrow(new RangeError(message)));
});
