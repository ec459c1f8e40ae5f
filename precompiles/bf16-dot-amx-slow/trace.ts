import { eventChip } from '../../vm/chip.ts';
import { amxFma } from '../amx-fma/semantics.ts';
import { BLOCK } from '../bf16-dot/semantics.ts';
import { AMX_STEP_EVENT_WORDS } from '../bf16-dot-amx/state.ts';
import { writeStep } from '../bf16-dot-amx/trace.ts';
import { writeWord } from '../bf16-dot-call/trace.ts';
import { bf16DotAmxSlowAir } from './air.ts';

const at = bf16DotAmxSlowAir.offsets;

/** One row per two products. */
export const bf16DotAmxSlowChip = eventChip({
  air: bf16DotAmxSlowAir,
  eventWords: AMX_STEP_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { hints }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writeStep(cells, row, at, words, event);
      const [a, b, even, odd] = [words[event + 2]!, words[event + 3]!, words[event + 5]!, words[event + 7]!];
      const offset = a % BLOCK;
      cells[row + at.pair + offset / 2] = 1;
      for (let k = 0; k < BLOCK; k++) {
        cells[row + at.aBlock + k] = hints[a - offset + k]!;
        cells[row + at.bBlock + k] = hints[b - offset + k]!;
      }
      const step = (product: 0 | 1, acc: number): number => {
        const [x, y] = [hints[a + product]!, hints[b + product]!];
        cells[row + at.x + product] = x;
        cells[row + at.y + product] = y;
        return amxFma(x, (y << 16) >>> 0, acc);
      };
      writeLimbs(cells, row + at.oldEvenLo, even);
      writeLimbs(cells, row + at.oldOddLo, odd);
      writeLimbs(cells, row + at.newEvenLo, step(0, even));
      writeLimbs(cells, row + at.newOddLo, step(1, odd));
    }
  },
});

/** The cells of `amxWordColumns`, contiguous from the low limb. */
export function writeLimbs(cells: Uint32Array, offset: number, word: number): void {
  cells[offset] = word & 0xffff;
  cells[offset + 1] = word >>> 16;
  writeWord(cells, offset + 2, word);
}
