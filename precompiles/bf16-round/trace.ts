import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { writeAccess, writeFrame } from '../../vm/chips/frame-trace.ts';
import { increments, overflowsToInfinity, wordOf } from '../fp32-round/semantics.ts';
import { bf16RoundAir } from './air.ts';
import { BF16_ROUND_EVENT_WORDS } from './execute.ts';
import { roundToBf16 } from './semantics.ts';

const at = bf16RoundAir.offsets;
const bit = (condition: boolean): number => (condition ? 1 : 0);

/** One row per executed fcvt.bf16.s. */
export const bf16RoundChip = eventChip({
  air: bf16RoundAir,
  eventWords: BF16_ROUND_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      const [clk, ids, word] = [words[event + 1]!, words[event + 2]!, words[event + 3]!];
      const mode = ids >>> 16;
      writeFrame(cells, row + at.isReal, words[event]!, clk);
      writeAccess(cells, row + at.rs1Address, ids & 0xff, word, words[event + 5]!, clk);
      writeAccess(cells, row + at.rdAddress, (ids >>> 8) & 0xff, words[event + 4]!, words[event + 6]!, clk + 3);
      writeRounding(cells, row, mode, word);
    }
  },
});

function writeRounding(cells: Uint32Array, row: number, mode: number, word: number): void {
  const biased = (word >>> 23) & 0xff;
  const [special, fraction] = [biased === 255, word & 0x7f_ffff];
  const upper = (fraction >>> 16) + (biased === 0 ? 0 : 0x80);
  const isNan = special && fraction !== 0;
  const [odd, guard, dropped] = [(upper & 1) === 1, (word & 0x8000) !== 0, word & 0x7fff];
  const negative = word >>> 31 === 1;
  cells[row + at.mode] = mode;
  cells[row + at.sign] = bit(negative);
  cells[row + at.exponent] = Math.max(biased, 1);
  cells[row + at.upper] = upper;
  cells[row + at.special] = bit(special);
  cells[row + at.isNan] = bit(isNan);
  cells[row + at.nanInverse] = isNan ? inverse(felt(fraction)) : 0;
  cells[row + at.odd] = bit(odd);
  cells[row + at.half] = upper >>> 1;
  cells[row + at.guard] = bit(guard);
  cells[row + at.dropped] = dropped;
  cells[row + at.rest] = bit(dropped !== 0);
  cells[row + at.restInverse] = dropped === 0 ? 0 : inverse(felt(dropped));
  cells[row + at.increment] = bit(increments(mode, negative, odd, guard, dropped !== 0));
  cells[row + at.inexact] = bit(guard || dropped !== 0);
  cells[row + at.carries] = bit(guard && increments(mode, negative, guard, false, dropped !== 0));
  cells[row + at.infinite] = bit(overflowsToInfinity(mode, negative));
  cells[row + at.out] = wordOf(roundToBf16(mode, word));
}
