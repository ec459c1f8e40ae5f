/** Linear forms: the coefficients of an expression of degree 1. */
import { type Algebra, type Column, type Expr, evaluate } from '../stark/air/expr.ts';
import { add, centred, type Felt, mul, reduce, sub } from '../stark/field/koala-bear.ts';

/** constant + sum of coefficient * term; the constant and the coefficients, not 0, are integers in (-p/2, p/2]. */
export interface LinearForm<Term> {
  readonly constant: number;
  readonly terms: ReadonlyMap<Term, number>;
}

const signed = (n: number): number => centred(reduce(n));

/** The coefficients of an expression of degree at most 1, undefined for any other. Products of constants are folded. */
export const linearForm = (root: Expr): LinearForm<Column> | undefined =>
  linearFormOver(root, ({ node }) => (node.op === 'column' && node.rotation === 0 ? node.column : undefined));

/** The same over terms that stand for whole expressions; undefined where `termOf` names none for a column. */
export function linearFormOver<Term>(
  root: Expr,
  termOf: (expr: Expr) => Term | undefined,
): LinearForm<Term> | undefined {
  const terms = new Map<Term, number>();
  let constant = 0;
  /** Adds factor * expr; false if that is not linear. */
  const collect = (expr: Expr, factor: number): boolean => {
    const { node } = expr;
    if (node.op === 'constant') {
      constant = signed(constant + product(factor, node.value));
      return true;
    }
    const term = termOf(expr);
    if (term !== undefined) {
      terms.set(term, signed((terms.get(term) ?? 0) + factor));
      return true;
    }
    switch (node.op) {
      case 'column':
        return false;
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
  if (!collect(root, 1)) return undefined;
  for (const [term, coefficient] of terms) if (coefficient === 0) terms.delete(term);
  return { constant, terms };
}

/** Of integers in (-p, p), signed. */
const product = (a: number, b: number): number => centred(mul(reduce(a), reduce(b)));

const FIELD: Algebra<Felt> = {
  constant: (value) => value,
  column: () => {
    throw new RangeError('expr: expected a constant, got a column');
  },
  ...{ add, sub, mul },
};
