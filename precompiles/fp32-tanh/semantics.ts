/**
 * binary32 hyperbolic tangent, correctly rounded to nearest even for every operand. IEEE 754-2019, 9.2. Integers only.
 * tanh |a| = (M - s) / (M + s) with e^(2|a|) = 2^n M and s = 2^-n. No value but tanh 0 is a binary32 number or half way
 * between two (Lindemann).
 */
import { isNan, isSignalingNan } from '../fp32-add/semantics.ts';
import { exponential, reduceByLn2, scaled } from '../fp32-exponential/semantics.ts';
import { CANONICAL_NAN, FLAG, ROUNDING, roundToFp32, withFlags } from '../fp32-round/semantics.ts';

const ONE = 0x3f80_0000;
const INFINITY = 0x7f80_0000;
const SIGN = 0x8000_0000;
const LEAST_NORMAL = 0x0080_0000;
/** Below 2^-12 the result is a: a - tanh a < a^3 / 3 < 2^-25 a. From 2^4 on it is 1 (from 9.011 on, in fact). */
const SMALL = 0x3980_0000;
const LARGE = 0x4180_0000;

const LIMB = 2 ** 24;
/** Half of the 72 bits below the point: `dividend` and `divisor` below are two limbs of that size. */
const HALF = 2 ** 36;
/** The quotient has 40 bits, in digits of 10. */
const RADIX = 2 ** 10;
const NUM_DIGITS = 4;

/** tanh a. Returns the word with its flags (`fp32-round/semantics.ts`). */
export function tanhFp32(a: number): number {
  const magnitude = a & 0x7fff_ffff;
  const isNegative = a >>> 31 === 1;
  if (magnitude < SMALL) {
    if (magnitude === 0) return withFlags(a, 0);
    return withFlags(a, magnitude < LEAST_NORMAL ? FLAG.underflow | FLAG.inexact : FLAG.inexact);
  }
  if (magnitude >= LARGE) {
    if (isNan(a)) return withFlags(CANONICAL_NAN, isSignalingNan(a) ? FLAG.invalid : 0);
    return withFlags(ONE + (isNegative ? SIGN : 0), magnitude === INFINITY ? 0 : FLAG.inexact);
  }
  const quotient = tangent(magnitude);
  // In units of 2^-40, the upper 40 bits of 64; exponent of bit 63 is -1.
  return roundToFp32(isNegative, -1, Math.floor(quotient / 256), (quotient % 256) * LIMB, true, ROUNDING.rne);
}

/** floor(2^40 (M - s) / (M + s)) of a word in [2^-12, 2^4), by digits. */
export function tangent(a: number): number {
  const { doublings, power } = reduceByLn2(2 * scaled(a)); // 0 <= doublings <= 46
  const { upper, middle, lower } = exponential(power).value;
  const high = upper * 4096 + (middle >>> 12);
  const low = (middle & 0xfff) * LIMB + lower;
  const unitHigh = doublings <= 36 ? 2 ** (36 - doublings) : 0;
  const unitLow = doublings <= 36 ? 0 : 2 ** (72 - doublings);
  const borrow = low < unitLow ? 1 : 0;
  let remainderHigh = high - unitHigh - borrow;
  let remainderLow = low - unitLow + borrow * HALF;
  const carry = low + unitLow >= HALF ? 1 : 0;
  const divisorHigh = high + unitHigh + carry; // < 2^38
  const divisorLow = low + unitLow - carry * HALF;
  let quotient = 0;
  for (let digit = 0; digit < NUM_DIGITS; digit++) {
    // No more than the digit, and less by one at most: the divisor is above 2^35 of the units of its upper half.
    let estimate = Math.floor((remainderHigh * RADIX) / (divisorHigh + 1));
    const belowHalf = remainderLow * RADIX - estimate * divisorLow; // < 2^46
    const fromBelow = Math.floor(belowHalf / HALF);
    remainderHigh = remainderHigh * RADIX - estimate * divisorHigh + fromBelow;
    remainderLow = belowHalf - fromBelow * HALF;
    while (remainderHigh > divisorHigh || (remainderHigh === divisorHigh && remainderLow >= divisorLow)) {
      const lent = remainderLow < divisorLow ? 1 : 0;
      remainderHigh -= divisorHigh + lent;
      remainderLow += lent * HALF - divisorLow;
      estimate += 1;
    }
    quotient = quotient * RADIX + estimate;
  }
  return quotient;
}
