/**
 * BF16 dot product as Intel AMX has it (TDPBF16PS): a tile instruction takes up to 32 elements of K, its even and its
 * odd elements in two chains of fused multiply-adds that begin at +0, adds odd to even, and adds that to the
 * accumulator. Every step rounds to nearest even, with DAZ, FTZ and NaN of x86 (`amx-fma/semantics.ts`).
 *
 * Blocks of 16 elements go in pairs: 32 elements a tile instruction (16 pairs, full rows of a tile), and the last block
 * of an odd number in a shorter one of 8 pairs, as a kernel with K in steps of 32 and a tail has it.
 *
 * `fastMac` of operands that are normal or zero, and `fastAdd`, do what `bf16-dot-amx` and `bf16-dot-amx-tile` prove;
 * everything else is `amx-fma`'s, which is the reference of both.
 */
import { amxAdd, amxFma } from '../amx-fma/semantics.ts';
import { BLOCK, exponentOf, significandOf } from '../bf16-dot/semantics.ts';
import { roundSum } from '../bf16-dot-fma/rounded-sum.ts';
import { fastMac } from '../bf16-dot-fma/semantics.ts';
import { TILE_BLOCKS } from './state.ts';

/** Exponent codes from here on are those of infinities and NaN. */
const SPECIAL = 4000;

const isSubnormal16 = (x: number): boolean => (x & 0x7f80) === 0 && (x & 0x7f) !== 0;
const isSubnormal32 = (word: number): boolean => (word & 0x7f80_0000) === 0 && (word & 0x7f_ffff) !== 0;

/** Even and odd chain of a tile instruction. */
export interface Chains {
  readonly even: number;
  readonly odd: number;
}

/**
 * `blocks` blocks of 16 products on top of an accumulator; `blocks` 0 gives `acc` back.
 *
 * **Shapes** a, b: BF16 patterns, elements aOffset + k and bOffset + k for k < 16 * blocks. **Range** acc and result
 * are u32 patterns of binary32. The caller keeps offsets inside the arrays.
 */
export function dotAmx(
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
  blocks: number,
): number {
  let state = acc >>> 0;
  for (let block = 0; block < blocks; block += TILE_BLOCKS) {
    const pairs = (Math.min(blocks - block, TILE_BLOCKS) * BLOCK) / 2;
    state = tileDot(state, a, aOffset + BLOCK * block, b, bOffset + BLOCK * block, pairs);
  }
  return state;
}

/** One element of one tile instruction: `pairs` pairs of products, at most 16. */
export function tileDot(
  acc: number,
  a: Uint16Array,
  aOffset: number,
  b: Uint16Array,
  bOffset: number,
  pairs: number,
): number {
  let [even, odd] = [0, 0];
  for (let k = 0; k < 2 * pairs; k += 2) {
    even = stepAmx(a[aOffset + k]!, b[bOffset + k]!, even);
    odd = stepAmx(a[aOffset + k + 1]!, b[bOffset + k + 1]!, odd);
  }
  return addAmx(acc, addAmx(even, odd));
}

/** One product of BF16 patterns on top of a chain. */
export function stepAmx(x: number, y: number, acc: number): number {
  const fast = isSubnormal16(x) || isSubnormal16(y) ? -1 : fastMac(x, y, acc, true);
  return fast >= 0 ? fast : amxFma(x, (y << 16) >>> 0, acc);
}

/** x + y. */
export function addAmx(x: number, y: number): number {
  const fast = fastAdd(x, y);
  return fast >= 0 ? fast : amxAdd(x, y);
}

/**
 * x + y if both are normal or zero, and the sum is a zero, normal or an overflow, and no -0 is y in the sum of two
 * zeros; else -1. Why two bits below those of the larger term and `sticky` are enough is said beside `fastMac`.
 */
export function fastAdd(x: number, y: number): number {
  if (isSubnormal32(x) || isSubnormal32(y)) return -1;
  const [xExponent, yExponent] = [exponentOf(x), exponentOf(y)];
  if (xExponent >= SPECIAL || yExponent >= SPECIAL) return -1;
  const isSwapped = yExponent > xExponent;
  const [larger, smaller] = isSwapped ? [y, x] : [x, y];
  const [largest, shift] = isSwapped ? [yExponent, yExponent - xExponent] : [xExponent, xExponent - yExponent];
  const exact = significandOf(smaller) * 4;
  // Far below half a unit of the larger, it leaves no trace.
  const kept = shift < 27 ? exact >> shift : 0;
  const sticky = shift < 27 && (exact & ((1 << shift) - 1)) !== 0 ? 1 : 0;
  const signOf = (word: number): number => (word >>> 31 === 1 ? -1 : 1);
  const signed = signOf(larger) * significandOf(larger) * 4 + signOf(smaller) * kept;
  const word = roundSum(largest, signed, signOf(larger) !== signOf(smaller), sticky);
  return word === 0 && y === 0x8000_0000 ? -1 : word;
}
