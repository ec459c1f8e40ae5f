/**
 * The state of a dot product between two blocks, on a bus of its own. A call sends the first state, every block takes
 * one and sends the next, and the call takes the last: all under the time of the call, which no other call has.
 *
 * `arithmetic`: who may take the state, below. `a`, `b`: next elements of the hint tape. The accumulator is
 * (-1)^negative * (2^9 high + low) * 2^(exponent - 23) with high < 2^15, low < 2^9 and exponent = max(biased, 1) - 127; a
 * zero has the exponent code -400, an infinity 4000, a NaN 4001. The significand of an infinity says nothing.
 */
import { defineBus } from '../../stark/air/bus.ts';

export const DOT_STATE_BUS = defineBus('bf16-dot-state', 'peer', [
  'arithmetic',
  'clk',
  'a',
  'b',
  'negative',
  'high',
  'low',
  'exponent',
]);

/**
 * Rules by which a state continues: 16 products at once, 8 at once (Hopper also stands for Blackwell), one at a time, by
 * tile instructions of 32. `amxEnd` is the state after one of 16, which nothing continues.
 */
export const ARITHMETIC = { hopper: 0, ampere: 1, fma: 2, amx: 3, amxEnd: 4 } as const;

/** Bits of the low part of the accumulator's significand. */
export const LOW_BITS = 9;
/** Exponent code of a NaN accumulator; that of an infinity is `SPECIAL_EXPONENT`, that of a zero `ZERO_EXPONENT`. */
export const NAN_EXPONENT = 4001;

/**
 * The chips that take one state of a tensor core a row: one for finite operands and accumulators of each arithmetic, one
 * for all others. (`bf16-dot-tile` takes four of Hopper's.) Their logs have one event per row: clk, block of a, block of b, sign (bit 31) and significand of the
 * accumulator, its exponent code as an i32, and which halves of the block are summed, a mask.
 */
export const BF16_DOT_CHIP = 'bf16-dot';
export const BF16_DOT_AMPERE_CHIP = 'bf16-dot-ampere';
export const BF16_DOT_SPECIAL_CHIP = 'bf16-dot-special';
export const BLOCK_EVENT_WORDS = 6;
/** Halves of a block: the bits of the mask. */
export const FIRST_HALF = 1;
export const SECOND_HALF = 2;
export const BOTH_HALVES = 3;
