/**
 * Expressions compiled for searches: trees of products whose leaves are affine forms, over cells by their offset from
 * the first cell of a row. A row has its main cells, then its known cells; the next row follows it.
 * Reference: `evaluateAt` in `stark/air/check.ts`.
 */
import type { Air } from '../stark/air/air.ts';
import { type Algebra, type Column, type Expr, evaluate, type Rotation } from '../stark/air/expr.ts';
import {
  add,
  centred,
  type Felt,
  inverse,
  mul,
  neg,
  P,
  pow,
  reduce,
  sub,
  TWO_ADICITY,
} from '../stark/field/koala-bear.ts';

/** constant + sum of coefficient * cell. Integers in (-p/2, p/2]. */
export interface Affine {
  readonly op: 'affine';
  readonly constant: number;
  readonly cells: Int32Array;
  readonly coefficients: Float64Array;
  /** Whether the sum of |coefficient| p stays below 2^53: it is then exact in doubles. */
  readonly isSmall: boolean;
}

export type Tape =
  | Affine
  | { readonly op: 'add' | 'sub' | 'mul'; readonly left: Tape; readonly right: Tape; readonly degree: number };

const signed = (n: number): number => centred(reduce(n));
/** Of an integer in (-p, p). */
export const residueOf = (n: number): Felt => (n < 0 ? n + P : n) as Felt;

/** Cells of one row. */
export const rowWidth = (air: Air): number => air.main.length + air.known.length;

const offsetOf = (air: Air, { kind, index }: Column, rotation: Rotation): number =>
  rotation * rowWidth(air) + (kind === 'known' ? air.main.length : 0) + index;

interface Form {
  readonly constant: number;
  readonly terms: ReadonlyMap<number, number>;
}
type Draft = Form | { readonly op: 'add' | 'sub' | 'mul'; readonly left: Draft; readonly right: Draft };
const isForm = (draft: Draft): draft is Form => 'terms' in draft;

/** Compiles expressions of one air; shared subexpressions are folded once. @throws {RangeError} on fixed columns. */
export function tapeCompiler(air: Air): (expr: Expr) => Tape {
  const memo = new Map<Expr, Draft>();
  const combine = (op: 'add' | 'sub', left: Draft, right: Draft): Draft => {
    if (!isForm(left) || !isForm(right)) return { op, left, right };
    const sign = op === 'add' ? 1 : -1;
    const terms = new Map(left.terms);
    for (const [cell, c] of right.terms) {
      const total = signed((terms.get(cell) ?? 0) + sign * c);
      if (total === 0) terms.delete(cell);
      else terms.set(cell, total);
    }
    return { constant: signed(left.constant + sign * right.constant), terms };
  };
  const scaled = ({ constant, terms }: Form, by: number): Form => {
    const times = (c: number): number => signed(mul(residueOf(c), residueOf(by)));
    if (by === 0) return { constant: 0, terms: new Map() };
    return { constant: times(constant), terms: new Map([...terms].map(([cell, c]) => [cell, times(c)])) };
  };
  const ring: Algebra<Draft> = {
    constant: (value) => ({ constant: signed(value), terms: new Map() }),
    column(column, rotation) {
      if (column.kind === 'fixed') throw new RangeError(`${air.name}: expected no fixed columns, got ${column.name}`);
      return { constant: 0, terms: new Map([[offsetOf(air, column, rotation), 1]]) };
    },
    add: (a, b) => combine('add', a, b),
    sub: (a, b) => combine('sub', a, b),
    mul(a, b) {
      if (isForm(a) && isForm(b) && a.terms.size === 0) return scaled(b, a.constant);
      if (isForm(a) && isForm(b) && b.terms.size === 0) return scaled(a, b.constant);
      return { op: 'mul', left: a, right: b };
    },
  };
  const finish = (draft: Draft): Tape => {
    if (!isForm(draft)) {
      const [left, right] = [finish(draft.left), finish(draft.right)];
      const degrees = [degreeOf(left), degreeOf(right)] as const;
      return { op: draft.op, left, right, degree: draft.op === 'mul' ? degrees[0] + degrees[1] : Math.max(...degrees) };
    }
    const coefficients = Float64Array.from(draft.terms.values());
    const size = coefficients.reduce((total, c) => total + Math.abs(c), 1);
    const cells = Int32Array.from(draft.terms.keys());
    return { op: 'affine', constant: draft.constant, cells, coefficients, isSmall: size * P < 2 ** 53 };
  };
  return (expr) => finish(evaluate(expr, ring, memo));
}

export const degreeOf = (tape: Tape): number => (tape.op === 'affine' ? Math.min(1, tape.cells.length) : tape.degree);

/** Whether a tape is a cell as it is. */
export const isCell = (tape: Tape): boolean =>
  tape.op === 'affine' && tape.cells.length === 1 && tape.constant === 0 && tape.coefficients[0] === 1;

/** Adds the cells that a tape reads. */
export function cellsOf(tape: Tape, into: Set<number> = new Set()): Set<number> {
  if (tape.op === 'affine') for (const cell of tape.cells) into.add(cell);
  else cellsOf(tape.right, cellsOf(tape.left, into));
  return into;
}

/** Cell c of the tape is `values[base + c]`. */
export function valueAt(tape: Tape, values: ArrayLike<number>, base: number): Felt {
  switch (tape.op) {
    case 'affine': {
      const { cells, coefficients, constant } = tape;
      let total = constant;
      if (tape.isSmall) {
        for (let i = 0; i < cells.length; i++) total += coefficients[i]! * values[base + cells[i]!]!;
        const rest = total % P;
        return (rest < 0 ? rest + P : rest + 0) as Felt;
      }
      let sum = residueOf(total);
      for (let i = 0; i < cells.length; i++) {
        sum = add(sum, mul(residueOf(coefficients[i]!), values[base + cells[i]!]! as Felt));
      }
      return sum;
    }
    case 'add':
      return add(valueAt(tape.left, values, base), valueAt(tape.right, values, base));
    case 'sub':
      return sub(valueAt(tape.left, values, base), valueAt(tape.right, values, base));
    case 'mul': {
      const left = valueAt(tape.left, values, base);
      return left === 0 ? left : mul(left, valueAt(tape.right, values, base));
    }
  }
}

/** Zeros of a polynomial; `areAll` false: there may be others. */
export interface Zeros {
  readonly zeros: readonly Felt[];
  readonly areAll: boolean;
}

/**
 * Zeros of a polynomial that is given by its values: all of degree at most 2, of a higher degree those from -3 to 3.
 * `undefined`: it is zero everywhere.
 * @param degree a bound, at most 4
 */
export function zerosOf(at: (x: Felt) => Felt, degree: number): Zeros | undefined {
  const [y0, y1] = [at(0 as Felt), at(1 as Felt)];
  const first = sub(y1, y0);
  const linear = (): Zeros | undefined => {
    if (first !== 0) return { zeros: [mul(neg(y0), inverse(first))], areAll: true };
    return y0 === 0 ? undefined : { zeros: [], areAll: true };
  };
  if (degree <= 1) return linear();
  const [y2, y3, y4] = [at(2 as Felt), at(3 as Felt), at(4 as Felt)];
  // Differences of degree 3 and 4 are zero: it is y0 + first x + second x (x - 1) / 2.
  const second = sub(sub(y2, y1), first);
  const third = sub(sub(y3, y2), sub(y2, y1));
  const isQuadratic = third === second && sub(sub(y4, y3), sub(y3, y2)) === second;
  if (!isQuadratic) {
    const small = [-3, -2, -1, 0, 1, 2, 3].map(residueOf);
    const zeros = small.filter((x) => at(x) === 0);
    return { zeros, areAll: zeros.length === degree };
  }
  if (second === 0) return linear();
  const half = inverse(2 as Felt);
  const [a, b] = [mul(second, half), sub(first, mul(second, half))];
  const root = squareRoot(sub(mul(b, b), mul(mul(4 as Felt, a), y0)));
  if (root === undefined) return { zeros: [], areAll: true };
  const scale = inverse(add(a, a));
  const [one, other] = [mul(sub(root, b), scale), mul(sub(neg(root), b), scale)];
  return { zeros: one === other ? [one] : [one, other], areAll: true };
}

/** Tonelli and Shanks; p - 1 = 127 * 2^24. Undefined of a non-square. */
export function squareRoot(square: Felt): Felt | undefined {
  if (square === 0) return square;
  if (pow(square, (P - 1) / 2) !== 1) return undefined;
  let generator = pow(3 as Felt, 127); // of the subgroup of order 2^24: 3 generates the group
  let root = pow(square, 64); // (127 + 1) / 2
  let rest = pow(square, 127);
  for (let log = TWO_ADICITY; rest !== 1; ) {
    let order = 0;
    for (let power = rest; power !== 1; power = mul(power, power)) order++;
    const step = pow(generator, 2 ** (log - order - 1));
    root = mul(root, step);
    generator = mul(step, step);
    rest = mul(rest, generator);
    log = order;
  }
  return root;
}
