/**
 * Rounding as a service: whoever sends (negative, exponent, w3..w0, sticky, mode, hi, lo, flags) claims that the word
 * hi, lo and the flags are what (-1)^negative * (W + s) * 2^(exponent - 63) rounds to, W = w3 2^48 + w2 2^32 + w1 2^16 +
 * w0, 0 < s < 1 if sticky else 0.
 *
 * The sender answers for: negative and sticky bits, limbs below 2^16, W not 0, mode in [0, 4], |exponent| < 2^10.
 */
import { defineBus } from '../../stark/air/bus.ts';

export const FP32_ROUND_BUS = defineBus('fp32-round', 'peer', [
  'negative',
  'exponent',
  'w3',
  'w2',
  'w1',
  'w0',
  'sticky',
  'mode',
  'hi',
  'lo',
  'flags',
]);

/** Log of the chip. Event: upper 32 bits of W, lower 32 bits, exponent as i32, negative | sticky << 1 | mode << 2. */
export const FP32_ROUND_CHIP = 'fp32-round';
export const ROUND_EVENT_WORDS = 4;
