import { type Felt, inverse, mul } from '../../stark/field/koala-bear.ts';
import { eventChip } from '../../vm/chip.ts';
import { productLimbValues } from '../../vm/chips/product.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32MulAir } from './air.ts';
import { MUL_EVENT_WORDS } from './bus.ts';
import { mulFp32 } from './semantics.ts';

const at = fp32MulAir.offsets;

/** One row per multiplication that takes arithmetic. */
export const fp32MulChip = eventChip({
  air: fp32MulAir,
  eventWords: MUL_EVENT_WORDS,
  fill({ words, count, eventWords }, { cells, stride }) {
    for (let i = 0; i < count; i++) {
      const event = i * eventWords;
      writeRow(cells, i * stride, words[event]!, words[event + 1]!, words[event + 2]!);
    }
  },
});

function writeRow(cells: Uint32Array, row: number, mode: number, a: number, b: number): void {
  const result = mulFp32(mode, a, b);
  const word = wordOf(result);
  const [aSignificand, bSignificand] = [significandOf(a), significandOf(b)];
  cells[row + at.isReal] = 1;
  cells[row + at.mode] = mode;
  cells[row + at.aLo] = a & 0xffff;
  cells[row + at.aHi] = a >>> 16;
  cells[row + at.bLo] = b & 0xffff;
  cells[row + at.bHi] = b >>> 16;
  cells[row + at.outLo] = word & 0xffff;
  cells[row + at.outHi] = word >>> 16;
  cells[row + at.flags] = flagsOf(result);
  cells[row + at.aSign] = a >>> 31;
  cells[row + at.aExponent] = exponentOf(a);
  cells[row + at.aUpper] = aSignificand >>> 16;
  cells[row + at.bSign] = b >>> 31;
  cells[row + at.bExponent] = exponentOf(b);
  cells[row + at.bUpper] = bSignificand >>> 16;
  cells[row + at.aLowest] = a & 0xff;
  cells[row + at.bLowest] = b & 0xff;
  cells[row + at.nonZeroInverse] = inverse(mul(aSignificand as Felt, bSignificand as Felt));
  const [low, middle, high] = productLimbValues(aSignificand, bSignificand);
  const carry = Math.floor(low / 2 ** 16);
  const next = middle + carry;
  cells[row + at.product] = low % 2 ** 16;
  cells[row + at.product + 1] = next % 2 ** 16;
  cells[row + at.carry] = carry;
  cells[row + at.carry + 1] = Math.floor(next / 2 ** 16);
  cells[row + at.productUpper] = high + Math.floor(next / 2 ** 16);
  cells[row + at.negative] = (a ^ b) >>> 31;
}
