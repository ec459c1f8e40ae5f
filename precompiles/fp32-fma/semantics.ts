/**
 * binary32 fused multiplication and addition, rounded once, with all rounding modes and flags. IEEE 754-2019, 5.4.1;
 * RISC-V Unprivileged ISA, 21. Bit patterns only, no floating-point operation.
 */
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { ROUNDING, roundToFp32, withFlags } from '../fp32-round/semantics.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialResult } from '../fp32-special/semantics.ts';

/** The unit of the sum is 2^32 below that of the product: an addend is moved up by at most this many bits of it. */
export const LARGEST_SHIFT = 82;
export const NUM_LIMBS = 7;

/** Exact sum of product and addend. */
export interface FusedSum {
  /** Magnitude, 16-bit limbs, the lowest first; below 2^107. */
  readonly limbs: Float64Array;
  negative: boolean;
  /** Exponent of bit 63 if no limb is dropped. */
  exponent: number;
  /** How many limbs are dropped so that the others are four: the sum is below 2^(64 + 16 drop). */
  drop: number;
}

const shared: FusedSum = { limbs: new Float64Array(NUM_LIMBS), negative: false, exponent: 0, drop: 0 };

/**
 * (-1)^negateProduct a * b + (-1)^negateAddend c; words are u32, `negations` is negateProduct + 2 negateAddend. Returns
 * the word with its flags (`fp32-round/semantics.ts`).
 */
export function fmaFp32(mode: number, negations: number, a: number, b: number, c: number): number {
  const special = specialResult(OPERATION.fma, mode, negations, a, b, c);
  if (special >= 0) return special;
  const sum = fusedSum(negations, a, b, c);
  if (isZeroSum(sum)) return withFlags(mode === ROUNDING.rdn ? 0x8000_0000 : 0, 0);
  const { negative, drop } = sum;
  return roundToFp32(negative, sum.exponent + 16 * drop, upperHalf(sum), lowerHalf(sum), isInexact(sum), mode);
}

/**
 * Bits that c is moved up: 32 + the distance of its exponent to that of the product. Below 0, c is less than a quarter of
 * the unit of a product of at least 2^23 units; above LARGEST_SHIFT, the product is less than a quarter of the unit of c.
 * No boundary of rounding is that close to an integer but the integer itself, so that the smaller term may be moved to
 * the nearest of both ends: the sum rounds to the same.
 */
export const addendShift = (a: number, b: number, c: number): number =>
  182 + exponentOf(c) - exponentOf(a) - exponentOf(b);

/** The exact sum for finite a, b that are not zero, and finite c. The value returned is written over by the next call. */
export function fusedSum(negations: number, a: number, b: number, c: number): FusedSum {
  const { limbs } = shared;
  const productIsNegative = (((a ^ b) >>> 31) ^ negations) & 1;
  const opposed = productIsNegative !== (((c >>> 31) ^ (negations >>> 1)) & 1);
  const addend = significandOf(c);
  const shift = addendShift(a, b, c);
  const used = addend === 0 ? 0 : Math.min(Math.max(shift, 0), LARGEST_SHIFT);
  const product = significandOf(a) * significandOf(b); // < 2^48
  const moved = addend * 2 ** (used % 16) * (opposed ? -1 : 1); // < 2^39
  const place = Math.floor(used / 16);
  for (let i = 0; i < NUM_LIMBS; i++) limbs[i] = 0;
  limbs[2] = product % 2 ** 16;
  limbs[3] = Math.floor(product / 2 ** 16);
  limbs[place]! += moved;
  propagate(limbs);
  shared.negative = productIsNegative === 1;
  if (limbs[NUM_LIMBS - 1]! < 0) {
    for (let i = 0; i < NUM_LIMBS; i++) limbs[i] = -limbs[i]!;
    propagate(limbs);
    shared.negative = !shared.negative;
  }
  shared.exponent = exponentOf(a) + exponentOf(b) - 269 + (addend === 0 ? 0 : Math.max(shift - LARGEST_SHIFT, 0));
  shared.drop = NUM_LIMBS - 4;
  while (shared.drop > 0 && limbs[shared.drop + 3] === 0) shared.drop -= 1;
  return shared;
}

/** Makes limbs 0 to 5 of a sum digits; the last one keeps the sign. */
function propagate(limbs: Float64Array): void {
  for (let i = 0; i < NUM_LIMBS - 1; i++) {
    const carry = Math.floor(limbs[i]! / 2 ** 16);
    limbs[i]! -= carry * 2 ** 16;
    limbs[i + 1]! += carry;
  }
}

export const isZeroSum = ({ limbs }: FusedSum): boolean => limbs.every((limb) => limb === 0);
/** The four limbs that are kept, and whether anything is in the others. */
export const upperHalf = ({ limbs, drop }: FusedSum): number => limbs[drop + 3]! * 2 ** 16 + limbs[drop + 2]!;
export const lowerHalf = ({ limbs, drop }: FusedSum): number => limbs[drop + 1]! * 2 ** 16 + limbs[drop]!;
export function isInexact({ limbs, drop }: FusedSum): boolean {
  for (let i = 0; i < drop; i++) if (limbs[i] !== 0) return true;
  return false;
}
