/**
 * COMPARE chip: slt, sltu, and by decoding slti, sltiu.
 *
 * Assumes  `operands.ts`.
 * Ensures  rd = 1 if a < b, else 0; as two's complement if isSigned.
 * Proof    `less-than.ts`. isSigned is a bit, so op is one of two ids, and the program says which.
 * Padding  the zero row: 0 < 0 is 0.
 */
import { bit, defineAir } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { lessThan, lessThanColumns } from '../less-than.ts';
import { immediateColumns, operandColumns, operands, operandsOf } from '../operands.ts';

const [SLT, SLTU] = [opOf('slt'), opOf('sltu')];

export const compareAir = defineAir({
  name: 'compare',
  columns: {
    ...operandColumns,
    ...immediateColumns,
    isSigned: bit('1 for slt, 0 for sltu'),
    ...lessThanColumns,
  },
  define(builder) {
    const { local } = builder;
    const { a, b } = operandsOf(local);
    const isLess = lessThan(builder, local, a, b, local.isSigned);
    operands(builder, local, { op: local.isSigned.times(SLT - SLTU).plus(SLTU), result: { lo: isLess, hi: 0 } });
  },
});
