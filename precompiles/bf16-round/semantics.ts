/**
 * binary32 to BF16 with all rounding modes and flags, and back. RISC-V BF16 Extensions 1.0, chapter Zfbfmin: fcvt.bf16.s,
 * fcvt.s.bf16; values of 16 bits live in an f register with all upper bits set (NaN-boxed), anything else reads as NaN.
 */
import { CANONICAL_NAN, FLAG, increments, withFlags } from '../fp32-round/semantics.ts';

export const CANONICAL_BF16_NAN = 0x7fc0;
const BOX = 0xffff_0000;

/** A BF16 NaN-boxed; of a pattern with flags, with the same flags. */
export const boxed = (pattern: number): number => BOX + pattern;

const isNan = (word: number): boolean => (word & 0x7fff_ffff) > 0x7f80_0000;

/** The BF16 pattern (u16) that a binary32 word rounds to, with its flags (`fp32-round/semantics.ts`). */
export function roundToBf16(mode: number, word: number): number {
  const isQuiet = (word & 0x0040_0000) !== 0;
  if (isNan(word)) return withFlags(CANONICAL_BF16_NAN, isQuiet ? 0 : FLAG.invalid);
  const [upper, negative] = [word >>> 16, word >>> 31 === 1];
  const [odd, guard, rest] = [(upper & 1) === 1, (word & 0x8000) !== 0, (word & 0x7fff) !== 0];
  const pattern = upper + (increments(mode, negative, odd, guard, rest) ? 1 : 0);
  if (!guard && !rest) return withFlags(pattern, 0);
  if ((pattern & 0x7fff) === 0x7f80) return withFlags(pattern, FLAG.overflow | FLAG.inexact);
  // Tiny unless the result with an unbounded exponent, which keeps the guard bit, carries up to 2^-126.
  const carries = guard && increments(mode, negative, guard, (word & 0x4000) !== 0, (word & 0x3fff) !== 0);
  const isTiny = (upper & 0x7f80) === 0 && !((pattern & 0x7fff) === 0x0080 && carries);
  return withFlags(pattern, FLAG.inexact | (isTiny ? FLAG.underflow : 0));
}

/** The binary32 word of a BF16 in an f register, with its flags: exact, the canonical NaN for a NaN or a missing box. */
export function widenBf16(register: number): number {
  if ((register & BOX) >>> 0 !== BOX) return withFlags(CANONICAL_NAN, 0);
  const word = (register << 16) >>> 0;
  if (!isNan(word)) return withFlags(word, 0);
  return withFlags(CANONICAL_NAN, (word & 0x0040_0000) === 0 ? FLAG.invalid : 0);
}
