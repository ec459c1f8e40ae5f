// Number-theoretic transforms of row-major matrices, all columns at once. A row is rowBytes bytes, a multiple of 16;
// element (r, c) of a matrix is the u32 at base + r rowBytes + 4 c. Reference: stark/poly/ntt.ts.
//
// Forward (natural coefficients -> bit-reversed evaluations): a block at level l holds f mod X^m - r and is split into
// f mod X^(m/2) -+ w, w^2 = r; the twiddle w is the same for the whole block, so that a stage is one long run over the
// rows. Two levels at a time (radix 4), depth first down to blocks that fit the L2 cache. The inverse is the mirror image.
//
// Ranges: values between stages are lazy, in [0, 2p); `shoup` takes any u32, and 2p < 2^32. The last stage is canonical.
import { loadP, mulScalar, red, shoup, shoupOf } from './field';

/** Blocks of at most this many bytes are transformed stage by stage. */
@inline
const LEAF_BYTES: usize = 131072;

/** One radix-4 stage on the bytes [from, to) of each quarter of a block. The block has entry `index` = 2^level + b. */
@inline
function forward4(src: usize, dst: usize, quarter: usize, from: usize, to: usize, table: usize, index: usize, last: bool): void {
  const p = loadP();
  const one = table + 8 * index, two = table + 16 * index;
  const w1 = v128.load_splat<u32>(one), s1 = v128.load_splat<u32>(one, 4);
  const w2 = v128.load_splat<u32>(two), s2 = v128.load_splat<u32>(two, 4);
  const w3 = v128.load_splat<u32>(two, 8), s3 = v128.load_splat<u32>(two, 12);
  const src1 = src + quarter, src2 = src1 + quarter, src3 = src2 + quarter;
  const dst1 = dst + quarter, dst2 = dst1 + quarter, dst3 = dst2 + quarter;
  for (let i = from; i < to; i += 16) {
    const a0 = red(v128.load(src + i), p), a1 = red(v128.load(src1 + i), p);
    const t2 = red(shoup(v128.load(src2 + i), w1, s1, p), p), t3 = red(shoup(v128.load(src3 + i), w1, s1, p), p);
    const b0 = red(i32x4.add(a0, t2), p), b2 = red(i32x4.add(i32x4.sub(a0, t2), p), p);
    const u = red(shoup(i32x4.add(a1, t3), w2, s2, p), p), v = red(shoup(i32x4.add(i32x4.sub(a1, t3), p), w3, s3, p), p);
    const c0 = i32x4.add(b0, u), c1 = i32x4.add(i32x4.sub(b0, u), p);
    const c2 = i32x4.add(b2, v), c3 = i32x4.add(i32x4.sub(b2, v), p);
    v128.store(dst + i, last ? red(c0, p) : c0);
    v128.store(dst1 + i, last ? red(c1, p) : c1);
    v128.store(dst2 + i, last ? red(c2, p) : c2);
    v128.store(dst3 + i, last ? red(c3, p) : c3);
  }
}

function forwardStage4(base: usize, blockBytes: usize, numBlocks: usize, table: usize, index: usize): void {
  for (let b: usize = 0; b < numBlocks; b++, base += blockBytes) {
    forward4(base, base, blockBytes >> 2, 0, blockBytes >> 2, table, index + b, false);
  }
}

function forwardLast4(base: usize, blockBytes: usize, numBlocks: usize, table: usize, index: usize): void {
  for (let b: usize = 0; b < numBlocks; b++, base += blockBytes) {
    forward4(base, base, blockBytes >> 2, 0, blockBytes >> 2, table, index + b, true);
  }
}

function forwardLast2(base: usize, blockBytes: usize, numBlocks: usize, table: usize, index: usize): void {
  const p = loadP();
  const half = blockBytes >> 1;
  for (let b: usize = 0; b < numBlocks; b++, base += blockBytes) {
    const w = v128.load_splat<u32>(table + 8 * (index + b)), s = v128.load_splat<u32>(table + 8 * (index + b), 4);
    for (let i = base; i < base + half; i += 16) {
      const a = red(v128.load(i), p), t = red(shoup(v128.load(i + half), w, s, p), p);
      v128.store(i, red(i32x4.add(a, t), p));
      v128.store(i + half, red(i32x4.add(i32x4.sub(a, t), p), p));
    }
  }
}

/**
 * Transforms the block of `rows` >= 2 rows at entry `index` of the coset's table, in place: from f mod X^rows - r to
 * canonical evaluations in bit-reversed order.
 */
export function nttForward(base: usize, rows: usize, rowBytes: usize, table: usize, index: usize): void {
  const bytes = rows * rowBytes;
  if (bytes > LEAF_BYTES && rows >= 8) {
    forwardStage4(base, bytes, 1, table, index);
    for (let k: usize = 0; k < 4; k++) nttForward(base + k * (bytes >> 2), rows >> 2, rowBytes, table, 4 * index + k);
    return;
  }
  let numBlocks: usize = 1;
  for (; rows > 4; rows >>= 2, numBlocks <<= 2, index <<= 2) forwardStage4(base, rows * rowBytes, numBlocks, table, index);
  if (rows == 4) forwardLast4(base, 4 * rowBytes, numBlocks, table, index);
  else forwardLast2(base, 2 * rowBytes, numBlocks, table, index);
}

/** The inverse radix-4 stage, without the factor 1/4, on the bytes [from, to) of each quarter of block b. */
@inline
function inverse4(base: usize, quarter: usize, from: usize, to: usize, table: usize, b: usize, last: bool): void {
  const p = loadP();
  const one = table + 8 * b, two = table + 16 * b;
  const w1 = v128.load_splat<u32>(one), s1 = v128.load_splat<u32>(one, 4);
  const w2 = v128.load_splat<u32>(two), s2 = v128.load_splat<u32>(two, 4);
  const w3 = v128.load_splat<u32>(two, 8), s3 = v128.load_splat<u32>(two, 12);
  const base1 = base + quarter, base2 = base1 + quarter, base3 = base2 + quarter;
  for (let i = from; i < to; i += 16) {
    const x0 = red(v128.load(base + i), p), x1 = red(v128.load(base1 + i), p);
    const x2 = red(v128.load(base2 + i), p), x3 = red(v128.load(base3 + i), p);
    const y0 = red(i32x4.add(x0, x1), p), y1 = red(shoup(i32x4.add(i32x4.sub(x0, x1), p), w2, s2, p), p);
    const y2 = red(i32x4.add(x2, x3), p), y3 = red(shoup(i32x4.add(i32x4.sub(x2, x3), p), w3, s3, p), p);
    const z0 = i32x4.add(y0, y2), z1 = i32x4.add(y1, y3);
    const z2 = shoup(i32x4.add(i32x4.sub(y0, y2), p), w1, s1, p), z3 = shoup(i32x4.add(i32x4.sub(y1, y3), p), w1, s1, p);
    v128.store(base + i, last ? red(z0, p) : z0);
    v128.store(base1 + i, last ? red(z1, p) : z1);
    v128.store(base2 + i, last ? red(z2, p) : z2);
    v128.store(base3 + i, last ? red(z3, p) : z3);
  }
}

function inverseStage4(base: usize, blockBytes: usize, numBlocks: usize, table: usize, block: usize): void {
  for (let b: usize = 0; b < numBlocks; b++, base += blockBytes) {
    inverse4(base, blockBytes >> 2, 0, blockBytes >> 2, table, block + b, false);
  }
}

function inverseStage2(base: usize, blockBytes: usize, numBlocks: usize, table: usize, block: usize): void {
  const p = loadP();
  const half = blockBytes >> 1;
  for (let b: usize = 0; b < numBlocks; b++, base += blockBytes) {
    const w = v128.load_splat<u32>(table + 8 * (block + b)), s = v128.load_splat<u32>(table + 8 * (block + b), 4);
    for (let i = base; i < base + half; i += 16) {
      const x = red(v128.load(i), p), y = red(v128.load(i + half), p);
      v128.store(i, i32x4.add(x, y));
      v128.store(i + half, shoup(i32x4.add(i32x4.sub(x, y), p), w, s, p));
    }
  }
}

/** dst row j = scale * (src row rev(j)) for the `rows` rows of block `block` of a matrix of rows << level rows. */
function gather(src: usize, dst: usize, rows: usize, rowBytes: usize, level: usize, block: usize, scale: u32): void {
  const p = loadP();
  const w = i32x4.splat(scale), s = i32x4.splat(shoupOf(scale));
  let offset: usize = 0;
  for (let bit: usize = 0; bit < level; bit++) offset = (offset << 1) | ((block >> bit) & 1);
  let reversed: usize = 0;
  for (let j: usize = 0; j < rows; j++, dst += rowBytes) {
    const row = src + ((reversed << level) | offset) * rowBytes;
    for (let i: usize = 0; i < rowBytes; i += 16) v128.store(dst + i, shoup(v128.load(row + i), w, s, p));
    let bit = rows >> 1; // a counter whose carry runs from the top bit down
    for (; reversed & bit; bit >>= 1) reversed ^= bit;
    reversed |= bit;
  }
}

/**
 * Inverse transform of block `block` (of `rows` >= 2 rows) at `level` of a matrix of rows << level rows, without the
 * factor 1/rows; lazy result. If `src` is not zero, the block is first filled with the rows of the matrix `src`, which
 * is in natural order, times `scale`; otherwise `dst` holds bit-reversed evaluations already. `table`: inverse twiddles.
 */
export function nttInverse(src: usize, dst: usize, rows: usize, rowBytes: usize, table: usize, level: usize, block: usize, scale: u32): void {
  const bytes = rows * rowBytes;
  if (bytes > LEAF_BYTES && rows >= 8) {
    for (let k: usize = 0; k < 4; k++) {
      nttInverse(src, dst + k * (bytes >> 2), rows >> 2, rowBytes, table, level + 2, 4 * block + k, scale);
    }
    inverseStage4(dst, bytes, 1, table, block);
    return;
  }
  if (src) gather(src, dst, rows, rowBytes, level, block, scale);
  let blockRows: usize = 1;
  if (ctz(rows) & 1) {
    blockRows = 2;
    inverseStage2(dst, 2 * rowBytes, rows >> 1, table, block * (rows >> 1));
  }
  while (blockRows < rows) {
    blockRows <<= 2;
    const numBlocks = rows / blockRows;
    inverseStage4(dst, blockRows * rowBytes, numBlocks, table, block * numBlocks);
  }
}

/** The last inverse stage (level 0) on the bytes [from, to) of each quarter; canonical coefficients. */
export function nttInverseTop(base: usize, quarter: usize, from: usize, to: usize, table: usize): void {
  inverse4(base, quarter, from, to, table, 0, true);
}

function middleInverse(base: usize, quarter: usize, from: usize, to: usize, table: usize): void {
  inverse4(base, quarter, from, to, table, 0, false);
}

function middleForward(src: usize, dst: usize, quarter: usize, from: usize, to: usize, table: usize): void {
  forward4(src, dst, quarter, from, to, table, 1, false);
}

/**
 * The middle of an extension, on the bytes [from, to) of each quarter: the first forward stage of every coset, from
 * natural coefficients at `src` to block c at dst + 4 c quarter. If `inverseTable` is not zero, the last inverse stage is
 * done on `src` before. `src` may be the last block: it is read before it is written. Coset tables lie `tableBytes` apart.
 */
export function nttMiddle(
  src: usize, dst: usize, quarter: usize, from: usize, to: usize,
  numCosets: usize, tables: usize, tableBytes: usize, inverseTable: usize,
): void {
  while (from < to) {
    const end = min(from + 2048, to); // 4 x 2 KiB of coefficients stay in the L1 cache for all cosets
    if (inverseTable) middleInverse(src, quarter, from, end, inverseTable);
    for (let c: usize = 0; c < numCosets; c++) {
      middleForward(src, dst + 4 * c * quarter, quarter, from, end, tables + c * tableBytes);
    }
    from = end;
  }
}

/** Row r of [from, to) times first * ratio^(r - from), canonical. */
export function scaleRows(base: usize, rowBytes: usize, from: usize, to: usize, first: u32, ratio: u32): void {
  const p = loadP();
  let factor = first;
  for (let r = from; r < to; r++) {
    const w = i32x4.splat(factor), s = i32x4.splat(shoupOf(factor));
    const row = base + r * rowBytes;
    for (let i: usize = 0; i < rowBytes; i += 16) v128.store(row + i, red(shoup(v128.load(row + i), w, s, p), p));
    factor = mulScalar(factor, ratio);
  }
}
