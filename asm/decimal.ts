/**
 * Decimal and hexadecimal floating-point literals to binary32 and BF16 bits, correctly rounded to nearest, ties to
 * even, from the exact rational value. Going through a double would round twice and can be one unit off.
 *
 * Source: IEEE 754-2019, sections 4.3.1 and 5.12.2.
 */

/** Both formats have 8 exponent bits; they differ in the bits of the significand, the leading one included. */
export const BINARY32_PRECISION = 24;
export const BFLOAT16_PRECISION = 8;

/** Least exponent of a normal number in either format. */
const MIN_EXPONENT = -126;

/**
 * The bits of a non-negative literal: `1.5`, `2e-3`, `.5`, `7`, `0x1.8p3`.
 *
 * @param precision bits of the significand, 24 (binary32) or 8 (BF16)
 * @returns the encoding without sign, or undefined if the number rounds beyond the largest finite one
 * @throws RangeError if the text is no such literal
 */
export function floatBits(text: string, precision: number): number | undefined {
  const exact = parseFloatLiteral(text);
  if (exact === 'huge') return undefined;
  return roundToFormat(exact.numerator, exact.denominator, precision);
}

/** The bits of numerator / denominator (both >= 0, denominator > 0), or undefined on overflow. */
export function roundToFormat(numerator: bigint, denominator: bigint, precision: number): number | undefined {
  if (numerator === 0n) return 0;
  // 2^exponent <= numerator / denominator < 2^(exponent + 1), but not below the subnormal range.
  let exponent = bitLength(numerator) - bitLength(denominator);
  if (scaled(numerator, -exponent) < scaled(denominator, exponent)) exponent--;
  exponent = Math.max(exponent, MIN_EXPONENT);
  const shift = precision - 1 - exponent;
  const dividend = scaled(numerator, shift);
  const divisor = scaled(denominator, -shift);
  let significand = dividend / divisor;
  const twice = 2n * (dividend - significand * divisor);
  if (twice > divisor || (twice === divisor && (significand & 1n) === 1n)) significand++;
  // A subnormal has exponent field 0; a normal's leading one, and a carry out of the rounding, add one to the field.
  const bits = (BigInt(exponent - MIN_EXPONENT) << BigInt(precision - 1)) + significand;
  return bits >= 255n << BigInt(precision - 1) ? undefined : Number(bits);
}

/** value * 2^shift where shift > 0, else value: the other side of a comparison is scaled instead. */
function scaled(value: bigint, shift: number): bigint {
  return shift > 0 ? value << BigInt(shift) : value;
}

function parseFloatLiteral(text: string): { numerator: bigint; denominator: bigint } | 'huge' {
  const hex = /^0x([\da-f]*)\.?([\da-f]*)(?:p([+-]?\d+))?$/i.exec(text);
  const match = hex ?? /^(\d*)\.?(\d*)(?:e([+-]?\d+))?$/i.exec(text);
  const digits = (match?.[1] ?? '') + (match?.[2] ?? '');
  if (match === null || digits === '') throw new RangeError(`text: expected a floating-point literal, got ${text}`);
  const significand = BigInt(hex === null ? digits : `0x${digits}`);
  const fractionDigits = match[2]!.length;
  const exponent = Number(match[3] ?? 0) - (hex === null ? fractionDigits : 4 * fractionDigits);
  if (significand === 0n) return { numerator: 0n, denominator: 1n };
  // Far outside the formats' range, 2^-134 .. 2^128, the power itself need not be computed:
  // 10^300 or 2^1000 <= value, or value < 10^-100 or 2^-1000.
  if (exponent > (hex === null ? 300 : 1000)) return 'huge';
  const tiny = hex === null ? digits.length + exponent < -100 : bitLength(significand) + exponent < -1000;
  if (tiny) return { numerator: 1n, denominator: 1n << 1000n };
  const power = (hex === null ? 10n : 2n) ** BigInt(Math.abs(exponent));
  return exponent < 0
    ? { numerator: significand, denominator: power }
    : { numerator: significand * power, denominator: 1n };
}

function bitLength(value: bigint): number {
  return value.toString(2).length;
}
