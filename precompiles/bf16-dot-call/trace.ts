import { felt, inverse, P } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { writeAccess, writeFrame } from '../../vm/chips/frame-trace.ts';
import { DOT_MODELS } from '../../vm/isa/xulp.ts';
import { exponentOf, significandOf } from '../bf16-dot/semantics.ts';
import { LOW_BITS } from '../bf16-dot/state.ts';
import { bf16DotCallAir } from './air.ts';
import { CALL_EVENT_WORDS } from './event.ts';

const at = bf16DotCallAir.offsets;

/** One row per executed instruction. */
export const bf16DotCallChip = eventChip({
  air: bf16DotCallAir,
  eventWords: CALL_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [clk, ids] = [words[event + 1]!, words[event + 2]!];
      const [a, b, blocks] = [words[event + 3]!, words[event + 4]!, words[event + 5]!];
      const [old, out, significand] = [words[event + 6]!, words[event + 7]!, words[event + 8]!];
      writeFrame(cells, row + at.isReal, words[event]!, clk);
      writeAccess(cells, row + at.rs1Address, ids & 0xff, a, words[event + 9]!, clk);
      writeAccess(cells, row + at.rs2Address, (ids >>> 8) & 0xff, b, words[event + 10]!, clk + 1);
      writeAccess(cells, row + at.rs3Address, (ids >>> 16) & 0xff, blocks, words[event + 11]!, clk + 2);
      writeAccess(cells, row + at.rdAddress, ids >>> 24, old, words[event + 12]!, clk + 3);
      const model = words[event + 13]!;
      cells[row + at.isAmpere] = model === DOT_MODELS.ampere ? 1 : 0;
      cells[row + at.isBlackwell] = model === DOT_MODELS.blackwell ? 1 : 0;
      cells[row + at.isFma] = model === DOT_MODELS.fma ? 1 : 0;
      cells[row + at.isAmx] = model === DOT_MODELS.amx && blocks % 2 === 0 ? 1 : 0;
      cells[row + at.isAmxOdd] = model === DOT_MODELS.amx && blocks % 2 === 1 ? 1 : 0;
      cells[row + at.aLow] = (a & 0xffff) / 32;
      cells[row + at.bLow] = (b & 0xffff) / 32;
      cells[row + at.isEmpty] = blocks === 0 ? 1 : 0;
      cells[row + at.blocksInverse] = blocks === 0 ? 0 : inverse(felt(blocks));
      writeWord(cells, row + at.oldSign, old);
      cells[row + at.outLo] = out & 0xffff;
      cells[row + at.outHi] = out >>> 16;
      writeWord(cells, row + at.outSign, out);
      cells[row + at.lastHigh] = significand >>> LOW_BITS;
      cells[row + at.lastLow] = significand % 2 ** LOW_BITS;
    }
  },
});

/** The nine cells of `wordColumns`, contiguous from its sign. */
export function writeWord(cells: Uint32Array, offset: number, word: number): void {
  const biased = (word >>> 23) & 0xff;
  const significand = significandOf(word);
  const exponent = exponentOf(word);
  const rest = biased === 255 ? significand - 2 ** 23 : significand;
  cells[offset] = word >>> 31;
  cells[offset + 1] = Math.max(biased, 1);
  cells[offset + 2] = significand >>> 16;
  cells[offset + 3] = biased === 255 ? 1 : 0;
  cells[offset + 4] = (word & 0xffff) >>> LOW_BITS;
  cells[offset + 5] = word % 2 ** LOW_BITS;
  cells[offset + 6] = rest === 0 ? 1 : 0;
  cells[offset + 7] = rest === 0 ? 0 : inverse(felt(rest));
  cells[offset + 8] = exponent < 0 ? exponent + P : exponent;
}
