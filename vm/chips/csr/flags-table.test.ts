import { expect, test } from 'vitest';
import { flagsTable } from './flags-table.ts';

const { fixedRow, fixedRows, provider } = flagsTable;
const tuples = Array.from({ length: fixedRows }, (_, row) => fixedRow(row)).flatMap((cells) =>
  [0, 1, 2, 3].map((entry) => [cells[entry]!, cells[4 + entry]!, cells[8 + entry]!]),
);

test('holds every pair of five flags where it finds it, with the flags that are in one or the other', () => {
  expect(tuples.length).toBe(1024);
  tuples.forEach(([before, raised, after], place) => {
    expect(provider.positionOf([before!, raised!, after!])).toBe(place);
    for (const flag of [1, 2, 4, 8, 16]) {
      const has = (flags: number): boolean => Math.floor(flags / flag) % 2 === 1;
      expect(has(after!)).toBe(has(before!) || has(raised!));
    }
  });
  expect(new Set(tuples.map((tuple) => tuple.slice(0, 2).join())).size).toBe(1024);
});

test('holds nothing else', () => {
  for (const tuple of [
    [0, 1, 0],
    [3, 4, 6],
    [32, 0, 32],
    [0, 32, 32],
  ]) {
    expect(provider.positionOf(tuple)).toBeUndefined();
  }
});
