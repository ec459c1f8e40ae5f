/** Integers of 32 bits to binary32: fcvt.s.w and fcvt.s.wu. IEEE 754-2019, 5.4.1; RISC-V Unprivileged ISA, 21.7. */
import { roundToFp32, withFlags } from '../fp32-round/semantics.ts';

/** Exponent of bit 63 of a magnitude whose upper 32 bits are the integer. */
export const INTEGER_EXPONENT = 31;

export const isNegative = (isUnsigned: boolean, word: number): boolean => !isUnsigned && word >>> 31 === 1;
/** |word| as a u32. */
export const magnitudeOf = (isUnsigned: boolean, word: number): number =>
  isNegative(isUnsigned, word) ? -word >>> 0 : word;

/** The word with its flags; `word` is a u32, two's complement unless `isUnsigned`. */
export function fromInteger(mode: number, isUnsigned: boolean, word: number): number {
  if (word === 0) return withFlags(0, 0);
  return roundToFp32(isNegative(isUnsigned, word), INTEGER_EXPONENT, magnitudeOf(isUnsigned, word), 0, false, mode);
}
