import { opOf } from '../../isa/op.ts';
import { operandChip } from '../operand-event.ts';
import { addAir } from './air.ts';
import { addU32, subU32 } from './semantics.ts';

const SUB = opOf('sub');
const { isSub, outLo, outHi } = addAir.offsets;

/** One row per executed add, sub, addi, fmv.w.x or fmv.x.w. */
export const addChip = operandChip(addAir, (cells, row, op, a, b) => {
  const out = op === SUB ? subU32(a, b) : addU32(a, b);
  cells[row + isSub] = op === SUB ? 1 : 0;
  cells[row + outLo] = out & 0xffff;
  cells[row + outHi] = out >>> 16;
});
