import { inverse, P, reduce } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { flagsOf, ROUNDING, wordOf } from '../fp32-round/semantics.ts';
import { fp32AddAir } from './air.ts';
import { ADD_EVENT_WORDS } from './bus.ts';
import { addFp32, exactSum, exponentOf, significandOf } from './semantics.ts';

const at = fp32AddAir.offsets;

/** One row per addition of finite operands. */
export const fp32AddChip = eventChip({
  air: fp32AddAir,
  eventWords: ADD_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const event = i * eventWords;
      const bits = words[event]!;
      writeRow(cells, i * stride, bits & 7, (bits & 8) === 8, words[event + 1]!, words[event + 2]!);
    }
  },
});

const bit = (condition: boolean): number => (condition ? 1 : 0);
const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));

function writeRow(cells: Uint32Array, row: number, mode: number, subtract: boolean, a: number, b: number): void {
  const result = addFp32(mode, subtract, a, b);
  const word = wordOf(result);
  const other = subtract ? (b ^ 0x8000_0000) >>> 0 : b;
  cells[row + at.isReal] = 1;
  cells[row + at.mode] = mode;
  cells[row + at.subtract] = bit(subtract);
  cells[row + at.aLo] = a & 0xffff;
  cells[row + at.aHi] = a >>> 16;
  cells[row + at.bLo] = b & 0xffff;
  cells[row + at.bHi] = b >>> 16;
  cells[row + at.outLo] = word & 0xffff;
  cells[row + at.outHi] = word >>> 16;
  cells[row + at.flags] = flagsOf(result);
  cells[row + at.aSign] = a >>> 31;
  cells[row + at.aExponent] = exponentOf(a);
  cells[row + at.aUpper] = significandOf(a) >>> 16;
  cells[row + at.bDecodedSign] = b >>> 31;
  cells[row + at.bExponent] = exponentOf(b);
  cells[row + at.bUpper] = significandOf(b) >>> 16;
  cells[row + at.bSign] = other >>> 31;
  const opposed = a >>> 31 !== other >>> 31;
  cells[row + at.opposed] = bit(opposed);

  const isSwapped = exponentOf(b) > exponentOf(a);
  const [far, near] = isSwapped ? [other, a] : [a, other];
  const distance = exponentOf(far) - exponentOf(near);
  const [upper, low] = [significandOf(near) >>> 16, near & 0xffff];
  cells[row + at.isSwapped] = bit(isSwapped);
  cells[row + at.distance] = distance;
  cells[row + at.upper] = upper;
  cells[row + at.low] = low;
  const multiplier = align(cells, row + at.upperQuotient, upper * 256, distance);
  align(cells, row + at.lowQuotient, low, distance + 8);
  const aligned =
    cells[row + at.upperQuotient]! * multiplier + cells[row + at.lowQuotient]! * cells[row + at.lowMultiplier]!;
  // 2^35 at most: exact, and below 2^24 as a difference.
  const cutOff =
    significandOf(near) * multiplier -
    2 ** 8 * aligned * cells[row + at.upperDivisor]! +
    (multiplier === 0 ? significandOf(near) : 0);
  cells[row + at.isGone] = bit(multiplier === 0);
  cells[row + at.multiplierInverse] = inverseOrZero(multiplier);
  cells[row + at.remains] = bit(cutOff !== 0);
  cells[row + at.remainsInverse] = inverseOrZero(cutOff);

  const sum = exactSum(a, other);
  const magnitude = Math.floor(Math.abs(sum));
  const farIsNegative = far >>> 31 === 1;
  const isReversed = sum !== 0 && sum < 0 !== farIsNegative;
  cells[row + at.isReversed] = bit(isReversed);
  cells[row + at.w3] = magnitude >>> 16;
  cells[row + at.w2] = magnitude & 0xffff;
  cells[row + at.negative] = bit(isReversed !== farIsNegative);
  cells[row + at.isZero] = bit(sum === 0);
  cells[row + at.sumInverse] = inverseOrZero(magnitude);
  cells[row + at.isDown] = bit(mode === ROUNDING.rdn);
  cells[row + at.modeInverse] = mode === ROUNDING.rdn ? 0 : inverse(reduce(mode - ROUNDING.rdn + P));
}

/** Writes quotient, remainder, divisor and multiplier (`align`), contiguous; returns the multiplier. */
function align(cells: Uint32Array, offset: number, value: number, shift: number): number {
  const divisor = shift > 11 && shift < 27 ? 2 ** (shift - 11) : 1;
  const multiplier = shift <= 11 ? 2 ** (11 - shift) : shift < 27 ? 1 : 0;
  cells[offset] = Math.floor(value / divisor);
  cells[offset + 1] = value % divisor;
  cells[offset + 2] = divisor;
  cells[offset + 3] = multiplier;
  return multiplier;
}
