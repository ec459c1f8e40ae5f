import { eventChip } from '../../vm/chip.ts';
import { DIGEST_FELTS, DIGEST_LANE, WIDTH } from '../poseidon2/constants.ts';
import { ROW_HALFWORDS, ROW_SALTS } from '../poseidon2/format.ts';
import { spongeAir } from './air.ts';
import { absorb } from './semantics.ts';

/** Event: id, remaining, block, capacity (9), salts (4). The halfwords are on the hint tape. */
export const SPONGE_EVENT_WORDS = 3 + DIGEST_FELTS + ROW_SALTS;
const CAPACITY_AT = 3;
const SALTS_AT = CAPACITY_AT + DIGEST_FELTS;

/** One row per row of a sponge: three hint blocks. */
export const spongeChip = eventChip({
  air: spongeAir,
  eventWords: SPONGE_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { hints }) {
    const { isReal, id, remaining, block, capacity, half, salt, firstInitial } = spongeAir.offsets;
    const state = new Uint32Array(WIDTH);
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const firstHalf = words[event + 2]! * 16;
      cells[row + isReal] = 1;
      cells[row + id] = words[event]!;
      cells[row + remaining] = words[event + 1]!;
      cells[row + block] = words[event + 2]!;
      for (let k = 0; k < DIGEST_FELTS; k++) {
        state[DIGEST_LANE + k] = cells[row + capacity + k] = words[event + CAPACITY_AT + k]!;
      }
      for (let k = 0; k < ROW_HALFWORDS; k++) cells[row + half + k] = hints[firstHalf + k]!;
      for (let k = 0; k < ROW_SALTS; k++) cells[row + salt + k] = words[event + SALTS_AT + k]!;
      absorb(state, hints, firstHalf, words, event + SALTS_AT, cells, row + firstInitial);
    }
  },
});
