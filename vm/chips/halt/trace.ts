import { eventChip } from '../../chip.ts';
import { writeAge, writeFrame } from '../frame-trace.ts';
import { haltAir } from './air.ts';
import { HALT_EVENT_WORDS } from './execute.ts';

/** One row: the end of the run. */
export const haltChip = eventChip({
  air: haltAir,
  eventWords: HALT_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const { isReal, a7Clk, a7AgeLo, a0Lo, a0Hi, a0Clk, a0AgeLo } = haltAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [clk, exitCode] = [words[event + 1]!, words[event + 2]!];
      writeFrame(cells, row + isReal, words[event]!, clk);
      cells[row + a7Clk] = words[event + 3]!;
      writeAge(cells, row + a7AgeLo, words[event + 3]!, clk);
      cells[row + a0Lo] = exitCode & 0xffff;
      cells[row + a0Hi] = exitCode >>> 16;
      cells[row + a0Clk] = words[event + 4]!;
      writeAge(cells, row + a0AgeLo, words[event + 4]!, clk + 1);
    }
  },
});
