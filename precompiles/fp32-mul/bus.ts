/**
 * binary32 multiplication as a service: whoever sends (mode, a, b, result, flags) claims that a * b has this result
 * and these flags. The sender answers for limbs of the operands below 2^16 and mode in [0, 4].
 */
import { defineBus } from '../../stark/air/bus.ts';

export const FP32_MUL_BUS = defineBus('fp32-mul', 'peer', ['mode', 'aLo', 'aHi', 'bLo', 'bHi', 'lo', 'hi', 'flags']);

/** The chip that answers unless the result takes no arithmetic (`fp32-special`). Event: mode, a, b. */
export const FP32_MUL_CHIP = 'fp32-mul';
export const MUL_EVENT_WORDS = 3;
