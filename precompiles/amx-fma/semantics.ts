/**
 * One step of Intel TDPBF16PS: binary32 fused multiplication and addition to nearest even, subnormal operands taken as
 * zeros of their sign (DAZ), results that are tiny after rounding replaced by such zeros (FTZ), NaN as x86 has them.
 * Source: Intel SDM vol. 2, TDPBF16PS, and vol. 1, 4.8.3.5 and 11.5.2; measured on hardware (docs/numerics.md). The
 * arithmetic is that of `fp32-fma`.
 */
import { fmaFp32 } from '../fp32-fma/semantics.ts';
import { FLAG, flagsOf, ROUNDING, wordOf } from '../fp32-round/semantics.ts';

/** "Real indefinite": the NaN of an invalid operation. */
export const DEFAULT_NAN = 0xffc0_0000;
/** 1 as a BF16: x + y is 1 * x + y, also for zeros, infinities and NaN. */
export const ONE = 0x3f80;

const SIGN = 0x8000_0000;
const QUIET = 0x40_0000;

const isNaNWord = (word: number): boolean => (word & 0x7fff_ffff) > 0x7f80_0000;
const isTiny = (word: number): boolean => (word & 0x7f80_0000) === 0;
/** Subnormals are zeros. */
const withoutSubnormal = (word: number): number => (isTiny(word) ? (word & SIGN) >>> 0 : word);

/** What `fp32-fma` is asked for: x as the upper half of a word, y, z. */
export const flushedOperands = (x: number, y: number, z: number): readonly [number, number, number] => [
  withoutSubnormal((x << 16) >>> 0),
  withoutSubnormal(y),
  withoutSubnormal(z),
];

/** x * y + z. x is a BF16, y and z are u32 patterns of binary32. The first NaN of x, y, z is the result, made quiet. */
export function amxFma(x: number, y: number, z: number): number {
  const nan = [(x << 16) >>> 0, y, z].find(isNaNWord);
  if (nan !== undefined) return (nan | QUIET) >>> 0;
  const result = fmaFp32(ROUNDING.rne, 0, ...flushedOperands(x, y, z));
  const word = wordOf(result);
  if (isNaNWord(word)) return DEFAULT_NAN;
  // A number below 2^-126 that rounds to it as a subnormal, but not with 24 bits, is tiny: underflow says so.
  return isTiny(word) || (flagsOf(result) & FLAG.underflow) !== 0 ? (word & SIGN) >>> 0 : word;
}

/** x + y by the same rules: of two NaN x. */
export const amxAdd = (x: number, y: number): number => amxFma(ONE, x, y);
