/**
 * The chips that take a state of `ARITHMETIC.fma` (`bf16-dot/state.ts`), two products at a time: at even elements only.
 * Event of both: clk, element of a, element of b, sign (bit 31) and significand of the accumulator, its word. `slow`
 * takes the pairs with a result that is neither zero, normal nor an overflow, and what involves infinities, NaN and -0.
 */
export const BF16_DOT_FMA_CHIP = 'bf16-dot-fma';
export const BF16_DOT_FMA_SLOW_CHIP = 'bf16-dot-fma-slow';
export const MAC_EVENT_WORDS = 5;
