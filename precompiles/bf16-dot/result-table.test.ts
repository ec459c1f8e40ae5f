import { describe, expect, test } from 'vitest';
import { centred, P } from '../../stark/field/koala-bear.ts';
import type { FixedTable } from '../../vm/chips/table.ts';
import { resultTable } from './result-table.ts';

/** Every tuple of a table in order, with the repetitions of tuple 0 that fill its last row. */
function tuples({ fixedRow, fixedRows, provider }: FixedTable): number[][] {
  const [perRow, fields] = [provider.multiplicities.length, provider.bus.fields.length];
  return Array.from({ length: fixedRows }, (_, row) => fixedRow(row)).flatMap((cells) =>
    Array.from({ length: perRow }, (_, entry) => Array.from({ length: fields }, (_, f) => cells[f * perRow + entry]!)),
  );
}

describe('bf16-result', () => {
  const all = tuples(resultTable);

  test('a result continues under its exponent, as a subnormal, an infinity or a zero', () => {
    const wrong = all.filter(([zeros, power, e, c, normal, subnormal, tiny]) => {
      const [exponent, code] = [centred(e!), centred(c!)];
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
