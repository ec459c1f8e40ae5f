// Inverse zerofiers on a block of the extension. Reference: stark/quotient/classes.ts.
import { ADDRESS_R, ADDRESS_R_SQUARED } from '../constants';
import { loadMu, loadP, mulMont, mulScalar, sub } from './field';
import { fourPoints, reversedPower, reversedStep } from './points';
import { baseInvert } from './quintic';

/**
 * Vectors first .. first + count - 1 (four rows each) of all six classes on a block. Words at `job`: log2 n, blinding
 * polynomial's values (extension, one column), its row bytes, 0, the six addresses in the order of ZEROFIER_CLASSES, the
 * four single points (first, last, final, wrap), the shifts of the four blocks, 1 / (x^n - 1) on them.
 *
 * The four single classes by Montgomery's trick in Montgomery form: prefix products in the result itself, the points in
 * the result of `every`, then backwards.
 */
export function inverseZerofiers(job: usize, block: u32, first: u32, count: u32): void {
  const p = loadP(), mu = loadMu(), one = i32x4.splat(1), form = v128.load_splat<u32>(ADDRESS_R_SQUARED);
  const at: usize = ((<usize>block << load<u32>(job)) << 2) + (<usize>first << 4);
  const every: usize = load<u32>(job, 16) + at, transition: usize = load<u32>(job, 20) + at;
  const out0: usize = load<u32>(job, 24) + at, out1: usize = load<u32>(job, 28) + at;
  const out2: usize = load<u32>(job, 32) + at, out3: usize = load<u32>(job, 36) + at;
  const s0 = mulMont(v128.load_splat<u32>(job, 40), form, p, mu), s1 = mulMont(v128.load_splat<u32>(job, 44), form, p, mu);
  const s2 = mulMont(v128.load_splat<u32>(job, 48), form, p, mu), s3 = mulMont(v128.load_splat<u32>(job, 52), form, p, mu);
  let t0 = mulMont(one, form, p, mu), t1 = t0, t2 = t0, t3 = t0;
  // Montgomery form of the first point of each vector.
  let x = mulScalar(mulScalar(load<u32>(job + (block << 2), 56), reversedPower(first, 2)), load<u32>(ADDRESS_R));
  const bytes: usize = <usize>count << 4;
  for (let i: usize = 0, q = first; i < bytes; i += 16, q++) {
    const points = fourPoints(x, p);
    v128.store(every + i, points);
    v128.store(out0 + i, t0); v128.store(out1 + i, t1); v128.store(out2 + i, t2); v128.store(out3 + i, t3);
    t0 = mulMont(t0, sub(points, s0, p), p, mu); t1 = mulMont(t1, sub(points, s1, p), p, mu);
    t2 = mulMont(t2, sub(points, s2, p), p, mu); t3 = mulMont(t3, sub(points, s3, p), p, mu);
    x = mulScalar(x, reversedStep(q, 2));
  }
  // Times 2^-32: the results are canonical, not in Montgomery form.
  t0 = mulMont(baseInvert(t0, p, mu), one, p, mu); t1 = mulMont(baseInvert(t1, p, mu), one, p, mu);
  t2 = mulMont(baseInvert(t2, p, mu), one, p, mu); t3 = mulMont(baseInvert(t3, p, mu), one, p, mu);
  const vanishing = mulMont(v128.load_splat<u32>(job + (block << 2), 72), form, p, mu);
  const rowBytes: usize = load<u32>(job, 8);
  let blinding: usize = load<u32>(job, 4) + ((<usize>block << load<u32>(job)) + ((<usize>first + count - 1) << 2)) * rowBytes;
  for (let i = bytes; i > 0; blinding -= 4 * rowBytes) {
    i -= 16;
    const points = v128.load(every + i), d1 = sub(points, s1, p);
    v128.store(out0 + i, mulMont(t0, v128.load(out0 + i), p, mu)); t0 = mulMont(t0, sub(points, s0, p), p, mu);
    v128.store(out1 + i, mulMont(t1, v128.load(out1 + i), p, mu)); t1 = mulMont(t1, d1, p, mu);
    v128.store(out2 + i, mulMont(t2, v128.load(out2 + i), p, mu)); t2 = mulMont(t2, sub(points, s2, p), p, mu);
    v128.store(out3 + i, mulMont(t3, v128.load(out3 + i), p, mu)); t3 = mulMont(t3, sub(points, s3, p), p, mu);
    let values = v128.load_splat<u32>(blinding);
    values = v128.load_lane<u32>(blinding + rowBytes, values, 1);
    values = v128.load_lane<u32>(blinding + 2 * rowBytes, values, 2);
    values = v128.load_lane<u32>(blinding + 3 * rowBytes, values, 3);
    const inverse = mulMont(values, vanishing, p, mu);
    v128.store(every + i, inverse);
    v128.store(transition + i, mulMont(inverse, d1, p, mu));
  }
}
