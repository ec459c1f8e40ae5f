/**
 * Expressions compiled to functions of a row, for counting multiplicities and for the checker: linear expressions, which
 * almost all tuple elements are, become lists of (column, coefficient); the rest are closures.
 * Reference: `evaluateAt` in `stark/air/check.ts`.
 */
import { type Algebra, type Column, type Expr, evaluate } from '../stark/air/expr.ts';
import { add, type Felt, mul, P, reduce, sub } from '../stark/field/koala-bear.ts';

/** The cells of one table. Known and fixed columns may end early: later cells are 0. */
export interface TableCells {
  /** Main cell c of row r is `cells[r * stride + c]`. */
  readonly cells: Uint32Array;
  readonly stride: number;
  readonly known: readonly Uint32Array[];
  readonly fixed: readonly Uint32Array[];
}

/** The value of an expression on a row, a canonical residue. Only local cells: interactions read no others. */
export type RowFunction = (table: TableCells, row: number) => number;

/** constant + sum of coefficient * column; coefficients and the constant are integers in (-p/2, p/2]. */
export interface LinearForm {
  readonly constant: number;
  readonly terms: ReadonlyMap<Column, number>;
}

const signed = (n: number): number => {
  const residue = ((n % P) + P) % P;
  return residue > P / 2 ? residue - P : residue;
};

/** The coefficients of an expression of degree at most 1, undefined for any other. Products of constants are folded. */
export function linearForm(root: Expr): LinearForm | undefined {
  const terms = new Map<Column, number>();
  let constant = 0;
  /** Adds factor * expr; false if that is not linear. */
  const collect = (expr: Expr, factor: number): boolean => {
    const { node } = expr;
    switch (node.op) {
      case 'constant':
        constant = signed(constant + product(factor, node.value));
        return true;
      case 'column':
        if (node.rotation === 1) return false;
        terms.set(node.column, signed((terms.get(node.column) ?? 0) + factor));
        return true;
      case 'add':
        return collect(node.left, factor) && collect(node.right, factor);
      case 'sub':
        return collect(node.left, factor) && collect(node.right, -factor);
      case 'mul': {
        const [number, other] = node.left.degree === 0 ? [node.left, node.right] : [node.right, node.left];
        return number.degree === 0 && collect(other, product(factor, evaluate(number, FIELD)));
      }
    }
  };
  return root.degree <= 1 && collect(root, 1) ? { constant, terms } : undefined;
}

/** Of integers in (-p, p), signed. */
const product = (a: number, b: number): number => signed(mul(((a + P) % P) as Felt, ((b + P) % P) as Felt));

const FIELD: Algebra<Felt> = {
  constant: (value) => value,
  column: () => {
    throw new RangeError('expr: expected a constant, got a column');
  },
  ...{ add, sub, mul },
};

/** The linear form without zero terms, if sums of its products are exact in doubles: |sum| <= size * p < 2^53. */
export function exactForm(
  expr: Expr,
): { readonly constant: number; readonly terms: readonly (readonly [Column, number])[] } | undefined {
  const form = linearForm(expr);
  if (form === undefined) return undefined;
  const terms = [...form.terms].filter(([, c]) => c !== 0);
  const size = terms.reduce((total, [, c]) => total + Math.abs(c), 1);
  return size * P < 2 ** 53 ? { constant: form.constant, terms } : undefined;
}

/** @throws {RangeError} if the expression reads the next row. */
export function rowFunction(expr: Expr): RowFunction {
  const form = exactForm(expr);
  if (form !== undefined) return linear(form.constant, form.terms);
  const ring: Algebra<RowFunction> = {
    constant: (value) => () => value,
    column: (column, rotation) => {
      if (rotation === 1) throw new RangeError(`rowFunction: expected local cells only, got the next ${column.name}`);
      return cellReader(column);
    },
    add: (a, b) => (t, r) => add(a(t, r) as Felt, b(t, r) as Felt),
    sub: (a, b) => (t, r) => sub(a(t, r) as Felt, b(t, r) as Felt),
    mul: (a, b) => (t, r) => mul(a(t, r) as Felt, b(t, r) as Felt),
  };
  return evaluate(expr, ring);
}

function linear(constant: number, terms: readonly (readonly [Column, number])[]): RowFunction {
  const canonical = constant < 0 ? constant + P : constant;
  if (terms.length === 0) return () => canonical;
  if (terms.length === 1 && terms[0]![1] === 1 && constant === 0) return cellReader(terms[0]![0]);
  if (terms.every(([column]) => column.kind === 'main')) {
    const indexes = Int32Array.from(terms, ([column]) => column.index);
    const coefficients = Float64Array.from(terms, ([, c]) => c);
    return ({ cells, stride }, row) => {
      let sum = constant;
      const base = row * stride;
      for (let i = 0; i < indexes.length; i++) sum += coefficients[i]! * cells[base + indexes[i]!]!;
      return canonicalOf(sum);
    };
  }
  const readers = terms.map(([column, c]) => [cellReader(column), c] as const);
  return (table, row) => canonicalOf(readers.reduce((sum, [read, c]) => sum + c * read(table, row), constant));
}

/** The residue of an integer below 2^53 in magnitude. */
export const canonicalOf = (sum: number): number => (sum >= 0 && sum < P ? sum : reduce(sum));

function cellReader({ kind, index }: Column): RowFunction {
  switch (kind) {
    case 'main':
      return ({ cells, stride }, row) => cells[row * stride + index]!;
    case 'known':
      return ({ known }, row) => known[index]?.[row] ?? 0;
    case 'fixed':
      return ({ fixed }, row) => fixed[index]?.[row] ?? 0;
  }
}
