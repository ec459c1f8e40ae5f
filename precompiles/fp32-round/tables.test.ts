import { describe, expect, test } from 'vitest';
import type { FixedTable } from '../../vm/chips/table.ts';
import { increments, overflowsToInfinity } from './semantics.ts';
import { powerTable, roundingTable, tailTable } from './tables.ts';

/** Every tuple of a table in order, with the repetitions of tuple 0 that fill its last row. */
function tuples({ fixedRow, fixedRows, provider }: FixedTable): number[][] {
  const [perRow, fields] = [provider.multiplicities.length, provider.bus.fields.length];
  return Array.from({ length: fixedRows }, (_, row) => fixedRow(row)).flatMap((cells) =>
    Array.from({ length: perRow }, (_, entry) => Array.from({ length: fields }, (_, f) => cells[f * perRow + entry]!)),
  );
}

test('fp32-power holds the 16 powers of two', () => {
  expect(tuples(powerTable)).toEqual(Array.from({ length: 16 }, (_, zeros) => [zeros, 2 ** zeros]));
  expect(powerTable.provider.positionOf([3, 8])).toBe(3);
  expect(powerTable.provider.positionOf([3, 9])).toBeUndefined();
  expect(powerTable.provider.positionOf([16, 2 ** 16])).toBeUndefined();
});

describe('fp32-tail', () => {
  const all = tuples(tailTable).slice(0, 2 ** 16);

  test('takes every limb apart, as its binary digits say', () => {
    const wrong = all.filter(([limb, upper, code], i) => {
      const digits = limb!.toString(2).padStart(16, '0');
      const further = digits.slice(10).includes('1') ? 1 : 0;
      const bits = [digits[7], digits[8], digits[9]].map(Number);
      return (
        limb !== i ||
        upper !== Number.parseInt(digits.slice(0, 8), 2) ||
        code !== Number.parseInt(`${bits.join('')}${further}`, 2)
      );
    });
    expect(wrong).toEqual([]);
  });

  test('finds every tuple where it stands, and no other; leaves room for 180 blinding rows in 2^15', () => {
    expect(all.filter((tuple, i) => tailTable.provider.positionOf(tuple) !== i)).toEqual([]);
    expect(tailTable.provider.positionOf([0x0180, 1, 8])).toBeUndefined();
    expect(tailTable.provider.positionOf([0x0180, 0, 12])).toBeUndefined();
    expect(tailTable.provider.positionOf([2 ** 16, 2 ** 8, 0])).toBeUndefined();
    expect(tailTable.fixedRows).toBeLessThanOrEqual(2 ** 15 - 180);
  });
});

describe('fp32-rounding', () => {
  const all = tuples(roundingTable);

  test('decides as the reference that TestFloat confirms', () => {
    const wrong = all.filter(([mode, negative, code, rest, increment, inexact, carries, infinite]) => {
      const [odd, guard, next] = [8, 4, 2].map((bit) => (code! & bit) !== 0) as [boolean, boolean, boolean];
      const further = (code! & 1) !== 0 || rest === 1;
      const minus = negative === 1;
      return (
        increments(mode!, minus, odd, guard, next || further) !== (increment === 1) ||
        (guard || next || further) !== (inexact === 1) ||
        (guard && increments(mode!, minus, guard, next, further)) !== (carries === 1) ||
        overflowsToInfinity(mode!, minus) !== (infinite === 1)
      );
    });
    expect(wrong).toEqual([]);
    expect(new Set(all.map((tuple) => tuple.slice(0, 4).join())).size).toBe(320);
  });

  test('finds every tuple where it stands, and no other', () => {
    expect(all.filter((tuple, i) => roundingTable.provider.positionOf(tuple) !== i)).toEqual([]);
    for (const tuple of [
      [0, 0, 4, 0, 1, 1, 0, 1],
      [5, 0, 0, 0, 0, 0, 0, 0],
      [0, 2, 0, 0, 0, 0, 0, 1],
      [0, 0, 16, 0, 0, 0, 0, 1],
      [0, 0, 0, 2, 0, 1, 0, 1],
    ]) {
      expect(roundingTable.provider.positionOf(tuple), tuple.join(' ')).toBeUndefined();
    }
  });
});
