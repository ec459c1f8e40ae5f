/**
 * FP32-FUNCTION-CALL chip: the instructions of correctly rounded functions of one operand, fp32.exp and its like. Has
 * `fp32-function` evaluate the function that the instruction names. One row an instruction.
 *
 * A function joins by answering on `fp32-function` for the op of its instruction, and by a line in `FUNCTIONS`
 * (`execute.ts`). This air does not change.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16. An op has one result and flags for every
 *          operand on `fp32-function`, and none there is not the op of a function.
 * Ensures  fd = the function at fs1, rounded to nearest even; its flags accrue.
 * Proof    the op is that of the program at pc, and `fp32-function` answers for it or the row does not exist.
 * Padding  all zero: silent on every bus.
 */
import { defineAir, given } from '../../stark/air/air.ts';
import { flagsColumns, fp32Columns, fp32Frame } from '../fp32-frame/air.ts';
import { FP32_FUNCTION_BUS } from './bus.ts';

export const fp32FunctionCallAir = defineAir({
  name: 'fp32-function-call',
  columns: {
    ...fp32Columns,
    ...flagsColumns,
    op: given('the program bus and fp32-function: the op of a function', 'which function'),
    outLo: given('fp32-function: below 2^16', 'low limb of the result'),
    outHi: given('fp32-function: below 2^16', 'high limb of the result'),
    flags: given('fp32-function', 'flags of the result'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, op, rs1Lo, rs1Hi, outLo, outHi, flags } = local;
    fp32Frame(builder, local, { op, result: { lo: outLo, hi: outHi }, raised: flags });
    const tuple = { given: [op, rs1Lo, rs1Hi, outLo, outHi, flags] };
    send('the result is that of the function', FP32_FUNCTION_BUS, tuple, isReal);
  },
});
