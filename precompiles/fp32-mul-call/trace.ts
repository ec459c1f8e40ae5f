import { fp32Chip } from '../fp32-frame/trace.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32MulCallAir } from './air.ts';
import { FP32_MUL_FAMILY } from './execute.ts';

const at = fp32MulCallAir.offsets;

/** One row per executed fmul.s. */
export const fp32MulCallChip = fp32Chip(
  fp32MulCallAir,
  FP32_MUL_FAMILY,
  (cells, row, _op, _mode, _a, _b, _c, result) => {
    cells[row + at.outLo] = wordOf(result) & 0xffff;
    cells[row + at.outHi] = wordOf(result) >>> 16;
    cells[row + at.flags] = flagsOf(result);
  },
);
