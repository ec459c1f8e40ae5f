/**
 * binary32 to integers of 32 bits: fcvt.w.s and fcvt.wu.s. IEEE 754-2019, 5.8; results out of range and of NaN: RISC-V
 * Unprivileged ISA, 21.7, table "Domains of float-to-integer conversions". Bit patterns only.
 */
import { exponentOf, isNan, isSpecial, significandOf } from '../fp32-add/semantics.ts';
import { FLAG, increments, withFlags } from '../fp32-round/semantics.ts';

/** Exponents from here on are 2^32 and above, infinite or NaN. */
export const TOO_LARGE = 159;

/** The integer as a u32 with its flags: two's complement, or unsigned. `word` is a u32. */
export function toInteger(mode: number, isUnsigned: boolean, word: number): number {
  const negative = word >>> 31 === 1;
  const saturated = saturate(isUnsigned, negative && !isNan(word));
  if (isSpecial(word) || exponentOf(word) >= TOO_LARGE) return withFlags(saturated, FLAG.invalid);
  const { integer, guard, rest } = fixedPoint(word);
  const magnitude = integer + (increments(mode, negative, integer % 2 === 1, guard, rest) ? 1 : 0);
  const value = negative ? -magnitude : magnitude;
  const [least, greatest] = isUnsigned ? [0, 2 ** 32 - 1] : [-(2 ** 31), 2 ** 31 - 1];
  if (value < least || value > greatest) return withFlags(saturated, FLAG.invalid);
  return withFlags(value >>> 0, guard || rest ? FLAG.inexact : 0);
}

export function saturate(isUnsigned: boolean, low: boolean): number {
  if (isUnsigned) return low ? 0 : 0xffff_ffff;
  return low ? 0x8000_0000 : 0x7fff_ffff;
}

/** A magnitude below 2^32: its integer part, the first bit after the point, and whether there is more. */
export function fixedPoint(word: number): { integer: number; guard: boolean; rest: boolean } {
  // 2^8 significand * 2^-shift, with 64 bits after the point; a double holds 24 significant bits anywhere.
  const magnitude = significandOf(word) * 2 ** (exponentOf(word) - 150);
  const integer = Math.floor(magnitude);
  const fraction = magnitude - integer;
  return { integer, guard: fraction >= 0.5, rest: fraction !== 0 && fraction !== 0.5 };
}
