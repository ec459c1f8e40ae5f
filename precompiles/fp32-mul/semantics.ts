/**
 * binary32 multiplication with all rounding modes and flags. IEEE 754-2019, 5.4.1; RISC-V Unprivileged ISA, 21.
 * Bit patterns only, no floating-point operation.
 */
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { roundToFp32 } from '../fp32-round/semantics.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialResult } from '../fp32-special/semantics.ts';

/** a * b; words are u32. Returns the word with its flags (`fp32-round/semantics.ts`). */
export function mulFp32(mode: number, a: number, b: number): number {
  const special = specialResult(OPERATION.mul, mode, 0, a, b, 0);
  if (special >= 0) return special;
  const product = exactProduct(a, b);
  return roundToFp32(
    isNegativeProduct(a, b),
    productExponent(a, b),
    upperHalf(product),
    lowerHalf(product),
    false,
    mode,
  );
}

/** Product of the significands, below 2^48. */
export const exactProduct = (a: number, b: number): number => significandOf(a) * significandOf(b);
/** The halves of 2^16 times the product. */
export const upperHalf = (product: number): number => Math.floor(product / 2 ** 16);
export const lowerHalf = (product: number): number => (product % 2 ** 16) * 2 ** 16;
/** Exponent of bit 63 of 2^16 times the product. */
export const productExponent = (a: number, b: number): number => exponentOf(a) + exponentOf(b) - 253;
/** Sign of a product or quotient. */
export const isNegativeProduct = (a: number, b: number): boolean => (a ^ b) >>> 31 === 1;
