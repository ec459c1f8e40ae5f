/**
 * binary32 and BF16 as bit patterns and as numbers. A BF16 is the high half of a binary32. The two operations round to
 * nearest, ties to even, and give the canonical NaN of RISC-V, as `fadd.s` and `fcvt.bf16.s` do.
 */
const word = new Uint32Array(1);
const number = new Float32Array(word.buffer);

const CANONICAL_NAN = 0x7fc0_0000;

/** The number that a binary32 pattern stands for. */
export function fromF32(pattern: number): number {
  word[0] = pattern;
  return number[0]!;
}

/** The binary32 pattern nearest to a number, ties to even. */
export function toF32(x: number): number {
  if (Number.isNaN(x)) return CANONICAL_NAN;
  number[0] = x;
  return word[0]!;
}

/** The number that a BF16 pattern stands for. */
export const fromBf16 = (pattern: number): number => fromF32((pattern << 16) >>> 0);

/** The sum of two binary32 patterns. The double sum has 53 >= 2 * 24 + 2 bits, so rounding it again is exact (Figueroa 1995). */
export const addF32 = (a: number, b: number): number => toF32(fromF32(a) + fromF32(b));

/** The BF16 pattern nearest to a binary32 pattern, ties to even. */
export function roundToBf16(pattern: number): number {
  if ((pattern & 0x7fff_ffff) > 0x7f80_0000) return CANONICAL_NAN >>> 16;
  // Adding half of the last place carries into the exponent where it must, up to infinity.
  return (pattern + 0x7fff + ((pattern >>> 16) & 1)) >>> 16;
}
