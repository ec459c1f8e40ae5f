/**
 * Subnormal binary32 as significand and exponent: whoever sends (a, exponent, significand) claims that
 * a = significand 2^(exponent - 150), as `fp32-decode` has it for other words.
 *
 * The sender answers for limbs of a below 2^16. The receiver answers for: a is subnormal and positive, or 0; the
 * significand is an integer below 2^25 and the exponent one in [-24, 1].
 */
import { defineBus } from '../../stark/air/bus.ts';

export const FP32_NORMALISE_BUS = defineBus('fp32-normalise', 'peer', ['aLo', 'aHi', 'exponent', 'significand']);

/** The chip that answers. Event: a. */
export const FP32_NORMALISE_CHIP = 'fp32-normalise';
export const NORMALISE_EVENT_WORDS = 1;
