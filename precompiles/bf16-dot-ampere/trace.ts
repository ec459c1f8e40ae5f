/** Trace of `air.ts`: one row an event, of a whole block or of its first half. */

import { P } from '../../stark/field/koala-bear.ts';
import type { Chip } from '../../vm/chip.ts';
import { partOf } from '../bf16-dot/prefix.ts';
import { AMPERE, BLOCK } from '../bf16-dot/semantics.ts';
import { BF16_DOT_AMPERE_CHIP, BLOCK_EVENT_WORDS, BOTH_HALVES, LOW_BITS } from '../bf16-dot/state.ts';
import { sumNames } from '../bf16-dot/sum-air.ts';
import { writeIdleSum, writeSum } from '../bf16-dot/sum-trace.ts';
import { writeBlock } from '../bf16-dot/trace.ts';
import { bf16DotAmpereAir } from './air.ts';

const at = bf16DotAmpereAir.offsets;
const firstAt = partOf<number, (typeof sumNames)[number]>(at, 'first', sumNames);
const secondAt = partOf<number, (typeof sumNames)[number]>(at, 'second', sumNames);
const HALF = AMPERE.products;

/** One row per block of finite operands, or first half of one. */
export const bf16DotAmpereChip: Chip & { readonly eventWords: number } = {
  air: bf16DotAmpereAir,
  eventWords: BLOCK_EVENT_WORDS,
  rows: (execution) => execution.logs.get(BF16_DOT_AMPERE_CHIP)?.count ?? 0,
  fill({ logs, hints }, { cells, stride }) {
    const log = logs.get(BF16_DOT_AMPERE_CHIP);
    for (let i = 0; i < (log?.count ?? 0); i++) writeRow(cells, i * stride, log!.words, i * BLOCK_EVENT_WORDS, hints);
  },
};

function writeRow(cells: Uint32Array, row: number, words: Uint32Array, event: number, hints: Uint16Array): void {
  writeBlock(cells, row, at, words, event, hints);
  const [a, b] = [words[event + 1]! * BLOCK, words[event + 2]! * BLOCK];
  const [bits, accExponent] = [words[event + 3]!, words[event + 4]! | 0];
  writeSum(cells, row, firstAt, AMPERE, hints, a, b, bits >>> 31, bits & 0xff_ffff, accExponent);
  const [negative, exponentCell] = [cells[row + firstAt.negative]!, cells[row + firstAt.exponent]!];
  const significand = cells[row + firstAt.high]! * 2 ** LOW_BITS + cells[row + firstAt.low]!;
  const exponent = exponentCell > 2 ** 16 ? exponentCell - P : exponentCell;
  const [a2, b2] = [a + HALF, b + HALF];
  if (words[event + 5] === BOTH_HALVES) {
    cells[row + at.isWhole] = 1;
    writeSum(cells, row, secondAt, AMPERE, hints, a2, b2, negative, significand, exponent);
  } else writeIdleSum(cells, row, secondAt, AMPERE, hints, a2, b2, negative, significand, exponent);
}
