// The points of a domain in its bit-reversed order, four at a time. Reference: `domainPoint` in stark/poly/domain.ts. The
// power of a root at index q does not depend on the size of the domain: w_n^rev(q) over log2 n bits is the product over
// the set bits j of q of roots of order 2^(j + 1).
import { ADDRESS_INVERSE_ROOTS, ADDRESS_R, ADDRESS_ROOTS, ADDRESS_SHIFTS } from '../constants';
import { loadP, mulScalar } from './field';

/**
 * w^rev(q) where w has order 2^(bits + skip) and rev reverses `bits` bits: bit j of q stands for a root of order
 * 2^(skip + 1 + j).
 */
@inline
export function reversedPower(q: u32, skip: u32): u32 {
  let power: u32 = 1;
  for (let root: usize = ADDRESS_ROOTS + ((skip + 1) << 2); q != 0; q >>= 1, root += 4) {
    if (q & 1) power = mulScalar(power, load<u32>(root));
  }
  return power;
}

/** w^rev(q + 1) / w^rev(q): the trailing ones of q become zeros, the zero above them a one. */
@inline
export function reversedStep(q: u32, skip: u32): u32 {
  const ones = <u32>ctz(~q), at = (skip + 1) << 2;
  let step = load<u32>(ADDRESS_ROOTS + at + (ones << 2));
  for (let j: u32 = 0; j < ones; j++) step = mulScalar(step, load<u32>(ADDRESS_INVERSE_ROOTS + at + (j << 2)));
  return step;
}

/** The four points of rows 4 q .. 4 q + 3, from the first one: times 1, -1, i, -i with i of order 4. Any form. */
@inline
export function fourPoints(first: u32, p: v128): v128 {
  const turned = mulScalar(first, load<u32>(ADDRESS_ROOTS + 8));
  const pair = i32x4.replace_lane(i32x4.splat(first), 2, turned);
  const points = i32x4.replace_lane(pair, 3, turned);
  // Lanes 1 and 3 are negated; no point is zero.
  return v128.bitselect(i32x4.sub(p, points), points, i64x2.splat(0xffffffff00000000));
}

/** Montgomery forms of points firstRow .. firstRow + bytes / 4 - 1 of D_n into a slot. firstRow is a multiple of 4. */
export function pointsSlot(dst: usize, bytes: usize, firstRow: u32, logHeight: u32): void {
  const p = loadP();
  let q = firstRow >> 2;
  let x = mulScalar(mulScalar(load<u32>(ADDRESS_SHIFTS + ((24 - logHeight) << 2)), load<u32>(ADDRESS_R)), reversedPower(q, 2));
  for (let i: usize = 0; i < bytes; i += 16, q++) {
    v128.store(dst + i, fourPoints(x, p));
    x = mulScalar(x, reversedStep(q, 2));
  }
}
