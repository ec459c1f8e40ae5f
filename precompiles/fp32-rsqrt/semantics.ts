/**
 * binary32 reciprocal square root, correctly rounded to nearest even for every operand. IEEE 754-2019, 9.2: the result
 * for -0 is -infinity. Integers only.
 *
 * The significand of the result is found itself, not a longer root that is rounded: no result is subnormal or overflows,
 * and none is half way between two numbers, which would make an odd square times an integer a power of two. 1 / sqrt(a)
 * is rational for a = 4^k r^2 only, and has finitely many bits for r = 1.
 */
import { exponentOf, isNan, isSignalingNan, significandOf } from '../fp32-add/semantics.ts';
import { CANONICAL_NAN, FLAG, withFlags } from '../fp32-round/semantics.ts';

const INFINITY = 0x7f80_0000;
/** Bits of twice the root, found one by one. */
const NUM_BITS = 26;

/**
 * a = factor 2^(exponent of a - 150 - doublings), factor in [2^23, 2^25), the exponent of the result an integer;
 * root = the integer nearest to 2^(35 + 1/2) / sqrt(factor), in [2^23, 2^24], the end for factor = 2^23 only;
 * below = 2^73 - (2 root - 1)^2 factor, above = (2 root + 1)^2 factor - 2^73, both in [0, 8 root factor], below 2^51.
 */
export interface ReciprocalRoot {
  factor: number;
  doublings: number;
  root: number;
  below: number;
  above: number;
}
const shared: ReciprocalRoot = { factor: 0, doublings: 0, root: 0, below: 0, above: 0 };

/** 1 / sqrt(a). Returns the word with its flags (`fp32-round/semantics.ts`). */
export function rsqrtFp32(a: number): number {
  if (isNan(a)) return withFlags(CANONICAL_NAN, isSignalingNan(a) ? FLAG.invalid : 0);
  if ((a & 0x7fff_ffff) === 0) return withFlags((a | INFINITY) >>> 0, FLAG.divideByZero);
  if (a >>> 31 === 1) return withFlags(CANONICAL_NAN, FLAG.invalid);
  if (a === INFINITY) return withFlags(0, 0);
  const { root, doublings } = reciprocalRoot(a);
  // A root of 2^24 runs over into the exponent, as it should.
  return withFlags((biasedExponent(a, doublings) - 1) * 2 ** 23 + root, root === 2 ** 24 ? 0 : FLAG.inexact);
}

/** Biased exponent of the result: 150 with root = 1 / sqrt(a) 2^((79 - exponent of a + doublings) / 2). */
export const biasedExponent = (a: number, doublings: number): number => (379 - exponentOf(a) + doublings) / 2;

/** The reciprocal root of a positive finite word. The value returned is written over by the next call. */
export function reciprocalRoot(a: number): ReciprocalRoot {
  const significand = significandOf(a);
  const leading = Math.clz32(significand) - 8;
  const doublings = leading + ((leading + exponentOf(a) + 1) & 1);
  const factor = significand * 2 ** doublings;
  // twice = floor(2^(36 + 1/2) / sqrt(factor)), bit by bit.
  let [twice, remainder] = [0, 2 ** (73 - 2 * NUM_BITS)];
  for (let bit = 0; bit < NUM_BITS; bit++) {
    remainder *= 4; // < 2^53
    const trial = (4 * twice + 1) * factor;
    twice *= 2;
    if (remainder >= trial) {
      remainder -= trial;
      twice += 1;
    }
  }
  const root = (twice + 1) >>> 1;
  const below = twice % 2 === 1 ? remainder : remainder + (2 * twice - 1) * factor;
  return Object.assign(shared, { factor, doublings, root, below, above: 8 * root * factor - below });
}
