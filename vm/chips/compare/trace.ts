import { opOf } from '../../isa/op.ts';
import { writeLessThan } from '../less-than.ts';
import { operandChip } from '../operand-event.ts';
import { compareAir } from './air.ts';

const SLT = opOf('slt');
const { isSigned, differenceLo } = compareAir.offsets;

/** One row per executed slt, sltu, slti or sltiu. */
export const compareChip = operandChip(compareAir, (cells, row, op, a, b) => {
  cells[row + isSigned] = op === SLT ? 1 : 0;
  writeLessThan(cells, row + differenceLo, a, b, op === SLT);
});
