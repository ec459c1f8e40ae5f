/**
 * MUL, MULH, MULHSU and MULHU of M: the low or high word of the 64-bit product. RISC-V Unprivileged ISA, 13.1. Operands
 * and results are u32.
 */
export const multiplyLow = (a: number, b: number): number => Math.imul(a, b) >>> 0;
export const multiplyHighUnsigned = (a: number, b: number): number => highWord(a, b);
export const multiplyHighSigned = (a: number, b: number): number => highWord(a | 0, b | 0);
/** a signed, b unsigned. */
export const multiplyHighMixed = (a: number, b: number): number => highWord(a | 0, b);

/** floor(a b / 2^32) mod 2^32 for |a|, |b| <= 2^32. 16 bits of b at a time keep every step below 2^50: exact. */
function highWord(a: number, b: number): number {
  const [low, high] = [b & 0xffff, Math.floor(b / 2 ** 16)]; // b = low + 2^16 high
  return Math.floor((a * high + Math.floor((a * low) / 2 ** 16)) / 2 ** 16) >>> 0;
}
