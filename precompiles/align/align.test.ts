import { describe, expect, test } from 'vitest';
import { P } from '../../stark/field/koala-bear.ts';
import type { FixedTable } from '../../vm/chips/table.ts';
import { alignTable } from './air.ts';

/** Every tuple of a table in order, with the repetitions of tuple 0 that fill its last row. */
function tuples({ fixedRow, fixedRows, provider }: FixedTable): number[][] {
  const [perRow, fields] = [provider.multiplicities.length, provider.bus.fields.length];
  return Array.from({ length: fixedRows }, (_, row) => fixedRow(row)).flatMap((cells) =>
    Array.from({ length: perRow }, (_, entry) => Array.from({ length: fields }, (_, f) => cells[f * perRow + entry]!)),
  );
}
const isInteger = (x: number): boolean => Math.floor(x) === x;

describe('align', () => {
  const all = tuples(alignTable);

  test('holds for every shift exactly the remainders of its division', () => {
    const found = new Map<number, Set<string>>();
    for (const [shift, ...rest] of all) found.set(shift!, (found.get(shift!) ?? new Set()).add(rest.join(' ')));
    expect([...found.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 1056 }, (_, shift) => shift));
    for (const [shift, rows] of found) {
      const scale = 2 ** (11 - shift);
      const kept = shift < 27;
      const divisor = isInteger(scale) || !kept ? 1 : 1 / scale;
      const multiplier = kept ? Math.max(scale, 1) : 0;
      expect(rows).toEqual(new Set(Array.from({ length: divisor }, (_, r) => `${r} ${divisor} ${multiplier}`)));
    }
  });

  test('finds every tuple where it stands, and no other', () => {
    const count = 12 + (2 ** 16 - 2) + 1029;
    expect(all.filter((tuple, i) => alignTable.provider.positionOf(tuple) !== i && i < count)).toEqual([]);
    for (const tuple of [
      [0, 1, 1, 2048],
      [12, 2, 2, 1],
      [26, 32768, 32768, 1],
      [27, 1, 1, 0],
      [1056, 0, 1, 0],
      [P - 1, 0, 1, 4096],
      [P - 4000, 0, 1, 0],
    ]) {
      expect(alignTable.provider.positionOf(tuple), tuple.join(' ')).toBeUndefined();
    }
  });

  test('leaves room for 180 blinding rows in 2^15', () => {
    expect(alignTable.fixedRows).toBeLessThanOrEqual(2 ** 15 - 180);
  });
});
