import { eventChip } from '../../chip.ts';
import { writeAddress } from '../address.ts';
import { writeIo } from '../io-event.ts';
import { publicLoadAir } from './air.ts';
import { PUBLIC_LOAD_EVENT_WORDS } from './execute.ts';

/** One row per executed ulp.pub.w. */
export const publicLoadChip = eventChip({
  air: publicLoadAir,
  eventWords: PUBLIC_LOAD_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { publicInput }) {
    const { immLo, indexLo, valueLo, valueHi, rdAddress, ...offsets } = publicLoadAir.offsets;
    const operands = { ...offsets, second: rdAddress, after: 3 };
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writeIo(cells, row, words, event, operands);
      const address = writeAddress(cells, row + immLo, words[event + 4]!, words[event + 2]!);
      const value = publicInput[address / 4]!;
      cells[row + indexLo] = (address & 0xffff) >>> 2;
      cells[row + valueLo] = value & 0xffff;
      cells[row + valueHi] = value >>> 16;
    }
  },
});
