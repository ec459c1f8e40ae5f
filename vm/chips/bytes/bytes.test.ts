import { expect, test } from 'vitest';
import { bytesTable } from './air.ts';

/** AND from its truth table, bit by bit. */
const andOf = (a: number, b: number): number => {
  let and = 0;
  for (let weight = 1; weight < 256; weight *= 2) {
    if (Math.floor(a / weight) % 2 === 1 && Math.floor(b / weight) % 2 === 1) and += weight;
  }
  return and;
};

test('holds every pair of bytes with its AND, where it finds it', () => {
  const seen = new Set<number>();
  for (let row = 0; row < bytesTable.fixedRows; row++) {
    const cells = bytesTable.fixedRow(row);
    for (let entry = 0; entry < 3; entry++) {
      const [a, b, and] = [cells[entry]!, cells[3 + entry]!, cells[6 + entry]!];
      if (a >= 256 || b >= 256 || and !== andOf(a, b)) expect.fail(`row ${row} holds ${a} AND ${b} = ${and}`);
      if (row * 3 + entry < 2 ** 16) expect(bytesTable.provider.positionOf([a, b, and])).toBe(row * 3 + entry);
      seen.add(a * 256 + b);
    }
  }
  expect(seen.size).toBe(65_536);
});

test('has no place for a false AND or for an operand that is not a byte', () => {
  for (const tuple of [
    [3, 1, 0],
    [256, 0, 0],
    [0, 256, 0],
    [0x7f00_0000, 1, 1],
  ]) {
    expect(bytesTable.provider.positionOf(tuple), tuple.join(' ')).toBeUndefined();
  }
});

test('leaves room for 180 blinding rows in 2^15', () => {
  expect(bytesTable.fixedRows).toBeLessThanOrEqual(2 ** 15 - 180);
});
