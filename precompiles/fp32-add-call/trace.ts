import { eventChip } from '../../vm/chip.ts';
import { writeAccess, writeFrame } from '../../vm/chips/frame-trace.ts';
import { addFp32 } from '../fp32-add/semantics.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32AddCallAir } from './air.ts';
import { ADD_CALL_EVENT_WORDS } from './execute.ts';

const at = fp32AddCallAir.offsets;

/** One row per executed fadd.s or fsub.s. */
export const fp32AddCallChip = eventChip({
  air: fp32AddCallAir,
  eventWords: ADD_CALL_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [clk, ids] = [words[event + 1]!, words[event + 2]!];
      const [a, b] = [words[event + 3]!, words[event + 4]!];
      const [isSub, mode] = [(ids >>> 24) & 1, ids >>> 25];
      const result = addFp32(mode, isSub === 1, a, b);
      writeFrame(cells, row + at.isReal, words[event]!, clk);
      writeAccess(cells, row + at.rs1Address, ids & 0xff, a, words[event + 6]!, clk);
      writeAccess(cells, row + at.rs2Address, (ids >>> 8) & 0xff, b, words[event + 7]!, clk + 1);
      writeAccess(cells, row + at.rdAddress, (ids >>> 16) & 0xff, words[event + 5]!, words[event + 8]!, clk + 3);
      cells[row + at.immLo] = mode;
      cells[row + at.isSub] = isSub;
      cells[row + at.outLo] = wordOf(result) & 0xffff;
      cells[row + at.outHi] = wordOf(result) >>> 16;
      cells[row + at.flags] = flagsOf(result);
    }
  },
});
