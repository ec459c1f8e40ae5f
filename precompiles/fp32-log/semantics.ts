/**
 * binary32 natural logarithm, correctly rounded to nearest even for every operand. IEEE 754-2019, 9.2. Integers only.
 * No value but ln 1 is a binary32 number or half way between two (Lindemann).
 */
import { isNan, isSignalingNan } from '../fp32-add/semantics.ts';
import { carry, type Fixed, logarithm } from '../fp32-exponential/semantics.ts';
import { LN2 } from '../fp32-exponential/tables.ts';
import { CANONICAL_NAN, FLAG, ROUNDING, roundToFp32, withFlags } from '../fp32-round/semantics.ts';

const ONE = 0x3f80_0000;
const INFINITY = 0x7f80_0000;
const NEGATIVE_INFINITY = 0xff80_0000;
const LIMB = 2 ** 24;

/** a = 2^-24 numerator 2^doublings, the numerator in [3 * 2^22, 3 * 2^23). */
export interface Normalised {
  numerator: number;
  doublings: number;
}
const normalised: Normalised = { numerator: 0, doublings: 0 };

/** ln a: sign and magnitude. */
export interface Logarithm {
  isNegative: boolean;
  magnitude: Fixed;
}
const result: Logarithm = { isNegative: false, magnitude: { upper: 0, middle: 0, lower: 0 } };

/** ln a. Returns the word with its flags (`fp32-round/semantics.ts`). */
export function logFp32(a: number): number {
  if (isNan(a)) return withFlags(CANONICAL_NAN, isSignalingNan(a) ? FLAG.invalid : 0);
  if ((a & 0x7fff_ffff) === 0) return withFlags(NEGATIVE_INFINITY, FLAG.divideByZero);
  if (a >>> 31 === 1) return withFlags(CANONICAL_NAN, FLAG.invalid);
  if (a === INFINITY) return withFlags(INFINITY, 0);
  if (a === ONE) return withFlags(0, 0);
  const { isNegative, magnitude } = naturalLogarithm(a);
  // |ln a| < 2^7 in units of 2^-56; exponent of bit 63 is 7.
  const low = magnitude.middle * 256 + (magnitude.lower >>> 16);
  return roundToFp32(isNegative, 7, magnitude.upper, low, true, ROUNDING.rne);
}

/** |ln a| of a positive finite word but 1, to 5.5 units of 2^-72. The value returned is written over by the next call. */
export function naturalLogarithm(a: number): Logarithm {
  const { numerator, doublings } = normalise(a);
  const { power } = logarithm(numerator);
  const { magnitude } = result;
  carry(
    magnitude,
    power.upper + doublings * LN2[0],
    power.middle + doublings * LN2[1],
    power.lower + doublings * LN2[2] + Math.floor((doublings * LN2[3]) / LIMB),
  );
  result.isNegative = magnitude.upper < 0;
  if (result.isNegative) carry(magnitude, -magnitude.upper, -magnitude.middle, -magnitude.lower);
  return result;
}

/** The parts of a positive finite word. The value returned is written over by the next call. */
export function normalise(a: number): Normalised {
  const shift = a < 0x80_0000 ? Math.clz32(a) - 8 : 0;
  const significand = ((a & 0x7f_ffff) | (shift === 0 ? 0x80_0000 : 0)) << shift; // [2^23, 2^24)
  const exponent = shift === 0 ? a >>> 23 : 1 - shift;
  const isUpper = significand >= 3 * 2 ** 22; // 1.5 and above is taken as 0.75 and above
  normalised.numerator = isUpper ? significand : 2 * significand;
  normalised.doublings = exponent - (isUpper ? 126 : 127);
  return normalised;
}
