/** Philox4x32 constants. Source: Random123, include/Random123/philox.h. */

export const COUNTER_WORDS = 4;
export const KEY_WORDS = 2;
export const ROUNDS = 10;
/** Multipliers of words 0 and 2 of the counter. */
export const MULTIPLIERS: readonly [number, number] = [0xd2511f53, 0xcd9e8d57];
/** Added to the words of the key between rounds: golden ratio and sqrt(3) - 1. */
export const KEY_STEPS: readonly [number, number] = [0x9e3779b9, 0xbb67ae85];
