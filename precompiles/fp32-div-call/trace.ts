import { fp32Chip } from '../fp32-frame/trace.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32DivCallAir } from './air.ts';
import { FP32_DIV_FAMILY } from './execute.ts';

const at = fp32DivCallAir.offsets;

/** One row per executed fdiv.s. */
export const fp32DivCallChip = fp32Chip(
  fp32DivCallAir,
  FP32_DIV_FAMILY,
  (cells, row, _op, _mode, _a, _b, _c, result) => {
    cells[row + at.outLo] = wordOf(result) & 0xffff;
    cells[row + at.outHi] = wordOf(result) >>> 16;
    cells[row + at.flags] = flagsOf(result);
  },
);
