// K = F_p[X] / (X^5 + X^2 - 1) in four 32-bit lanes: the five coefficients of four elements are five vectors, `stride`
// bytes apart in memory. Products are Montgomery products in every coefficient (a b 2^-32), operands canonical.
// Reference: stark/field/quintic.ts.
import { loadMu, loadP, add, mulMont, red, sub } from './field';

/** sum - p 2^32 where sum >= 2^63, read as unsigned: below 2^63 afterwards. `top` is p 2^32. */
@inline
export function fold63(sum: v128, top: v128): v128 {
  return i64x2.sub(sum, v128.and(i64x2.lt_s(sum, i64x2.splat(0)), top));
}

/** p 2^32 in both lanes. */
@inline
export function topOf(p: v128): v128 {
  return i64x2.shl(p, 32);
}

/** T 2^-32 mod p in four lanes, for T in two vectors of u64, any T below 2 p 2^32 - 1, which 4 p^2 and 2^64 are. */
@inline
export function reduce64(low: v128, high: v128, p: v128, mu: v128): v128 {
  const m = i32x4.mul(v128.shuffle<i32>(low, high, 0, 2, 4, 6), mu);
  const t = red(v128.shuffle<i32>(low, high, 1, 3, 5, 7), p);
  const q = v128.shuffle<i32>(i64x2.extmul_low_i32x4_u(m, p), i64x2.extmul_high_i32x4_u(m, p), 1, 3, 5, 7);
  return sub(t, q, p);
}

/** (a0 b0 + a1 b1 + a2 b2 + a3 b3) 2^-32: four products stay below 4 p^2 < 2^64. */
@inline
export function dot4(a0: v128, b0: v128, a1: v128, b1: v128, a2: v128, b2: v128, a3: v128, b3: v128, p: v128, mu: v128): v128 {
  const low = i64x2.add(
    i64x2.add(i64x2.extmul_low_i32x4_u(a0, b0), i64x2.extmul_low_i32x4_u(a1, b1)),
    i64x2.add(i64x2.extmul_low_i32x4_u(a2, b2), i64x2.extmul_low_i32x4_u(a3, b3)),
  );
  const high = i64x2.add(
    i64x2.add(i64x2.extmul_high_i32x4_u(a0, b0), i64x2.extmul_high_i32x4_u(a1, b1)),
    i64x2.add(i64x2.extmul_high_i32x4_u(a2, b2), i64x2.extmul_high_i32x4_u(a3, b3)),
  );
  return reduce64(low, high, p, mu);
}

/** (a0 b0 + a1 b1 + a2 b2) 2^-32. */
@inline
export function dot3(a0: v128, b0: v128, a1: v128, b1: v128, a2: v128, b2: v128, p: v128, mu: v128): v128 {
  const low = i64x2.add(
    i64x2.add(i64x2.extmul_low_i32x4_u(a0, b0), i64x2.extmul_low_i32x4_u(a1, b1)), i64x2.extmul_low_i32x4_u(a2, b2),
  );
  const high = i64x2.add(
    i64x2.add(i64x2.extmul_high_i32x4_u(a0, b0), i64x2.extmul_high_i32x4_u(a1, b1)), i64x2.extmul_high_i32x4_u(a2, b2),
  );
  return reduce64(low, high, p, mu);
}

/** (a0 b0 + a1 b1) 2^-32. */
@inline
export function dot2(a0: v128, b0: v128, a1: v128, b1: v128, p: v128, mu: v128): v128 {
  const low = i64x2.add(i64x2.extmul_low_i32x4_u(a0, b0), i64x2.extmul_low_i32x4_u(a1, b1));
  const high = i64x2.add(i64x2.extmul_high_i32x4_u(a0, b0), i64x2.extmul_high_i32x4_u(a1, b1));
  return reduce64(low, high, p, mu);
}

/** `dot4` with a fifth product: the first four are brought below 2^63, and 2^63 + p^2 < 2^64. */
@inline
function dot5(
  a0: v128, b0: v128, a1: v128, b1: v128, a2: v128, b2: v128, a3: v128, b3: v128, a4: v128, b4: v128, p: v128, mu: v128,
): v128 {
  const top = topOf(p);
  const low = i64x2.add(
    i64x2.add(i64x2.extmul_low_i32x4_u(a0, b0), i64x2.extmul_low_i32x4_u(a1, b1)),
    i64x2.add(i64x2.extmul_low_i32x4_u(a2, b2), i64x2.extmul_low_i32x4_u(a3, b3)),
  );
  const high = i64x2.add(
    i64x2.add(i64x2.extmul_high_i32x4_u(a0, b0), i64x2.extmul_high_i32x4_u(a1, b1)),
    i64x2.add(i64x2.extmul_high_i32x4_u(a2, b2), i64x2.extmul_high_i32x4_u(a3, b3)),
  );
  return reduce64(
    i64x2.add(fold63(low, top), i64x2.extmul_low_i32x4_u(a4, b4)),
    i64x2.add(fold63(high, top), i64x2.extmul_high_i32x4_u(a4, b4)),
    p, mu,
  );
}

/**
 * dst = a b 2^-32 for four elements of K; dst may be a or b. Column i of the multiplication by a is X^i b:
 * X (b0, .., b4) = (b4, b0, b1 - b4, b2, b3), so all columns are made of the coefficients of b and four differences.
 */
@inline
export function extMul(
  dst: usize, dstStride: usize, a: usize, aStride: usize, b: usize, bStride: usize, p: v128, mu: v128,
): void {
  const b0 = v128.load(b), b1 = v128.load(b + bStride), b2 = v128.load(b + 2 * bStride);
  const b3 = v128.load(b + 3 * bStride), b4 = v128.load(b + 4 * bStride);
  const a0 = v128.load(a), a1 = v128.load(a + aStride), a2 = v128.load(a + 2 * aStride);
  const a3 = v128.load(a + 3 * aStride), a4 = v128.load(a + 4 * aStride);
  const d14 = sub(b1, b4, p), d03 = sub(b0, b3, p), d42 = sub(b4, b2, p), d314 = sub(b3, d14, p);
  v128.store(dst, dot5(a0, b0, a1, b4, a2, b3, a3, b2, a4, d14, p, mu));
  v128.store(dst + dstStride, dot5(a0, b1, a1, b0, a2, b4, a3, b3, a4, b2, p, mu));
  v128.store(dst + 2 * dstStride, dot5(a0, b2, a1, d14, a2, d03, a3, d42, a4, d314, p, mu));
  v128.store(dst + 3 * dstStride, dot5(a0, b3, a1, b2, a2, d14, a3, d03, a4, d42, p, mu));
  v128.store(dst + 4 * dstStride, dot5(a0, b4, a1, b3, a2, b2, a3, d14, a4, d03, p, mu));
}

/** dst = M a 2^-32 for a constant matrix: `matrix` holds M_ij at 4 (5 i + j): row i is the image of X^i. dst != a. */
@inline
function extLinear(dst: usize, a: usize, matrix: usize, p: v128, mu: v128): void {
  for (let j: usize = 0; j < 5; j++) {
    let sum = i32x4.splat(0);
    for (let i: usize = 0; i < 5; i++) {
      sum = add(sum, mulMont(v128.load(a + 16 * i), v128.load_splat<u32>(matrix + 4 * (5 * i + j)), p, mu), p);
    }
    v128.store(dst + 16 * j, sum);
  }
}

/** a^-1 of Montgomery forms in F_p, by Fermat; 0 for 0. */
@inline
export function baseInvert(a: v128, p: v128, mu: v128): v128 {
  let result = a; // p - 2 = 0x7effffff: the leading one
  for (let bit: i32 = 29; bit >= 0; bit--) {
    result = mulMont(result, result, p, mu);
    if (bit != 24) result = mulMont(result, a, p, mu);
  }
  return result;
}

/**
 * dst = a^-1 for four Montgomery forms (2^32 x -> 2^32 / x), vectors 16 bytes apart; dst != a. Zero lanes give zero.
 * a^-1 = a^(r-1) / a^r, r = 1 + p + p^2 + p^3 + p^4: the conjugates' product over the norm, which is in F_p.
 * `frobenius` holds the matrices of x^p and x^(p^2) in Montgomery form; `scratch` 160 bytes.
 */
@inline
export function extInvert(dst: usize, a: usize, frobenius: usize, scratch: usize, p: v128, mu: v128): void {
  const first = scratch, pair = scratch + 80;
  extLinear(dst, a, frobenius, p, mu);                       // a^p
  extLinear(first, dst, frobenius, p, mu);                   // a^(p^2)
  extMul(pair, 16, dst, 16, first, 16, p, mu);               // a^(p + p^2)
  extLinear(first, pair, frobenius + 100, p, mu);            // a^(p^3 + p^4)
  extMul(first, 16, first, 16, pair, 16, p, mu);             // the conjugates
  extMul(pair, 16, first, 16, a, 16, p, mu);                 // the norm, in coefficient 0
  const inverse = baseInvert(v128.load(pair), p, mu);
  for (let i: usize = 0; i < 80; i += 16) v128.store(dst + i, mulMont(v128.load(first + i), inverse, p, mu));
}

/**
 * dst = 2^64 / a over a slot of K, coefficients `stride` bytes apart, `bytes` <= stride of each: Montgomery's trick in
 * four lanes, one inversion a call. `prefix` is a slot of scratch; dst, a, prefix distinct. `flag` is set to 1 if an
 * element is zero (then dst means nothing). The forms: a = 2^32 x gives 2^32 / x.
 */
export function extInvertSlot(
  dst: usize, a: usize, prefix: usize, stride: usize, bytes: usize, frobenius: usize, scratch: usize, flag: usize,
): void {
  const p = loadP(), mu = loadMu();
  for (let k: usize = 0; k < 5; k++) v128.store(prefix + k * stride, v128.load(a + k * stride));
  for (let i: usize = 16; i < bytes; i += 16) {
    extMul(prefix + i, stride, prefix + i - 16, stride, a + i, stride, p, mu);
  }
  const product = scratch, tail = scratch + 80;
  let any = i32x4.splat(0);
  for (let k: usize = 0; k < 5; k++) {
    const coefficient = v128.load(prefix + k * stride + bytes - 16);
    any = v128.or(any, coefficient);
    v128.store(product + 16 * k, coefficient);
  }
  if (!i32x4.all_true(any)) atomic.store<u32>(flag, 1);
  extInvert(tail, product, frobenius, scratch + 160, p, mu);
  for (let i = bytes - 16; i > 0; i -= 16) {
    extMul(dst + i, stride, tail, 16, prefix + i - 16, stride, p, mu);
    extMul(tail, 16, tail, 16, a + i, stride, p, mu);
  }
  for (let k: usize = 0; k < 5; k++) v128.store(dst + k * stride, v128.load(tail + 16 * k));
}

/** Bytes that `extInvertSlot` needs at `scratch`. */
@inline
export const INVERT_SCRATCH: usize = 320;

/** dst = a b 2^-32 over slots of K. dst may be a or b. */
export function extMulSlot(dst: usize, a: usize, b: usize, stride: usize): void {
  const p = loadP(), mu = loadMu();
  for (let i: usize = 0; i < stride; i += 16) extMul(dst + i, stride, a + i, stride, b + i, stride, p, mu);
}
