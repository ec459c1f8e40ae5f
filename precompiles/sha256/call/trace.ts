import { eventChip } from '../../../vm/chip.ts';
import { blockValues, writeBlock, writePointers } from '../../../vm/chips/word-block.ts';
import { MESSAGE_WORDS, STATE_WORDS } from '../constants.ts';
import { MESSAGE_AT, SHA256_EVENT_WORDS, STATE_AT } from '../execute.ts';
import { compress } from '../semantics.ts';
import { MESSAGE_TIME, STATE_TIME, sha256CallAir } from './air.ts';

const at = sha256CallAir.offsets;

/** One row per executed sha256.compress. */
export const sha256CallChip = eventChip({
  air: sha256CallAir,
  eventWords: SHA256_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const clk = words[event + 1]!;
      writePointers(cells, row, words, event, at);
      writeBlock(cells, row + at.messageLimbs, words, event + MESSAGE_AT, MESSAGE_WORDS, clk + MESSAGE_TIME);
      writeBlock(cells, row + at.stateLimbs, words, event + STATE_AT, STATE_WORDS, clk + STATE_TIME);
      const state = blockValues(words, event + STATE_AT, STATE_WORDS);
      compress(state, blockValues(words, event + MESSAGE_AT, MESSAGE_WORDS)).forEach((after, k) => {
        cells[row + at.after + 2 * k] = after & 0xffff;
        cells[row + at.after + 2 * k + 1] = after >>> 16;
        // The sum wraps exactly where the result is below a term; so does its low limb.
        cells[row + at.carry + 2 * k] = (after & 0xffff) < (state[k]! & 0xffff) ? 1 : 0;
        cells[row + at.carry + 2 * k + 1] = after < state[k]! ? 1 : 0;
      });
    }
  },
});
