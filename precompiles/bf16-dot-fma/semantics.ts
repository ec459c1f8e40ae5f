/**
 * BF16 dot product as a chain of binary32 fused multiply-adds in increasing k, each rounded to nearest, ties to even:
 * acc = fma(a[k], b[k], acc) by IEEE 754-2019, 5.4.1, subnormals kept; NaN are canonical as in RISC-V (Unprivileged ISA,
 * 21.3). Bit patterns only, no floating-point operation.
 *
 * `fastMac` does what `air.ts` proves in one row for two products: results that are zero, normal or overflow. All others
 * are `fp32-fma`'s, which is the reference of both.
 */
import { BF16_EXPONENT, BF16_SIGNIFICAND, SPECIAL_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { BLOCK, exponentOf, significandOf } from '../bf16-dot/semantics.ts';
import { fmaFp32 } from '../fp32-fma/semantics.ts';
import { ROUNDING, wordOf } from '../fp32-round/semantics.ts';
import { roundSum } from './rounded-sum.ts';

/**
 * `blocks` blocks of 16 products on top of an accumulator; `blocks` 0 gives `acc` back.
 *
 * **Shapes** a, b: BF16 patterns, elements aOffset + k and bOffset + k for k < 16 * blocks. **Range** acc and result are
 * u32 patterns of binary32. The caller keeps offsets inside the arrays.
 */
export function dotFma(
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
  blocks: number,
): number {
  let state = acc >>> 0;
  for (let k = 0; k < BLOCK * blocks; k++) state = fmaBf16(a[aOffset + k]!, b[bOffset + k]!, state);
  return state;
}

/** One product of BF16 patterns on top of a binary32, rounded once. */
export function fmaBf16(x: number, y: number, acc: number): number {
  const fast = fastMac(x, y, acc);
  return fast >= 0 ? fast : slowMac(x, y, acc);
}

/** The same by the semantics of `fmadd.s`. */
export const slowMac = (x: number, y: number, acc: number): number =>
  wordOf(fmaFp32(ROUNDING.rne, 0, (x << 16) >>> 0, (y << 16) >>> 0, acc));

/**
 * x * y + acc if it is a zero, a normal result or an overflow, and no -0 is on the way of a zero; else -1. Terms are
 * aligned to the larger exponent and truncated to 25 fractional bits.
 *
 * Why that is enough: only the term with the smaller exponent loses bits. What is cut off (`sticky`) lies strictly between
 * two units of the sum, which has a guard bit if it has 25 bits. A product that is shifted by 27 and more is not even
 * `sticky`: it is below half a unit of the accumulator, whose 24 bits the sum rounds to. (The accumulator can be larger
 * than a product with a larger exponent, of subnormals. Then the sum has less than 25 bits, and is exact or left.)
 *
 * `isNormal`: operands are normal or zero. A product of them is at least 2^largest if it has the larger exponent, so an
 * accumulator that is shifted by 27 and more is below 1/8 unit of the result: it is dropped without a trace as well.
 */
export function fastMac(x: number, y: number, acc: number, isNormal = false): number {
  const [xExponent, yExponent] = [BF16_EXPONENT[x]!, BF16_EXPONENT[y]!];
  const accExponent = exponentOf(acc);
  if (xExponent === SPECIAL_EXPONENT || yExponent === SPECIAL_EXPONENT || accExponent >= SPECIAL_EXPONENT) return -1;
  const product = BF16_SIGNIFICAND[x]! * BF16_SIGNIFICAND[y]!;
  const exponent = xExponent + yExponent;
  const significand = significandOf(acc);
  const accIsNegative = acc >>> 31 === 1;
  const largest = exponent > accExponent ? exponent : accExponent;

  const magnitude = product < 0 ? -product : product;
  const shift = largest - exponent;
  const accShift = largest - accExponent;
  let term = 0; // < 2^27
  let cutOff = 0;
  if (shift <= 11) term = magnitude << (11 - shift);
  else if (shift < 27) {
    term = magnitude >> (shift - 11);
    cutOff = magnitude & ((1 << (shift - 11)) - 1);
  }
  let accTerm = 0; // < 2^26
  if (accShift < 27) {
    accTerm = (significand << 2) >> accShift;
    cutOff |= (significand << 2) & ((1 << accShift) - 1);
  } else if (!isNormal) cutOff |= significand;
  const isOpposed = product < 0 !== accIsNegative;
  const signed = (product < 0 ? -term : term) + (accIsNegative ? -accTerm : accTerm);
  const word = roundSum(largest, signed, isOpposed, cutOff !== 0 ? 1 : 0);
  return word === 0 && accIsNegative && significand === 0 ? -1 : word;
}
