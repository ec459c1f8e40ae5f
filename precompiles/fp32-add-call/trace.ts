import { opOf } from '../../vm/isa/op.ts';
import { fp32Chip } from '../fp32-frame/trace.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32AddCallAir } from './air.ts';
import { FP32_ADD_FAMILY } from './execute.ts';

const FSUB = opOf('fsub.s');
const at = fp32AddCallAir.offsets;

/** One row per executed fadd.s or fsub.s. */
export const fp32AddCallChip = fp32Chip(
  fp32AddCallAir,
  FP32_ADD_FAMILY,
  (cells, row, op, _mode, _a, _b, _c, result) => {
    cells[row + at.isSub] = op === FSUB ? 1 : 0;
    cells[row + at.outLo] = wordOf(result) & 0xffff;
    cells[row + at.outHi] = wordOf(result) >>> 16;
    cells[row + at.flags] = flagsOf(result);
  },
);
