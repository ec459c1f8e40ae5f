import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { ADD_EVENT_WORDS } from '../fp32-add/bus.ts';
import {
  addFp32,
  exponentOf,
  isInfinity,
  isNan,
  isSignalingNan,
  isSpecial,
  significandOf,
} from '../fp32-add/semantics.ts';
import { FLAG, flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32AddSpecialAir } from './air.ts';

const at = fp32AddSpecialAir.offsets;
const bit = (condition: boolean): number => (condition ? 1 : 0);

/** One row per addition with an infinity or NaN. */
export const fp32AddSpecialChip = eventChip({
  air: fp32AddSpecialAir,
  eventWords: ADD_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [mode, subtract] = [words[event]! & 7, (words[event]! & 8) === 8];
      const [a, b] = [words[event + 1]!, words[event + 2]!];
      const result = addFp32(mode, subtract, a, b);
      cells[row + at.isReal] = 1;
      cells[row + at.mode] = mode;
      cells[row + at.subtract] = bit(subtract);
      writeOperand(cells, row + at.aLo, a);
      writeOperand(cells, row + at.bLo, b);
      const bTermSign = (b >>> 31) ^ bit(subtract);
      cells[row + at.bTermSign] = bTermSign;
      cells[row + at.clash] = bit(isInfinity(a) && isInfinity(b) && a >>> 31 !== bTermSign);
      cells[row + at.isNan] = bit(isNan(wordOf(result)));
      cells[row + at.invalid] = bit(flagsOf(result) === FLAG.invalid);
      cells[row + at.outHi] = wordOf(result) >>> 16;
    }
  },
});

/** The eleven cells of `operandColumns`, contiguous from its low limb. */
function writeOperand(cells: Uint32Array, offset: number, word: number): void {
  const special = isSpecial(word);
  cells[offset] = word & 0xffff;
  cells[offset + 1] = word >>> 16;
  cells[offset + 2] = word >>> 31;
  cells[offset + 3] = exponentOf(word);
  cells[offset + 4] = significandOf(word) >>> 16;
  cells[offset + 5] = bit(special);
  cells[offset + 6] = bit(isNan(word));
  cells[offset + 7] = isNan(word) ? inverse(felt(word & 0x7f_ffff)) : 0;
  cells[offset + 8] = special ? (word >>> 22) & 1 : 0;
  cells[offset + 9] = special ? (word >>> 16) & 0x3f : 0;
  cells[offset + 10] = bit(isSignalingNan(word));
}
