import { eventChip } from '../../chip.ts';
import { writeAddress } from '../address.ts';
import { writeAge } from '../frame-trace.ts';
import { writeIo } from '../io-event.ts';
import { publicOutputAir } from './air.ts';
import { PUBLIC_OUTPUT_EVENT_WORDS } from './execute.ts';

/** One row per executed ulp.out. */
export const publicOutputChip = eventChip({
  air: publicOutputAir,
  eventWords: PUBLIC_OUTPUT_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const { immLo, indexLo, gapLo, rs2Address, ...offsets } = publicOutputAir.offsets;
    const operands = { ...offsets, second: rs2Address, after: 1 };
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writeIo(cells, row, words, event, operands);
      const address = writeAddress(cells, row + immLo, words[event + 4]!, words[event + 2]!);
      cells[row + indexLo] = (address & 0xffff) >>> 2;
      if (i > 0) writeAge(cells, row + gapLo, words[event - eventWords + 1]!, words[event + 1]!);
    }
  },
});
