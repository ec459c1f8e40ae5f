/**
 * binary32 square root as a service: whoever sends (mode, a, result, flags) claims that the square root of a has this result
 * and these flags. The sender answers for limbs of the operands below 2^16 and mode in [0, 4].
 */
import { defineBus } from '../../stark/air/bus.ts';

export const FP32_SQRT_BUS = defineBus('fp32-sqrt', 'peer', ['mode', 'aLo', 'aHi', 'lo', 'hi', 'flags']);

/** The chip that answers unless the result takes no arithmetic (`fp32-special`). Event: mode, a. */
export const FP32_SQRT_CHIP = 'fp32-sqrt';
export const SQRT_EVENT_WORDS = 2;
