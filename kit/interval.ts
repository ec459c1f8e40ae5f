/** Intervals of integers, those that polynomials come to, and what an equation says of one of its variables. */
import { centred, inverse, P, reduce } from '../stark/field/koala-bear.ts';
import { type Polynomial, scaled, substituted, type Term } from './polynomial.ts';

/** The integers from `low` to `high`. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}
/** Undefined: any residue. */
export type Known = Interval | undefined;
/** By variable; one that has no entry may be any residue. */
export type Ranges = ReadonlyMap<string, Interval>;

export const point = (value: number): Interval => ({ low: value, high: value });
export const belowPower = (bits: number): Interval => ({ low: 0, high: 2 ** bits - 1 });
export const width = ({ low, high }: Interval): number => high - low;
const plus = (a: Interval, b: Interval): Interval => ({ low: a.low + b.low, high: a.high + b.high });
const minus = (a: Interval, b: Interval): Interval => ({ low: a.low - b.high, high: a.high - b.low });
const times = (a: Interval, b: Interval): Interval => {
  const ends = [a.low * b.low, a.low * b.high, a.high * b.low, a.high * b.high];
  return { low: Math.min(...ends), high: Math.max(...ends) };
};
const hull = (a: Interval, b: Interval): Interval => ({
  low: Math.min(a.low, b.low),
  high: Math.max(a.high, b.high),
});
export const hullOf = (all: readonly Known[]): Known =>
  all.reduce((total, next) => (total === undefined || next === undefined ? undefined : hull(total, next)));

/** Whether an integer of the interval that is 0 mod p is 0. */
export const isBelowP = (interval: Known): boolean => interval !== undefined && interval.low > -P && interval.high < P;

/** Whether residues of a and b that are equal are one integer. */
const areClose = (a: Interval, b: Interval): boolean => width(hull(a, b)) < P;
/** Whether no residue is in both. */
export const areApart = (a: Known, b: Known): boolean =>
  a !== undefined && b !== undefined && areClose(a, b) && (a.high < b.low || b.high < a.low);

/** Of one residue that both hold of: their intersection if it is one integer, else the narrower one. */
export function both(a: Known, b: Known): Known {
  if (a === undefined || b === undefined) return a ?? b;
  if (areClose(a, b) && !areApart(a, b)) return { low: Math.max(a.low, b.low), high: Math.min(a.high, b.high) };
  return width(b) < width(a) ? b : a;
}

/** The range of a variable: in the next row that of its column. */
export const rangeIn = (ranges: Ranges, variable: string): Known =>
  ranges.get(variable.endsWith("'") ? variable.slice(0, -1) : variable);

/** Of the sum of all terms, each in its own range. */
export function sumOf(terms: Iterable<Term>, ranges: Ranges): Known {
  let total = point(0);
  for (const { coefficient, variables } of terms) {
    let term = point(coefficient);
    for (const variable of variables) {
      const range = rangeIn(ranges, variable);
      if (range === undefined) return undefined;
      term = times(term, range);
    }
    total = plus(total, term);
  }
  return total;
}

/** Variables with at most this many values are tried out, so many combinations at a time. */
const MAX_VALUES = 4;
const MAX_TRIED = 64;

/**
 * The same, narrower: variables with few values are tried out, together where a term has both of them. So (1 - 2 s) x +
 * 2^16 s is in the hull of x and 2^16 - x.
 */
export function intervalOf(polynomial: Polynomial, ranges: Ranges): Known {
  const isFew = (variable: string): boolean => {
    const range = rangeIn(ranges, variable);
    return range !== undefined && width(range) < MAX_VALUES;
  };
  const groups: { few: Set<string>; readonly many: Set<string>; readonly terms: Map<string, Term> }[] = [];
  const alone: [string, Term][] = [];
  for (const [key, term] of polynomial) {
    const few = new Set(term.variables.filter(isFew));
    if (few.size === 0) {
      alone.push([key, term]);
      continue;
    }
    const group = {
      few,
      many: new Set([term.variables.filter((v) => !isFew(v)).join(' ')]),
      terms: new Map([[key, term]]),
    };
    for (const other of groups.filter((g) => [...few].some((v) => g.few.has(v)))) {
      group.few = new Set([...group.few, ...other.few]);
      for (const name of other.many) group.many.add(name);
      for (const [k, t] of other.terms) group.terms.set(k, t);
      groups.splice(groups.indexOf(other), 1);
    }
    groups.push(group);
  }
  if (groups.length === 0) return sumOf(polynomial.values(), ranges);
  const rest: Term[] = [];
  for (const [key, term] of alone) {
    const home = key === '' ? undefined : groups.find(({ many }) => many.has(key));
    if (home === undefined) rest.push(term);
    else home.terms.set(key, term);
  }
  let total = sumOf(rest, ranges);
  for (const { few, terms } of groups) {
    const own = hullOf(
      assignments([...few], ranges).map((at) => sumOf(substituted(terms, (v) => at.get(v)).values(), ranges)),
    );
    total = total === undefined || own === undefined ? undefined : plus(total, own);
  }
  return total;
}

/** Values of the first of the variables, as many as may be tried together. */
function assignments(variables: readonly string[], ranges: Ranges): ReadonlyMap<string, number>[] {
  let all: Map<string, number>[] = [new Map()];
  for (const variable of variables) {
    const range = rangeIn(ranges, variable)!;
    const values = Array.from({ length: width(range) + 1 }, (_, i) => range.low + i);
    if (all.length * values.length > MAX_TRIED) break;
    all = all.flatMap((at) => values.map((value) => new Map(at).set(variable, value)));
  }
  return all;
}

/** What a variable is if the polynomial, linear in it with a constant coefficient, is in `target` mod p. */
export function solved(polynomial: Polynomial, variable: string, target: Interval, ranges: Ranges): Known {
  const own = polynomial.get(variable);
  if (own === undefined) return undefined;
  for (const t of polynomial.values()) if (t !== own && t.variables.includes(variable)) return undefined;
  const { coefficient } = own;
  const without = (p: Polynomial): Polynomial => new Map([...p].filter(([key]) => key !== variable));
  const rest = intervalOf(without(polynomial), ranges);
  const before = rangeIn(ranges, variable);
  if (rest !== undefined) {
    const value = minus(target, rest);
    const isUnit = Math.abs(coefficient) === 1;
    // coefficient * variable and an integer of `value` are one integer.
    if (isUnit ? width(value) < P : before !== undefined && areClose(value, times(point(coefficient), before))) {
      const ends = [value.low / coefficient, value.high / coefficient];
      return { low: Math.ceil(Math.min(...ends)), high: Math.floor(Math.max(...ends)) };
    }
  }
  if (target.low !== 0 || target.high !== 0) return undefined;
  const divided = scaled(polynomial, centred(inverse(reduce(coefficient))));
  const other = intervalOf(without(divided), ranges);
  return other === undefined || width(other) >= P ? undefined : minus(target, other);
}
