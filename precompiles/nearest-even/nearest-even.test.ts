import { expect, test } from 'vitest';
import { increments } from '../fp32-round/semantics.ts';
import { nearestEvenTable } from './air.ts';

const { fixedRow, fixedRows, provider } = nearestEvenTable;
const tuples = Array.from({ length: fixedRows }, (_, row) => fixedRow(row)).flatMap((cells) =>
  [0, 1, 2].map((entry) => [cells[entry]!, cells[3 + entry]!, cells[6 + entry]!]),
);
const all = tuples.slice(0, 2 ** 16);

test('rounds every limb as the reference that TestFloat confirms', () => {
  const wrong = all.filter(([limb, upper, increment], i) => {
    const expected = increments(0, false, (i & 0x100) !== 0, (i & 0x80) !== 0, (i & 0x7f) !== 0);
    return limb !== i || upper !== Math.floor(i / 256) || expected !== (increment === 1);
  });
  expect(wrong).toEqual([]);
});

test('finds every tuple where it stands, and no other; leaves room for 180 blinding rows in 2^15', () => {
  expect(all.filter((tuple, i) => provider.positionOf(tuple) !== i)).toEqual([]);
  for (const tuple of [
    [0x0180, 1, 0],
    [0x0080, 0, 1],
    [0x0180, 0, 1],
    [2 ** 16, 2 ** 8, 0],
  ]) {
    expect(provider.positionOf(tuple), tuple.join(' ')).toBeUndefined();
  }
  expect(fixedRows).toBeLessThanOrEqual(2 ** 15 - 180);
});
