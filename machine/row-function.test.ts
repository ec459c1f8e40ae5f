import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defineAir, given, known } from '../stark/air/air.ts';
import { evaluateAt } from '../stark/air/check.ts';
import { type Expr, expr } from '../stark/air/expr.ts';
import { P } from '../stark/field/koala-bear.ts';
import { anyFelt, forAll } from '../test/support/property.ts';
import { linearForm, rowFunction } from './row-function.ts';

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

test('agrees with the reference on any expression and row', () => {
  forAll(fc.tuple(anyExpr, fc.array(anyFelt(), { minLength: 8, maxLength: 8 })), ([e, values]) => {
    const main = [values.slice(0, 3), values.slice(3, 6)].map((row) => [...row, 0, 0]);
    const table = {
      cells: Uint32Array.from(main.flatMap((row) => [...row, 0, 0, 0])),
      stride: 8,
      known: [Uint32Array.from(values.slice(6))],
      fixed: [],
    };
    const f = rowFunction(e);
    for (const row of [0, 1]) {
      expect(f(table, row)).toBe(evaluateAt(e, { main, known: values.slice(6).map((value) => [value]) }, row));
    }
  });
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
  expect(() => rowFunction(next!)).toThrow(new RangeError('rowFunction: expected local cells only, got the next a'));
});

test('a known column that ended is 0', () => {
  expect(rowFunction(k)({ cells: new Uint32Array(8), stride: 8, known: [Uint32Array.of(7)], fixed: [] }, 1)).toBe(0);
  expect(air.known).toHaveLength(1);
});
