/**
 * The state of a dot product between two blocks, on a bus of its own. A call sends the first state, every block takes
 * one and sends the next, and the call takes the last: all under the time of the call, which no other call has.
 *
 * `a`, `b`: next hint blocks. The accumulator is (-1)^negative * (2^9 high + low) * 2^(exponent - 23) with high < 2^15,
 * low < 2^9 and exponent = max(biased, 1) - 127; a zero has the exponent code -400, an infinity 4000, a NaN 4001. The
 * significand of an infinity or NaN says nothing.
 */
import { defineBus } from '../../stark/air/bus.ts';

export const DOT_STATE_BUS = defineBus('bf16-dot-state', 'peer', [
  'clk',
  'a',
  'b',
  'negative',
  'high',
  'low',
  'exponent',
]);

/** Bits of the low part of the accumulator's significand. */
export const LOW_BITS = 9;
/** Exponent code of a NaN accumulator; that of an infinity is `SPECIAL_EXPONENT`, that of a zero `ZERO_EXPONENT`. */
export const NAN_EXPONENT = 4001;

/**
 * The chips that take a state: one for finite operands and accumulators, one for all others. Their logs have one event
 * per block: clk, block of a, block of b, sign (bit 31) and significand of the accumulator, its exponent code as an i32.
 */
export const BF16_DOT_CHIP = 'bf16-dot';
export const BF16_DOT_SPECIAL_CHIP = 'bf16-dot-special';
export const BLOCK_EVENT_WORDS = 5;
