// From the inverse transforms of the quotient's four blocks to its coefficients, cut into chunks.
//
// Block c holds the values at s w^r x, x in H, with w of order 4 N and r = rev(c). After the inverse transform and a
// division of row k by s^k, block c holds b_r w^(r k) with b_r = sum_j a_(k + j N) s^(j N) i^(r j), i of order 4. So row k
// gives the four coefficients k + j N by a transform of size 4. Reference: stark/quotient/chunks.test.ts interpolates.
import { ADDRESS_INVERSE_ROOTS, ADDRESS_R, ADDRESS_SHIFTS } from '../constants';
import { claimScratch, gatherColumns, releaseScratch } from './chunk';
import { add, loadMu, loadP, mulMont, mulScalar, sub } from './field';

@inline
const P: u32 = 0x7f000001;

function power(base: u32, exponent: u32): u32 {
  let result: u32 = 1;
  for (; exponent > 0; exponent >>= 1, base = mulScalar(base, base)) {
    if (exponent & 1) result = mulScalar(result, base);
  }
  return result;
}

/** Coefficient k of coefficients' component: chunk k / L, row k mod L; where k >= 4 L it must be zero. */
@inline
function put(dst: usize, k: u32, quarter: u32, length: u32, component: usize, value: u32): u32 {
  const q = k >= (quarter + 1) * length ? quarter + 1 : quarter;
  if (q == 4) return value;
  store<u32>(dst + <usize>(k - q * length) * 80 + ((5 * q) << 2) + component, value);
  return 0;
}

@inline
function putLanes(dst: usize, k: u32, quarter: u32, length: u32, component: usize, values: v128): u32 {
  return put(dst, k, quarter, length, component, i32x4.extract_lane(values, 0))
    | put(dst, k + 1, quarter, length, component, i32x4.extract_lane(values, 1))
    | put(dst, k + 2, quarter, length, component, i32x4.extract_lane(values, 2))
    | put(dst, k + 3, quarter, length, component, i32x4.extract_lane(values, 3));
}

/**
 * Rows from .. to - 1 (multiples of 4) of `src`, 20 words each, word 4 k + block; to rows of `dst`, 20 words each, word
 * 5 q + k for coefficient k of chunk q. `length` = L. `pool`: scratch of 64 bytes. Raises the flag where a coefficient from 4 L
 * on is not zero.
 */
export function splitQuotient(
  src: usize, dst: usize, logHeight: u32, length: u32, from: u32, to: u32, pool: usize, flag: usize,
): void {
  const p = loadP(), mu = loadMu(), scratch = claimScratch(pool);
  const form = load<u32>(ADDRESS_R);
  const step = load<u32>(ADDRESS_INVERSE_ROOTS + ((logHeight + 2) << 2));
  const w0 = mulScalar(power(step, from), form), w1 = mulScalar(w0, step);
  const w2 = mulScalar(w1, step), w3 = mulScalar(w2, step);
  let t1 = i32x4(w0, w1, w2, w3);
  const step4 = i32x4.splat(mulScalar(power(step, 4), form));
  const turn = i32x4.splat(mulScalar(load<u32>(ADDRESS_INVERSE_ROOTS + 8), form));
  // s^-N = 3^(-2^24); times 1/4 each.
  const quarter: u32 = P - ((P - 1) >> 2);
  const shift = power(load<u32>(ADDRESS_SHIFTS + (24 << 2)), P - 2);
  const f0 = mulScalar(quarter, form), f1 = mulScalar(f0, shift), f2 = mulScalar(f1, shift), f3 = mulScalar(f2, shift);
  const c0 = i32x4.splat(f0), c1 = i32x4.splat(f1), c2 = i32x4.splat(f2), c3 = i32x4.splat(f3);
  const height: u32 = 1 << logHeight;
  let beyond: u32 = 0;
  for (let k = from; k < to; k += 4, t1 = mulMont(t1, step4, p, mu)) {
    const t2 = mulMont(t1, t1, p, mu), t3 = mulMont(t1, t2, p, mu);
    for (let component: usize = 0; component < 5; component++) {
      gatherColumns(src + <usize>k * 80 + 16 * component, 80, 4, scratch, scratch + 16, scratch + 32, scratch + 48);
      const b0 = v128.load(scratch), b2 = mulMont(v128.load(scratch, 16), t2, p, mu);
      const b1 = mulMont(v128.load(scratch, 32), t1, p, mu), b3 = mulMont(v128.load(scratch, 48), t3, p, mu);
      const e0 = add(b0, b2, p), e1 = sub(b0, b2, p), o0 = add(b1, b3, p), o1 = mulMont(sub(b1, b3, p), turn, p, mu);
      const at = component << 2;
      beyond |= putLanes(dst, k, 0, length, at, mulMont(add(e0, o0, p), c0, p, mu));
      beyond |= putLanes(dst, k + height, 1, length, at, mulMont(add(e1, o1, p), c1, p, mu));
      beyond |= putLanes(dst, k + 2 * height, 2, length, at, mulMont(sub(e0, o0, p), c2, p, mu));
      beyond |= putLanes(dst, k + 3 * height, 3, length, at, mulMont(sub(e1, o1, p), c3, p, mu));
    }
  }
  if (beyond != 0) atomic.store<u32>(flag, 1);
  releaseScratch(pool, scratch);
}
