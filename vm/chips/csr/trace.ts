import { eventChip } from '../../chip.ts';
import { CLK_START, CLK_STEP } from '../../space.ts';
import { writeAccess, writeAge, writeFrame } from '../frame-trace.ts';
import { csrAir } from './air.ts';
import { counterAir } from './counter-air.ts';
import { COUNTER_EVENT_WORDS, CSR_EVENT_WORDS, fcsrOf } from './execute.ts';
import { FLAGS_BITS, FRM_BITS, readFcsr, updateFcsr } from './semantics.ts';

/** One row per executed instruction on fflags, frm or fcsr. */
export const csrChip = eventChip({
  air: csrAir,
  eventWords: CSR_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const o = csrAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [clk, ids, value, old] = [words[event + 1]!, words[event + 2]!, words[event + 3]!, words[event + 5]!];
      const [immLo, immHi] = [(ids >>> 16) & 0xff, ids >>> 24];
      const before = { frm: old & 0xff, fflags: old >>> 8 };
      const { name, action } = fcsrOf(immHi);
      const source = (value & 0xffff) + immLo;
      const after = updateFcsr(name, action, before, source);
      const frmShift = name === 'fcsr' ? FLAGS_BITS : 0;
      const frmSource = name === 'fflags' ? 0 : (source >>> frmShift) & (2 ** FRM_BITS - 1);
      const fflagsSource = name === 'frm' ? 0 : source & (2 ** FLAGS_BITS - 1);
      writeFrame(cells, row + o.isReal, words[event]!, clk);
      writeAccess(cells, row + o.rs1Address, ids & 0xff, value, words[event + 6]!, clk);
      writeAccess(cells, row + o.rdAddress, (ids >>> 8) & 0xff, words[event + 4]!, words[event + 7]!, clk + 3);
      // The seven cells of each part are contiguous.
      const writePart = (at: number, held: number, time: number, now: number, bits: number, then: number): void => {
        cells[row + at] = held;
        cells[row + at + 1] = time;
        writeAge(cells, row + at + 2, time, now);
        cells[row + at + 4] = bits;
        cells[row + at + 5] = held | bits;
        cells[row + at + 6] = then;
      };
      writePart(o.frmLo, before.frm, words[event + 8]!, clk + 4, frmSource, after.frm);
      writePart(o.fflagsLo, before.fflags, words[event + 9]!, clk + 5, fflagsSource, after.fflags);
      cells[row + o.immLo] = immLo;
      cells[row + o.isFrm] = name === 'frm' ? 1 : 0;
      cells[row + o.isFcsr] = name === 'fcsr' ? 1 : 0;
      cells[row + o.isSet] = action === 'set' ? 1 : 0;
      cells[row + o.isClear] = action === 'clear' ? 1 : 0;
      cells[row + o.rest] =
        source >>> (name === 'fcsr' ? FLAGS_BITS + FRM_BITS : name === 'frm' ? FRM_BITS : FLAGS_BITS);
      cells[row + o.out] = readFcsr(name, before);
    }
  },
});

/** One row per executed read of a counter. */
export const counterChip = eventChip({
  air: counterAir,
  eventWords: COUNTER_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    const o = counterAir.offsets;
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const clk = words[event + 1]!;
      const completed = (clk - CLK_START) / CLK_STEP;
      writeFrame(cells, row + o.isReal, words[event]!, clk);
      writeAccess(cells, row + o.rdAddress, words[event + 2]!, words[event + 3]!, words[event + 4]!, clk + 3);
      cells[row + o.countLo] = completed & 0xffff;
      cells[row + o.countHi] = completed >>> 16;
    }
  },
});
