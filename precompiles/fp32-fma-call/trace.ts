import { fp32Chip } from '../fp32-frame/trace.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32FmaCallAir } from './air.ts';
import { FP32_FMA_FAMILY, negationsOf } from './execute.ts';

const at = fp32FmaCallAir.offsets;

/** One row per executed fused instruction. */
export const fp32FmaCallChip = fp32Chip(
  fp32FmaCallAir,
  FP32_FMA_FAMILY,
  (cells, row, op, _mode, _a, _b, _c, result) => {
    cells[row + at.negateProduct] = negationsOf(op) & 1;
    cells[row + at.negateAddend] = negationsOf(op) >>> 1;
    cells[row + at.outLo] = wordOf(result) & 0xffff;
    cells[row + at.outHi] = wordOf(result) >>> 16;
    cells[row + at.flags] = flagsOf(result);
  },
);
