// Out-of-domain values and the DEEP batch: sums of columns with weights in K, over rows and over columns. Chunks are 256
// consecutive rows. Reference: stark/deep/open-reference.ts, stark/verifier/deep.ts.
//
// Sums of products are held in u64: an accumulator below 2^63 takes two products (2 p^2 < p 2^32 < 2^63) and is folded
// below 2^63 again, so that reduction is paid once a sum. `touch` reads one word of every cache line ahead, because
// hardware prefetch does nothing here (measured).
import { claimScratch, gatherColumns, releaseScratch, reverseBits } from './chunk';
import { add, loadMu, loadP, mulMont, sub } from './field';
import { extFillSlot, slotSub } from './interpreter';
import { pointsSlot } from './points';
import { extInvertSlot, extMul, extMulSlot, fold63, reduce64, topOf } from './quintic';

@inline
export const LOG_ROWS: u32 = 8;
@inline
const ROWS: u32 = 256;
/** Bytes of a slot: one word for each row of a chunk. */
@inline
const SLOT: usize = 1024;

/** Reads every cache line of [from, to); the sum only keeps the loads alive. */
@inline
function touch(from: usize, to: usize): u32 {
  let sum: u32 = 0;
  for (; from < to; from += 64) sum |= load<u32>(from);
  return sum;
}

/**
 * Barycentric weights x / (z - x), in Montgomery form, for chunks first .. first + count - 1 of block 0; chunk k is five
 * slots at weights + 5 SLOT k. `z`: its Montgomery form, five words. `pool`: scratch of 11 slots and INVERT_SCRATCH.
 */
export function openingWeights(
  weights: usize, logHeight: u32, z: usize, first: u32, count: u32, pool: usize, frobenius: usize, flag: usize,
): void {
  const p = loadP(), mu = loadMu(), area = claimScratch(pool);
  const points = area, denominators = area + SLOT, prefix = area + 6 * SLOT, scratch = area + 11 * SLOT;
  for (let k = first; k < first + count; k++) {
    const dst = weights + <usize>k * (5 * SLOT);
    pointsSlot(points, SLOT, k << LOG_ROWS, logHeight);
    extFillSlot(denominators, z, SLOT);
    slotSub(denominators, denominators, points, SLOT);
    extInvertSlot(dst, denominators, prefix, SLOT, SLOT, frobenius, scratch, flag);
    for (let c: usize = 0; c < 5 * SLOT; c += SLOT) {
      for (let i: usize = 0; i < SLOT; i += 16) {
        v128.store(dst + c + i, mulMont(v128.load(dst + c + i), v128.load(points + i), p, mu));
      }
    }
  }
  releaseScratch(pool, area);
}

/**
 * sums[g] += sum over the rows of a chunk of w f for the four columns at `src`: five vectors, coefficient by coefficient,
 * one lane per column.
 */
function weighColumns(src: usize, rowBytes: usize, weights: usize, sums: usize): void {
  const p = loadP(), mu = loadMu(), top = topOf(p);
  let l0 = i64x2.splat(0), l1 = l0, l2 = l0, l3 = l0, l4 = l0, h0 = l0, h1 = l0, h2 = l0, h3 = l0, h4 = l0;
  for (let end = weights + SLOT; weights < end; weights += 8, src += 2 * rowBytes) {
    const f = v128.load(src), g = v128.load(src + rowBytes);
    let a = v128.load_splat<u32>(weights), b = v128.load_splat<u32>(weights, 4);
    l0 = fold63(i64x2.add(l0, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h0 = fold63(i64x2.add(h0, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(weights, SLOT); b = v128.load_splat<u32>(weights, SLOT + 4);
    l1 = fold63(i64x2.add(l1, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h1 = fold63(i64x2.add(h1, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(weights, 2 * SLOT); b = v128.load_splat<u32>(weights, 2 * SLOT + 4);
    l2 = fold63(i64x2.add(l2, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h2 = fold63(i64x2.add(h2, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(weights, 3 * SLOT); b = v128.load_splat<u32>(weights, 3 * SLOT + 4);
    l3 = fold63(i64x2.add(l3, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h3 = fold63(i64x2.add(h3, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(weights, 4 * SLOT); b = v128.load_splat<u32>(weights, 4 * SLOT + 4);
    l4 = fold63(i64x2.add(l4, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h4 = fold63(i64x2.add(h4, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
  }
  v128.store(sums, add(v128.load(sums), reduce64(l0, h0, p, mu), p));
  v128.store(sums, add(v128.load(sums, 16), reduce64(l1, h1, p, mu), p), 16);
  v128.store(sums, add(v128.load(sums, 32), reduce64(l2, h2, p, mu), p), 32);
  v128.store(sums, add(v128.load(sums, 48), reduce64(l3, h3, p, mu), p), 48);
  v128.store(sums, add(v128.load(sums, 64), reduce64(l4, h4, p, mu), p), 64);
}

/** Weights of the rows after chunk 0's predecessor: row j takes the weight of row rev(rev(j) - 1) of the last chunk. */
function wrapWeights(dst: usize, last: usize): void {
  for (let j: u32 = 0; j < ROWS; j++) {
    const from = last + (<usize>reverseBits((reverseBits(j, LOG_ROWS) - 1) & (ROWS - 1), LOG_ROWS) << 2);
    for (let c: usize = 0; c < 5 * SLOT; c += SLOT) store<u32>(dst + c + (j << 2), load<u32>(from + c));
  }
}

/**
 * Adds up chunks first .. first + count - 1 of a block. `columns`: numLocal byte offsets of groups of four columns to sum
 * with the weights of z, then numNext groups to sum with those of omega z, which are the weights of the row before.
 * `sums`: 80 bytes per group, zero at first.
 */
export function openChunks(
  src: usize, rowBytes: usize, logHeight: u32, weights: usize, columns: usize, numLocal: u32, numNext: u32,
  first: u32, count: u32, sums: usize, pool: usize,
): void {
  const logChunks = logHeight - LOG_ROWS, last: u32 = (1 << logChunks) - 1, area = claimScratch(pool);
  let alive: u32 = 0;
  for (let k = first; k < first + count; k++) {
    const row = src + <usize>(k << LOG_ROWS) * rowBytes;
    alive |= touch(row, row + ROWS * rowBytes);
    for (let g: u32 = 0; g < numLocal; g++) {
      weighColumns(row + load<u32>(columns + (g << 2)), rowBytes, weights + <usize>k * (5 * SLOT), sums + 80 * g);
    }
    if (numNext == 0) continue;
    let before = weights + <usize>reverseBits((reverseBits(k, logChunks) - 1) & last, logChunks) * (5 * SLOT);
    if (k == 0) {
      wrapWeights(area, before);
      before = area;
    }
    for (let g = numLocal; g < numLocal + numNext; g++) {
      weighColumns(row + load<u32>(columns + (g << 2)), rowBytes, before, sums + 80 * g);
    }
  }
  store<u32>(area, alive);
  releaseScratch(pool, area);
}

/**
 * sums += sum over columns of gamma f for each of four rows: `sums` is the address in five slots. A group is a byte
 * offset of four columns and the address of their gammas in Montgomery form, five words each.
 */
function batchRows(src: usize, rowBytes: usize, groups: usize, numGroups: u32, sums: usize): void {
  const p = loadP(), mu = loadMu(), top = topOf(p);
  let l0 = i64x2.splat(0), l1 = l0, l2 = l0, l3 = l0, l4 = l0, h0 = l0, h1 = l0, h2 = l0, h3 = l0, h4 = l0;
  for (const end = groups + (<usize>numGroups << 3); groups < end; groups += 8) {
    const at = src + load<u32>(groups), gamma: usize = load<u32>(groups, 4);
    const r0 = v128.load(at), r1 = v128.load(at + rowBytes), r2 = v128.load(at + 2 * rowBytes), r3 = v128.load(at + 3 * rowBytes);
    const s0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5), s1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
    const s2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7), s3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
    let f = v128.shuffle<i64>(s0, s1, 0, 2), g = v128.shuffle<i64>(s0, s1, 1, 3);
    let a = v128.load_splat<u32>(gamma), b = v128.load_splat<u32>(gamma, 20);
    l0 = fold63(i64x2.add(l0, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h0 = fold63(i64x2.add(h0, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(gamma, 4); b = v128.load_splat<u32>(gamma, 24);
    l1 = fold63(i64x2.add(l1, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h1 = fold63(i64x2.add(h1, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(gamma, 8); b = v128.load_splat<u32>(gamma, 28);
    l2 = fold63(i64x2.add(l2, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h2 = fold63(i64x2.add(h2, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(gamma, 12); b = v128.load_splat<u32>(gamma, 32);
    l3 = fold63(i64x2.add(l3, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h3 = fold63(i64x2.add(h3, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(gamma, 16); b = v128.load_splat<u32>(gamma, 36);
    l4 = fold63(i64x2.add(l4, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h4 = fold63(i64x2.add(h4, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    f = v128.shuffle<i64>(s2, s3, 0, 2); g = v128.shuffle<i64>(s2, s3, 1, 3);
    a = v128.load_splat<u32>(gamma, 40); b = v128.load_splat<u32>(gamma, 60);
    l0 = fold63(i64x2.add(l0, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h0 = fold63(i64x2.add(h0, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(gamma, 44); b = v128.load_splat<u32>(gamma, 64);
    l1 = fold63(i64x2.add(l1, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h1 = fold63(i64x2.add(h1, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(gamma, 48); b = v128.load_splat<u32>(gamma, 68);
    l2 = fold63(i64x2.add(l2, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h2 = fold63(i64x2.add(h2, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(gamma, 52); b = v128.load_splat<u32>(gamma, 72);
    l3 = fold63(i64x2.add(l3, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h3 = fold63(i64x2.add(h3, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
    a = v128.load_splat<u32>(gamma, 56); b = v128.load_splat<u32>(gamma, 76);
    l4 = fold63(i64x2.add(l4, i64x2.add(i64x2.extmul_low_i32x4_u(f, a), i64x2.extmul_low_i32x4_u(g, b))), top);
    h4 = fold63(i64x2.add(h4, i64x2.add(i64x2.extmul_high_i32x4_u(f, a), i64x2.extmul_high_i32x4_u(g, b))), top);
  }
  v128.store(sums, add(v128.load(sums), reduce64(l0, h0, p, mu), p));
  v128.store(sums, add(v128.load(sums, SLOT), reduce64(l1, h1, p, mu), p), SLOT);
  v128.store(sums, add(v128.load(sums, 2 * SLOT), reduce64(l2, h2, p, mu), p), 2 * SLOT);
  v128.store(sums, add(v128.load(sums, 3 * SLOT), reduce64(l3, h3, p, mu), p), 3 * SLOT);
  v128.store(sums, add(v128.load(sums, 4 * SLOT), reduce64(l4, h4, p, mu), p), 4 * SLOT);
}

/** Ten slots of chunk k from the sums of a shorter height: row i takes row i >> shift. shift >= 1. */
function liftSums(dst: usize, short: usize, shift: u32, k: u32): void {
  const row = (k << LOG_ROWS) >> shift;
  const src = short + <usize>(row >> LOG_ROWS) * (10 * SLOT) + ((row & (ROWS - 1)) << 2);
  for (let c: usize = 0; c < 10 * SLOT; c += SLOT) {
    for (let j: u32 = 0; j < ROWS; j += 4) {
      const from = src + c + ((j >> shift) << 2);
      const values = shift == 1
        ? v128.shuffle<i32>(v128.load64_zero(from), v128.load64_zero(from), 0, 0, 1, 1)
        : v128.load_splat<u32>(from);
      v128.store(dst + c + (j << 2), values);
    }
  }
}

/**
 * Chunks first .. first + count - 1 of one height's extension. Words at `job`: 0 number of matrices, 1 matrices (6 words
 * each: address, row bytes, groups opened at z alone: address and number, groups opened at both points: the same),
 * 2 sums of the next shorter height or 0, 3 shift, 4 result (ten slots a chunk; unused on the tallest), 5 scratch pool,
 * 6 the tallest height's `finish` words or 0.
 */
export function batchChunks(job: usize, first: u32, count: u32): void {
  const pool: usize = load<u32>(job, 20), area = claimScratch(pool), finish: usize = load<u32>(job, 24);
  const short: usize = load<u32>(job, 8);
  let alive: u32 = 0;
  for (let k = first; k < first + count; k++) {
    const sums = finish != 0 ? area : <usize>load<u32>(job, 16) + <usize>k * (10 * SLOT);
    if (short != 0) liftSums(sums, short, load<u32>(job, 12), k);
    else memory.fill(sums, 0, 10 * SLOT);
    let matrix: usize = load<u32>(job, 4);
    for (let i: u32 = 0; i < load<u32>(job); i++, matrix += 24) {
      const rowBytes: usize = load<u32>(matrix, 4), src = <usize>load<u32>(matrix) + <usize>(k << LOG_ROWS) * rowBytes;
      alive |= touch(src, src + ROWS * rowBytes);
      for (let j: u32 = 0; j < ROWS; j += 4) {
        const row = src + <usize>j * rowBytes, at = sums + (j << 2);
        if (load<u32>(matrix, 12) != 0) batchRows(row, rowBytes, load<u32>(matrix, 8), load<u32>(matrix, 12), at);
        if (load<u32>(matrix, 20) != 0) batchRows(row, rowBytes, load<u32>(matrix, 16), load<u32>(matrix, 20), at + 5 * SLOT);
      }
    }
    if (finish != 0) finishChunk(finish, area, k);
  }
  store<u32>(area, alive);
  releaseScratch(pool, area);
}

/** dst = src - constant over a slot of K. */
function subtractConstant(dst: usize, constant: usize): void {
  const p = loadP();
  for (let c: usize = 0; c < 5; c++) {
    const value = v128.load_splat<u32>(constant + (c << 2));
    for (let i: usize = 0; i < SLOT; i += 16) v128.store(dst + c * SLOT + i, sub(v128.load(dst + c * SLOT + i), value, p));
  }
}

/** dst = dst - constant x over a slot of K; `constant` canonical, points in Montgomery form. */
function subtractMultiple(dst: usize, constant: usize, points: usize): void {
  const p = loadP(), mu = loadMu();
  for (let c: usize = 0; c < 5; c++) {
    const value = v128.load_splat<u32>(constant + (c << 2));
    for (let i: usize = 0; i < SLOT; i += 16) {
      const product = mulMont(value, v128.load(points + i), p, mu);
      v128.store(dst + c * SLOT + i, sub(v128.load(dst + c * SLOT + i), product, p));
    }
  }
}

/** Bytes of scratch: sums 10 slots, next point 5, denominators 5, inverses 5, prefix 5, points 1, mask 4, inversion. */
@inline
export const FINISH_SLOTS: usize = 35;

/**
 * F_0 = R + ((A - a)(x - z') + B - u_0 - u_1 x) / ((x - z)(x - z')) for the sums A, B of a chunk. Words at `finish`:
 * 0 log2 N, 1 codeword (five words an element), 2 mask (five columns), 3 its row bytes, 4 frobenius, 5 flag, then five
 * words each: 6 a, 11 u_0, 16 u_1, 21 -z', 26 z + z', 31 z z' (the last three in Montgomery form).
 */
function finishChunk(finish: usize, area: usize, k: u32): void {
  const p = loadP(), mu = loadMu();
  const local = area, both = area + 5 * SLOT, toNext = area + 10 * SLOT, denominators = area + 15 * SLOT;
  const inverses = area + 20 * SLOT, prefix = area + 25 * SLOT, points = area + 30 * SLOT, mask = area + 31 * SLOT;
  pointsSlot(points, SLOT, k << LOG_ROWS, load<u32>(finish));
  extFillSlot(toNext, finish + 84, SLOT);
  extFillSlot(denominators, finish + 124, SLOT);
  // x^2 - (z + z') x + z z', with the sum in Montgomery form: the product of two forms is a form.
  subtractMultiple(denominators, finish + 104, points);
  for (let i: usize = 0; i < SLOT; i += 16) {
    const x = v128.load(points + i);
    v128.store(toNext + i, add(v128.load(toNext + i), x, p));
    v128.store(denominators + i, add(v128.load(denominators + i), mulMont(x, x, p, mu), p));
  }
  extInvertSlot(inverses, denominators, prefix, SLOT, SLOT, load<u32>(finish, 16), area + FINISH_SLOTS * SLOT, load<u32>(finish, 20));
  subtractConstant(local, finish + 24);
  extMulSlot(local, local, toNext, SLOT);
  subtractConstant(both, finish + 44);
  subtractMultiple(both, finish + 64, points);
  for (let i: usize = 0; i < 5 * SLOT; i += 16) v128.store(local + i, add(v128.load(local + i), v128.load(both + i), p));
  extMulSlot(local, local, inverses, SLOT);
  const maskBytes: usize = load<u32>(finish, 12), row = k << LOG_ROWS;
  const masks = <usize>load<u32>(finish, 8) + <usize>row * maskBytes;
  let dst = <usize>load<u32>(finish, 4) + <usize>row * 20;
  gatherColumns(masks, maskBytes, ROWS, mask, mask + SLOT, mask + 2 * SLOT, mask + 3 * SLOT);
  for (let i: usize = 0; i < 4 * SLOT; i += 16) v128.store(local + i, add(v128.load(local + i), v128.load(mask + i), p));
  for (let j: u32 = 0; j < ROWS; j++, dst += 20) {
    const at = local + (j << 2), last = load<u32>(at, 4 * SLOT) + load<u32>(masks + <usize>j * maskBytes, 16);
    store<u32>(dst, load<u32>(at));
    store<u32>(dst, load<u32>(at, SLOT), 4);
    store<u32>(dst, load<u32>(at, 2 * SLOT), 8);
    store<u32>(dst, load<u32>(at, 3 * SLOT), 12);
    store<u32>(dst, last >= 0x7f000001 ? last - 0x7f000001 : last, 16);
  }
}
