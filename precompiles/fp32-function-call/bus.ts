/**
 * A correctly rounded function of one operand: whoever sends (function, aLo, aHi, lo, hi, flags) claims that the word hi, lo
 * and the flags are the function's at the word aHi, aLo. `function` is the op of its instruction (`vm/isa/xulp.ts`).
 *
 * The sender answers for: limbs of a below 2^16. Receivers answer for lo, hi below 2^16 and flags below 2^5, and have
 * rows only for their own functions.
 */
import { defineBus } from '../../stark/air/bus.ts';

export const FP32_FUNCTION_BUS = defineBus('fp32-function', 'peer', ['function', 'aLo', 'aHi', 'lo', 'hi', 'flags']);
