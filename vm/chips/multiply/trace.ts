import { residue } from '../../../stark/field/koala-bear.ts';
import { opOf } from '../../isa/op.ts';
import { operandChip } from '../operand-event.ts';
import { productLimbValues } from '../product.ts';
import { multiplyAir } from './air.ts';
import { multiplyHighAir } from './high-air.ts';

const [MULH, MULHU] = [opOf('mulh'), opOf('mulhu')];

/** One row per executed mul. */
export const multiplyChip = operandChip(multiplyAir, (cells, row, _op, a, b) => {
  const o = multiplyAir.offsets;
  const sums = productLimbValues(a, b);
  const carry0 = sums[0] >>> 16;
  const high = sums[1] + carry0; // < 2^26
  for (let i = 0; i < 2; i++) {
    cells[row + o.aLow + i] = (a >>> (16 * i)) & 0xff;
    cells[row + o.bLow + i] = (b >>> (16 * i)) & 0xff;
  }
  cells[row + o.outLo] = sums[0] & 0xffff;
  cells[row + o.outHi] = high & 0xffff;
  cells[row + o.carry0] = carry0;
  cells[row + o.carry1] = high >>> 16;
});

/** One row per executed mulh, mulhsu or mulhu. */
export const multiplyHighChip = operandChip(multiplyHighAir, (cells, row, op, a, b) => {
  const o = multiplyHighAir.offsets;
  const [isSignedA, isSignedB] = [op !== MULHU, op === MULH];
  const [signA, signB] = [isSignedA ? a >>> 31 : 0, isSignedB ? b >>> 31 : 0];
  const sums = productLimbValues(a, b);
  const low1 = sums[1] + (sums[0] >>> 16);
  const low2 = sums[2] + (low1 >>> 16) - signA * (b & 0xffff) - signB * (a & 0xffff); // |.| < 2^26
  const low3 = sums[3] + (low2 >> 16) - signA * (b >>> 16) - signB * (a >>> 16);
  cells[row + o.isSignedA] = isSignedA ? 1 : 0;
  cells[row + o.isSignedB] = isSignedB ? 1 : 0;
  cells[row + o.signA] = signA;
  cells[row + o.signB] = signB;
  for (let i = 0; i < 2; i++) {
    cells[row + o.aLow + i] = (a >>> (16 * i)) & 0xff;
    cells[row + o.bLow + i] = (b >>> (16 * i)) & 0xff;
  }
  cells[row + o.product] = sums[0] & 0xffff;
  cells[row + o.product + 1] = low1 & 0xffff;
  cells[row + o.outLo] = low2 & 0xffff;
  cells[row + o.outHi] = low3 & 0xffff;
  cells[row + o.carry0] = sums[0] >>> 16;
  cells[row + o.carry1] = low1 >>> 16;
  cells[row + o.carry2] = residue(low2 >> 16);
  cells[row + o.carry3] = residue(low3 >> 16);
});
