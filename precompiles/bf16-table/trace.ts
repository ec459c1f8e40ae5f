import { eventChip } from '../../vm/chip.ts';
import { writeAccess, writeFrame } from '../../vm/chips/frame-trace.ts';
import { bf16TableAirs } from './air.ts';
import { BF16_TABLE_EVENT_WORDS } from './execute.ts';
import { bf16FunctionWord } from './table.ts';

/** By function id: one row per executed bf16.table of that function. */
export const bf16TableChips = bf16TableAirs.map((air, id) =>
  eventChip({
    air,
    eventWords: BF16_TABLE_EVENT_WORDS,
    fill({ words, count, eventWords }, { cells, stride }) {
      const at = air.offsets;
      for (let i = 0; i < count; i++) {
        const [event, row] = [i * eventWords, i * stride];
        const [clk, ids, value] = [words[event + 1]!, words[event + 2]!, words[event + 3]!];
        writeFrame(cells, row + at.isReal, words[event]!, clk);
        writeAccess(cells, row + at.rs1Address, ids & 0xff, value, words[event + 5]!, clk);
        writeAccess(cells, row + at.rdAddress, ids >>> 8, words[event + 4]!, words[event + 6]!, clk + 3);
        const result = bf16FunctionWord(id, value & 0xffff);
        cells[row + at.lo] = result & 0xffff;
        cells[row + at.hi] = result >>> 16;
      }
    },
  }),
);
