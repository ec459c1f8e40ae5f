import { type EventLog, eventChip, type TraceTable } from '../../chip.ts';
import { opOf } from '../../isa/op.ts';
import { writeAccess, writeFrame } from '../frame-trace.ts';
import { writeRamAccess } from '../ram-access.ts';
import { loadAir } from './air.ts';
import { LOAD_EVENT_WORDS } from './execute.ts';
import { loadNarrowAir } from './narrow-air.ts';

const OP = { lh: opOf('lh'), lbu: opOf('lbu'), lhu: opOf('lhu'), flh: opOf('flh') };

/** What both chips have in common, and `own` for the rest of a row. */
function fillLoads(
  o: typeof loadAir.offsets | typeof loadNarrowAir.offsets,
  { words, count, eventWords }: EventLog,
  { cells, stride }: TraceTable,
  own: (row: number, op: number, word: number, address: number) => void,
): void {
  for (let i = 0; i < count; i++) {
    const [event, row] = [i * eventWords, i * stride];
    const [clk, ids, imm] = [words[event + 1]!, words[event + 2]!, words[event + 3]!];
    const [base, word] = [words[event + 4]!, words[event + 5]!];
    const address = (base + imm) >>> 0;
    writeFrame(cells, row + o.isReal, words[event]!, clk);
    writeAccess(cells, row + o.rs1Address, ids & 0xff, base, words[event + 7]!, clk);
    writeRamAccess(cells, row + o.ramLo, word, words[event + 8]!, clk + 2, address);
    writeAccess(cells, row + o.rdAddress, (ids >>> 16) & 0xff, words[event + 6]!, words[event + 9]!, clk + 3);
    cells[row + o.immLo] = imm & 0xffff;
    cells[row + o.immHi] = imm >>> 16;
    own(row, ids >>> 24, word, address);
  }
}

/** One row per executed lw or flw. */
export const loadChip = eventChip({
  air: loadAir,
  eventWords: LOAD_EVENT_WORDS,
  fill: (log, table) => fillLoads(loadAir.offsets, log, table, () => {}),
});

/** One row per executed lh, lhu, lb, lbu or flh. */
export const loadNarrowChip = eventChip({
  air: loadNarrowAir,
  eventWords: LOAD_EVENT_WORDS,
  fill(log, table) {
    const o = loadNarrowAir.offsets;
    const { cells } = table;
    fillLoads(o, log, table, (row, op, word, address) => {
      const isBoxed = op === OP.flh;
      const isHalf = isBoxed || op === OP.lh || op === OP.lhu;
      const isUnsigned = isBoxed || op === OP.lbu || op === OP.lhu;
      const limb = (address & 2) === 0 ? word & 0xffff : word >>> 16;
      const topIsHigh = isHalf || (address & 1) === 1;
      const top = topIsHigh ? limb >>> 8 : limb & 0xff;
      const sign = isUnsigned ? 0 : top >>> 7;
      cells[row + o.isHalf] = isHalf ? 1 : 0;
      cells[row + o.isUnsigned] = isUnsigned ? 1 : 0;
      cells[row + o.isBoxed] = isBoxed ? 1 : 0;
      cells[row + o.isOdd] = address & 1;
      cells[row + o.isUpper] = (address >>> 1) & 1;
      cells[row + o.top] = top;
      cells[row + o.other] = topIsHigh ? limb & 0xff : limb >>> 8;
      cells[row + o.sign] = sign;
      cells[row + o.outLo] = isHalf ? limb : top + sign * 0xff00;
    });
  },
});
