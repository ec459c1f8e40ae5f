import { residue } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { BF16_EXPONENT, BF16_SIGNIFICAND } from '../../vm/chips/bf16-decode/decode.ts';
import { BLOCK } from '../bf16-dot/semantics.ts';
import { bf16PairsAir, type pairsColumns } from './air.ts';
import { PAIRS, PAIRS_EVENT_WORDS } from './bus.ts';

const at = bf16PairsAir.offsets;

/** One row per two blocks whose products are asked for. */
export const bf16PairsChip = eventChip({
  air: bf16PairsAir,
  eventWords: PAIRS_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }, { hints }) {
    for (let i = 0; i < count; i++) writePairs(cells, i * stride, at, words, i * eventWords, hints);
  },
});

/** Writes the cells of `pairsColumns`. */
export function writePairs(
  cells: Uint32Array,
  row: number,
  at: { readonly [K in keyof typeof pairsColumns]: number },
  words: Uint32Array,
  event: number,
  hints: Uint16Array,
): void {
  const [a, b, mask] = [words[event]!, words[event + 1]!, words[event + 2]!];
  cells[row + at.isReal] = 1;
  cells[row + at.a] = a;
  cells[row + at.b] = b;
  for (let k = 0; k < BLOCK; k++) {
    const [x, y] = [hints[a * BLOCK + k]!, hints[b * BLOCK + k]!];
    cells[row + at.aSignificand + k] = residue(BF16_SIGNIFICAND[x]!);
    cells[row + at.aExponent + k] = residue(BF16_EXPONENT[x]!);
    cells[row + at.bSignificand + k] = residue(BF16_SIGNIFICAND[y]!);
    cells[row + at.bExponent + k] = residue(BF16_EXPONENT[y]!);
  }
  for (let pair = 0; pair < PAIRS; pair++) cells[row + at.isAsked + pair] = (mask >>> pair) & 1;
}
