import { fp32Chip } from '../fp32-frame/trace.ts';
import { bf16MoveAir } from './air.ts';
import { BF16_MOVE_FAMILY } from './execute.ts';

const { sign } = bf16MoveAir.offsets;

/** One row per executed fmv.x.h. */
export const bf16MoveChip = fp32Chip(bf16MoveAir, BF16_MOVE_FAMILY, (cells, row, _op, _mode, a) => {
  cells[row + sign] = (a >>> 15) & 1;
});
