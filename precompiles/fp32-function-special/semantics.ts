/**
 * Operands for which the result of log or rsqrt takes no arithmetic: zeros, negative numbers, infinities, NaN, and for log
 * also 1, whose logarithm is exact, and the one operand that the chip of log could not decide. IEEE 754-2019, 9.2.1. The
 * results are those of the functions' own semantics.
 */
import { isNan, isSignalingNan } from '../fp32-add/semantics.ts';

const [INFINITY, SIGN] = [0x7f80_0000, 0x8000_0000];
export const ONE = 0x3f80_0000;
/** 1 - 2^-23: ln of it is 2^-70.58 from the middle of two binary32 numbers. The next operand, 2^-62.83, is decided. */
export const NEAR_ONE = 0x3f7f_fffe;
/** ln(1 - 2^-23) = -2^-23 - 2^-47 - 2^-70 / 3 - ...: beyond the middle of -2^-23 and the number after it. */
export const LOG_NEAR_ONE = 0xb400_0001;

export type SpecialKind = 'zero' | 'negative' | 'infinite' | 'quiet' | 'signaling' | 'one' | 'near-one';

/** Why the result takes no arithmetic, undefined if it does. `negative`: a negative number or infinity. */
export function specialKind(isLog: boolean, a: number): SpecialKind | undefined {
  if (isNan(a)) return isSignalingNan(a) ? 'signaling' : 'quiet';
  if (a === 0 || a === SIGN) return 'zero';
  if (a > SIGN) return 'negative';
  if (a === INFINITY) return 'infinite';
  if (isLog && a === ONE) return 'one';
  return isLog && a === NEAR_ONE ? 'near-one' : undefined;
}
