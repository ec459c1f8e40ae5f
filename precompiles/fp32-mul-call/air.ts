/**
 * FP32-MUL-CALL chip: fmul.s. Has `fp32-mul` multiply fs1 and fs2. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16, the mode is in [0, 4].
 * Ensures  fd = fs1 * fs2, rounded in the mode of the instruction; its flags accrue.
 * Proof    the chips that answer on `fp32-mul` give one result and flags for every mode and operands.
 * Padding  all zero: silent on every bus.
 */
import { defineAir, given } from '../../stark/air/air.ts';
import { accessColumns } from '../../vm/chips/frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { flagsColumns, fp32Columns, fp32Frame, roundingColumns } from '../fp32-frame/air.ts';
import { FP32_MUL_BUS } from '../fp32-mul/bus.ts';

export const fp32MulCallAir = defineAir({
  name: 'fp32-mul-call',
  columns: {
    ...fp32Columns,
    ...accessColumns('rs2'),
    ...roundingColumns,
    ...flagsColumns,
    outLo: given('fp32-mul: below 2^16', 'low limb of the result'),
    outHi: given('fp32-mul: below 2^16', 'high limb of the result'),
    flags: given('fp32-mul', 'flags of the result'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, mode, outLo, outHi, flags } = local;
    fp32Frame(builder, local, { op: opOf('fmul.s'), result: { lo: outLo, hi: outHi }, raised: flags });
    const inputs = [mode, local.rs1Lo, local.rs1Hi, local.rs2Lo, local.rs2Hi];
    send('the result is the product', FP32_MUL_BUS, { given: [...inputs, outLo, outHi, flags] }, isReal);
  },
});
