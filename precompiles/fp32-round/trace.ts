import { inverse, P, reduce } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { fp32RoundAir, LIMB_MOVES } from './air.ts';
import { ROUND_EVENT_WORDS } from './bus.ts';
import { FLAG, flagsOf, increments, overflowsToInfinity, roundToFp32, wordOf } from './semantics.ts';

const at = fp32RoundAir.offsets;

/** One row per rounding. */
export const fp32RoundChip = eventChip({
  air: fp32RoundAir,
  eventWords: ROUND_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const event = i * eventWords;
      const bits = words[event + 3]!;
      const mode = bits >>> 2;
      const [negative, sticky] = [(bits & 1) === 1, (bits & 2) === 2];
      writeRow(cells, i * stride, negative, words[event + 2]! | 0, words[event]!, words[event + 1]!, sticky, mode);
    }
  },
});

const bit = (condition: boolean): number => (condition ? 1 : 0);
const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));

function writeRow(
  cells: Uint32Array,
  row: number,
  negative: boolean,
  exponent: number,
  upperHalf: number,
  lowerHalf: number,
  sticky: boolean,
  mode: number,
): void {
  const result = roundToFp32(negative, exponent, upperHalf, lowerHalf, sticky, mode);
  const word = wordOf(result);
  const w = [lowerHalf & 0xffff, lowerHalf >>> 16, upperHalf & 0xffff, upperHalf >>> 16];
  cells[row + at.isReal] = 1;
  cells[row + at.negative] = bit(negative);
  cells[row + at.exponent] = exponent < 0 ? exponent + P : exponent;
  for (let limb = 0; limb < 4; limb++) cells[row + at.w + limb] = w[limb]!;
  cells[row + at.sticky] = bit(sticky);
  cells[row + at.mode] = mode;
  cells[row + at.outHi] = word >>> 16;
  cells[row + at.outLo] = word & 0xffff;
  cells[row + at.flags] = flagsOf(result);

  const leadingZeros = upperHalf !== 0 ? Math.clz32(upperHalf) : 32 + Math.clz32(lowerHalf);
  const isNormal = exponent - leadingZeros >= -126;
  const shift = isNormal ? leadingZeros : exponent + 126;
  const isFar = shift < -32;
  const limbs = isFar ? -4 : Math.floor(shift / 16); // -4 leaves no limb above the rest
  const zeros = isFar ? 0 : shift - 16 * limbs;
  const power = 2 ** zeros;
  if (isFar) cells[row + at.far] = 1;
  else cells[row + at.move + (LIMB_MOVES as readonly number[]).indexOf(limbs)] = 1;
  const moved = (limb: number): number => w[limb - limbs] ?? 0;
  const [second, third] = [moved(2) * power, moved(1) * power]; // < 2^32
  const [movedHigh, movedLow] = [Math.floor(second / 2 ** 16), Math.floor(third / 2 ** 16)];
  const [keptHigh, keptLow] = [second % 2 ** 16, third % 2 ** 16];
  const high = moved(3) * power + movedHigh;
  const middle = keptHigh + movedLow;
  let remaining = keptLow / power + bit(sticky);
  for (let limb = 0; limb < 4 && limb + limbs < 1; limb++) remaining += w[limb]!;
  cells[row + at.zeros] = zeros;
  cells[row + at.power] = power;
  cells[row + at.top] = moved(3);
  cells[row + at.movedHigh] = movedHigh;
  cells[row + at.stayedHigh] = keptHigh / power;
  cells[row + at.movedLow] = movedLow;
  cells[row + at.stayedLow] = keptLow / power;
  cells[row + at.high] = high;
  cells[row + at.middle] = middle;
  cells[row + at.rest] = bit(remaining !== 0);
  cells[row + at.restInverse] = inverseOrZero(remaining);

  const [odd, guard, next] = [(middle & 0x100) !== 0, (middle & 0x80) !== 0, (middle & 0x40) !== 0];
  const beyond = (middle & 0x3f) !== 0;
  const further = beyond || remaining !== 0;
  const increment = bit(increments(mode, negative, odd, guard, next || further));
  const carries = guard && increments(mode, negative, guard, next, further);
  const rounded = high * 2 ** 8 + (middle >>> 8) + increment;
  const biased = isNormal ? exponent - shift + 127 : 1;
  const head = Math.floor(rounded / 2 ** 16);
  const packed = 128 * (biased - 1) + head;
  const overflows = packed > 0x7f7f;
  const isInexact = guard || next || further;
  cells[row + at.upper] = middle >>> 8;
  cells[row + at.code] = 8 * bit(odd) + 4 * bit(guard) + 2 * bit(next) + bit(beyond);
  cells[row + at.increment] = increment;
  cells[row + at.inexact] = bit(isInexact);
  cells[row + at.carries] = bit(carries);
  cells[row + at.infinite] = bit(overflowsToInfinity(mode, negative));
  cells[row + at.isNormal] = bit(isNormal);
  cells[row + at.biased] = biased;
  cells[row + at.head] = head;
  cells[row + at.tail] = rounded % 2 ** 16;
  cells[row + at.overflow] = bit(overflows);
  cells[row + at.margin] = overflows ? packed - 0x7f80 : 0x7f7f - packed;
  cells[row + at.becameNormal] = bit(!isNormal && head === 128);
  cells[row + at.becameInverse] = inverseOrZero(head - 128);
  cells[row + at.underflow] = bit((flagsOf(result) & FLAG.underflow) !== 0);
}
