/** Bit patterns of normal numbers by sign, significand and exponent. */

/** BF16 of (-1)^negative * (significand / 128) * 2^exponent, significand in [128, 256). */
export const bf16 = (exponent: number, significand = 128, negative = 0): number =>
  negative * 0x8000 + (exponent + 127) * 128 + significand - 128;
/** FP32 of (-1)^negative * (significand / 2^23) * 2^exponent, significand in [2^23, 2^24). */
export const fp32 = (exponent: number, significand = 2 ** 23, negative = 0): number =>
  negative * 2 ** 31 + (exponent + 127) * 2 ** 23 + significand - 2 ** 23;
