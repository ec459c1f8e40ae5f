/**
 * FP32-SQRT-CALL chip: fsqrt.s. Has `fp32-sqrt` take the square root of fs1. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16, the mode is in [0, 4].
 * Ensures  fd = the square root of fs1, rounded in the mode of the instruction; its flags accrue.
 * Proof    the chips that answer on `fp32-sqrt` give one result and flags for every mode and operands.
 * Padding  all zero: silent on every bus.
 */
import { defineAir, given } from '../../stark/air/air.ts';

import { opOf } from '../../vm/isa/op.ts';
import { flagsColumns, fp32Columns, fp32Frame, roundingColumns } from '../fp32-frame/air.ts';
import { FP32_SQRT_BUS } from '../fp32-sqrt/bus.ts';

export const fp32SqrtCallAir = defineAir({
  name: 'fp32-sqrt-call',
  columns: {
    ...fp32Columns,

    ...roundingColumns,
    ...flagsColumns,
    outLo: given('fp32-sqrt: below 2^16', 'low limb of the result'),
    outHi: given('fp32-sqrt: below 2^16', 'high limb of the result'),
    flags: given('fp32-sqrt', 'flags of the result'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, mode, outLo, outHi, flags } = local;
    fp32Frame(builder, local, { op: opOf('fsqrt.s'), result: { lo: outLo, hi: outHi }, raised: flags });
    const inputs = [mode, local.rs1Lo, local.rs1Hi];
    send('the result is the square root', FP32_SQRT_BUS, { given: [...inputs, outLo, outHi, flags] }, isReal);
  },
});
