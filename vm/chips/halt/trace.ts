import { eventChip } from '../../chip.ts';
import { writeAge, writeFrame } from '../frame-trace.ts';
import { haltAir } from './air.ts';
import { HALT_EVENT_WORDS } from './execute.ts';

/** One row: the end of the run. */
export const haltChip = eventChip({
  air: haltAir,
  eventWords: HALT_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const { isReal, callClk, callAgeLo, exitLo, exitHi, exitClk, exitAgeLo } = haltAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [clk, exitCode] = [words[event + 1]!, words[event + 2]!];
      writeFrame(cells, row + isReal, words[event]!, clk);
      cells[row + callClk] = words[event + 3]!;
      writeAge(cells, row + callAgeLo, words[event + 3]!, clk);
      cells[row + exitLo] = exitCode & 0xffff;
      cells[row + exitHi] = exitCode >>> 16;
      cells[row + exitClk] = words[event + 4]!;
      writeAge(cells, row + exitAgeLo, words[event + 4]!, clk + 1);
    }
  },
});
