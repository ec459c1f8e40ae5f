/**
 * binary32 addition as a service: whoever sends (mode, subtract, a, b, result, flags) claims that a + b, or a - b, has
 * this result and these flags. The sender answers for limbs of a and b below 2^16, subtract a bit, mode in [0, 4].
 */
import { defineBus } from '../../stark/air/bus.ts';

export const FP32_ADD_BUS = defineBus('fp32-add', 'peer', [
  'mode',
  'subtract',
  'aLo',
  'aHi',
  'bLo',
  'bHi',
  'lo',
  'hi',
  'flags',
]);

/** The chips that answer: for finite operands, and for infinities and NaN. Event of both: mode | subtract << 3, a, b. */
export const FP32_ADD_CHIP = 'fp32-add';
export const FP32_ADD_SPECIAL_CHIP = 'fp32-add-special';
export const ADD_EVENT_WORDS = 3;
