/**
 * One step of TDPBF16PS as a service: whoever sends (x, y, z, result) claims that the result is `amxFma` of them, x the
 * upper half of a binary32 whose lower half is 0. The sender answers for limbs of the operands below 2^16.
 */
import { defineBus } from '../../stark/air/bus.ts';

export const AMX_FMA_BUS = defineBus('amx-fma', 'peer', ['x', 'yLo', 'yHi', 'zLo', 'zHi', 'lo', 'hi']);

/** Log of the chip. Event: x, y, z. */
export const AMX_FMA_CHIP = 'amx-fma';
export const AMX_FMA_EVENT_WORDS = 3;
