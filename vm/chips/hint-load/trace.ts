import { eventChip } from '../../chip.ts';
import { BLOCK_HALVES } from '../../space.ts';
import { writeAddress } from '../address.ts';
import { IO_EVENT_WORDS, writeIo } from '../io-event.ts';
import { hintLoadAir } from './air.ts';
import { HINT_LOAD_EVENT_WORDS } from './execute.ts';
import { hintHalf, hintWord } from './semantics.ts';

/** One row per executed load from the tape. */
export const hintLoadChip = eventChip({
  air: hintLoadAir,
  eventWords: HINT_LOAD_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { hints }) {
    const { immLo, isWord, blockLo, word, odd, h, valueLo, valueHi, rdAddress, ...offsets } = hintLoadAir.offsets;
    const operands = { ...offsets, second: rdAddress, after: 3 };
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writeIo(cells, row, words, event, operands);
      const address = writeAddress(cells, row + immLo, words[event + 4]!, words[event + 2]!);
      const loadsWord = words[event + IO_EVENT_WORDS]!;
      const index = address >>> 1;
      const first = index - (index % BLOCK_HALVES);
      const value = loadsWord === 1 ? hintWord(hints, index) : hintHalf(hints, index);
      cells[row + isWord] = loadsWord;
      cells[row + blockLo] = (address >>> 5) & 0x7ff;
      cells[row + word + ((address >>> 2) & 7)] = 1;
      cells[row + odd] = index & 1;
      for (let k = 0; k < BLOCK_HALVES; k++) cells[row + h + k] = hints[first + k]!;
      cells[row + valueLo] = value & 0xffff;
      cells[row + valueHi] = value >>> 16;
    }
  },
});
