/**
 * binary32 exponential, correctly rounded to nearest even for every operand. IEEE 754-2019, 9.2. Integers only.
 * No value but e^0 is a binary32 number or half way between two (Lindemann).
 */
import { isNan, isSignalingNan } from '../fp32-add/semantics.ts';
import { exponential, type Reduction, reduceByLn2, scaled } from '../fp32-exponential/semantics.ts';
import { CANONICAL_NAN, FLAG, ROUNDING, roundToFp32, withFlags } from '../fp32-round/semantics.ts';

const ONE = 0x3f80_0000;
const INFINITY = 0x7f80_0000;
/** Below 2^-25 the result is 1, from 2^8 on it overflows or underflows. */
const SMALL = 0x3300_0000;
const LARGE = 0x4380_0000;

/** e^a. Returns the word with its flags (`fp32-round/semantics.ts`). */
export function expFp32(a: number): number {
  const special = specialExponential(a);
  return special >= 0 ? special : roundPower(reduceByLn2(scaled(a)), false);
}

/** e^a and 2^a where no arithmetic is needed, -1 elsewhere: NaN, infinities, |a| < 2^-25, |a| >= 2^8. */
export function specialExponential(a: number): number {
  const magnitude = a & 0x7fff_ffff;
  if (magnitude < SMALL) return withFlags(ONE, magnitude === 0 ? 0 : FLAG.inexact);
  if (magnitude < LARGE) return -1;
  if (isNan(a)) return withFlags(CANONICAL_NAN, isSignalingNan(a) ? FLAG.invalid : 0);
  const isNegative = a >>> 31 === 1;
  if (magnitude === INFINITY) return withFlags(isNegative ? 0 : INFINITY, 0);
  return isNegative ? withFlags(0, FLAG.underflow | FLAG.inexact) : withFlags(INFINITY, FLAG.overflow | FLAG.inexact);
}

/** 2^doublings e^U, rounded. */
export function roundPower({ doublings, power }: Reduction, isExact: boolean): number {
  const { upper, middle, lower } = exponential(power).value;
  // M in units of 2^-56; exponent of bit 63 is 7.
  return roundToFp32(false, doublings + 7, upper, middle * 256 + (lower >>> 16), !isExact, ROUNDING.rne);
}
