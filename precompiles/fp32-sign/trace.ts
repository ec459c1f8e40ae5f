import { opOf } from '../../vm/isa/op.ts';
import { fp32Chip } from '../fp32-frame/trace.ts';
import { fp32SignAir } from './air.ts';
import { FP32_SIGN_FAMILY } from './execute.ts';

const at = fp32SignAir.offsets;
const [OPPOSITE, PRODUCT] = [opOf('fsgnjn.s'), opOf('fsgnjx.s')];

/** One row per executed fsgnj.s, fsgnjn.s or fsgnjx.s. */
export const fp32SignChip = fp32Chip(fp32SignAir, FP32_SIGN_FAMILY, (cells, row, op, _mode, a, b, _c, result) => {
  cells[row + at.isOpposite] = op === OPPOSITE ? 1 : 0;
  cells[row + at.isProduct] = op === PRODUCT ? 1 : 0;
  cells[row + at.signA] = a >>> 31;
  cells[row + at.signB] = b >>> 31;
  cells[row + at.outHi] = result >>> 16;
});
