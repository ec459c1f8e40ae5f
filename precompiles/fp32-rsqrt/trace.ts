import { eventChip } from '../../vm/chip.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { fp32RsqrtAir, SMALL_DOUBLINGS } from './air.ts';
import { RSQRT_EVENT_WORDS } from './bus.ts';
import { reciprocalRoot } from './semantics.ts';

const at = fp32RsqrtAir.offsets;
const DIGIT = 2 ** 13;
/** Below this a word is small: moved up by less than 9 bits it would stay below 2^23. */
const SMALL = 2 ** 15;

/** One row per reciprocal square root of a positive finite word. */
export const fp32RsqrtChip = eventChip({
  air: fp32RsqrtAir,
  eventWords: RSQRT_EVENT_WORDS,
  fill({ words, count }, { cells, stride }) {
    for (let i = 0; i < count; i++) writeRow(cells, i * stride, words[i]!);
  },
});

/** Digit i of 13 bits; value below 2^53. */
const digit = (value: number, i: number): number => Math.floor(value / DIGIT ** i) % DIGIT;

function writeRow(cells: Uint32Array, row: number, a: number): void {
  const significand = significandOf(a);
  const { factor, doublings, root, below, above } = reciprocalRoot(a);
  const isSmall = significand < SMALL;
  const bits = 16 - doublings + (isSmall ? SMALL_DOUBLINGS : 0);
  const isExact = root === 2 ** 24;
  const [factorLow, factorHigh] = [factor % DIGIT, Math.floor(factor / DIGIT)];
  const [rootLow, rootUpper] = [root % DIGIT, Math.floor(root / DIGIT)];
  cells[row + at.isReal] = 1;
  cells[row + at.aLo] = a & 0xffff;
  cells[row + at.aHi] = a >>> 16;
  cells[row + at.exponent] = exponentOf(a);
  cells[row + at.upper] = significand >>> 16;
  cells[row + at.isSmall] = isSmall ? 1 : 0;
  cells[row + at.bits] = bits;
  cells[row + at.power] = 2 ** bits;
  cells[row + at.factorLow] = factorLow;
  cells[row + at.factorHigh] = factorHigh;
  cells[row + at.rootLow] = rootLow;
  cells[row + at.rootMiddle] = rootUpper % 2 ** 3;
  cells[row + at.rootHigh] = (root >>> 16) % 2 ** 7;
  cells[row + at.isExact] = isExact ? 1 : 0;

  // Every sum is below 2^29 in magnitude, and a multiple of 2^13 once the digit is taken away.
  let [carry, widthCarry, lastWidth] = [0, 0, 0];
  for (let i = 0; i < 4; i++) {
    const [less, more] = [digit(below, i), digit(above, i)];
    const width = less + more;
    cells[row + at.below + i] = less;
    cells[row + at.above + i] = more;
    if (i < 2) {
      const products = i === 0 ? rootLow * factorLow : rootLow * factorHigh + rootUpper * factorLow;
      widthCarry = (8 * products + widthCarry - width) / DIGIT;
      cells[row + at.widthCarry + i] = widthCarry + 1;
    }
    const twiceFactor = i === 0 ? 2 * factorLow : i === 1 ? 2 * factorHigh : 0;
    carry = (rootLow * width + rootUpper * lastWidth + twiceFactor + less - more + carry) / DIGIT;
    cells[row + at.carry + i] = carry;
    lastWidth = width;
  }
}
