import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { opOf } from '../../vm/isa/op.ts';
import { fp32Chip } from '../fp32-frame/trace.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { intToFp32Air } from './air.ts';
import { INT_TO_FP32_FAMILY } from './execute.ts';
import { isNegative, magnitudeOf } from './semantics.ts';

const at = intToFp32Air.offsets;
const UNSIGNED = opOf('fcvt.s.wu');

/** One row per executed fcvt.s.w or fcvt.s.wu. */
export const intToFp32Chip = fp32Chip(intToFp32Air, INT_TO_FP32_FAMILY, (cells, row, op, _mode, a, _b, _c, result) => {
  const isUnsigned = op === UNSIGNED;
  const magnitude = magnitudeOf(isUnsigned, a);
  cells[row + at.isUnsigned] = isUnsigned ? 1 : 0;
  cells[row + at.negative] = isNegative(isUnsigned, a) ? 1 : 0;
  cells[row + at.magnitudeLo] = magnitude & 0xffff;
  cells[row + at.magnitudeHi] = magnitude >>> 16;
  cells[row + at.isZero] = a === 0 ? 1 : 0;
  cells[row + at.zeroInverse] = a === 0 ? 0 : inverse(reduce((magnitude & 0xffff) + (magnitude >>> 16)));
  cells[row + at.outLo] = wordOf(result) & 0xffff;
  cells[row + at.outHi] = wordOf(result) >>> 16;
  cells[row + at.flags] = flagsOf(result);
});
