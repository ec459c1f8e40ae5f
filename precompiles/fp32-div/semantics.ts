/**
 * binary32 division with all rounding modes and flags. IEEE 754-2019, 5.4.1; RISC-V Unprivileged ISA, 21.
 * Bit patterns only, no floating-point operation.
 */
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { isNegativeProduct } from '../fp32-mul/semantics.ts';
import { roundToFp32 } from '../fp32-round/semantics.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialResult } from '../fp32-special/semantics.ts';

/** A quotient below this has too few bits to be rounded, one from the other on has too many for the chip. */
const LEAST = 2 ** 24;
const LIMIT = 2 ** 40;

/** floor(2^(16 limbs) A / B) in [2^24, 2^40) for the significands A, B, and what is left. */
export interface Division {
  limbs: number;
  quotient: number;
  remainder: number;
}

const shared: Division = { limbs: 0, quotient: 0, remainder: 0 };

/** a / b; words are u32. Returns the word with its flags (`fp32-round/semantics.ts`). */
export function divFp32(mode: number, a: number, b: number): number {
  const special = specialResult(OPERATION.div, mode, 0, a, b, 0);
  if (special >= 0) return special;
  const division = divide(a, b);
  const { quotient, remainder } = division;
  const [high, low] = [Math.floor(quotient / 2 ** 32), quotient % 2 ** 32];
  return roundToFp32(isNegativeProduct(a, b), quotientExponent(a, b, division.limbs), high, low, remainder !== 0, mode);
}

/** Exponent of bit 63 of the quotient. */
export const quotientExponent = (a: number, b: number, limbs: number): number =>
  exponentOf(a) - exponentOf(b) + 63 - 16 * limbs;

/**
 * Divides the significands of finite words that are not zero. A / B is in (2^-24, 2^24): one of 1, 2, 3 limbs puts the
 * quotient into its range. The value returned is written over by the next call.
 */
export function divide(a: number, b: number): Division {
  const [dividend, divisor] = [significandOf(a), significandOf(b)];
  for (let limbs = 1; ; limbs++) {
    let [quotient, remainder] = [0, dividend];
    for (let i = 0; i < limbs; i++) {
      const next = remainder * 2 ** 16; // < 2^40
      remainder = next % divisor;
      quotient = quotient * 2 ** 16 + (next - remainder) / divisor;
    }
    if (quotient >= LEAST && quotient < LIMIT) return Object.assign(shared, { limbs, quotient, remainder });
  }
}
