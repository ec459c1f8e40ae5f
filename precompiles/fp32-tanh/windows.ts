/**
 * Table `fp32-tanh-window`: what the high limb of a magnitude a in [2^-12 + 2^-19, 2^3) settles. With n near 2 a / ln 2:
 *
 *     2 a - n ln 2 = 2^-24 upper + 2^-48 middle + 2^-72 lower + 2^-34 power * (low limb of a), to 2^-73
 *     2^-n = 2^-12 unitUpper + 2^-24 unitLower
 *     2^-k0 <= tanh a < 2^(1 - k0), or 2^(-1 - k0) <= tanh a < 2^-k0 for the least a of some windows; factor = 2^k0
 *
 * upper is signed, middle and lower are in [0, 2^24); power = 2^h, 0 <= h <= 14; 0 <= n <= 23; 1 <= k0 <= 12.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    every high limb is listed once.
 */
import { P } from '../../stark/field/koala-bear.ts';
import { fixedTable } from '../../vm/chips/table.ts';
import { LN2 } from '../fp32-exponential/tables.ts';
import { END_WINDOWS, FIRST_WINDOW, TANH_WINDOW_BUS } from './bus.ts';
import { tangent } from './semantics.ts';

export interface TanhWindow {
  readonly power: number;
  readonly upper: number;
  readonly middle: number;
  readonly lower: number;
  readonly unitUpper: number;
  readonly unitLower: number;
  readonly k0: number;
}

/** ln 2 with 96 bits below the point, rounded down. */
const LN2_96 = LN2.reduce((sum, limb) => (sum << 24n) + BigInt(limb), 0n);
const LIMB_MASK = 0xff_ffffn;
/** h of the exponent e of a is e + 12; the biased exponent is e + 127. */
const BIAS = 115;

function windowAt(key: number): TanhWindow {
  const h = (key >>> 7) - BIAS;
  // 2 a is 2^-34 times the significand, of 24 bits, moved up by h.
  const twice = BigInt(2 ** 7 + (key & 0x7f)) << BigInt(16 + h + 96 - 34);
  const middleOfWindow = twice + (1n << BigInt(15 + h + 96 - 34));
  const n = (2n * middleOfWindow + LN2_96) / (2n * LN2_96);
  const power = (twice - n * LN2_96 + (1n << 23n)) >> 24n;
  const doublings = Number(n);
  return {
    power: 2 ** h,
    upper: Number(power >> 48n),
    middle: Number((power >> 24n) & LIMB_MASK),
    lower: Number(power & LIMB_MASK),
    unitUpper: doublings <= 12 ? 2 ** (12 - doublings) : 0,
    unitLower: doublings <= 12 ? 0 : 2 ** (24 - doublings),
    k0: 40 - Math.floor(Math.log2(tangent(key * 2 ** 16 + 0xffff))),
  };
}

const COUNT = END_WINDOWS - FIRST_WINDOW;
/** By high limb without sign, from FIRST_WINDOW on, computed when first asked for. */
const windows = new Array<TanhWindow | undefined>(COUNT);

function windowOf(index: number): TanhWindow {
  windows[index] ??= windowAt(FIRST_WINDOW + index);
  return windows[index];
}

/** The window of a word in one of them, of either sign. */
export const tanhWindow = (word: number): TanhWindow => windowOf(((word >>> 16) & 0x7fff) - FIRST_WINDOW);

function tupleAt(index: number): number[] {
  const { power, upper, middle, lower, unitUpper, unitLower, k0 } = windowOf(index);
  const residue = upper < 0 ? upper + P : upper;
  return [FIRST_WINDOW + index, power, residue, middle, lower, unitUpper, unitLower, k0, 2 ** k0];
}

export const tanhWindowTable = fixedTable({
  name: 'fp32-tanh-window',
  bus: TANH_WINDOW_BUS,
  // 960 rows: height 2^11.
  perRow: 2,
  count: COUNT,
  separate: true,
  tupleAt,
  indexOf: (tuple) => {
    const index = tuple[0]! - FIRST_WINDOW;
    if (index < 0 || index >= COUNT) return undefined;
    return tupleAt(index).every((value, i) => value === tuple[i]) ? index : undefined;
  },
});
