/**
 * binary32 fused multiplication and addition as a service: whoever sends (mode, negateProduct, negateAddend, a, b, c, result, flags) claims that (-1)^negateProduct a * b + (-1)^negateAddend c, rounded once, has this result
 * and these flags. The sender answers for limbs of the operands below 2^16, bits of negation and mode in [0, 4].
 */
import { defineBus } from '../../stark/air/bus.ts';

export const FP32_FMA_BUS = defineBus('fp32-fma', 'peer', [
  'mode',
  'negateProduct',
  'negateAddend',
  'aLo',
  'aHi',
  'bLo',
  'bHi',
  'cLo',
  'cHi',
  'lo',
  'hi',
  'flags',
]);

/** The chip that answers unless the result takes no arithmetic (`fp32-special`). Event: mode | negations << 3 (1 of the product, 2 of c), a, b, c. */
export const FP32_FMA_CHIP = 'fp32-fma';
export const FMA_EVENT_WORDS = 4;
