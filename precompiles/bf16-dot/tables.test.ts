import { describe, expect, test } from 'vitest';
import { P } from '../../stark/field/koala-bear.ts';
import type { FixedTable } from '../../vm/chips/table.ts';
import { alignTable, resultTable } from './tables.ts';

/** Every tuple of a table in order, with the repetitions of tuple 0 that fill its last row. */
function tuples({ fixedRow, fixedRows, provider }: FixedTable): number[][] {
  const [perRow, fields] = [provider.multiplicities.length, provider.bus.fields.length];
  return Array.from({ length: fixedRows }, (_, row) => fixedRow(row)).flatMap((cells) =>
    Array.from({ length: perRow }, (_, entry) => Array.from({ length: fields }, (_, f) => cells[f * perRow + entry]!)),
  );
}
const signed = (value: number): number => (value > P / 2 ? value - P : value);
const isInteger = (x: number): boolean => Math.floor(x) === x;

describe('bf16-align', () => {
  const all = tuples(alignTable);

  test('holds for every shift exactly the remainders of its division', () => {
    const found = new Map<number, Set<string>>();
    for (const [shift, ...rest] of all) found.set(shift!, (found.get(shift!) ?? new Set()).add(rest.join(' ')));
    expect([...found.keys()].sort((a, b) => a - b)).toEqual(Array.from({ length: 1055 }, (_, shift) => shift));
    for (const [shift, rows] of found) {
      const scale = 2 ** (11 - shift);
      const kept = shift < 27;
      const divisor = isInteger(scale) || !kept ? 1 : 1 / scale;
      const multiplier = kept ? Math.max(scale, 1) : 0;
      expect(rows).toEqual(new Set(Array.from({ length: divisor }, (_, r) => `${r} ${divisor} ${multiplier}`)));
    }
  });

  test('finds every tuple where it stands, and no other', () => {
    const count = 12 + (2 ** 16 - 2) + 1028;
    expect(all.filter((tuple, i) => alignTable.provider.positionOf(tuple) !== i && i < count)).toEqual([]);
    for (const tuple of [
      [0, 1, 1, 2048],
      [12, 2, 2, 1],
      [26, 32768, 32768, 1],
      [27, 1, 1, 0],
      [1055, 0, 1, 0],
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

describe('bf16-result', () => {
  const all = tuples(resultTable);

  test('a result continues under its exponent, as a subnormal, an infinity or a zero', () => {
    const wrong = all.filter(([zeros, power, e, c, normal, subnormal, tiny]) => {
      const [exponent, code] = [signed(e!), signed(c!)];
      if (power !== 2 ** zeros! || zeros! > 16 || normal! + subnormal! + tiny! > 1) return true;
      if (normal === 1) return exponent < -126 || code !== (exponent > 127 ? 4000 : exponent);
      if (subnormal === 1) return exponent !== -126 || code !== -126;
      if (tiny === 1) return exponent !== -126 || code !== -400;
      return zeros !== 0 || code !== -400;
    });
    expect(wrong).toEqual([]);
  });

  test('finds every tuple, and no other', () => {
    expect(all.filter((tuple) => resultTable.provider.positionOf(tuple) === undefined)).toEqual([]);
    const e = (value: number): number => (value < 0 ? value + P : value);
    expect(resultTable.provider.positionOf([3, 8, e(-126), e(-126), 1, 0, 0])).toBeDefined();
    for (const tuple of [
      [3, 16, 0, 0, 1, 0, 0],
      [3, 8, e(-127), e(-127), 1, 0, 0],
      [3, 8, 128, 128, 1, 0, 0],
      [3, 8, e(-125), e(-125), 0, 1, 0],
      [3, 8, e(-125), e(-400), 0, 0, 1],
      [3, 8, 0, e(-400), 0, 0, 0],
      [17, 2 ** 17, 0, 0, 1, 0, 0],
    ]) {
      expect(resultTable.provider.positionOf(tuple), tuple.join(' ')).toBeUndefined();
    }
  });

  test('leaves room for 180 blinding rows in 2^12', () => {
    expect(resultTable.fixedRows).toBeLessThanOrEqual(2 ** 12 - 180);
  });
});
