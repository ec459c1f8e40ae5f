import { eventChip } from '../../../vm/chip.ts';
import { DIGEST_EVENT_WORDS, writeDigestRow } from '../../poseidon2/digest-words-trace.ts';
import { spongeCallAir } from './air.ts';

/** One row per executed poseidon2.sponge; the event of `digest-words-trace.ts`. */
export const spongeCallChip = eventChip({
  air: spongeCallAir,
  eventWords: DIGEST_EVENT_WORDS,
  fill(log, table) {
    const { offsets } = spongeCallAir;
    for (let i = 0; i < log.count; i++) {
      writeDigestRow(log, i, table, offsets);
      table.cells[i * table.stride + offsets.blockLow] = table.cells[i * table.stride + offsets.rs2Lo]! >>> 5;
    }
  },
});
