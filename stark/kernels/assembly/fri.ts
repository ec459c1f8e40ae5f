// The FRI fold: f(x) = sum_i x^i g_i(x^k) becomes sum_i beta^i g_i, for k = 2, 4 or 8. Group j of the codeword holds the k
// values over one point of the folded domain. k is taken as that many folds by two, with beta, beta^2, beta^4:
// (f(x) + f(-x)) / 2 + beta (f(x) - f(-x)) / (2 x). Four groups in the four lanes. Reference: stark/fri/fold.ts.
import { ADDRESS_INVERSE_ROOTS, ADDRESS_R, ADDRESS_SHIFTS } from '../constants';
import { claimScratch, releaseScratch } from './chunk';
import { add, loadMu, loadP, mulMont, mulScalar, sub } from './field';
import { extMul } from './quintic';

@inline
const P: u32 = 0x7f000001;

function invert(a: u32): u32 {
  let result: u32 = 1;
  for (let e: u32 = P - 2; e > 0; e >>= 1, a = mulScalar(a, a)) if (e & 1) result = mulScalar(result, a);
  return result;
}

/**
 * Groups first .. first + count - 1 (multiples of 4) of the codeword on D_n: 2^logArity elements of five words each, to
 * one element each. `betas`: beta, beta^2, beta^4 in Montgomery form, then every word four times. `pool`: 1024 bytes.
 */
export function friFold(
  src: usize, dst: usize, logHeight: u32, logArity: u32, betas: usize, first: u32, count: u32, pool: usize,
): void {
  const p = loadP(), mu = loadMu(), area = claimScratch(pool), difference = area + 640;
  const roots: usize = ADDRESS_INVERSE_ROOTS, arity: u32 = 1 << logArity;
  const groupBytes: usize = 20 << logArity;
  const form = load<u32>(ADDRESS_R);
  // Inverse points of the groups: bit b of the group's index stands for a root of order 2^(logArity + 1 + b).
  const orders = roots + ((logArity + 1) << 2);
  const start = mulScalar(form, invert(load<u32>(ADDRESS_SHIFTS + ((24 - logHeight) << 2))));
  const r0 = load<u32>(orders), r1 = load<u32>(orders, 4);
  const scale = i32x4.splat(mulScalar(invert(arity), form));
  const i4 = i32x4.splat(mulScalar(load<u32>(roots, 8), form));
  const i8 = i32x4.splat(mulScalar(load<u32>(roots, 12), form));
  for (let j = first; j < first + count; j += 4) {
    let x = start;
    for (let q = j, root = orders; q != 0; q >>= 1, root += 4) if (q & 1) x = mulScalar(x, load<u32>(root));
    const x1 = mulScalar(x, r0), x2 = mulScalar(x, r1), x3 = mulScalar(x1, r1);
    let inverse = i32x4(x, x1, x2, x3);
    const group = src + <usize>j * groupBytes;
    for (let w: usize = 0, at = area; w < groupBytes; w += 4, at += 16) {
      let v = v128.load_splat<u32>(group + w);
      v = v128.load_lane<u32>(group + groupBytes + w, v, 1);
      v = v128.load_lane<u32>(group + 2 * groupBytes + w, v, 2);
      v128.store(at, v128.load_lane<u32>(group + 3 * groupBytes + w, v, 3));
    }
    let beta = betas;
    for (let size = arity; size > 1; size >>= 1, beta += 80) {
      // Pair t is at x w^rev(t): 1, i, and for eight values also w_8 and w_8 i, inverted.
      for (let t: u32 = 0; t < size >> 1; t++) {
        let factor = inverse;
        if (t & 1) factor = mulMont(factor, i4, p, mu);
        if (t & 2) factor = mulMont(factor, i8, p, mu);
        const even = area + 160 * t, odd = even + 80, to = area + 80 * t;
        for (let c: usize = 0; c < 80; c += 16) {
          v128.store(difference + c, mulMont(sub(v128.load(even + c), v128.load(odd + c), p), factor, p, mu));
        }
        extMul(difference, 16, difference, 16, beta, 16, p, mu);
        for (let c: usize = 0; c < 80; c += 16) {
          v128.store(to + c, add(add(v128.load(even + c), v128.load(odd + c), p), v128.load(difference + c), p));
        }
      }
      inverse = mulMont(inverse, inverse, p, mu);
    }
    const out = dst + <usize>j * 20;
    for (let c: usize = 0; c < 5; c++) {
      const v = mulMont(v128.load(area + 16 * c), scale, p, mu), at = out + (c << 2);
      store<u32>(at, i32x4.extract_lane(v, 0));
      store<u32>(at, i32x4.extract_lane(v, 1), 20);
      store<u32>(at, i32x4.extract_lane(v, 2), 40);
      store<u32>(at, i32x4.extract_lane(v, 3), 60);
    }
  }
  releaseScratch(pool, area);
}
