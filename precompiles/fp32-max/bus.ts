/**
 * The larger of two binary32 as a service: whoever sends (propagates, a, b, result, flags) claims that fmax.s, or fmaxm.s
 * if `propagates`, gives this result and these flags. The sender answers for limbs of a and b below 2^16 and for
 * `propagates`, a bit.
 */
import { defineBus } from '../../stark/air/bus.ts';

export const FP32_MAX_BUS = defineBus('fp32-max', 'peer', [
  'propagates',
  'aLo',
  'aHi',
  'bLo',
  'bHi',
  'lo',
  'hi',
  'flags',
]);

/** The chip that answers. Event: propagates, a, b. */
export const FP32_MAX_CHIP = 'fp32-max';
export const MAX_EVENT_WORDS = 3;
