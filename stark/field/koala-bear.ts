/**
 * KoalaBear: the prime field F_p, p = 2^31 - 2^24 + 1 = 127 * 2^24 + 1.
 *
 * A `Felt` is a canonical residue, an integer in [0, p). `felt` is the only way in from a plain number; after that the
 * brand makes the compiler refuse raw `+` and `*` results as field elements. Two-adicity 24: evaluation domains have
 * at most 2^24 points. This scalar code is the reference of the vector kernels in `stark/kernels`.
 */
declare const brand: unique symbol;
export type Felt = number & { readonly [brand]: 'KoalaBear' };

export const P = 0x7f00_0001;
export const TWO_ADICITY = 24;
/** log2 p, rounded down in the last digit given: soundness is never computed with a field larger than it is. */
export const LOG2_P = 30.988684;
export const ZERO = 0 as Felt;
export const ONE = 1 as Felt;
/** Generates the multiplicative group, whose order is 127 * 2^24. */
export const GENERATOR = 3 as Felt;

/** @throws {RangeError} unless `n` is an integer in [0, p). Never reduces: a caller that means `mod p` says so. */
export function felt(n: number): Felt {
  if (!Number.isInteger(n) || n < 0 || n >= P) throw new RangeError(`felt: expected an integer in [0, ${P}), got ${n}`);
  return n as Felt;
}

/** The residue of a safe integer of either sign. @throws {RangeError} unless |n| < 2^53 and integral. */
export function reduce(n: number): Felt {
  if (!Number.isSafeInteger(n)) throw new RangeError(`reduce: expected a safe integer, got ${n}`);
  const r = n % P;
  return (r < 0 ? r + P : r + 0) as Felt; // -0 + 0 is 0
}

/** The residue of an integer in (-p, p), for cells of a trace. */
export const residue = (n: number): number => (n < 0 ? n + P : n);

/** The integer in (-p/2, p/2) of a canonical residue. */
export const centred = (a: number): number => (a > P / 2 ? a - P : a);

export function add(a: Felt, b: Felt): Felt {
  const sum = a + b; // < 2^32
  return (sum >= P ? sum - P : sum) as Felt;
}

export function sub(a: Felt, b: Felt): Felt {
  const difference = a - b;
  return (difference < 0 ? difference + P : difference) as Felt;
}

export const neg = (a: Felt): Felt => (a === 0 ? 0 : P - a) as Felt;

const INVERSE_P = 1 / P;

/**
 * The quotient floor(ab / p) is estimated in doubles. ab / p < 2^31 and two roundings of relative error 2^-53 put the
 * estimate within 2^-21 of it, so the floor is off by at most one, and then only where the remainder is within 2^10 of
 * 0 or p. The remainder, computed modulo 2^32, thus lies in (-2^10, p + 2^10), which fits an i32 (p + 2^10 < 2^31).
 */
export function mul(a: Felt, b: Felt): Felt {
  const quotient = Math.floor(a * b * INVERSE_P);
  const r = (Math.imul(a, b) - Math.imul(quotient, P)) | 0; // exact modulo 2^32
  return (r < 0 ? r + P : r >= P ? r - P : r) as Felt;
}

/** Square and multiply. `exponent` is an integer in [0, 2^53). */
export function pow(base: Felt, exponent: number): Felt {
  let result = ONE;
  for (let square = base, e = exponent; e > 0; e = Math.floor(e / 2), square = mul(square, square)) {
    if (e % 2 === 1) result = mul(result, square);
  }
  return result;
}

/**
 * By Euclid: r = t a mod p holds for both pairs, and all numbers are integers below 2^31 in magnitude, so quotients and
 * products are exact. @throws {RangeError} on zero.
 */
export function inverse(a: Felt): Felt {
  if (a === ZERO) throw new RangeError('inverse: zero has no inverse');
  let [r, t, nextR, nextT] = [P, 0, a as number, 1];
  while (nextR !== 0) {
    const quotient = Math.floor(r / nextR);
    const [lastR, lastT] = [r, t];
    [r, t] = [nextR, nextT];
    [nextR, nextT] = [lastR - quotient * r, lastT - quotient * t];
  }
  return (t < 0 ? t + P : t) as Felt;
}

/** A primitive 2^logOrder-th root of unity; `rootOfUnity(k)` squared is `rootOfUnity(k - 1)`. @throws {RangeError} above 2^24. */
export function rootOfUnity(logOrder: number): Felt {
  if (!Number.isInteger(logOrder) || logOrder < 0 || logOrder > TWO_ADICITY) {
    throw new RangeError(`rootOfUnity: expected logOrder in [0, ${TWO_ADICITY}], got ${logOrder}`);
  }
  return pow(GENERATOR, 127 * 2 ** (TWO_ADICITY - logOrder));
}
