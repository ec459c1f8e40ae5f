/**
 * Comparisons and choices of binary32. feq, flt, fle: IEEE 754-2019, 5.11 (compareQuietEqual, compareSignalingLess,
 * compareSignalingLessEqual). fmin, fmax: 9.6 (minimumNumber, maximumNumber, with -0 less than +0). RISC-V Unprivileged
 * ISA, 21.6 and 21.8. Bit patterns only, no floating-point operation.
 */
import { isNan, isSignalingNan } from '../fp32-add/semantics.ts';
import { CANONICAL_NAN, FLAG, withFlags } from '../fp32-round/semantics.ts';

const SIGN = 0x8000_0000;

/** Whether a comes before b, neither a NaN, where -0 comes before +0. */
export const isBefore = (a: number, b: number): boolean => {
  if (a >>> 31 !== b >>> 31) return a >>> 31 === 1;
  return a >>> 31 === 1 ? a > b : a < b;
};
export const areZeros = (a: number, b: number): boolean => ((a | b) & ~SIGN) === 0;

/** By mnemonic: words as u32, to a word with flags (`fp32-round/semantics.ts`). */
export const COMPARISONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  'feq.s': (a, b) => quietly(a, b, isOrdered(a, b) && (a === b || areZeros(a, b)) ? 1 : 0),
  'flt.s': (a, b) => signaling(a, b, isBefore(a, b) && !areZeros(a, b)),
  'fle.s': (a, b) => signaling(a, b, isBefore(a, b) || a === b || areZeros(a, b)),
  'fmin.s': (a, b) => quietly(a, b, number(a, b) ?? (isBefore(a, b) ? a : b)),
  'fmax.s': (a, b) => quietly(a, b, number(a, b) ?? (isBefore(a, b) ? b : a)),
};

const isOrdered = (a: number, b: number): boolean => !isNan(a) && !isNan(b);

/** Only a signaling NaN is invalid. */
const quietly = (a: number, b: number, word: number): number =>
  withFlags(word, isSignalingNan(a) || isSignalingNan(b) ? FLAG.invalid : 0);

/** Any NaN is invalid, and nothing holds of it. */
const signaling = (a: number, b: number, truth: boolean): number =>
  isOrdered(a, b) ? withFlags(truth ? 1 : 0, 0) : withFlags(0, FLAG.invalid);

/** What a NaN leaves to choose: the other word, or the canonical NaN. Undefined if there is no NaN. */
function number(a: number, b: number): number | undefined {
  if (isNan(a)) return isNan(b) ? CANONICAL_NAN : b;
  return isNan(b) ? a : undefined;
}
