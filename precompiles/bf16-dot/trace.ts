/** Trace of `air.ts`: one row an event. */
import type { Chip } from '../../vm/chip.ts';
import { BF16_EXPONENT, BF16_SIGNIFICAND } from '../../vm/chips/bf16-decode/decode.ts';
import { bf16DotAir, type blockColumns } from './air.ts';
import { partOf } from './prefix.ts';
import { BLOCK, HOPPER } from './semantics.ts';
import { BF16_DOT_CHIP, BLOCK_EVENT_WORDS, LOW_BITS } from './state.ts';
import { sumNames } from './sum-air.ts';
import { residue, writeSum } from './sum-trace.ts';

const at = bf16DotAir.offsets;
const sumAt = partOf<number, (typeof sumNames)[number]>(at, '', sumNames);

/** One row per block of finite operands. */
export const bf16DotChip: Chip & { readonly eventWords: number } = {
  air: bf16DotAir,
  eventWords: BLOCK_EVENT_WORDS,
  rows: (execution) => execution.logs.get(BF16_DOT_CHIP)?.count ?? 0,
  fill({ logs, hints }, { cells, stride }) {
    const log = logs.get(BF16_DOT_CHIP);
    for (let i = 0; i < (log?.count ?? 0); i++) {
      const [row, event, words] = [i * stride, i * BLOCK_EVENT_WORDS, log!.words];
      writeBlock(cells, row, at, words, event, hints);
      const [a, b] = [words[event + 1]! * BLOCK, words[event + 2]! * BLOCK];
      const [bits, exponent] = [words[event + 3]!, words[event + 4]! | 0];
      writeSum(cells, row, sumAt, HOPPER, hints, a, b, bits >>> 31, bits & 0xff_ffff, exponent);
    }
  },
};

type BlockOffsets = { readonly [K in keyof typeof blockColumns]: number };

/** Writes the cells of `blockColumns`; a, b are those of the whole block. */
export function writeBlock(
  cells: Uint32Array,
  row: number,
  at: BlockOffsets,
  words: Uint32Array,
  event: number,
  hints: Uint16Array,
): void {
  const [a, b] = [words[event + 1]! * BLOCK, words[event + 2]! * BLOCK];
  const accSignificand = words[event + 3]! & 0xff_ffff;
  cells[row + at.isReal] = 1;
  cells[row + at.clk] = words[event]!;
  cells[row + at.a] = a;
  cells[row + at.b] = b;
  cells[row + at.accNegative] = words[event + 3]! >>> 31;
  cells[row + at.accHigh] = accSignificand >>> LOW_BITS;
  cells[row + at.accLow] = accSignificand % 2 ** LOW_BITS;
  cells[row + at.accExponent] = residue(words[event + 4]! | 0);
  for (let k = 0; k < BLOCK; k++) {
    const [x, y] = [hints[a + k]!, hints[b + k]!];
    cells[row + at.aSignificand + k] = residue(BF16_SIGNIFICAND[x]!);
    cells[row + at.aExponent + k] = residue(BF16_EXPONENT[x]!);
    cells[row + at.bSignificand + k] = residue(BF16_SIGNIFICAND[y]!);
    cells[row + at.bExponent + k] = residue(BF16_EXPONENT[y]!);
  }
}
