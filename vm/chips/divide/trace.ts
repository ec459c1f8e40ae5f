import { residue } from '../../../stark/field/koala-bear.ts';
import { opOf } from '../../isa/op.ts';
import { operandChip } from '../operand-event.ts';
import { productLimbValues } from '../product.ts';
import { divideAir } from './air.ts';
import { divideSigned, divideUnsigned, remainderSigned, remainderUnsigned } from './semantics.ts';

const DIV = opOf('div');

/** One row per executed div, divu, rem or remu. */
export const divideChip = operandChip(divideAir, (cells, row, op, a, b) => {
  const o = divideAir.offsets;
  const isUnsigned = ((op - DIV) & 1) === 1;
  const isRemainder = op - DIV >= 2;
  const q = isUnsigned ? divideUnsigned(a, b) : divideSigned(a, b);
  const r = isUnsigned ? remainderUnsigned(a, b) : remainderSigned(a, b);
  const signOf = (word: number): number => (isUnsigned ? 0 : word >>> 31);
  const [signA, signB, signR] = [signOf(a), signOf(b), signOf(r)];
  // Negative exactly if the signs differ: -2^31 / -1 = 2^31 is not, nor is a quotient of 0.
  const signQ = q !== 0 && b !== 0 ? signA ^ signB : 0;
  const sums = productLimbValues(q, b);
  const carry0 = (sums[0] + (r & 0xffff) - (a & 0xffff)) / 2 ** 16;
  const carry1 = (sums[1] + (r >>> 16) - (a >>> 16) + carry0) / 2 ** 16;
  const carry2 = (sums[2] - signQ * (b & 0xffff) - signB * (q & 0xffff) - signR + signA + carry1) / 2 ** 16;

  cells[row + o.isUnsigned] = isUnsigned ? 1 : 0;
  cells[row + o.isRemainder] = isRemainder ? 1 : 0;
  cells[row + o.isZero] = b === 0 ? 1 : 0;
  cells[row + o.signA] = signA;
  cells[row + o.signB] = signB;
  cells[row + o.signQ] = signQ;
  cells[row + o.signR] = signR;
  cells[row + o.carry0] = carry0;
  cells[row + o.carry1] = carry1;
  cells[row + o.carry2] = residue(carry2);
  const out = isRemainder ? r : q;
  for (let i = 0; i < 2; i++) {
    cells[row + o.bLow + i] = (b >>> (16 * i)) & 0xff;
    cells[row + o.remainder + i] = (r >>> (16 * i)) & 0xffff;
    cells[row + o.out + i] = (out >>> (16 * i)) & 0xffff;
  }
  for (let i = 0; i < 4; i++) cells[row + o.quotient + i] = (q >>> (8 * i)) & 0xff;
  if (b === 0) return;
  const absolute = (sign: number, word: number): number => (sign === 1 ? 2 ** 32 - word : word);
  const gap = absolute(signB, b) - absolute(signR, r) - 1;
  const lowOf = (sign: number, word: number): number => (1 - 2 * sign) * (word & 0xffff);
  const gapLow = gap % 2 ** 16;
  cells[row + o.gap] = gapLow;
  cells[row + o.gap + 1] = Math.floor(gap / 2 ** 16);
  cells[row + o.borrow] = residue((gapLow + 1 + lowOf(signR, r) - lowOf(signB, b)) / 2 ** 16);
});
