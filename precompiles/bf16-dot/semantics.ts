/**
 * BF16 dot product with an FP32 accumulator as NVIDIA tensor cores compute it, bit for bit.
 *
 * One block is some products and the accumulator, summed as integers: every term is aligned to the largest exponent and
 * truncated (toward zero) to some fractional bits, the sum is exact, and is truncated to binary32. Longer dot products
 * chain blocks through the accumulator in increasing k. Bit patterns in, bit patterns out; no floating-point operation.
 * Generations differ in the numbers of `TensorCore` only; Blackwell has those of Hopper.
 *
 * Source: Hawkeye (arXiv 2603.20421), MMA-Sim, and outputs measured on H100, B200, A100 and L40S by
 * north-numerical-computing/MATLAB-tensor-core; `sum-air.ts` and `bf16-dot-special/air.ts` are its arithmetization.
 */

import { BF16_EXPONENT, BF16_SIGNIFICAND, SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { BLOCK, type TensorCore, WINDOW_BITS } from './core.ts';
import { NAN_EXPONENT } from './state.ts';

export { AMPERE, BLOCK, HOPPER, type TensorCore, WINDOW_BITS } from './core.ts';

/** What a block gives for an invalid operation or a NaN operand. */
export const TENSOR_CORE_NAN = 0x7fff_ffff;
const INFINITY = 0x7f80_0000;
const SIGN = 0x8000_0000;

/**
 * The dot product of `blocks` blocks of 16 BF16 on top of an accumulator; `blocks` 0 gives `acc` back.
 *
 * **Shapes** a, b: BF16 patterns, elements aOffset + k and bOffset + k for k < 16 * blocks. **Range** acc and result are
 * u32 patterns of binary32. The caller keeps offsets inside the arrays.
 */
export function dotTensorCore(
  core: TensorCore,
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
  blocks: number,
): number {
  let state = acc >>> 0;
  for (let k = 0; k < BLOCK * blocks; k += core.products) {
    state = dotBlock(core, state, a, aOffset + k, b, bOffset + k);
  }
  return state;
}

/** One sum of `core.products` products on top of an accumulator. The caller keeps offsets inside the arrays. */
export function dotBlock(
  core: TensorCore,
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
): number {
  const sum = alignedSum(core, acc, a, aOffset, b, bOffset);
  return Number.isNaN(sum) ? specialBlock(core, acc, a, aOffset, b, bOffset) : pack(sum, window);
}

/** Whether an infinity or NaN is among the operands or is the accumulator. */
export function isSpecialBlock(
  core: TensorCore,
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
): boolean {
  return Number.isNaN(alignedSum(core, acc, a, aOffset, b, bOffset));
}

/** The 24 leading bits of a sum, of finite operands, that overflows. */
export function overflowSignificand(
  core: TensorCore,
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
): number {
  return leadingBits(Math.abs(alignedSum(core, acc, a, aOffset, b, bOffset)) >>> 0);
}

/** Scratch: the window (see `alignedSum`) and the products of the sum in progress. */
let window = 0;
const products = new Int32Array(BLOCK);
const exponents = new Int32Array(BLOCK);

/**
 * The exact sum of the aligned terms in units of 2^(window - 25), |.| < 2^32; NaN if an operand is special. The window is
 * the largest exponent, or one more than that if terms keep 24 fractional bits.
 */
function alignedSum(
  core: TensorCore,
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
): number {
  const count = core.products;
  let top = core.floor;
  for (let k = 0; k < count; k++) {
    const x = a[aOffset + k]!;
    const y = b[bOffset + k]!;
    const exponent = BF16_EXPONENT[x]! + BF16_EXPONENT[y]!;
    products[k] = BF16_SIGNIFICAND[x]! * BF16_SIGNIFICAND[y]!; // |.| <= 65025
    exponents[k] = exponent;
    if (exponent > top) top = exponent;
  }
  const accExponent = exponentOf(acc);
  if (accExponent > top) top = accExponent;
  // A finite product is below 2 * 128, a special operand leaves at least 4000 - 400.
  if (top > 1000) return Number.NaN;
  top += WINDOW_BITS - core.fractionBits;
  window = top;

  // A product has 14 fractional bits, the accumulator 23.
  const accShift = top - accExponent;
  const accTerm = accShift < 26 ? (significandOf(acc) << 2) >>> accShift : 0; // < 2^26
  let sum = acc >>> 31 === 1 ? -accTerm : accTerm;
  for (let k = 0; k < count; k++) {
    const shift = top - exponents[k]!;
    const product = products[k]!;
    if (shift <= 11)
      sum += product * (1 << (11 - shift)); // |.| <= 65025 * 2^11 < 2^27
    else if (shift < 27) sum += product < 0 ? -(-product >> (shift - 11)) : product >> (shift - 11);
  }
  return sum; // |.| <= 16 * 65025 * 2^11 + 2^26 < 2^32
}

/** Significand of a binary32 with its hidden bit, 24 bits. */
export function significandOf(word: number): number {
  const fraction = word & 0x7f_ffff;
  return ((word >>> 23) & 0xff) === 0 ? fraction : fraction + 0x80_0000;
}

/** Exponent of a finite binary32 whose significand is not normalised, or the code of a zero, infinity or NaN. */
export function exponentOf(word: number): number {
  const biased = (word >>> 23) & 0xff;
  const fraction = word & 0x7f_ffff;
  if (biased === 255) return fraction === 0 ? SPECIAL_EXPONENT : NAN_EXPONENT;
  if (biased === 0) return fraction === 0 ? ZERO_EXPONENT : -126;
  return biased - 127;
}

/** sum * 2^(window - 25), truncated toward zero to binary32; beyond it infinity, and below it +0. */
function pack(sum: number, window: number): number {
  if (sum === 0) return 0;
  const magnitude = Math.abs(sum) >>> 0;
  const leadingZeros = Math.clz32(magnitude);
  const exponent = window + 6 - leadingZeros;
  let word: number;
  if (exponent > 127) word = INFINITY;
  else if (exponent >= -126) {
    word = ((exponent + 127) << 23) + (leadingBits(magnitude) - 0x80_0000);
  } else {
    const shift = window + 124; // to units of 2^-149
    word = shift >= 0 ? magnitude << shift : magnitude >>> -shift;
  }
  return sum < 0 && word !== 0 ? (word | SIGN) >>> 0 : word;
}

/** The 24 leading bits of a u32 that is not zero, zeros below. */
function leadingBits(magnitude: number): number {
  const shift = Math.clz32(magnitude) - 8;
  return shift <= 0 ? magnitude >>> -shift : magnitude << shift;
}

/** A sum with an infinity or NaN among operands or accumulator. */
function specialBlock(
  core: TensorCore,
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
): number {
  let positive = acc === INFINITY;
  let negative = acc === (INFINITY | SIGN) >>> 0;
  if (((acc >>> 23) & 0xff) === 255 && !positive && !negative) return TENSOR_CORE_NAN;
  for (let k = 0; k < core.products; k++) {
    const x = a[aOffset + k]!;
    const y = b[bOffset + k]!;
    if (BF16_EXPONENT[x] !== SPECIAL_EXPONENT && BF16_EXPONENT[y] !== SPECIAL_EXPONENT) continue;
    const sign = BF16_SIGNIFICAND[x]! * BF16_SIGNIFICAND[y]!; // 0: a NaN, or infinity times zero
    if (sign === 0) return TENSOR_CORE_NAN;
    if (sign > 0) positive = true;
    else negative = true;
  }
  if (positive && negative) return TENSOR_CORE_NAN;
  return positive ? INFINITY : (INFINITY | SIGN) >>> 0;
}
