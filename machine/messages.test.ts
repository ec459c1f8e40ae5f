import { expect, test } from 'vitest';
import { messageAt } from '../stark/air/check.ts';
import { P } from '../stark/field/koala-bear.ts';
import { seeded } from '../test/support/random.ts';
import { BATCH } from './batch.ts';
import { messagesOf } from './messages.ts';
import { ulpMachine } from './relation.ts';

const machine = ulpMachine();

test.each([...machine.chips])('messages of %s are those of the reference on any cells', (name, { air }) => {
  const random = seeded(name.length);
  const rows = 3;
  const first = 2;
  const width = air.main.length;
  const stride = width + 3;
  // Small cells, any cells, and columns of the statement that end before the rows do.
  const draw = (count: number): Uint32Array =>
    Uint32Array.from({ length: count }, (_, i) => (i % 3 === 0 ? random.below(3) : random.below(P)));
  const cells = draw((first + rows) * stride);
  const known = air.known.map(() => draw(first + rows - 1));
  const fixed = air.fixed.map(() => draw(first + rows));
  const each = (columns: readonly Uint32Array[]): number[][] =>
    Array.from({ length: first + rows }, (_, row) => columns.map((column) => column[row] ?? 0));
  const reference = {
    main: Array.from({ length: first + rows }, (_, r) => [...cells.subarray(r * stride, r * stride + width)]),
    ...{ known: each(known), fixed: each(fixed) },
  };
  const visited: string[] = [];
  messagesOf(air.interactions)({ cells, stride, known, fixed }, first, rows, (messages, start, count) => {
    const { interaction, fields, multiplicity } = messages;
    visited.push(interaction.name);
    expect([start, count]).toEqual([first, rows]);
    for (let i = 0; i < count; i++) {
      const got = { tuple: fields.map((field) => field[i]), multiplicity: multiplicity[i] };
      expect(got, interaction.name).toEqual(messageAt(interaction, reference, start + i));
    }
  });
  expect(visited).toEqual(air.interactions.map((interaction) => interaction.name));
});

test('rows are visited in order, a batch at a time', () => {
  const { air } = machine.chips.get('add')!;
  const seen: number[][] = [];
  const table = { cells: new Uint32Array(400 * air.main.length), stride: air.main.length, known: [], fixed: [] };
  messagesOf(air.interactions.slice(0, 1))(table, 5, 2 * BATCH + 1, (_, first, rows) => seen.push([first, rows]));
  expect(seen).toEqual([
    [5, BATCH],
    [5 + BATCH, BATCH],
    [5 + 2 * BATCH, 1],
  ]);
});
