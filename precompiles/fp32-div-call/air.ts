/**
 * FP32-DIV-CALL chip: fdiv.s. Has `fp32-div` divide fs1 by fs2. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16, the mode is in [0, 4].
 * Ensures  fd = fs1 / fs2, rounded in the mode of the instruction; its flags accrue.
 * Proof    the chips that answer on `fp32-div` give one result and flags for every mode and operands.
 * Padding  all zero: silent on every bus.
 */
import { defineAir, given } from '../../stark/air/air.ts';
import { accessColumns } from '../../vm/chips/frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DIV_BUS } from '../fp32-div/bus.ts';
import { flagsColumns, fp32Columns, fp32Frame, roundingColumns } from '../fp32-frame/air.ts';

export const fp32DivCallAir = defineAir({
  name: 'fp32-div-call',
  columns: {
    ...fp32Columns,
    ...accessColumns('rs2'),
    ...roundingColumns,
    ...flagsColumns,
    outLo: given('fp32-div: below 2^16', 'low limb of the result'),
    outHi: given('fp32-div: below 2^16', 'high limb of the result'),
    flags: given('fp32-div', 'flags of the result'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, mode, outLo, outHi, flags } = local;
    fp32Frame(builder, local, { op: opOf('fdiv.s'), result: { lo: outLo, hi: outHi }, raised: flags });
    const inputs = [mode, local.rs1Lo, local.rs1Hi, local.rs2Lo, local.rs2Hi];
    send('the result is the quotient', FP32_DIV_BUS, { given: [...inputs, outLo, outHi, flags] }, isReal);
  },
});
