/**
 * Expressions multiplied out: sums of terms over F_p, each a coefficient times variables. A variable is the name of a
 * column, with a ' in the next row, or of something that stands for a whole expression (`#3`). Coefficients are taken in
 * (-p/2, p/2), so that a polynomial is also one of integers.
 */
import type { Expr } from '../stark/air/expr.ts';
import { centred, mul, reduce } from '../stark/field/koala-bear.ts';

export interface Term {
  readonly coefficient: number;
  /** Sorted, with repetition. */
  readonly variables: readonly string[];
}
/** Terms by their variables, joined by spaces. */
export type Polynomial = ReadonlyMap<string, Term>;

/** Expressions that are low + step * variable. */
export interface Stand {
  readonly low: number;
  readonly step: number;
  readonly variable: string;
}

/** Polynomials of more terms are not multiplied out. */
const MAX_TERMS = 400;

/** The representative of a residue that is nearest to 0. */
const product = (a: number, b: number): number => centred(mul(reduce(a), reduce(b)));

function put(into: Map<string, Term>, variables: readonly string[], coefficient: number): void {
  const key = variables.join(' ');
  const total = centred(reduce((into.get(key)?.coefficient ?? 0) + coefficient));
  if (total === 0) into.delete(key);
  else into.set(key, { coefficient: total, variables });
}

/**
 * Undefined if there are too many terms. Expressions within it that something stands for are taken as that; the root
 * itself is not. `memo` is of one map of stands.
 */
export function polynomialOf(
  root: Expr,
  stands: ReadonlyMap<Expr, Stand>,
  memo = new Map<Expr, Polynomial | undefined>(),
): Polynomial | undefined {
  const visit = (expr: Expr): Polynomial | undefined => {
    const stand = stands.get(expr);
    if (stand !== undefined) {
      const total = new Map<string, Term>();
      put(total, [], stand.low);
      put(total, [stand.variable], stand.step);
      return total;
    }
    if (!memo.has(expr)) memo.set(expr, expanded(expr, visit));
    return memo.get(expr);
  };
  return expanded(root, visit);
}

function expanded({ node }: Expr, visit: (expr: Expr) => Polynomial | undefined): Polynomial | undefined {
  const total = new Map<string, Term>();
  if (node.op === 'constant') put(total, [], node.value);
  else if (node.op === 'column') put(total, [node.rotation === 0 ? node.column.name : `${node.column.name}'`], 1);
  else {
    const [a, b] = [visit(node.left), visit(node.right)];
    if (a === undefined || b === undefined) return undefined;
    if (node.op === 'mul') return multiplied(a, b);
    for (const { variables, coefficient } of a.values()) put(total, variables, coefficient);
    const sign = node.op === 'add' ? 1 : -1;
    for (const { variables, coefficient } of b.values()) put(total, variables, sign * coefficient);
  }
  return total.size > MAX_TERMS ? undefined : total;
}

function multiplied(a: Polynomial, b: Polynomial): Polynomial | undefined {
  const total = new Map<string, Term>();
  for (const x of a.values()) {
    for (const y of b.values()) {
      put(total, [...x.variables, ...y.variables].sort(), product(x.coefficient, y.coefficient));
    }
    if (total.size > MAX_TERMS) return undefined;
  }
  return total;
}

export const variablesOf = (polynomial: Polynomial): Set<string> =>
  new Set([...polynomial.values()].flatMap(({ variables }) => variables));

/** The key of a polynomial: equal ones have equal keys. */
export const keyOf = (polynomial: Polynomial): string =>
  [...polynomial]
    .map(([key, { coefficient }]) => `${coefficient} ${key}`)
    .sort()
    .join();

/** `factor` times a polynomial, mod p. */
export const scaled = (polynomial: Polynomial, factor: number): Polynomial =>
  new Map(
    [...polynomial].map(([key, { coefficient, variables }]) => [
      key,
      { coefficient: product(coefficient, factor), variables },
    ]),
  );

/** With the value of every variable that has one. */
export function substituted(polynomial: Polynomial, valueAt: (variable: string) => number | undefined): Polynomial {
  const total = new Map<string, Term>();
  for (const { coefficient, variables } of polynomial.values()) {
    let factor = coefficient;
    const left: string[] = [];
    for (const variable of variables) {
      const value = valueAt(variable);
      if (value === undefined) left.push(variable);
      else factor = product(factor, value);
    }
    put(total, left, factor);
  }
  return total;
}

/** With a polynomial for a variable; undefined where the variable is squared, or if there are too many terms. */
export function replaced(polynomial: Polynomial, variable: string, by: Polynomial): Polynomial | undefined {
  const total = new Map<string, Term>();
  for (const { coefficient, variables } of polynomial.values()) {
    const rest = variables.filter((v) => v !== variable);
    if (variables.length - rest.length > 1) return undefined;
    if (rest.length === variables.length) put(total, variables, coefficient);
    else for (const t of by.values()) put(total, [...rest, ...t.variables].sort(), product(coefficient, t.coefficient));
  }
  return total.size > MAX_TERMS ? undefined : total;
}
