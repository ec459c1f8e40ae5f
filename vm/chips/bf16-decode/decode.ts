/** BF16 as an exact operand: a small integer and an exponent. Source: RISC-V BF16 Extensions 1.0, chapter 2 (operand format). */

/** Exponent code of a zero: any product with it lies below every bit that an aligned sum keeps. */
export const ZERO_EXPONENT = -400;
/** Exponent code of an infinity or NaN: no sum of two codes with it is the exponent of a finite product. */
export const SPECIAL_EXPONENT = 4000;

/** The value is significand * 2^(exponent - 7), |significand| < 2^8. */
export interface DecodedBf16 {
  readonly significand: number;
  readonly exponent: number;
}

/**
 * Decodes a pattern, a u16. Subnormals are not normalised (exponent -126), a zero of either sign is (0, -400), an
 * infinity (1, 4000) or (-1, 4000), a NaN (0, 4000).
 */
export function decodeBf16(pattern: number): DecodedBf16 {
  const biased = (pattern >>> 7) & 0xff;
  const fraction = pattern & 0x7f;
  const sign = pattern >>> 15 === 1 ? -1 : 1;
  if (biased === 255) return { significand: fraction === 0 ? sign : 0, exponent: SPECIAL_EXPONENT };
  if (biased === 0 && fraction === 0) return { significand: 0, exponent: ZERO_EXPONENT };
  const magnitude = biased === 0 ? fraction : fraction + 0x80;
  return { significand: sign * magnitude, exponent: Math.max(biased, 1) - 127 };
}

/** `decodeBf16` of all patterns, by pattern. */
export const BF16_SIGNIFICAND = new Int16Array(2 ** 16);
export const BF16_EXPONENT = new Int16Array(2 ** 16);
for (let pattern = 0; pattern < 2 ** 16; pattern++) {
  const { significand, exponent } = decodeBf16(pattern);
  BF16_SIGNIFICAND[pattern] = significand;
  BF16_EXPONENT[pattern] = exponent;
}
