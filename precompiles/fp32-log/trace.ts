import { type Felt, felt, inverse, mul, reduce, residue } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { NEAR_ONE, ONE } from '../fp32-function-special/semantics.ts';
import { wordOf } from '../fp32-round/semantics.ts';
import { fp32LogAir } from './air.ts';
import { LOG_EVENT_WORDS } from './bus.ts';
import { logRow } from './row.ts';
import { logFp32 } from './semantics.ts';
import { multipleOfLn2 } from './table.ts';

const at = fp32LogAir.offsets;

/** One row per logarithm that takes arithmetic. */
export const fp32LogChip = eventChip({
  air: fp32LogAir,
  eventWords: LOG_EVENT_WORDS,
  fill({ words, count }, { cells, stride }) {
    for (let i = 0; i < count; i++) writeRow(cells, i * stride, words[i]!);
  },
});

const difference = (a: number, b: number): Felt => reduce(a - b);

function writeRow(cells: Uint32Array, row: number, a: number): void {
  const word = wordOf(logFp32(a));
  const { isSubnormal, exponent, significand, isNegative, magnitude, excess } = logRow(a);
  const { upper, middle, lower } = multipleOfLn2(exponent);
  cells[row + at.isReal] = 1;
  cells[row + at.aLo] = a & 0xffff;
  cells[row + at.aHi] = a >>> 16;
  cells[row + at.outLo] = word & 0xffff;
  cells[row + at.outHi] = word >>> 16;
  cells[row + at.isSubnormal] = isSubnormal ? 1 : 0;
  cells[row + at.exponent] = residue(exponent);
  cells[row + at.significand] = significand;
  cells[row + at.otherInverse] = inverse(mul(difference(a, ONE), difference(a, NEAR_ONE)));
  cells[row + at.isNegative] = isNegative ? 1 : 0;
  cells[row + at.w3] = magnitude.upper >>> 16;
  cells[row + at.w2] = magnitude.upper & 0xffff;
  cells[row + at.w1] = magnitude.middle >>> 8;
  cells[row + at.w0High] = magnitude.middle & 0xff;
  cells[row + at.w0Low] = magnitude.lower >>> 16;
  cells[row + at.below] = magnitude.lower & 0xffff;
  cells[row + at.multiple] = residue(upper);
  cells[row + at.multiple + 1] = felt(middle);
  cells[row + at.multiple + 2] = felt(lower);
  cells[row + at.excess] = excess;
}
