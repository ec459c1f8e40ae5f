// Twiddle tables of the transforms (`ntt.ts`): Shoup pairs (w, floor(w 2^32 / p)), 8 bytes each.
//
// T[b] = w_{2^(l+1)}^rev_l(b) for b < 2^l does not depend on l: T[0] = 1 and T[2^k + b] = T[b] w_{2^(k+2)}, b < 2^k.
// * The inverse table holds T[b]^-1 for b < 2^log; a table for a large size serves all smaller ones.
// * The table of coset c holds, at entry 2^l + b, the twiddle of block b at level l: the level's shift times T[b]. With
//   s_n = 3^(2^(24 - log n)) that shift is s^(n / 2^(l+1)) = 3^(2^(23-l)) w_{B 2^(l+1)}^rev(c): again without n.
import { ADDRESS_INVERSE_ROOTS, ADDRESS_R, ADDRESS_R_SHOUP, ADDRESS_ROOTS, ADDRESS_SHIFTS } from '../constants';
import { loadMu, loadP, mulScalar, red, shoup, shoupOf } from './field';

@inline
function storePair(address: usize, w: u32): void {
  store<u32>(address, w);
  store<u32>(address + 4, shoupOf(w));
}

/** out[b] = first * T[b] for b < 2^log, with T made of the roots at `roots`. */
function fillLevel(out: usize, log: u32, first: u32, roots: usize): void {
  storePair(out, first);
  const scalar: u32 = log < 2 ? log : 2;
  for (let k: u32 = 0; k < scalar; k++) {
    const root = load<u32>(roots + 4 * (k + 2));
    for (let b: u32 = 0; b < <u32>1 << k; b++) storePair(out + 8 * ((1 << k) + b), mulScalar(load<u32>(out + 8 * b), root));
  }
  const p = loadP(), mu = loadMu(), r = v128.load_splat<u32>(ADDRESS_R), rShoup = v128.load_splat<u32>(ADDRESS_R_SHOUP);
  for (let k: u32 = 2; k < log; k++) {
    const root = load<u32>(roots + 4 * (k + 2));
    const w = i32x4.splat(root), wShoup = i32x4.splat(shoupOf(root));
    const half: usize = 8 << k;
    for (let from = out, to = out + half; from < to; from += 32) {
      const t = red(shoup(v128.shuffle<i32>(v128.load(from), v128.load(from, 16), 0, 2, 4, 6), w, wShoup, p), p);
      // t 2^32 = q p + e with e = t 2^32 mod p, so that q = -e p^-1 mod 2^32.
      const q = i32x4.neg(i32x4.mul(red(shoup(t, r, rShoup, p), p), mu));
      v128.store(from + half, v128.shuffle<i32>(t, q, 0, 4, 1, 5));
      v128.store(from + half, v128.shuffle<i32>(t, q, 2, 6, 3, 7), 16);
    }
  }
}

/** The inverse table for sizes up to 2^(log+1), 8 << log bytes at `out`. */
export function inverseTwiddles(out: usize, log: u32): void {
  fillLevel(out, log, 1, ADDRESS_INVERSE_ROOTS);
}

/** The table of one coset of the extension by 2^logBlowup, for heights up to 2^logHeight: 8 << logHeight bytes. */
export function cosetTwiddles(out: usize, logHeight: u32, logBlowup: u32, coset: u32): void {
  let reversed: u32 = 0;
  for (let bit: u32 = 0; bit < logBlowup; bit++) reversed = (reversed << 1) | ((coset >> bit) & 1);
  for (let level: u32 = 0; level < logHeight; level++) {
    let first = load<u32>(ADDRESS_SHIFTS + 4 * (23 - level));
    const root = load<u32>(ADDRESS_ROOTS + 4 * (level + 1 + logBlowup));
    for (let i: u32 = 0; i < reversed; i++) first = mulScalar(first, root);
    fillLevel(out + (<usize>8 << level), level, first, ADDRESS_ROOTS);
  }
}
