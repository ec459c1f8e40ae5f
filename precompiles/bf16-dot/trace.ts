/** Trace of `air.ts`: one row an event. */
import { residue } from '../../stark/field/koala-bear.ts';
import type { Chip } from '../../vm/chip.ts';
import { BF16_EXPONENT, BF16_SIGNIFICAND } from '../../vm/chips/bf16-decode/decode.ts';
import { bf16DotAir, type blockColumns } from './air.ts';
import { partOf } from './prefix.ts';
import { BLOCK, HOPPER } from './semantics.ts';
import { BF16_DOT_CHIP, BLOCK_EVENT_WORDS, LOW_BITS } from './state.ts';
import { sumNames } from './sum-air.ts';
import { writeSum } from './sum-trace.ts';

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
  cells[row + at.isReal] = 1;
  cells[row + at.a] = a;
  cells[row + at.b] = b;
  writeState(cells, row, at, words[event]!, words[event + 3]!, words[event + 4]! | 0);
  writeOperand(cells, row + at.aSignificand, row + at.aExponent, hints, a);
  writeOperand(cells, row + at.bSignificand, row + at.bExponent, hints, b);
}

/** Writes time and accumulator of a state: `bits` are sign (bit 31) and significand. */
export function writeState(
  cells: Uint32Array,
  row: number,
  at: Pick<BlockOffsets, 'clk' | 'accNegative' | 'accHigh' | 'accLow' | 'accExponent'>,
  clk: number,
  bits: number,
  exponent: number,
): void {
  const significand = bits & 0xff_ffff;
  cells[row + at.clk] = clk;
  cells[row + at.accNegative] = bits >>> 31;
  cells[row + at.accHigh] = significand >>> LOW_BITS;
  cells[row + at.accLow] = significand % 2 ** LOW_BITS;
  cells[row + at.accExponent] = residue(exponent);
}

/** Writes the decoded block of hints from `first` on: significands and exponents, from those cells on. */
export function writeOperand(
  cells: Uint32Array,
  significand: number,
  exponent: number,
  hints: Uint16Array,
  first: number,
): void {
  for (let k = 0; k < BLOCK; k++) {
    const pattern = hints[first + k]!;
    cells[significand + k] = residue(BF16_SIGNIFICAND[pattern]!);
    cells[exponent + k] = residue(BF16_EXPONENT[pattern]!);
  }
}
