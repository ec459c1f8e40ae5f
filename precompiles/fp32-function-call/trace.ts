import { fp32Chip } from '../fp32-frame/trace.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32FunctionCallAir } from './air.ts';
import { FP32_FUNCTION_FAMILY } from './execute.ts';

const at = fp32FunctionCallAir.offsets;

/** One row per executed function. */
export const fp32FunctionCallChip = fp32Chip(
  fp32FunctionCallAir,
  FP32_FUNCTION_FAMILY,
  (cells, row, op, _mode, _a, _b, _c, result) => {
    cells[row + at.op] = op;
    cells[row + at.outLo] = wordOf(result) & 0xffff;
    cells[row + at.outHi] = wordOf(result) >>> 16;
    cells[row + at.flags] = flagsOf(result);
  },
);
