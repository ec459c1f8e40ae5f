import { type EventLog, eventChip, type TraceTable } from '../../chip.ts';
import { opOf } from '../../isa/op.ts';
import { writeAccess, writeFrame } from '../frame-trace.ts';
import { writeRamAccess } from '../ram-access.ts';
import { storeAir } from './air.ts';
import { STORE_EVENT_WORDS } from './execute.ts';
import { storeNarrowAir } from './narrow-air.ts';
import { stored } from './semantics.ts';

const SH = opOf('sh');

/** What both chips have in common, and `own` for the rest of a row. */
function fillStores(
  o: typeof storeAir.offsets | typeof storeNarrowAir.offsets,
  { words, count, eventWords }: EventLog,
  { cells, stride }: TraceTable,
  own: (row: number, op: number, before: number, value: number, address: number) => void,
): void {
  for (let i = 0; i < count; i++) {
    const [event, row] = [i * eventWords, i * stride];
    const [clk, ids, imm] = [words[event + 1]!, words[event + 2]!, words[event + 3]!];
    const [base, value, before] = [words[event + 4]!, words[event + 5]!, words[event + 6]!];
    const address = (base + imm) >>> 0;
    writeFrame(cells, row + o.isReal, words[event]!, clk);
    writeAccess(cells, row + o.rs1Address, ids & 0xff, base, words[event + 7]!, clk);
    writeAccess(cells, row + o.rs2Address, (ids >>> 8) & 0xff, value, words[event + 8]!, clk + 1);
    writeRamAccess(cells, row + o.ramLo, before, words[event + 9]!, clk + 2, address);
    cells[row + o.immLo] = imm & 0xffff;
    cells[row + o.immHi] = imm >>> 16;
    own(row, ids >>> 24, before, value, address);
  }
}

/** One row per executed sw or fsw. */
export const storeChip = eventChip({
  air: storeAir,
  eventWords: STORE_EVENT_WORDS,
  fill: (log, table) => fillStores(storeAir.offsets, log, table, () => {}),
});

/** One row per executed sh or sb. */
export const storeNarrowChip = eventChip({
  air: storeNarrowAir,
  eventWords: STORE_EVENT_WORDS,
  fill(log, table) {
    const o = storeNarrowAir.offsets;
    const { cells } = table;
    fillStores(o, log, table, (row, op, before, value, address) => {
      const limb = (address & 2) === 0 ? before & 0xffff : before >>> 16;
      const isOdd = (address & 1) === 1;
      const after = stored[op === SH ? 'sh' : 'sb'](before, value, address);
      cells[row + o.isHalf] = op === SH ? 1 : 0;
      cells[row + o.isOdd] = isOdd ? 1 : 0;
      cells[row + o.isUpper] = (address >>> 1) & 1;
      cells[row + o.byte] = value & 0xff;
      cells[row + o.replaced] = isOdd ? limb >>> 8 : limb & 0xff;
      cells[row + o.kept] = isOdd ? limb & 0xff : limb >>> 8;
      cells[row + o.newLo] = after & 0xffff;
      cells[row + o.newHi] = after >>> 16;
    });
  },
});
