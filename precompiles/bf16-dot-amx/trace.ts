/** Trace of `air.ts`: one row an event, both sums by `fastMac`. */
import { residue } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { partOf } from '../bf16-dot/prefix.ts';
import { exponentOf } from '../bf16-dot/semantics.ts';
import { LOW_BITS } from '../bf16-dot/state.ts';
import { normalMacNames } from '../bf16-dot-fma/mac-air.ts';
import { type Offsets, writeNormalMac } from '../bf16-dot-fma/mac-trace.ts';
import { bf16DotAmxAir, type stepColumns } from './air.ts';
import { AMX_STEP_EVENT_WORDS } from './state.ts';

const at = bf16DotAmxAir.offsets;
const firstAt = partOf<number, (typeof normalMacNames)[number]>(at, 'first', normalMacNames);
const secondAt = partOf<number, (typeof normalMacNames)[number]>(at, 'second', normalMacNames);

/** One row per two products. */
export const bf16DotAmxChip = eventChip({
  air: bf16DotAmxAir,
  eventWords: AMX_STEP_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { hints }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writeStep(cells, row, at, words, event);
      const [a, b] = [words[event + 2]!, words[event + 3]!];
      writeNormalMac(cells, row, firstAt, hints[a]!, hints[b]!, words[event + 5]!);
      writeNormalMac(cells, row, secondAt, hints[a + 1]!, hints[b + 1]!, words[event + 7]!);
    }
  },
});

/** Writes the cells of `stepColumns`. */
export function writeStep(
  cells: Uint32Array,
  row: number,
  at: Offsets<typeof stepColumns>,
  words: Uint32Array,
  event: number,
): void {
  cells[row + at.isReal] = 1;
  cells[row + at.clk] = words[event]!;
  cells[row + at.tile] = words[event + 1]!;
  cells[row + at.a] = words[event + 2]!;
  cells[row + at.b] = words[event + 3]!;
  writeAccumulator(cells, row + at.evenNegative, words[event + 4]!, words[event + 5]!);
  writeAccumulator(cells, row + at.oddNegative, words[event + 6]!, words[event + 7]!);
}

/** The four cells of an accumulator, contiguous. `bits`: sign (bit 31) and significand. */
export function writeAccumulator(cells: Uint32Array, offset: number, bits: number, word: number): void {
  const significand = bits & 0xff_ffff;
  cells[offset] = bits >>> 31;
  cells[offset + 1] = significand >>> LOW_BITS;
  cells[offset + 2] = significand % 2 ** LOW_BITS;
  cells[offset + 3] = residue(exponentOf(word));
}
