/**
 * The sum of two aligned terms rounded to binary32, to nearest even, if it is a zero, normal or an overflow. Common to
 * products on top of an accumulator and to additions; `rounded-sum-air.ts` proves it.
 */
const INFINITY = 0x7f80_0000;
const HIDDEN = 0x80_0000;

/** What `roundSum` found on its way, for the trace. Written over by the next call. */
export const rounded = { largest: 0, sum: 0, isNegativeSum: 0, sticky: 0, significand: 0 };

/**
 * The word of a sum of two terms in units of 2^(largest - 25), below 2^28 in magnitude; -1 if it is none that the chips
 * take. A zero is +0. `sticky`: 1 if less than a unit is cut off of the smaller term, `isOpposed`: terms have other signs.
 */
export function roundSum(largest: number, signed: number, isOpposed: boolean, sticky: 0 | 1): number {
  const sum = (signed < 0 ? -signed : signed) - (isOpposed ? sticky : 0);
  rounded.largest = largest;
  rounded.sum = sum;
  rounded.sticky = sticky;
  rounded.isNegativeSum = 0;
  rounded.significand = 0;
  if (sum <= 0) return sticky === 1 ? -1 : 0;
  const zeros = Math.clz32(sum); // >= 4
  if (sticky === 1 && zeros > 7) return -1;
  const window = ((sum << zeros) | sticky) >>> 0;
  const tail = window & 0xff;
  const increments = tail > 0x80 || (tail === 0x80 && (window & 0x100) !== 0);
  const significand = (window >>> 8) + (increments ? 1 : 0);
  const carries = significand === 2 * HIDDEN;
  const exponent = largest + 6 - zeros + (carries ? 1 : 0);
  if (exponent < -126) return -1;
  rounded.isNegativeSum = signed < 0 ? 1 : 0;
  rounded.significand = carries ? HIDDEN : significand;
  const word = exponent > 127 ? INFINITY : (exponent + 127) * HIDDEN + rounded.significand - HIDDEN;
  return signed < 0 ? word + 2 ** 31 : word;
}
