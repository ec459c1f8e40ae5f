import { fp32Chip } from '../fp32-frame/trace.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32SqrtCallAir } from './air.ts';
import { FP32_SQRT_FAMILY } from './execute.ts';

const at = fp32SqrtCallAir.offsets;

/** One row per executed fsqrt.s. */
export const fp32SqrtCallChip = fp32Chip(
  fp32SqrtCallAir,
  FP32_SQRT_FAMILY,
  (cells, row, _op, _mode, _a, _b, _c, result) => {
    cells[row + at.outLo] = wordOf(result) & 0xffff;
    cells[row + at.outHi] = wordOf(result) >>> 16;
    cells[row + at.flags] = flagsOf(result);
  },
);
