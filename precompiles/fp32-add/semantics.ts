/**
 * binary32 addition and subtraction with all rounding modes and flags. IEEE 754-2019, 5.4.1; RISC-V Unprivileged ISA, 21.
 * Bit patterns only, no floating-point operation.
 */
import { CANONICAL_NAN, FLAG, ROUNDING, roundToFp32, withFlags } from '../fp32-round/semantics.ts';

const SIGN = 0x8000_0000;
const INFINITY = 0x7f80_0000;
const QUIET = 0x0040_0000;

export const isNan = (word: number): boolean => (word & 0x7fff_ffff) > INFINITY;
export const isSignalingNan = (word: number): boolean => isNan(word) && (word & QUIET) === 0;
/** An infinity or NaN. */
export const isSpecial = (word: number): boolean => (word & INFINITY) === INFINITY;
export const isInfinity = (word: number): boolean => (word & 0x7fff_ffff) === INFINITY;

/** a + b, or a - b if `subtract`; words are u32. Returns the word with its flags (`fp32-round/semantics.ts`). */
export function addFp32(mode: number, subtract: boolean, a: number, b: number): number {
  const other = subtract ? (b ^ SIGN) >>> 0 : b;
  if (isNan(a) || isNan(b)) {
    return withFlags(CANONICAL_NAN, isSignalingNan(a) || isSignalingNan(b) ? FLAG.invalid : 0);
  }
  if (isInfinity(a)) {
    return isInfinity(b) && a !== other ? withFlags(CANONICAL_NAN, FLAG.invalid) : withFlags(a, 0);
  }
  if (isInfinity(b)) return withFlags(other, 0);
  return addFinite(mode, a, other);
}

function addFinite(mode: number, a: number, b: number): number {
  const sum = exactSum(a, b);
  if (sum === 0) {
    const negative = a >>> 31 !== b >>> 31 ? mode === ROUNDING.rdn : a >>> 31 === 1;
    return withFlags(negative ? SIGN : 0, 0);
  }
  const magnitude = Math.abs(sum);
  return roundToFp32(sum < 0, sumExponent(a, b), Math.floor(magnitude), 0, magnitude % 1 !== 0, mode);
}

/** Exponent of bit 63 of a magnitude whose upper 32 bits are those of `exactSum`. */
export const sumExponent = (a: number, b: number): number => Math.max(exponentOf(a), exponentOf(b)) - 122;

/**
 * The sum of two finite words in units of 2^(largest biased exponent - 153), three bits more than the larger one has;
 * a half in its magnitude stands for whatever is left below. |sum| < 2^28.
 */
export function exactSum(a: number, b: number): number {
  const [x, y] = exponentOf(a) >= exponentOf(b) ? [a, b] : [b, a];
  const distance = exponentOf(x) - exponentOf(y);
  const term = 8 * significandOf(y);
  const aligned = distance < 27 ? term >>> distance : 0;
  const remains = aligned * 2 ** distance !== term;
  const opposed = x >>> 31 !== y >>> 31;
  // What remains of a subtrahend is taken off the last bit: -(t + r) = -(t + 1) + (1 - r).
  const magnitude = 8 * significandOf(x) + (opposed ? -aligned - (remains ? 0.5 : 0) : aligned + (remains ? 0.5 : 0));
  return x >>> 31 === 1 ? -magnitude : magnitude;
}

/** max(biased exponent, 1). */
export const exponentOf = (word: number): number => Math.max((word >>> 23) & 0xff, 1);
/** With the hidden bit, 24 bits. */
export const significandOf = (word: number): number =>
  (word & 0x7f_ffff) + (((word >>> 23) & 0xff) === 0 ? 0 : 0x80_0000);
