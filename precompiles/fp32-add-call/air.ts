/**
 * FP32-ADD-CALL chip: fadd.s and fsub.s. Reads fs1 and fs2, has `fp32-add` add them, writes fd. One row an instruction.
 *
 * Assumes  the frame (`vm/chips/frame.ts`): limbs of registers are below 2^16. The program's immediate is a rounding mode
 *          in [0, 4]: `decode` puts it there.
 * Ensures  fd = fs1 + fs2, or fs1 - fs2, rounded in the mode of the instruction. This machine has no fcsr: flags are
 *          computed and dropped, and the dynamic mode is round to nearest.
 * Proof    the chips that answer on `fp32-add` give one result for every (mode, subtract, a, b).
 * Padding  all zero: silent on every bus.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { operandColumns, operands } from '../../vm/chips/operands.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_ADD_BUS } from '../fp32-add/bus.ts';

const [FADD, FSUB] = [opOf('fadd.s'), opOf('fsub.s')];

export const fp32AddCallAir = defineAir({
  name: 'fp32-add-call',
  columns: {
    ...operandColumns,
    immLo: given('the program bus', 'rounding mode'),
    isSub: bit('1 for fsub.s, 0 for fadd.s'),
    outLo: given('fp32-add: below 2^16', 'low limb of the result'),
    outHi: given('fp32-add: below 2^16', 'high limb of the result'),
    flags: given('fp32-add', 'flags of the result'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, immLo: mode, isSub, outLo, outHi, flags } = local;
    const result = { lo: outLo, hi: outHi };
    operands(builder, local, { op: isSub.times(FSUB - FADD).plus(FADD), result });
    const inputs = [mode, isSub, local.rs1Lo, local.rs1Hi, local.rs2Lo, local.rs2Hi];
    send('the result is the sum', FP32_ADD_BUS, { given: [...inputs, outLo, outHi, flags] }, isReal);
  },
});
