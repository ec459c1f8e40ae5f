/**
 * binary32 reciprocal square root, correctly rounded to nearest even for every operand. IEEE 754-2019, 9.2: the result
 * for -0 is -infinity. Integers only. 1 / sqrt(a) is rational for a = 4^k r^2 only, and has finitely many bits for r = 1.
 */
import { isNan, isSignalingNan } from '../fp32-add/semantics.ts';
import { CANONICAL_NAN, FLAG, ROUNDING, roundToFp32, withFlags } from '../fp32-round/semantics.ts';

const INFINITY = 0x7f80_0000;
/** Bits of the root. */
const NUM_BITS = 27;

/**
 * a = 2^(2 halfExponent) radicand, radicand in [2^23, 2^25); root = floor(2^38 / sqrt(radicand)), in [2^25, 2^27);
 * remainder = 2^76 - root^2 radicand, in [0, (2 root + 1) radicand).
 */
export interface ReciprocalRoot {
  radicand: number;
  halfExponent: number;
  root: number;
  remainder: number;
}
const shared: ReciprocalRoot = { radicand: 0, halfExponent: 0, root: 0, remainder: 0 };

/** 1 / sqrt(a). Returns the word with its flags (`fp32-round/semantics.ts`). */
export function rsqrtFp32(a: number): number {
  if (isNan(a)) return withFlags(CANONICAL_NAN, isSignalingNan(a) ? FLAG.invalid : 0);
  if ((a & 0x7fff_ffff) === 0) return withFlags((a | INFINITY) >>> 0, FLAG.divideByZero);
  if (a >>> 31 === 1) return withFlags(CANONICAL_NAN, FLAG.invalid);
  if (a === INFINITY) return withFlags(0, 0);
  const { root, remainder, halfExponent } = reciprocalRoot(a);
  // root 2^(-38 - halfExponent): in the upper word, bit 63 of which has exponent 31 - 38 - halfExponent.
  return roundToFp32(false, -7 - halfExponent, root, 0, remainder !== 0, ROUNDING.rne);
}

/** The reciprocal root of a positive finite word, bit by bit. The value returned is written over by the next call. */
export function reciprocalRoot(a: number): ReciprocalRoot {
  const shift = a < 0x80_0000 ? Math.clz32(a) - 8 : 0;
  const significand = ((a & 0x7f_ffff) | (shift === 0 ? 0x80_0000 : 0)) << shift; // [2^23, 2^24)
  const exponent = (shift === 0 ? a >>> 23 : 1 - shift) - 150;
  const isOdd = (exponent & 1) !== 0;
  const radicand = isOdd ? 2 * significand : significand;
  let [root, remainder] = [0, 2 ** (76 - 2 * NUM_BITS)];
  for (let bit = 0; bit < NUM_BITS; bit++) {
    remainder *= 4; // < 2^53
    const trial = (4 * root + 1) * radicand;
    root *= 2;
    if (remainder >= trial) {
      remainder -= trial;
      root += 1;
    }
  }
  return Object.assign(shared, { radicand, halfExponent: (exponent - (isOdd ? 1 : 0)) / 2, root, remainder });
}
