import { eventChip } from '../../vm/chip.ts';
import { fp32NormaliseAir, SMALL_DOUBLINGS } from './air.ts';
import { NORMALISE_EVENT_WORDS } from './bus.ts';
import { normaliseFp32 } from './semantics.ts';

const at = fp32NormaliseAir.offsets;
/** Below this a word is small: it is moved up by 9 bits or more. */
const SMALL = 2 ** 15;

/** One row per subnormal word. */
export const fp32NormaliseChip = eventChip({
  air: fp32NormaliseAir,
  eventWords: NORMALISE_EVENT_WORDS,
  fill({ words, count }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [row, a] = [i * stride, words[i]!];
      const { exponent, significand } = normaliseFp32(a);
      const isSmall = a < SMALL;
      const bits = 15 + exponent + (isSmall ? SMALL_DOUBLINGS : 0);
      cells[row + at.isReal] = 1;
      cells[row + at.aLo] = a & 0xffff;
      cells[row + at.aHi] = a >>> 16;
      cells[row + at.isSmall] = isSmall ? 1 : 0;
      cells[row + at.bits] = bits;
      cells[row + at.power] = 2 ** bits;
      cells[row + at.significand] = significand;
    }
  },
});
