import { eventChip } from '../../chip.ts';
import { writeAccess, writeFrame } from '../frame-trace.ts';
import { upperAir } from './air.ts';
import { UPPER_EVENT_WORDS } from './execute.ts';

/** One row per executed lui, auipc or jal. */
export const upperChip = eventChip({
  air: upperAir,
  eventWords: UPPER_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const { isReal, rdAddress, immLo, immHi, target } = upperAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [clk, constant] = [words[event + 1]!, words[event + 3]!];
      writeFrame(cells, row + isReal, words[event]!, clk);
      writeAccess(cells, row + rdAddress, words[event + 2]!, words[event + 5]!, words[event + 6]!, clk + 3);
      cells[row + immLo] = constant & 0xffff;
      cells[row + immHi] = constant >>> 16;
      cells[row + target] = words[event + 4]!;
    }
  },
});
