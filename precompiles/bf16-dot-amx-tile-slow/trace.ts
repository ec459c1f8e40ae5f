import { eventChip } from '../../vm/chip.ts';
import { amxAdd } from '../amx-fma/semantics.ts';
import { AMX_TILE_EVENT_WORDS } from '../bf16-dot-amx/state.ts';
import { writeLimbs } from '../bf16-dot-amx-slow/trace.ts';
import { writeTile } from '../bf16-dot-amx-tile/trace.ts';
import { bf16DotAmxTileSlowAir } from './air.ts';

const at = bf16DotAmxTileSlowAir.offsets;

/** One row per tile instruction. */
export const bf16DotAmxTileSlowChip = eventChip({
  air: bf16DotAmxTileSlowAir,
  eventWords: AMX_TILE_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writeTile(cells, row, at, words, event);
      const [acc, even, odd] = [words[event + 5]!, words[event + 7]!, words[event + 9]!];
      const chains = amxAdd(even, odd);
      writeLimbs(cells, row + at.accWordLo, acc);
      writeLimbs(cells, row + at.evenWordLo, even);
      writeLimbs(cells, row + at.oddWordLo, odd);
      cells[row + at.chainsLo] = chains & 0xffff;
      cells[row + at.chainsHi] = chains >>> 16;
      writeLimbs(cells, row + at.totalWordLo, amxAdd(acc, chains));
    }
  },
});
