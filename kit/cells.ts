/**
 * The cells of a chip as integers: what its declarations say of them, and what stands for a whole expression because a
 * look-up or a constraint bounds it.
 */
import { type Air, type Constraint, type Interaction, tupleOf } from '../stark/air/air.ts';
import type { Column, Expr } from '../stark/air/expr.ts';
import { centred } from '../stark/field/koala-bear.ts';
import { belowPower, both, type Interval, intervalOf, type Known, point, type Ranges } from './interval.ts';
import { keyOf, type Polynomial, polynomialOf, type Stand, scaled, substituted } from './polynomial.ts';

/** A chip, and what is known of its cells. */
export interface Cells {
  readonly air: Air;
  /** Of columns, and of what stands for an expression. */
  readonly ranges: Map<string, Interval>;
  /** Expressions of a look-up, and those that a constraint gives a few values. */
  readonly stands: ReadonlyMap<Expr, Stand>;
  /** Whether an interaction has weight 1 on every row that stands for something. */
  isAlways(interaction: Interaction): boolean;
  /** With what stands for its parts, but for what `own`, a constraint, itself says. */
  polynomialOf(expr: Expr, own?: Constraint): Polynomial | undefined;
}

const isOne = (variable: string): number | undefined => (variable === 'isReal' ? 1 : undefined);

/** With the ranges that are declared. */
export function cellsIn(air: Air): Cells {
  const ranges = new Map<string, Interval>(air.main.flatMap((column) => [...declared(column)]));
  const stands = new Map<Expr, Stand>();
  const said = new Map<Constraint, Expr>();
  for (const constraint of air.constraints) {
    const choice = constraint.where === 'every' ? choiceOf(factorsOf(constraint.expr)) : undefined;
    if (choice === undefined || choice.of.node.op === 'column') continue;
    const variable = `#${stands.size}`;
    stands.set(choice.of, { low: choice.low, step: choice.step, variable });
    said.set(constraint, choice.of);
    ranges.set(variable, { low: 0, high: choice.count - 1 });
  }
  for (const expr of air.interactions.filter(({ bus }) => bus.kind === 'table').flatMap(tupleOf)) {
    if (expr.node.op === 'column' || expr.node.op === 'constant' || stands.has(expr)) continue;
    stands.set(expr, { low: 0, step: 1, variable: `#${stands.size}` });
  }
  const memo = new Map<Expr, Polynomial | undefined>();
  const roots = new Map<Expr, Polynomial | undefined>();
  const equal = air.constraints
    .filter(({ where, expr }) => where === 'every' && expr.degree === 1)
    .flatMap(({ expr }) => polynomialOf(expr, new Map()) ?? [])
    .flatMap((p) => [keyOf(substituted(p, isOne)), keyOf(substituted(scaled(p, -1), isOne))]);
  const never = new Set(equal);
  const always = new Map<Expr, boolean>();
  return {
    air,
    isAlways({ multiplicity }) {
      if (!always.has(multiplicity)) {
        const less = polynomialOf(multiplicity.minus(1), new Map());
        const key = less && keyOf(substituted(less, isOne));
        always.set(multiplicity, key === '' || (key !== undefined && never.has(key)));
      }
      return always.get(multiplicity)!;
    },
    ranges,
    stands,
    polynomialOf(expr, own) {
      const of = own === undefined ? undefined : said.get(own);
      if (of !== undefined) return polynomialOf(expr, new Map([...stands].filter(([e]) => e !== of)));
      if (!roots.has(expr)) roots.set(expr, polynomialOf(expr, stands, memo));
      return roots.get(expr);
    },
  };
}

/** What a declaration says of a column, in words or by its check. */
function* declared({ name, domain }: Column): Iterable<[string, Interval]> {
  const bits = /(?:^|: )below 2\^(\d+)$/.exec(domain)?.[1];
  if (name === 'isReal') yield [name, point(1)];
  else if (/(^|: )(bit|a bit|1 or 0|0 or 1)\b/.test(domain)) yield [name, belowPower(1)];
  else if (/: (a limb|limbs)\b/.test(domain)) yield [name, belowPower(16)];
  else if (bits !== undefined) yield [name, belowPower(Number(bits))];
}

/** (e - a) (e - b) .. = 0 for an expression e, or x (1 - x y) = 0 for e = x y: e is low + step n for an n below `count`. */
function choiceOf(factors: readonly Expr[]): { of: Expr; low: number; step: number; count: number } | undefined {
  const [first, last] = [factors[0]!, factors.at(-1)!];
  if (factors.length < 2) return undefined;
  if (last.node.op === 'sub' && constantOf(last.node.left) === 1) {
    const product = last.node.right;
    const isInverted = product.node.op === 'mul' && factorsOf(product).includes(first);
    if (factors.length === 2 && isInverted) return { of: product, low: 0, step: 1, count: 2 };
  }
  const shifted = factors.map((factor): readonly [Expr, number] => {
    const { node } = factor;
    const constant = node.op === 'sub' || node.op === 'add' ? constantOf(node.right) : undefined;
    if (constant === undefined || (node.op !== 'sub' && node.op !== 'add')) return [factor, 0];
    return [node.left, node.op === 'sub' ? centred(constant) : -centred(constant)];
  });
  const of = shifted.find(([base]) => factors.includes(base))?.[0];
  if (of === undefined) return undefined;
  const values = shifted.map(([base, value], i) => (factors[i] === of ? 0 : base === of ? value : Number.NaN));
  values.sort((a, b) => a - b);
  const step = values[1]! - values[0]!;
  const isProgression = values.every((value, i) => i === 0 || value - values[i - 1]! === step);
  return isProgression ? { of, low: values[0]!, step, count: values.length } : undefined;
}

/** What an expression can come to, in `ranges` of the cells. */
export function rangeOf({ stands, polynomialOf: of }: Cells, expr: Expr, ranges: Ranges): Known {
  const polynomial = of(expr);
  const stand = stands.get(expr);
  return both(polynomial && intervalOf(polynomial, ranges), stand?.step === 1 ? ranges.get(stand.variable) : undefined);
}

export const constantOf = ({ node }: Expr): number | undefined => (node.op === 'constant' ? node.value : undefined);

/** The factors of a product, apart from constants and isReal. A sum times a constant is one factor. */
export function factorsOf(root: Expr): Expr[] {
  const { node } = root;
  if (node.op === 'constant' || (node.op === 'column' && node.column.name === 'isReal')) return [];
  if (node.op !== 'mul') return [root];
  const [left, right] = [node.left.node.op, node.right.node.op];
  const isScaled = (left === 'constant' && right !== 'mul') || (right === 'constant' && left !== 'mul');
  return isScaled ? [root] : [...factorsOf(node.left), ...factorsOf(node.right)];
}
