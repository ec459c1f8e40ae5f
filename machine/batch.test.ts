import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { array, defineAir, given, known } from '../stark/air/air.ts';
import { evaluateAt } from '../stark/air/check.ts';
import { type Expr, expr, sum } from '../stark/air/expr.ts';
import { P } from '../stark/field/koala-bear.ts';
import { anyFelt, forAll } from '../test/support/property.ts';
import { BATCH, BatchExpressions } from './batch.ts';
import { linearForm } from './linear-form.ts';

let cells: readonly Expr[] = [];
let next: Expr | undefined;
const air = defineAir({
  name: 'test',
  columns: { a: given('free', 'a'), b: given('free', 'b'), c: given('free', 'c'), k: known('k') },
  define: (builder) => {
    cells = Object.values(builder.local);
    next = builder.next.a;
  },
});
const [a, b, , k] = cells as [Expr, Expr, Expr, Expr];

const anyExpr = fc.letrec<{ any: Expr }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(...cells),
    anyFelt().map(expr),
    fc
      .tuple(tie('any'), tie('any'), fc.constantFrom('plus', 'minus', 'times'))
      .map(([x, y, op]) => x[op as 'plus' | 'minus' | 'times'](y)),
  ),
})).any;

test('agrees with the reference on any expressions and rows', () => {
  const rows = BATCH + 3;
  const anyCells = fc.array(anyFelt(), { minLength: 4 * rows, maxLength: 4 * rows });
  forAll(fc.tuple(fc.array(anyExpr, { minLength: 1, maxLength: 3 }), anyCells), ([expressions, values]) => {
    const main = Array.from({ length: rows }, (_, row) => [...values.slice(4 * row, 4 * row + 3), 0, 0]);
    const knownColumn = Array.from({ length: rows }, (_, row) => values[4 * row + 3]!);
    const table = {
      cells: Uint32Array.from(main.flatMap((row) => [...row, 0, 0, 0])),
      stride: 8,
      known: [Uint32Array.from(knownColumn)],
      fixed: [],
    };
    const batch = new BatchExpressions();
    const arrays = expressions.map((e) => batch.valuesOf(e));
    for (const first of [0, BATCH]) {
      const count = Math.min(BATCH, rows - first);
      batch.evaluate(table, first, count);
      for (const [i, e] of expressions.entries()) {
        const reference = Array.from({ length: count }, (_, row) =>
          evaluateAt(e, { main, known: knownColumn.map((value) => [value]) }, first + row),
        );
        expect([...arrays[i]!.subarray(0, count)]).toEqual(reference);
      }
    }
  });
});

test('sums of many large products are exact', () => {
  const columns = 100;
  let row: readonly Expr[] = [];
  defineAir({
    name: 'wide',
    columns: { x: array(columns, given('free', 'x')) },
    define: ({ local }) => {
      row = local.x;
    },
  });
  for (const count of [2, 31, 32, 33, 64, 65, columns]) {
    for (const factor of [(P - 1) / 2, (P + 1) / 2, 2 ** 15, -(2 ** 15), 2 ** 20 - 1]) {
      const total = sum(row.slice(0, count).map((x) => x.times(factor))).minus(1);
      const main = [row.map((_, i) => (i % 7 === 6 ? i : P - 1 - i))];
      const batch = new BatchExpressions();
      const [value] = [batch.valuesOf(total)];
      batch.evaluate({ cells: Uint32Array.from(main[0]!), stride: columns, known: [], fixed: [] }, 0, 1);
      expect(value[0]).toBe(evaluateAt(total, { main }, 0));
    }
  }
});

test('a part that has values is a term of what contains it', () => {
  const batch = new BatchExpressions();
  const part = a.plus(b.times(2 ** 20));
  const [whole, of] = [part.times(2 ** 25).plus(k), batch.valuesOf(part)];
  const values = batch.valuesOf(whole);
  batch.evaluate({ cells: Uint32Array.of(5, P - 3, 0), stride: 3, known: [Uint32Array.of(7)], fixed: [] }, 0, 1);
  const rows = { main: [[5, P - 3, 0]], known: [[7]] };
  expect([of[0], values[0]]).toEqual([evaluateAt(part, rows, 0), evaluateAt(whole, rows, 0)]);
});

describe('linear forms', () => {
  const form = (e: Expr) => {
    const linear = linearForm(e);
    return linear && [linear.constant, ...[...linear.terms].map(([column, c]) => `${c} ${column.name}`)];
  };
  test.each<[string, Expr, ReturnType<typeof form>]>([
    ['a + 2^16 b - 3', a.plus(b.times(2 ** 16)).minus(3), [-3, '1 a', '65536 b']],
    ['(a - k) * -1', a.minus(k).times(-1), [0, '-1 a', '1 k']],
    ['a constant', expr(P - 1).times(expr(5)), [-5]],
    ['a * b', a.times(b), undefined],
    ['the next row', next!, undefined],
  ])('%s', (_, e, expected) => expect(form(e)).toEqual(expected));
});

test('refuses the next row', () => {
  const refusal = new RangeError('valuesOf: expected local cells only, got the next a');
  expect(() => new BatchExpressions().valuesOf(next!)).toThrow(refusal);
});

test('a known column that ended is 0', () => {
  const batch = new BatchExpressions();
  const values = batch.valuesOf(k);
  batch.evaluate({ cells: new Uint32Array(16), stride: 8, known: [Uint32Array.of(7)], fixed: [] }, 0, 2);
  expect([...values.subarray(0, 2)]).toEqual([7, 0]);
  expect(air.known).toHaveLength(1);
});
