import { inverse, mul, P, reduce } from '../../stark/field/koala-bear.ts';
import type { Chip } from '../../vm/chip.ts';
import { BF16_EXPONENT, BF16_SIGNIFICAND, SPECIAL_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { BLOCK } from '../bf16-dot/semantics.ts';
import { BF16_DOT_SPECIAL_CHIP, BLOCK_EVENT_WORDS, LOW_BITS, NAN_EXPONENT } from '../bf16-dot/state.ts';
import { bf16DotSpecialAir } from './air.ts';

const at = bf16DotSpecialAir.offsets;

/** One row per block with an infinity or NaN among its operands or as its accumulator. */
export const bf16DotSpecialChip: Chip & { readonly eventWords: number } = {
  air: bf16DotSpecialAir,
  eventWords: BLOCK_EVENT_WORDS,
  rows: (execution) => execution.logs.get(BF16_DOT_SPECIAL_CHIP)?.count ?? 0,
  fill({ logs, hints }, { cells, stride }) {
    const log = logs.get(BF16_DOT_SPECIAL_CHIP);
    for (let i = 0; i < (log?.count ?? 0); i++) writeRow(cells, i * stride, log!.words, i * BLOCK_EVENT_WORDS, hints);
  },
};

/** A signed integer above -p as a residue. */
const residue = (value: number): number => (value < 0 ? value + P : value);
const inverseOrZero = (value: number): number => (value === 0 ? 0 : inverse(reduce(value)));

function writeRow(cells: Uint32Array, row: number, words: Uint32Array, event: number, hints: Uint16Array): void {
  const [a, b] = [words[event + 1]!, words[event + 2]!];
  const accNegative = words[event + 3]! >>> 31;
  const accSignificand = words[event + 3]! & 0xff_ffff;
  const accExponent = words[event + 4]! | 0;
  const accInfinity = accExponent === SPECIAL_EXPONENT ? 1 : 0;
  const accNan = accExponent === NAN_EXPONENT ? 1 : 0;
  cells[row + at.isReal] = 1;
  cells[row + at.clk] = words[event]!;
  cells[row + at.a] = a;
  cells[row + at.b] = b;
  cells[row + at.accNegative] = accNegative;
  cells[row + at.accHigh] = accSignificand >>> LOW_BITS;
  cells[row + at.accLow] = accSignificand % 2 ** LOW_BITS;
  cells[row + at.accExponent] = residue(accExponent);
  cells[row + at.accInfinity] = accInfinity;
  cells[row + at.accNan] = accNan;
  const distances = mul(reduce(accExponent - SPECIAL_EXPONENT), reduce(accExponent - NAN_EXPONENT));
  cells[row + at.accInverse] = accInfinity + accNan === 0 ? inverse(distances) : 0;

  let numPlus = accInfinity * (1 - accNegative);
  let numMinus = accInfinity * accNegative;
  let numNan = accNan;
  for (let k = 0; k < BLOCK; k++) {
    const [x, y] = [hints[a * BLOCK + k]!, hints[b * BLOCK + k]!];
    cells[row + at.aSignificand + k] = residue(BF16_SIGNIFICAND[x]!);
    cells[row + at.aExponent + k] = residue(BF16_EXPONENT[x]!);
    cells[row + at.bSignificand + k] = residue(BF16_SIGNIFICAND[y]!);
    cells[row + at.bExponent + k] = residue(BF16_EXPONENT[y]!);
    if (BF16_EXPONENT[x] !== SPECIAL_EXPONENT && BF16_EXPONENT[y] !== SPECIAL_EXPONENT) continue;
    const product = BF16_SIGNIFICAND[x]! * BF16_SIGNIFICAND[y]!;
    const kind = product === 0 ? at.nan : product > 0 ? at.plus : at.minus;
    cells[row + kind + k] = 1;
    cells[row + at.excess + k] = product === 0 ? 0 : Math.abs(product) - 1;
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
