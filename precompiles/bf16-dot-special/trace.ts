import { inverse, mul, reduce } from '../../stark/field/koala-bear.ts';
import type { Chip } from '../../vm/chip.ts';
import { BF16_EXPONENT, BF16_SIGNIFICAND, SPECIAL_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { BLOCK } from '../bf16-dot/semantics.ts';
import {
  BF16_DOT_SPECIAL_CHIP,
  BLOCK_EVENT_WORDS,
  BOTH_HALVES,
  FIRST_HALF,
  NAN_EXPONENT,
  SECOND_HALF,
} from '../bf16-dot/state.ts';
import { writeBlock } from '../bf16-dot/trace.ts';
import { bf16DotSpecialAir } from './air.ts';

const at = bf16DotSpecialAir.offsets;

/** One row per sum with an infinity or NaN among its operands or as its accumulator. */
export const bf16DotSpecialChip: Chip & { readonly eventWords: number } = {
  air: bf16DotSpecialAir,
  eventWords: BLOCK_EVENT_WORDS,
  rows: (execution) => execution.logs.get(BF16_DOT_SPECIAL_CHIP)?.count ?? 0,
  fill({ logs, hints }, { cells, stride }) {
    const log = logs.get(BF16_DOT_SPECIAL_CHIP);
    for (let i = 0; i < (log?.count ?? 0); i++) writeRow(cells, i * stride, log!.words, i * BLOCK_EVENT_WORDS, hints);
  },
};

const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));

function writeRow(cells: Uint32Array, row: number, words: Uint32Array, event: number, hints: Uint16Array): void {
  const halves = words[event + 5]!;
  const accNegative = words[event + 3]! >>> 31;
  const accExponent = words[event + 4]! | 0;
  writeBlock(cells, row, at, words, event, hints);
  const [a, b] = [words[event + 1]! * BLOCK, words[event + 2]! * BLOCK];
  if (halves === SECOND_HALF) {
    cells[row + at.a] = a + BLOCK / 2;
    cells[row + at.b] = b + BLOCK / 2;
  }
  cells[row + at.isAmpere] = halves === BOTH_HALVES ? 0 : 1;
  cells[row + at.first] = halves & FIRST_HALF;
  cells[row + at.second] = halves >>> 1;
  const accInfinity = accExponent === SPECIAL_EXPONENT ? 1 : 0;
  const accNan = accExponent === NAN_EXPONENT ? 1 : 0;
  cells[row + at.accInfinity] = accInfinity;
  cells[row + at.accNan] = accNan;
  const distances = mul(reduce(accExponent - SPECIAL_EXPONENT), reduce(accExponent - NAN_EXPONENT));
  cells[row + at.accInverse] = accInfinity + accNan === 0 ? inverse(distances) : 0;

  let numPlus = accInfinity * (1 - accNegative);
  let numMinus = accInfinity * accNegative;
  let numNan = accNan;
  for (let k = 0; k < BLOCK; k++) {
    const [x, y] = [hints[a + k]!, hints[b + k]!];
    if (BF16_EXPONENT[x] !== SPECIAL_EXPONENT && BF16_EXPONENT[y] !== SPECIAL_EXPONENT) continue;
    const product = BF16_SIGNIFICAND[x]! * BF16_SIGNIFICAND[y]!;
    const kind = product === 0 ? at.nan : product > 0 ? at.plus : at.minus;
    cells[row + kind + k] = 1;
    cells[row + at.excess + k] = product === 0 ? 0 : Math.abs(product) - 1;
    if ((halves & (k < BLOCK / 2 ? FIRST_HALF : SECOND_HALF)) === 0) continue;
    if (product === 0) numNan++;
    else if (product > 0) numPlus++;
    else numMinus++;
  }
  const isNan = numNan > 0 || (numPlus > 0 && numMinus > 0);
  cells[row + at.anyPlus] = numPlus > 0 ? 1 : 0;
  cells[row + at.anyMinus] = numMinus > 0 ? 1 : 0;
  cells[row + at.anyNan] = numNan > 0 ? 1 : 0;
  cells[row + at.plusInverse] = inverseOrZero(numPlus);
  cells[row + at.minusInverse] = inverseOrZero(numMinus);
  cells[row + at.nanInverse] = inverseOrZero(numNan);
  cells[row + at.isNan] = isNan ? 1 : 0;
  cells[row + at.negative] = !isNan && numMinus > 0 ? 1 : 0;
}
