import { describe, expect, test } from 'vitest';
import { defineBus } from '../../stark/air/bus.ts';
import { violations } from '../../stark/air/check.ts';
import { fixedTable } from './table.ts';

const SQUARES_BUS = defineBus('squares', 'table', ['root', 'square']);
const squares = fixedTable({
  name: 'squares',
  bus: SQUARES_BUS,
  perRow: 2,
  count: 5,
  tupleAt: (index) => [index + 1, (index + 1) ** 2],
  indexOf: (tuple) => (tuple[0]! ** 2 === tuple[1] && tuple[0]! >= 1 && tuple[0]! <= 5 ? tuple[0]! - 1 : undefined),
});

test('the tuples of a row stand field by field, and each is received as often as its multiplicity says', () => {
  expect(squares.fixedRow(1)).toEqual([3, 4, 9, 16]);
  expect(squares.air.fixed.map((column) => column.name)).toEqual(['root[0]', 'root[1]', 'square[0]', 'square[1]']);
  expect(squares.air.interactions.map(({ direction, bus }) => [direction, bus.name])).toEqual([
    ['receive', 'squares'],
    ['receive', 'squares'],
  ]);
  expect(squares.fixedRows).toBe(3);
});

test('places past the last tuple repeat the first one, so that they cannot answer anything outside the relation', () => {
  expect(squares.fixedRow(2)).toEqual([5, 1, 25, 1]);
  expect(squares.fixedRow(3)).toEqual([1, 1, 1, 1]);
  expect(squares.fixedRow(1000)).toEqual([1, 1, 1, 1]);
});

test('the place of a tuple is its row and entry', () => {
  expect(squares.provider.positionOf([4, 16])).toBe(3);
  expect(squares.provider.positionOf([4, 15])).toBeUndefined();
  expect(squares.provider.multiplicities).toEqual(['multiplicity[0]', 'multiplicity[1]']);
});

test('a table has no constraint: its fixed cells are in the verifying key', () => {
  const rows = { main: [[1, 2, 0, 0, 0]], fixed: [squares.fixedRow(0)] };
  expect(violations(squares.air, rows)).toEqual([]);
  expect(squares.air.constraints).toEqual([]);
});

describe('rejects', () => {
  test.each([0, -1, 1.5])('%d tuples in a row', (perRow) => {
    const relation = { name: 'x', bus: SQUARES_BUS, count: 1, tupleAt: () => [1, 1], indexOf: () => 0, perRow };
    expect(() => fixedTable(relation)).toThrow(`perRow: expected a positive integer, got ${perRow}`);
  });
});
