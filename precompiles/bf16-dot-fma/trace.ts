/** Trace of `air.ts`: one row an event, both sums by `fastMac`. */
import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { BF16_EXPONENT, BF16_SIGNIFICAND, SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { partOf } from '../bf16-dot/prefix.ts';
import { exponentOf, significandOf } from '../bf16-dot/semantics.ts';
import { LOW_BITS, NAN_EXPONENT } from '../bf16-dot/state.ts';
import { residue } from '../bf16-dot/sum-trace.ts';
import { bf16DotFmaAir, type pairColumns } from './air.ts';
import { macNames } from './mac-air.ts';
import { fastMac, mac } from './semantics.ts';
import { MAC_EVENT_WORDS } from './state.ts';

const LOW = 2 ** LOW_BITS;
const at = bf16DotFmaAir.offsets;
const firstAt = partOf<number, (typeof macNames)[number]>(at, 'first', macNames);
const secondAt = partOf<number, (typeof macNames)[number]>(at, 'second', macNames);

/** One row per two products. */
export const bf16DotFmaChip = eventChip({
  air: bf16DotFmaAir,
  eventWords: MAC_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { hints }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writePair(cells, row, at, words, event);
      const [a, b] = [words[event + 1]!, words[event + 2]!];
      const between = writeMac(cells, row, firstAt, hints[a]!, hints[b]!, words[event + 4]!);
      writeMac(cells, row, secondAt, hints[a + 1]!, hints[b + 1]!, between);
    }
  },
});

type PairOffsets = { readonly [K in keyof typeof pairColumns]: number };

/** Writes the cells of `pairColumns`. */
export function writePair(cells: Uint32Array, row: number, at: PairOffsets, words: Uint32Array, event: number): void {
  const significand = words[event + 3]! & 0xff_ffff;
  cells[row + at.isReal] = 1;
  cells[row + at.clk] = words[event]!;
  cells[row + at.a] = words[event + 1]!;
  cells[row + at.b] = words[event + 2]!;
  cells[row + at.accNegative] = words[event + 3]! >>> 31;
  cells[row + at.accHigh] = Math.floor(significand / LOW);
  cells[row + at.accLow] = significand % LOW;
  cells[row + at.accExponent] = residue(exponentOf(words[event + 4]!));
}

/** Zero for the exponent code of an infinity or NaN. */
export const finiteness = (exponent: number): number => (exponent - SPECIAL_EXPONENT) * (exponent - NAN_EXPONENT);
const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));

/** Writes one product; returns the result, which is finite if another product follows. */
function writeMac(cells: Uint32Array, row: number, at: typeof firstAt, x: number, y: number, acc: number): number {
  const word = fastMac(x, y, acc);
  const { largest, sum, sticky } = mac;
  const product = BF16_SIGNIFICAND[x]! * BF16_SIGNIFICAND[y]!;
  const exponent = BF16_EXPONENT[x]! + BF16_EXPONENT[y]!;
  const significand = significandOf(acc);
  cells[row + at.a] = residue(BF16_SIGNIFICAND[x]!);
  cells[row + at.b] = residue(BF16_SIGNIFICAND[y]!);
  cells[row + at.productExponent] = residue(exponent);
  cells[row + at.largest] = residue(largest);
  cells[row + at.isNegative] = product < 0 ? 1 : 0;
  const accShift = largest - exponentOf(acc);
  align(cells, row + at.quotient, Math.abs(product), largest - exponent);
  align(cells, row + at.highQuotient, Math.floor(significand / LOW), accShift);
  align(cells, row + at.lowQuotient, significand % LOW, accShift + LOW_BITS);
  const multiplier = cells[row + at.highMultiplier]!;
  const aligned =
    cells[row + at.highQuotient]! * multiplier + cells[row + at.lowQuotient]! * cells[row + at.lowMultiplier]!;
  const cutOff =
    significand * multiplier -
    aligned * cells[row + at.highDivisor]! * LOW +
    (multiplier === 0 ? significand : 0) +
    cells[row + at.remainder]!;
  cells[row + at.isGone] = multiplier === 0 ? 1 : 0;
  cells[row + at.multiplierInverse] = inverseOrZero(multiplier);
  cells[row + at.sticky] = sticky;
  cells[row + at.stickyInverse] = inverseOrZero(sum === 0 ? finiteness(exponentOf(acc)) : cutOff);

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
  cells[row + at.isNegativeSum] = mac.isNegativeSum;
  cells[row + at.bottom] = bottom;
  cells[row + at.top] = top;
  cells[row + at.limbShift] = limbShift;
  cells[row + at.zeros] = zeros;
  cells[row + at.power] = power;
  cells[row + at.moved] = moved;
  cells[row + at.stayed] = lower / power;
  cells[row + at.lower] = lower;
  cells[row + at.window] = window;

  const [odd, guard, next] = [(lower >>> 8) & 1, (lower >>> 7) & 1, (lower >>> 6) & 1];
  const beyond = (lower & 0x3f) === 0 ? 0 : 1;
  const further = beyond | sticky;
  const increment = guard & (odd | next | further);
  const rounded = window * 2 ** 8 + (lower >>> 8) + increment;
  const carries = rounded === 2 ** 24 ? 1 : 0;
  cells[row + at.upper] = lower >>> 8;
  cells[row + at.code] = 8 * odd + 4 * guard + 2 * next + beyond;
  cells[row + at.increment] = increment;
  cells[row + at.inexact] = guard | next | further;
  cells[row + at.carriesNext] = guard & next & 1;
  cells[row + at.carries] = carries;
  cells[row + at.isZero] = isZero ? 1 : 0;
  const shifted = largest + 6 - leadingZeros + carries;
  cells[row + at.exponent] = residue(isZero ? ZERO_EXPONENT : shifted > 127 ? SPECIAL_EXPONENT : shifted);
  cells[row + at.high] = Math.floor(mac.significand / LOW);
  cells[row + at.low] = mac.significand % LOW;
  cells[row + at.accInverse] = isZero && acc >>> 31 === 1 ? inverseOrZero(significand) : 0;
  return word;
}

/** Writes quotient, remainder, divisor and multiplier (`align`), contiguous. */
function align(cells: Uint32Array, offset: number, value: number, shift: number): void {
  const divisor = shift > 11 && shift < 27 ? 2 ** (shift - 11) : 1;
  cells[offset] = Math.floor(value / divisor);
  cells[offset + 1] = value % divisor;
  cells[offset + 2] = divisor;
  cells[offset + 3] = shift <= 11 ? 2 ** (11 - shift) : shift < 27 ? 1 : 0;
}
