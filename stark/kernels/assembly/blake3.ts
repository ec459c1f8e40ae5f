// Keyed BLAKE3 of four messages in four lanes. Every message is one chunk (at most 1024 bytes), so a digest is the
// output of its last block. Reference: stark/hash, stark/merkle with @noble/hashes. Source: the BLAKE3 paper, 2.1-2.6.
//
// scratch: 640 bytes of the job's own, the block (16 vectors), the chaining value (8) and the extended output (16).
import { ADDRESS_HASH_KEYS } from '../constants';
import { compress } from './compression';

@inline const CHUNK_START: u32 = 1;
@inline const CHUNK_END: u32 = 2;
@inline const ROOT: u32 = 8;
@inline const KEYED_HASH: u32 = 16;
@inline const CV: usize = 256;
@inline const EXTENDED: usize = 384;

/** The most 16-byte groups of a row in one message: 248 words, so that with a digest before them it is one chunk. */
@inline const PIECE_GROUPS: usize = 62;

/** to[0..3] = the 4 x 4 transpose of the words at a, b, c, d. */
@inline
function transpose(a: v128, b: v128, c: v128, d: v128, to: usize): void {
  const ab = v128.shuffle<i32>(a, b, 0, 4, 1, 5), cd = v128.shuffle<i32>(c, d, 0, 4, 1, 5);
  const AB = v128.shuffle<i32>(a, b, 2, 6, 3, 7), CD = v128.shuffle<i32>(c, d, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(ab, cd, 0, 2));
  v128.store(to, v128.shuffle<i64>(ab, cd, 1, 3), 16);
  v128.store(to, v128.shuffle<i64>(AB, CD, 0, 2), 32);
  v128.store(to, v128.shuffle<i64>(AB, CD, 1, 3), 48);
}

@inline
function loadKey(key: usize, cv: usize): void {
  for (let i: usize = 0; i < 8; i++) v128.store(cv + 16 * i, v128.load_splat<u32>(key + 4 * i));
}

/** Four words of 8 vectors of all lanes, as 32 bytes a lane. */
@inline
function storeDigests(cv: usize, d0: usize, d1: usize, d2: usize, d3: usize, block: usize): void {
  for (let half: usize = 0; half < 2; half++) {
    const from = cv + 64 * half;
    transpose(v128.load(from), v128.load(from, 16), v128.load(from, 32), v128.load(from, 48), block);
    v128.store(d0 + 16 * half, v128.load(block));
    v128.store(d1 + 16 * half, v128.load(block, 16));
    v128.store(d2 + 16 * half, v128.load(block, 32));
    v128.store(d3 + 16 * half, v128.load(block, 48));
  }
}

/**
 * One message a lane: `prefix` groups of 16 bytes from p0..p3, then `groups` groups from r0..r3. At most 64 groups in
 * all, at least one. Leaves the digests, as 8 vectors, in the chaining value of the scratch.
 */
function hashMessages(
  p0: usize, p1: usize, p2: usize, p3: usize, prefix: usize,
  r0: usize, r1: usize, r2: usize, r3: usize, groups: usize,
  key: usize, scratch: usize,
): void {
  const cv = scratch + CV;
  loadKey(key, cv);
  const total = prefix + groups;
  let flags = CHUNK_START | KEYED_HASH;
  for (let done: usize = 0; done < total; ) {
    const here = min<usize>(4, total - done);
    for (let g: usize = 0; g < here; g++) {
      const to = scratch + 64 * g;
      const at = 16 * (done + g);
      if (done + g < prefix) {
        transpose(v128.load(p0 + at), v128.load(p1 + at), v128.load(p2 + at), v128.load(p3 + at), to);
      } else {
        const i = at - 16 * prefix;
        transpose(v128.load(r0 + i), v128.load(r1 + i), v128.load(r2 + i), v128.load(r3 + i), to);
      }
    }
    for (let to = scratch + 64 * here; to < scratch + 256; to += 16) v128.store(to, i64x2.splat(0));
    done += here;
    if (done == total) flags |= CHUNK_END | ROOT;
    compress(cv, scratch, i64x2.splat(0), 0, <u32>(16 * here), flags, 0);
    flags = KEYED_HASH;
  }
}

/**
 * out[i] = H_key(prev[i >> shift] || row i) for i in [from, from + count), both multiples of 4; without `prev` (zero) the
 * row alone. Rows of more than 248 words are chained piece by piece. Digests are 32 bytes apart; `out` may be `prev` when
 * shift is 0. key: number of the domain. Serves leaves, salts (rows of 4 words) and nodes (rows of two digests).
 */
export function hashRows(
  out: usize, prev: usize, shift: usize, rows: usize, rowBytes: usize, from: usize, count: usize, key: usize, scratch: usize,
): void {
  const keyAddress = ADDRESS_HASH_KEYS + 32 * key;
  for (let i = from; i < from + count; i += 4) {
    let r0 = rows + i * rowBytes, r1 = r0 + rowBytes, r2 = r1 + rowBytes, r3 = r2 + rowBytes;
    const d0 = out + 32 * i, d1 = d0 + 32, d2 = d1 + 32, d3 = d2 + 32;
    let left = rowBytes >> 4;
    let piece = min(PIECE_GROUPS, left);
    const p0 = prev + 32 * (i >> shift), p1 = prev + 32 * ((i + 1) >> shift);
    const p2 = prev + 32 * ((i + 2) >> shift), p3 = prev + 32 * ((i + 3) >> shift);
    hashMessages(p0, p1, p2, p3, prev ? 2 : 0, r0, r1, r2, r3, piece, keyAddress, scratch);
    storeDigests(scratch + CV, d0, d1, d2, d3, scratch);
    for (left -= piece; left > 0; left -= piece) {
      r0 += 16 * piece, r1 += 16 * piece, r2 += 16 * piece, r3 += 16 * piece;
      piece = min(PIECE_GROUPS, left);
      hashMessages(d0, d1, d2, d3, 2, r0, r1, r2, r3, piece, keyAddress, scratch);
      storeDigests(scratch + CV, d0, d1, d2, d3, scratch);
    }
  }
}

/**
 * Blocks 4 t, ..., 4 t + 3 of the XOF with key `seed` (32 bytes) and message stream, part (8 bytes): 256 bytes at
 * `out`, in order. t < 2^30.
 */
function xofBlocks(out: usize, seed: usize, stream: u32, part: u32, t: u32, scratch: usize): void {
  const cv = scratch + CV;
  loadKey(seed, cv);
  v128.store(scratch, i32x4.splat(stream));
  v128.store(scratch, i32x4.splat(part), 16);
  for (let i: usize = 2; i < 16; i++) v128.store(scratch + 16 * i, i64x2.splat(0));
  const counter = i32x4.add(i32x4.splat(4 * t), i32x4(0, 1, 2, 3));
  compress(cv, scratch, counter, 0, 8, CHUNK_START | CHUNK_END | ROOT | KEYED_HASH, scratch + EXTENDED);
  storeDigests(cv, out, out + 64, out + 128, out + 192, scratch);
  storeDigests(scratch + EXTENDED, out + 32, out + 96, out + 160, out + 224, scratch);
}

/**
 * Salts the leaf digests [from, from + count), multiples of 16: digest i becomes H_key(digest i || salt i), where salt i is
 * 16 bytes of part i >> 4 of the stream, those from 16 (i & 15) on. salts: 256 more bytes of scratch.
 */
export function saltLeaves(
  digests: usize, from: usize, count: usize, key: usize, seed: usize, stream: u32, salts: usize, scratch: usize,
): void {
  for (let i = from; i < from + count; i += 16) {
    xofBlocks(salts, seed, stream, <u32>(i >> 4), 0, scratch);
    hashRows(digests + 32 * i, digests + 32 * i, 0, salts, 16, 0, 16, key, scratch);
  }
}

/**
 * Fills `numRows` rows, stride words apart, with uniform field elements in their first `width` words and zero after: the
 * words of the XOF modulo 2^31, in order, without those
 * of at least p. words: 256 more bytes of scratch.
 */
export function randomRows(
  out: usize, numRows: usize, width: usize, stride: usize, seed: usize, stream: u32, part: u32, words: usize, scratch: usize,
): void {
  let at: usize = 256;
  let t: u32 = 0;
  for (let row: usize = 0; row < numRows; row++, out += 4 * stride) {
    for (let column: usize = 0; column < width; ) {
      if (at == 256) {
        xofBlocks(words, seed, stream, part, t++, scratch);
        at = 0;
      }
      const x = load<u32>(words + at) & 0x7fffffff;
      at += 4;
      store<u32>(out + 4 * column, x);
      if (x < 0x7f000001) column++;
    }
    for (let column = width; column < stride; column++) store<u32>(out + 4 * column, 0);
  }
}

/**
 * Looks for a nonce in [nonce, nonce + count), count a multiple of 4 that does not carry into the high word, such that the
 * first two words of H_key(state || nonce) are zero under the masks. Stores 1 and the low word of the least one at `found`.
 * Does nothing if `stop` (shared by all jobs) is set: a job before this one has found a nonce already.
 */
export function grind(
  state: usize, nonceLow: u32, nonceHigh: u32, count: u32, mask0: u32, mask1: u32, key: usize, found: usize, stop: usize, scratch: usize,
): void {
  if (atomic.load<u32>(stop)) return;
  const cv = scratch + CV, keyAddress = ADDRESS_HASH_KEYS + 32 * key;
  const m0 = i32x4.splat(mask0), m1 = i32x4.splat(mask1);
  for (let i: usize = 0; i < 8; i++) v128.store(scratch + 16 * i, v128.load_splat<u32>(state + 4 * i));
  v128.store(scratch + 144, i32x4.splat(nonceHigh));
  for (let i: usize = 10; i < 16; i++) v128.store(scratch + 16 * i, i64x2.splat(0));
  for (let tried: u32 = 0; tried < count; tried += 4) {
    v128.store(scratch + 128, i32x4.add(i32x4.splat(nonceLow + tried), i32x4(0, 1, 2, 3)));
    loadKey(keyAddress, cv);
    compress(cv, scratch, i64x2.splat(0), 0, 40, CHUNK_START | CHUNK_END | ROOT | KEYED_HASH, 0);
    const rest = v128.or(v128.and(v128.load(cv), m0), v128.and(v128.load(cv, 16), m1));
    const hits = i32x4.bitmask(i32x4.eq(rest, i64x2.splat(0)));
    if (hits) {
      store<u32>(found, 1);
      store<u32>(found + 4, nonceLow + tried + ctz(hits));
      atomic.store<u32>(stop, 1);
      return;
    }
  }
}
