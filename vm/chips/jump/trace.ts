import { eventChip } from '../../chip.ts';
import { writeAccess, writeFrame } from '../frame-trace.ts';
import { jumpAir } from './air.ts';
import { JUMP_EVENT_WORDS } from './execute.ts';

/** One row per executed jalr. */
export const jumpChip = eventChip({
  air: jumpAir,
  eventWords: JUMP_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const o = jumpAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [pc, clk, ids] = [words[event]!, words[event + 1]!, words[event + 2]!];
      const [imm, base] = [words[event + 3]!, words[event + 4]!];
      const sum = (base + imm) >>> 0;
      writeFrame(cells, row + o.isReal, pc, clk);
      writeAccess(cells, row + o.rs1Address, ids & 0xff, base, words[event + 6]!, clk);
      writeAccess(cells, row + o.rdAddress, ids >>> 16, words[event + 5]!, words[event + 7]!, clk + 3);
      cells[row + o.immLo] = imm & 0xffff;
      cells[row + o.immHi] = imm >>> 16;
      cells[row + o.linkLo] = (pc + 4) & 0xffff;
      cells[row + o.bit0] = sum & 1;
      cells[row + o.half] = (sum & 0xffff) >>> 1;
      cells[row + o.high] = sum >>> 16;
    }
  },
});
