import { eventChip } from '../../../vm/chip.ts';
import { DIGEST_EVENT_WORDS, writeDigestRow } from '../../poseidon2/digest-words-trace.ts';
import { merkleCallAir } from './air.ts';

/** One row per executed poseidon2.merkle; the event of `digest-words-trace.ts`. */
export const merkleCallChip = eventChip({
  air: merkleCallAir,
  eventWords: DIGEST_EVENT_WORDS,
  fill(log, table) {
    for (let i = 0; i < log.count; i++) writeDigestRow(log, i, table, merkleCallAir.offsets);
  },
});
