/**
 * FP32-FMA-CALL chip: fmadd.s, fmsub.s, fnmsub.s, fnmadd.s. Has `fp32-fma` multiply fs1 and fs2 and add fs3, rounding
 * once. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16, the mode is in [0, 4].
 * Ensures  fd = +-(fs1 * fs2) +- fs3, rounded in the mode of the instruction; its flags accrue.
 * Proof    the chips that answer on `fp32-fma` give one result and flags for every mode and operands.
 *          op = fmadd + negateAddend + 2 negateProduct takes the four ids, each from one choice of the bits.
 * Padding  all zero: silent on every bus.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { accessColumns } from '../../vm/chips/frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_FMA_BUS } from '../fp32-fma/bus.ts';
import { flagsColumns, fp32Columns, fp32Frame, roundingColumns } from '../fp32-frame/air.ts';

const FMADD = opOf('fmadd.s');

export const fp32FmaCallAir = defineAir({
  name: 'fp32-fma-call',
  columns: {
    ...fp32Columns,
    ...accessColumns('rs2'),
    ...accessColumns('rs3'),
    ...roundingColumns,
    ...flagsColumns,
    negateProduct: bit('1 for fnmsub.s and fnmadd.s'),
    negateAddend: bit('1 for fmsub.s and fnmadd.s'),
    outLo: given('fp32-fma: below 2^16', 'low limb of the result'),
    outHi: given('fp32-fma: below 2^16', 'high limb of the result'),
    flags: given('fp32-fma', 'flags of the result'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, mode, negateProduct, negateAddend, outLo, outHi, flags } = local;
    const op = negateProduct.times(2).plus(negateAddend).plus(FMADD);
    fp32Frame(builder, local, { op, result: { lo: outLo, hi: outHi }, raised: flags });
    const { rs1Lo, rs1Hi, rs2Lo, rs2Hi, rs3Lo, rs3Hi } = local;
    const inputs = [mode, negateProduct, negateAddend, rs1Lo, rs1Hi, rs2Lo, rs2Hi, rs3Lo, rs3Hi];
    send('the result is the fused sum', FP32_FMA_BUS, { given: [...inputs, outLo, outHi, flags] }, isReal);
  },
});
