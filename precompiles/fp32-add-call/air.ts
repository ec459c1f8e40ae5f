/**
 * FP32-ADD-CALL chip: fadd.s and fsub.s. Has `fp32-add` add fs1 and fs2. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16, the mode is in [0, 4].
 * Ensures  fd = fs1 + fs2, or fs1 - fs2, rounded in the mode of the instruction; its flags accrue.
 * Proof    the chips that answer on `fp32-add` give one result and flags for every (mode, subtract, a, b).
 * Padding  all zero: silent on every bus.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { accessColumns } from '../../vm/chips/frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_ADD_BUS } from '../fp32-add/bus.ts';
import { flagsColumns, fp32Columns, fp32Frame, roundingColumns } from '../fp32-frame/air.ts';

const [FADD, FSUB] = [opOf('fadd.s'), opOf('fsub.s')];

export const fp32AddCallAir = defineAir({
  name: 'fp32-add-call',
  columns: {
    ...fp32Columns,
    ...accessColumns('rs2'),
    ...roundingColumns,
    ...flagsColumns,
    isSub: bit('1 for fsub.s, 0 for fadd.s'),
    outLo: given('fp32-add: below 2^16', 'low limb of the result'),
    outHi: given('fp32-add: below 2^16', 'high limb of the result'),
    flags: given('fp32-add', 'flags of the result'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, mode, isSub, outLo, outHi, flags } = local;
    const result = { lo: outLo, hi: outHi };
    fp32Frame(builder, local, { op: isSub.times(FSUB - FADD).plus(FADD), result, raised: flags });
    const inputs = [mode, isSub, local.rs1Lo, local.rs1Hi, local.rs2Lo, local.rs2Hi];
    send('the result is the sum', FP32_ADD_BUS, { given: [...inputs, outLo, outHi, flags] }, isReal);
  },
});
