/** Trace of `air.ts`: one row an event, both sums by `fastMac`. */
import { residue } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { partOf } from '../bf16-dot/prefix.ts';
import { exponentOf } from '../bf16-dot/semantics.ts';
import { LOW_BITS } from '../bf16-dot/state.ts';
import { bf16DotFmaAir, type pairColumns } from './air.ts';
import { macNames } from './mac-air.ts';
import { writeMac } from './mac-trace.ts';
import { MAC_EVENT_WORDS } from './state.ts';

const LOW = 2 ** LOW_BITS;
const at = bf16DotFmaAir.offsets;
const firstAt = partOf<number, (typeof macNames)[number]>(at, 'first', macNames);
const secondAt = partOf<number, (typeof macNames)[number]>(at, 'second', macNames);

/** One row per two products. */
export const bf16DotFmaChip = eventChip({
  air: bf16DotFmaAir,
  eventWords: MAC_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { hints }) {
    for (let i = 0; i < count; i++) {
      const [event, row] = [i * eventWords, i * stride];
      writePair(cells, row, at, words, event);
      const [a, b] = [words[event + 1]!, words[event + 2]!];
      const between = writeMac(cells, row, firstAt, hints[a]!, hints[b]!, words[event + 4]!);
      writeMac(cells, row, secondAt, hints[a + 1]!, hints[b + 1]!, between);
    }
  },
});

type PairOffsets = { readonly [K in keyof typeof pairColumns]: number };

/** Writes the cells of `pairColumns`. */
export function writePair(cells: Uint32Array, row: number, at: PairOffsets, words: Uint32Array, event: number): void {
  const significand = words[event + 3]! & 0xff_ffff;
  cells[row + at.isReal] = 1;
  cells[row + at.clk] = words[event]!;
  cells[row + at.a] = words[event + 1]!;
  cells[row + at.b] = words[event + 2]!;
  cells[row + at.accNegative] = words[event + 3]! >>> 31;
  cells[row + at.accHigh] = Math.floor(significand / LOW);
  cells[row + at.accLow] = significand % LOW;
  cells[row + at.accExponent] = residue(exponentOf(words[event + 4]!));
}
