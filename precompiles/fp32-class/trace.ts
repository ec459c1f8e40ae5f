import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { fp32Chip } from '../fp32-frame/trace.ts';
import { fp32ClassAir } from './air.ts';
import { FP32_CLASS_FAMILY } from './execute.ts';

const at = fp32ClassAir.offsets;
/** By bit of the class. */
const KINDS = [
  ...[at.isInfinite, at.isNormal, at.isSubnormal, at.isZero],
  ...[at.isZero, at.isSubnormal, at.isNormal, at.isInfinite],
  ...[at.isSignaling, at.isQuiet],
];
const FRACTIONAL = new Set([at.isSubnormal, at.isSignaling, at.isQuiet]);

/** One row per executed fclass.s. */
export const fp32ClassChip = fp32Chip(fp32ClassAir, FP32_CLASS_FAMILY, (cells, row, _op, _mode, a, _b, _c, result) => {
  const kind = KINDS[31 - Math.clz32(result)]!;
  cells[row + at.sign] = a >>> 31;
  cells[row + at.exponent] = exponentOf(a);
  cells[row + at.upper] = significandOf(a) >>> 16;
  cells[row + kind] = 1;
  // The quiet bit is not part of what is left of a quiet NaN in the chip's range, but of its fraction.
  cells[row + at.inverse] = FRACTIONAL.has(kind) ? inverse(felt(a & 0x7f_ffff)) : 0;
  cells[row + at.out] = result;
});
