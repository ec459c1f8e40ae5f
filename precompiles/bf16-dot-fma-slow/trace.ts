import { eventChip } from '../../vm/chip.ts';
import { BLOCK } from '../bf16-dot/semantics.ts';
import { writeWord } from '../bf16-dot-call/trace.ts';
import { MAC_EVENT_WORDS } from '../bf16-dot-fma/state.ts';
import { writePair } from '../bf16-dot-fma/trace.ts';
import { fmaFp32 } from '../fp32-fma/semantics.ts';
import { flagsOf, ROUNDING, wordOf } from '../fp32-round/semantics.ts';
import { bf16DotFmaSlowAir } from './air.ts';

const at = bf16DotFmaSlowAir.offsets;

/** One row per two products. */
export const bf16DotFmaSlowChip = eventChip({
  air: bf16DotFmaSlowAir,
  eventWords: MAC_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { hints }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writePair(cells, row, at, words, event);
      const [a, b, old] = [words[event + 1]!, words[event + 2]!, words[event + 4]!];
      const offset = a % BLOCK;
      cells[row + at.pair + offset / 2] = 1;
      for (let k = 0; k < BLOCK; k++) {
        cells[row + at.aBlock + k] = hints[a - offset + k]!;
        cells[row + at.bBlock + k] = hints[b - offset + k]!;
      }
      const fused = (product: number, acc: number): number => {
        const [x, y] = [hints[a + product]!, hints[b + product]!];
        const result = fmaFp32(ROUNDING.rne, 0, (x << 16) >>> 0, (y << 16) >>> 0, acc);
        cells[row + at.x + product] = x;
        cells[row + at.y + product] = y;
        cells[row + at.flags + product] = flagsOf(result);
        return wordOf(result);
      };
      const mid = fused(0, old);
      const out = fused(1, mid);
      const limbs = (offset: number, word: number): void => {
        cells[row + offset] = word & 0xffff;
        cells[row + offset + 1] = word >>> 16;
      };
      limbs(at.oldLo, old);
      limbs(at.midLo, mid);
      limbs(at.outLo, out);
      writeWord(cells, row + at.oldSign, old);
      writeWord(cells, row + at.outSign, out);
    }
  },
});
