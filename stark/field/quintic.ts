/**
 * The quintic extension K = F_p[X] / (X^5 + X^2 - 1) of KoalaBear, about 2^154.9 elements: every challenge of the
 * protocol comes from it.
 *
 * An `Ext` is its five canonical coefficients, lowest degree first. X^5 + X^2 - 1 is irreducible (checked in the test),
 * and since 5 is prime the only proper subfield is F_p. Plonky3 uses the same polynomial;
 * docs/decisions/0001-field-and-extension.md has the choice. This scalar code is the reference of the extension kernels in `stark/kernels/assembly`.
 */
import * as F from './koala-bear.ts';
import { type Felt, felt, P } from './koala-bear.ts';

export type Ext = readonly [Felt, Felt, Felt, Felt, Felt];

/** [K : F_p]. */
export const DEGREE = 5;
export const ZERO: Ext = [F.ZERO, F.ZERO, F.ZERO, F.ZERO, F.ZERO];
export const ONE: Ext = [F.ONE, F.ZERO, F.ZERO, F.ZERO, F.ZERO];
/** The class of X: 1, X, ..., X^4 is the basis all coefficients refer to. */
export const X: Ext = [F.ZERO, F.ONE, F.ZERO, F.ZERO, F.ZERO];

/** @throws {RangeError} unless `coefficients` are five integers in [0, p). */
export function ext(coefficients: ArrayLike<number>): Ext {
  if (coefficients.length !== DEGREE) throw new RangeError(`ext: expected 5 coefficients, got ${coefficients.length}`);
  const at = (i: number) => felt(coefficients[i] as number);
  return [at(0), at(1), at(2), at(3), at(4)];
}

export const fromBase = (a: Felt): Ext => [a, F.ZERO, F.ZERO, F.ZERO, F.ZERO];

export function equal(a: Ext, b: Ext): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2] && a[3] === b[3] && a[4] === b[4];
}

export const isZero = (a: Ext): boolean => equal(a, ZERO);

export function add(a: Ext, b: Ext): Ext {
  return [F.add(a[0], b[0]), F.add(a[1], b[1]), F.add(a[2], b[2]), F.add(a[3], b[3]), F.add(a[4], b[4])];
}

export function sub(a: Ext, b: Ext): Ext {
  return [F.sub(a[0], b[0]), F.sub(a[1], b[1]), F.sub(a[2], b[2]), F.sub(a[3], b[3]), F.sub(a[4], b[4])];
}

export const neg = (a: Ext): Ext => [F.neg(a[0]), F.neg(a[1]), F.neg(a[2]), F.neg(a[3]), F.neg(a[4])];

export function mulBase(a: Ext, b: Felt): Ext {
  return [F.mul(a[0], b), F.mul(a[1], b), F.mul(a[2], b), F.mul(a[3], b), F.mul(a[4], b)];
}

const INVERSE_P = 1 / P;

/** x mod p in [0, p), for an integer |x| < 2^53. The estimated quotient is off by at most one, and q p < 2^53. */
function residue(x: number): number {
  const r = x - Math.floor(x * INVERSE_P) * P;
  return r < 0 ? r + P : r >= P ? r - P : r;
}

/** 2^16 high + low mod p, for |high| < 2^53 and |low| < 2^52: the first residue times 2^16 is below 2^47. */
const join = (high: number, low: number): Felt => residue(residue(high) * 65536 + low) as Felt;

/**
 * Schoolbook product with one reduction per output coefficient. b = 2^16 h + l with h < 2^15, l < 2^16, so every partial
 * product is an exact double below 2^47. With X^5 = 1 - X^2, X^6 = X - X^3, X^7 = X^2 - X^4, X^8 = X^3 + X^2 - 1 an
 * output gathers at most ten of them (coefficient 2: 3 + 4 + 2 + 1), hence stays below 2^51.
 */
export function mul(a: Ext, b: Ext): Ext {
  const [a0, a1, a2, a3, a4] = a;
  const h0 = b[0] >>> 16;
  const h1 = b[1] >>> 16;
  const h2 = b[2] >>> 16;
  const h3 = b[3] >>> 16;
  const h4 = b[4] >>> 16;
  const l0 = b[0] & 0xffff;
  const l1 = b[1] & 0xffff;
  const l2 = b[2] & 0xffff;
  const l3 = b[3] & 0xffff;
  const l4 = b[4] & 0xffff;
  const h5 = a1 * h4 + a2 * h3 + a3 * h2 + a4 * h1;
  const l5 = a1 * l4 + a2 * l3 + a3 * l2 + a4 * l1;
  const h6 = a2 * h4 + a3 * h3 + a4 * h2;
  const l6 = a2 * l4 + a3 * l3 + a4 * l2;
  const h7 = a3 * h4 + a4 * h3;
  const l7 = a3 * l4 + a4 * l3;
  const h8 = a4 * h4;
  const l8 = a4 * l4;
  return [
    join(a0 * h0 + h5 - h8, a0 * l0 + l5 - l8),
    join(a0 * h1 + a1 * h0 + h6, a0 * l1 + a1 * l0 + l6),
    join(a0 * h2 + a1 * h1 + a2 * h0 - h5 + h7 + h8, a0 * l2 + a1 * l1 + a2 * l0 - l5 + l7 + l8),
    join(a0 * h3 + a1 * h2 + a2 * h1 + a3 * h0 - h6 + h8, a0 * l3 + a1 * l2 + a2 * l1 + a3 * l0 - l6 + l8),
    join(a0 * h4 + a1 * h3 + a2 * h2 + a3 * h1 + a4 * h0 - h7, a0 * l4 + a1 * l3 + a2 * l2 + a3 * l1 + a4 * l0 - l7),
  ];
}

export const square = (a: Ext): Ext => mul(a, a);

/** Square and multiply. `exponent` is an integer in [0, 2^53). */
export function pow(base: Ext, exponent: number): Ext {
  let result = ONE;
  for (let power = base, e = exponent; e > 0; e = Math.floor(e / 2), power = mul(power, power)) {
    if (e % 2 === 1) result = mul(result, power);
  }
  return result;
}

/** Row i is (X^i)^p: the Frobenius map is linear over F_p. */
const FROBENIUS: readonly Ext[] = (() => {
  const image = pow(X, P);
  const rows: Ext[] = [ONE];
  while (rows.length < DEGREE) rows.push(mul(rows[rows.length - 1] as Ext, image));
  return rows;
})();

/** a^p, which generates the Galois group of K over F_p. */
export function frobenius(a: Ext): Ext {
  return FROBENIUS.reduce((sum, image, i) => add(sum, mulBase(image, a[i] as Felt)), ZERO);
}

/**
 * a^-1 = a^(r-1) / a^r with r = 1 + p + p^2 + p^3 + p^4; a^r is the norm, an element of F_p.
 * @throws {RangeError} on zero.
 */
export function inverse(a: Ext): Ext {
  if (isZero(a)) throw new RangeError('inverse: zero has no inverse');
  const first = frobenius(a);
  const pair = mul(first, frobenius(first)); // a^(p + p^2)
  const conjugates = mul(pair, frobenius(frobenius(pair))); // a^(p + p^2 + p^3 + p^4)
  return mulBase(conjugates, F.inverse(mul(a, conjugates)[0]));
}

/** The inverse of every element, with one inversion. @throws {RangeError} if one is zero. */
export function batchInverse(elements: readonly Ext[]): Ext[] {
  let product = ONE;
  const prefixes = elements.map((element) => {
    const before = product;
    product = mul(product, element);
    return before;
  });
  if (isZero(product)) throw new RangeError('batchInverse: zero has no inverse');
  let tail = inverse(product);
  const inverses = new Array<Ext>(elements.length);
  for (let i = elements.length - 1; i >= 0; i--) {
    inverses[i] = mul(tail, prefixes[i] as Ext);
    tail = mul(tail, elements[i] as Ext);
  }
  return inverses;
}

/** The polynomial with coefficients in K, lowest degree first, at a point. */
export function evaluate(coefficients: readonly Ext[], point: Ext): Ext {
  let value = ZERO;
  for (let i = coefficients.length - 1; i >= 0; i--) value = add(mul(value, point), coefficients[i] as Ext);
  return value;
}
