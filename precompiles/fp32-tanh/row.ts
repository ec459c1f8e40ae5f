/**
 * What a row of the chip (`air.ts`) holds, from the operand. Integers only.
 *
 *     2^k (M - s) / (M + s) = 1 + quotient, in 48 bits below the point, rounded down, is in [1, 2)
 *
 * M = e^(2 abs(a) - n ln 2) as the exponential relation gives it, s = 2^-n.
 */
import { exponentialRow } from '../fp32-exponential/row.ts';
import { type TanhWindow, tanhWindow } from './windows.ts';

/** What the exponential relation is asked for. */
export interface TanhPower {
  window: TanhWindow;
  /** The low limb times the window's power = 2^15 high + low. */
  high: number;
  low: number;
  /** U as on the bus of the exponential relation. */
  powerUpper: number;
  powerMiddle: number;
  powerLower: number;
}

export interface TanhRow extends TanhPower {
  /** M in digits of 12 bits, at 2^-12 (13 bits), 2^-24, .. 2^-72. */
  digits: readonly number[];
  /** k = k0 + isLess. */
  isLess: boolean;
  /** In digits of 12 bits, at 2^-12, .. 2^-48. */
  quotient: readonly number[];
}

/** M and s are two limbs of 36 bits below the point. */
const HALF = 2 ** 36;
const RADIX = 2 ** 12;

/** U of a word in a window. */
export function tanhPower(word: number): TanhPower {
  const window = tanhWindow(word);
  const product = (word & 0xffff) * window.power; // < 2^30
  const [high, low] = [product >>> 15, product & 0x7fff];
  const { upper, middle, lower: powerLower } = window;
  return { window, high, low, powerUpper: upper + 2 ** 5 * high, powerMiddle: middle + 2 ** 14 * low, powerLower };
}

/** The row of a word in a window. */
export function tanhRow(word: number): TanhRow {
  const power = tanhPower(word);
  const { valueUpper, value36, value48, valueLower } = exponentialRow(
    power.powerUpper,
    power.powerMiddle,
    power.powerLower,
  );
  const digits = [valueUpper >>> 12, valueUpper & 0xfff, value36, value48, valueLower >>> 12, valueLower & 0xfff];
  const { isLess, quotient } = divided(digits, power.window);
  return {
    window: power.window,
    high: power.high,
    low: power.low,
    powerUpper: power.powerUpper,
    powerMiddle: power.powerMiddle,
    powerLower: power.powerLower,
    digits,
    isLess,
    quotient,
  };
}

/** (M - s) / (M + s), normalised. */
function divided(m: readonly number[], { unitUpper, unitLower, k0 }: TanhWindow): Pick<TanhRow, 'isLess' | 'quotient'> {
  const high = (m[0]! * RADIX + m[1]!) * RADIX + m[2]!; // < 2^37
  const low = (m[3]! * RADIX + m[4]!) * RADIX + m[5]!;
  const unit = (unitUpper * RADIX + unitLower) * RADIX; // 2^36 s, an integer: n <= 24
  const divisor = high + unit; // < 2^38
  const isBelow = (remainderHigh: number, remainderLow: number): boolean =>
    remainderHigh < divisor || (remainderHigh === divisor && remainderLow < low);
  let remainderHigh = 0;
  let remainderLow = 0;
  const scale = (factor: number): void => {
    const lower = low * factor; // < 2^49
    const fromLower = Math.floor(lower / HALF);
    remainderHigh = (high - unit) * factor + fromLower;
    remainderLow = lower - fromLower * HALF;
  };
  scale(2 ** k0);
  const isLess = isBelow(remainderHigh, remainderLow);
  if (isLess) scale(2 ** (k0 + 1));
  const quotient = [0, 0, 0, 0];
  for (let digit = -1; digit < 4; digit++) {
    const factor = digit < 0 ? 1 : RADIX;
    // No more than the digit, and less by one at most: the divisor is above 2^35.
    let estimate = Math.floor((remainderHigh * factor) / (divisor + 1));
    const below = remainderLow * factor - estimate * low; // > -2^49
    const fromBelow = Math.floor(below / HALF);
    remainderHigh = remainderHigh * factor - estimate * divisor + fromBelow;
    remainderLow = below - fromBelow * HALF;
    while (!isBelow(remainderHigh, remainderLow)) {
      const borrow = remainderLow < low ? 1 : 0;
      remainderHigh -= divisor + borrow;
      remainderLow += borrow * HALF - low;
      estimate += 1;
    }
    if (digit >= 0) quotient[digit] = estimate;
  }
  return { isLess, quotient };
}
