/** Traces of `mac-air.ts` and `rounded-sum-air.ts`: the cells of one product, or of one sum. */
import { inverse, reduce, residue } from '../../stark/field/koala-bear.ts';
import { BF16_EXPONENT, BF16_SIGNIFICAND, SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { exponentOf, significandOf } from '../bf16-dot/semantics.ts';
import { LOW_BITS, NAN_EXPONENT } from '../bf16-dot/state.ts';
import type { macColumns, normalMacColumns } from './mac-air.ts';
import { rounded } from './rounded-sum.ts';
import type { roundedSumColumns } from './rounded-sum-air.ts';
import { fastMac } from './semantics.ts';

export type Offsets<D> = { readonly [K in keyof D]: number };

const LOW = 2 ** LOW_BITS;

export const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));
/** Zero for the exponent code of an infinity or NaN. */
export const finiteness = (exponent: number): number => (exponent - SPECIAL_EXPONENT) * (exponent - NAN_EXPONENT);

/** Writes one product; returns the result. */
export function writeMac(
  cells: Uint32Array,
  row: number,
  at: Offsets<typeof macColumns>,
  x: number,
  y: number,
  acc: number,
): number {
  const word = fastMac(x, y, acc);
  writeProduct(cells, row, at, x, y, acc);
  const multiplier = cells[row + at.highMultiplier]!;
  cells[row + at.isGone] = multiplier === 0 ? 1 : 0;
  cells[row + at.multiplierInverse] = inverseOrZero(multiplier);
  if (multiplier === 0 && rounded.sum !== 0) {
    cells[row + at.stickyInverse] = inverseOrZero(significandOf(acc) + cells[row + at.remainder]!);
  }
  return word;
}

/** The same for operands that are normal or zero. */
export function writeNormalMac(
  cells: Uint32Array,
  row: number,
  at: Offsets<typeof normalMacColumns>,
  x: number,
  y: number,
  acc: number,
): number {
  const word = fastMac(x, y, acc, true);
  writeProduct(cells, row, at, x, y, acc);
  return word;
}

/** The cells that both have, from what `fastMac` found. */
function writeProduct(
  cells: Uint32Array,
  row: number,
  at: Offsets<typeof normalMacColumns>,
  x: number,
  y: number,
  acc: number,
): void {
  const { largest, sum } = rounded;
  const product = BF16_SIGNIFICAND[x]! * BF16_SIGNIFICAND[y]!;
  const exponent = BF16_EXPONENT[x]! + BF16_EXPONENT[y]!;
  const significand = significandOf(acc);
  cells[row + at.a] = residue(BF16_SIGNIFICAND[x]!);
  cells[row + at.b] = residue(BF16_SIGNIFICAND[y]!);
  cells[row + at.productExponent] = residue(exponent);
  cells[row + at.largest] = residue(largest);
  cells[row + at.isNegative] = product < 0 ? 1 : 0;
  writeAligned(cells, row + at.quotient, Math.abs(product), largest - exponent);
  const cutOff =
    writeHalves(cells, row + at.highQuotient, significand, largest - exponentOf(acc)) + cells[row + at.remainder]!;
  cells[row + at.sticky] = rounded.sticky;
  cells[row + at.stickyInverse] = inverseOrZero(sum === 0 ? finiteness(exponentOf(acc)) : cutOff);
  cells[row + at.accInverse] = sum === 0 && acc >>> 31 === 1 ? inverseOrZero(significand) : 0;
  writeRoundedSum(cells, row, at);
}

/** Writes upper and lower part of a significand, moved down, contiguous; returns what says whether anything is cut off. */
export function writeHalves(cells: Uint32Array, offset: number, significand: number, shift: number): number {
  writeAligned(cells, offset, Math.floor(significand / LOW), shift);
  writeAligned(cells, offset + 4, significand % LOW, shift + LOW_BITS);
  const [divisor, multiplier] = [cells[offset + 2]!, cells[offset + 3]!];
  const kept = cells[offset]! * multiplier + cells[offset + 4]! * cells[offset + 7]!;
  return significand * multiplier - kept * divisor * LOW;
}

/** Writes quotient, remainder, divisor and multiplier (`align`), contiguous. */
function writeAligned(cells: Uint32Array, offset: number, value: number, shift: number): void {
  const divisor = shift > 11 && shift < 27 ? 2 ** (shift - 11) : 1;
  cells[offset] = Math.floor(value / divisor);
  cells[offset + 1] = value % divisor;
  cells[offset + 2] = divisor;
  cells[offset + 3] = shift <= 11 ? 2 ** (11 - shift) : shift < 27 ? 1 : 0;
}

/** Writes the cells of `roundedSumColumns` from what `roundSum` found. */
export function writeRoundedSum(cells: Uint32Array, row: number, at: Offsets<typeof roundedSumColumns>): void {
  const { largest, sum, sticky, significand, isNegativeSum } = rounded;
  const isZero = sum === 0;
  const leadingZeros = isZero ? 0 : Math.clz32(sum);
  const limbShift = leadingZeros >= 16 ? 1 : 0;
  const zeros = leadingZeros - 16 * limbShift;
  const power = 2 ** zeros;
  const bottom = sum % 2 ** 16;
  const top = limbShift === 1 ? bottom : Math.floor(sum / 2 ** 16);
  const shiftedBottom = limbShift === 1 ? 0 : bottom * power;
  const lower = shiftedBottom % 2 ** 16;
  const moved = Math.floor(shiftedBottom / 2 ** 16);
  const window = top * power + moved;
  const [upper, dropped] = [lower >>> 8, (lower & 0xff) + sticky];
  const increment = dropped > 0x80 || (dropped === 0x80 && upper % 2 === 1) ? 1 : 0;
  const carries = window * 2 ** 8 + upper + increment === 2 ** 24 ? 1 : 0;
  const exponent = largest + 6 - leadingZeros + carries;
  cells[row + at.isNegativeSum] = isNegativeSum;
  cells[row + at.bottom] = bottom;
  cells[row + at.top] = top;
  cells[row + at.limbShift] = limbShift;
  cells[row + at.zeros] = zeros;
  cells[row + at.power] = power;
  cells[row + at.moved] = moved;
  cells[row + at.stayed] = lower / power;
  cells[row + at.lower] = lower;
  cells[row + at.window] = window;
  cells[row + at.upper] = upper;
  cells[row + at.increment] = increment;
  cells[row + at.carries] = carries;
  cells[row + at.isZero] = isZero ? 1 : 0;
  cells[row + at.exponent] = residue(isZero ? ZERO_EXPONENT : exponent > 127 ? SPECIAL_EXPONENT : exponent);
  cells[row + at.high] = Math.floor(significand / LOW);
  cells[row + at.low] = significand % LOW;
}
