/** Bit patterns of normal numbers by sign, significand and exponent, and those at the ends of every class. */

/** BF16 of (-1)^negative * (significand / 128) * 2^exponent, significand in [128, 256). */
export const bf16 = (exponent: number, significand = 128, negative = 0): number =>
  negative * 0x8000 + (exponent + 127) * 128 + significand - 128;
/** FP32 of (-1)^negative * (significand / 2^23) * 2^exponent, significand in [2^23, 2^24). */
export const fp32 = (exponent: number, significand = 2 ** 23, negative = 0): number =>
  negative * 2 ** 31 + (exponent + 127) * 2 ** 23 + significand - 2 ** 23;

/** FP32 of either sign: zero, least and greatest subnormal and normal, infinity, quiet and signaling NaN. */
export const EDGE_WORDS: readonly number[] = [
  0, 1, 0x007f_ffff, 0x0080_0000, 0x7f7f_ffff, 0x7f80_0000, 0x7fc0_0000, 0x7f80_0001,
].flatMap((word) => [word, word + 2 ** 31]);
/** The same of BF16. */
export const EDGE_HALVES: readonly number[] = [0, 1, 0x7f, 0x80, 0x7f7f, 0x7f80, 0x7fc0, 0x7f81].flatMap((half) => [
  half,
  half + 2 ** 15,
]);
