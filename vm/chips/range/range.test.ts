import { describe, expect, test } from 'vitest';
import type { FixedTable } from '../table.ts';
import { complementRangeTable, powerRangeTable, rangeTable } from './air.ts';

/** Every tuple of a table, in order, its repetitions of tuple 0 in the last row included. */
function tuples(table: FixedTable): number[][] {
  const perRow = table.provider.multiplicities.length;
  const fields = table.provider.bus.fields.length;
  return Array.from({ length: table.fixedRows }, (_, row) => table.fixedRow(row)).flatMap((cells) =>
    Array.from({ length: perRow }, (_, entry) => Array.from({ length: fields }, (_, f) => cells[f * perRow + entry]!)),
  );
}

/** The pairs from the definition: every value below every power of two up to 2^16. */
const pairs = Array.from({ length: 17 }, (_, bits) =>
  Array.from({ length: 2 ** bits }, (_, value) => [bits, value]),
).flat();

const cases: [FixedTable, (bits: number, value: number) => number[]][] = [
  [rangeTable, (bits, value) => [bits, value]],
  [powerRangeTable, (bits, value) => [bits, 2 ** bits, value]],
  [complementRangeTable, (bits, value) => [2 ** (16 - bits), value]],
];

describe.each(cases.map(([table, tuple]) => [table.air.name, table, tuple] as const))('%s', (_, table, tuple) => {
  test('holds exactly the pairs value < 2^bits, bits 0 to 16', () => {
    const expected = new Set(pairs.map(([bits, value]) => tuple(bits!, value!).join(' ')));
    const found = tuples(table).map((t) => t.join(' '));
    expect(expected.size).toBe(131_071);
    expect(new Set(found)).toEqual(expected);
  });

  test('finds every tuple where it stands, and nothing else', () => {
    const misplaced = tuples(table).filter((t, place) => place < 131_071 && table.provider.positionOf(t) !== place);
    expect(misplaced).toEqual([]);
    for (const [bits, value] of [
      [0, 1],
      [3, 8],
      [16, 65536],
      [17, 0],
      [1, 0x7f00_0000],
    ] as const) {
      expect(table.provider.positionOf(tuple(bits, value)), `${bits} ${value}`).toBeUndefined();
    }
  });

  test('leaves room for 180 blinding rows in 2^16', () => {
    expect(table.fixedRows).toBeLessThanOrEqual(2 ** 16 - 180);
  });
});

test('a distance and a power that do not belong together are in no table', () => {
  expect(powerRangeTable.provider.positionOf([3, 16, 0])).toBeUndefined();
  expect(complementRangeTable.provider.positionOf([3, 0])).toBeUndefined();
  expect(complementRangeTable.provider.positionOf([0, 0])).toBeUndefined();
  expect(complementRangeTable.provider.positionOf([2 ** 17, 0])).toBeUndefined();
});
