// KoalaBear in four 32-bit lanes. Reference: stark/field/koala-bear.ts. Shapes and measurements: docs of the kernels.
// Constants come from the low page (`../constants`), loaded once per call by the caller of these inlined functions.
// Functions over v128 are inlined and must not be exported from `index.ts`: they have no meaning to a host.
import { ADDRESS_MU, ADDRESS_P } from '../constants';

@inline
export const P: u32 = 0x7f000001;

/** p in every lane. */
@inline
export function loadP(): v128 {
  return v128.load_splat<u32>(ADDRESS_P);
}

/** p^-1 mod 2^32 in every lane. */
@inline
export function loadMu(): v128 {
  return v128.load_splat<u32>(ADDRESS_MU);
}

/** [0, 2p) -> [0, p): below p the subtraction wraps to a larger unsigned number. */
@inline
export function red(x: v128, p: v128): v128 {
  return i32x4.min_u(x, i32x4.sub(x, p));
}

/** a + b for canonical a, b; canonical. */
@inline
export function add(a: v128, b: v128, p: v128): v128 {
  return red(i32x4.add(a, b), p);
}

/** a - b for canonical a, b; canonical: a negative difference wraps above p. */
@inline
export function sub(a: v128, b: v128, p: v128): v128 {
  const d = i32x4.sub(a, b);
  return i32x4.min_u(d, i32x4.add(d, p));
}

/** Montgomery product a b 2^-32 of canonical a, b; canonical. */
@inline
export function mulMont(a: v128, b: v128, p: v128, mu: v128): v128 {
  const low = i64x2.extmul_low_i32x4_u(a, b);
  const high = i64x2.extmul_high_i32x4_u(a, b);
  const m = i32x4.mul(v128.shuffle<i32>(low, high, 0, 2, 4, 6), mu);
  const r = v128.shuffle<i32>(
    i64x2.sub(low, i64x2.extmul_low_i32x4_u(m, p)),
    i64x2.sub(high, i64x2.extmul_high_i32x4_u(m, p)),
    1, 3, 5, 7,
  );
  return i32x4.min_u(r, i32x4.add(r, p));
}

/** a w mod p in [0, 2p), for ANY u32 a and a constant w < p with wShoup = floor(w 2^32 / p). */
@inline
export function shoup(a: v128, w: v128, wShoup: v128, p: v128): v128 {
  const q = v128.shuffle<i32>(i64x2.extmul_low_i32x4_u(a, wShoup), i64x2.extmul_high_i32x4_u(a, wShoup), 1, 3, 5, 7);
  return i32x4.sub(i32x4.mul(a, w), i32x4.mul(q, p));
}

/** Scalar a b mod p. */
@inline
export function mulScalar(a: u32, b: u32): u32 {
  return <u32>((<u64>a * <u64>b) % <u64>P);
}

/** floor(w 2^32 / p). */
@inline
export function shoupOf(w: u32): u32 {
  return <u32>((<u64>w << 32) / <u64>P);
}
