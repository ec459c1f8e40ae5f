/**
 * Keyed BLAKE3 of one chunk, at most 1024 bytes: every leaf and node of a tree is one. The same as `@noble/hashes`, which
 * is the reference (`blake3.test.ts`), at about a fifth of its time: state and message live in local variables, and
 * nothing is allocated but the digest. Source: the BLAKE3 paper, sections 2.1 to 2.4.
 */

/** Bytes of a chunk, and of a block. */
export const CHUNK_BYTES = 1024;
const BLOCK_BYTES = 64;

const CHUNK_START = 1;
const CHUNK_END = 2;
const ROOT = 8;
const KEYED_HASH = 16;
const IV0 = 0x6a09e667;
const IV1 = 0xbb67ae85 | 0;
const IV2 = 0x3c6ef372;
const IV3 = 0xa54ff53a | 0;

const chaining = new Int32Array(8);
const words = new Int32Array(CHUNK_BYTES / 4);

/** The 32-byte key as words. */
export function keyWords(key: Uint8Array): Int32Array {
  const view = new DataView(key.buffer, key.byteOffset, key.byteLength);
  return Int32Array.from({ length: 8 }, (_, i) => view.getInt32(4 * i, true));
}

/** The 32-byte digest of a message. @throws {RangeError} if it is longer than a chunk. */
export function hashChunk(key: Int32Array, message: Uint8Array): Uint8Array {
  const { length } = message;
  if (length > CHUNK_BYTES) throw new RangeError(`message: expected at most ${CHUNK_BYTES} bytes, got ${length}`);
  load(message);
  chaining.set(key);
  const numBlocks = Math.max(1, Math.ceil(length / BLOCK_BYTES));
  for (let block = 0; block < numBlocks; block++) {
    const last = block === numBlocks - 1;
    const flags = KEYED_HASH | (block === 0 ? CHUNK_START : 0) | (last ? CHUNK_END | ROOT : 0);
    compress(16 * block, last ? length - BLOCK_BYTES * block : BLOCK_BYTES, flags);
  }
  const digest = new Uint8Array(32);
  const view = new DataView(digest.buffer);
  for (let i = 0; i < 8; i++) view.setInt32(4 * i, chaining[i]!, true);
  return digest;
}

/** The message as little-endian words, the last block filled up with zeros. */
function load(message: Uint8Array): void {
  const { length } = message;
  const view = new DataView(message.buffer, message.byteOffset, length);
  const whole = length >>> 2;
  for (let i = 0; i < whole; i++) words[i] = view.getInt32(4 * i, true);
  const padded = Math.max(16, Math.ceil(length / BLOCK_BYTES) * 16);
  words.fill(0, whole, padded);
  if (length % 4 === 0) return;
  let last = 0;
  for (let i = 4 * whole; i < length; i++) last |= message[i]! << (8 * (i & 3));
  words[whole] = last;
}

/** Replaces the chaining value by that after the block of 16 words from `at` on. The counter of a first chunk is 0. */
function compress(at: number, blockBytes: number, flags: number): void {
  let m0 = words[at + 0]!;
  let m1 = words[at + 1]!;
  let m2 = words[at + 2]!;
  let m3 = words[at + 3]!;
  let m4 = words[at + 4]!;
  let m5 = words[at + 5]!;
  let m6 = words[at + 6]!;
  let m7 = words[at + 7]!;
  let m8 = words[at + 8]!;
  let m9 = words[at + 9]!;
  let m10 = words[at + 10]!;
  let m11 = words[at + 11]!;
  let m12 = words[at + 12]!;
  let m13 = words[at + 13]!;
  let m14 = words[at + 14]!;
  let m15 = words[at + 15]!;
  let v0 = chaining[0]!;
  let v1 = chaining[1]!;
  let v2 = chaining[2]!;
  let v3 = chaining[3]!;
  let v4 = chaining[4]!;
  let v5 = chaining[5]!;
  let v6 = chaining[6]!;
  let v7 = chaining[7]!;
  let v8 = IV0;
  let v9 = IV1;
  let v10 = IV2;
  let v11 = IV3;
  let v12 = 0;
  let v13 = 0;
  let v14 = blockBytes;
  let v15 = flags;
  for (let round = 0; round < 7; round++) {
    v0 = (v0 + v4 + m0) | 0;
    v12 ^= v0;
    v12 = (v12 >>> 16) | (v12 << 16);
    v8 = (v8 + v12) | 0;
    v4 ^= v8;
    v4 = (v4 >>> 12) | (v4 << 20);
    v0 = (v0 + v4 + m1) | 0;
    v12 ^= v0;
    v12 = (v12 >>> 8) | (v12 << 24);
    v8 = (v8 + v12) | 0;
    v4 ^= v8;
    v4 = (v4 >>> 7) | (v4 << 25);
    v1 = (v1 + v5 + m2) | 0;
    v13 ^= v1;
    v13 = (v13 >>> 16) | (v13 << 16);
    v9 = (v9 + v13) | 0;
    v5 ^= v9;
    v5 = (v5 >>> 12) | (v5 << 20);
    v1 = (v1 + v5 + m3) | 0;
    v13 ^= v1;
    v13 = (v13 >>> 8) | (v13 << 24);
    v9 = (v9 + v13) | 0;
    v5 ^= v9;
    v5 = (v5 >>> 7) | (v5 << 25);
    v2 = (v2 + v6 + m4) | 0;
    v14 ^= v2;
    v14 = (v14 >>> 16) | (v14 << 16);
    v10 = (v10 + v14) | 0;
    v6 ^= v10;
    v6 = (v6 >>> 12) | (v6 << 20);
    v2 = (v2 + v6 + m5) | 0;
    v14 ^= v2;
    v14 = (v14 >>> 8) | (v14 << 24);
    v10 = (v10 + v14) | 0;
    v6 ^= v10;
    v6 = (v6 >>> 7) | (v6 << 25);
    v3 = (v3 + v7 + m6) | 0;
    v15 ^= v3;
    v15 = (v15 >>> 16) | (v15 << 16);
    v11 = (v11 + v15) | 0;
    v7 ^= v11;
    v7 = (v7 >>> 12) | (v7 << 20);
    v3 = (v3 + v7 + m7) | 0;
    v15 ^= v3;
    v15 = (v15 >>> 8) | (v15 << 24);
    v11 = (v11 + v15) | 0;
    v7 ^= v11;
    v7 = (v7 >>> 7) | (v7 << 25);
    v0 = (v0 + v5 + m8) | 0;
    v15 ^= v0;
    v15 = (v15 >>> 16) | (v15 << 16);
    v10 = (v10 + v15) | 0;
    v5 ^= v10;
    v5 = (v5 >>> 12) | (v5 << 20);
    v0 = (v0 + v5 + m9) | 0;
    v15 ^= v0;
    v15 = (v15 >>> 8) | (v15 << 24);
    v10 = (v10 + v15) | 0;
    v5 ^= v10;
    v5 = (v5 >>> 7) | (v5 << 25);
    v1 = (v1 + v6 + m10) | 0;
    v12 ^= v1;
    v12 = (v12 >>> 16) | (v12 << 16);
    v11 = (v11 + v12) | 0;
    v6 ^= v11;
    v6 = (v6 >>> 12) | (v6 << 20);
    v1 = (v1 + v6 + m11) | 0;
    v12 ^= v1;
    v12 = (v12 >>> 8) | (v12 << 24);
    v11 = (v11 + v12) | 0;
    v6 ^= v11;
    v6 = (v6 >>> 7) | (v6 << 25);
    v2 = (v2 + v7 + m12) | 0;
    v13 ^= v2;
    v13 = (v13 >>> 16) | (v13 << 16);
    v8 = (v8 + v13) | 0;
    v7 ^= v8;
    v7 = (v7 >>> 12) | (v7 << 20);
    v2 = (v2 + v7 + m13) | 0;
    v13 ^= v2;
    v13 = (v13 >>> 8) | (v13 << 24);
    v8 = (v8 + v13) | 0;
    v7 ^= v8;
    v7 = (v7 >>> 7) | (v7 << 25);
    v3 = (v3 + v4 + m14) | 0;
    v14 ^= v3;
    v14 = (v14 >>> 16) | (v14 << 16);
    v9 = (v9 + v14) | 0;
    v4 ^= v9;
    v4 = (v4 >>> 12) | (v4 << 20);
    v3 = (v3 + v4 + m15) | 0;
    v14 ^= v3;
    v14 = (v14 >>> 8) | (v14 << 24);
    v9 = (v9 + v14) | 0;
    v4 ^= v9;
    v4 = (v4 >>> 7) | (v4 << 25);
    // The message is permuted for the next round.
    const n0 = m2;
    const n1 = m6;
    const n2 = m3;
    const n3 = m10;
    const n4 = m7;
    const n5 = m0;
    const n6 = m4;
    const n7 = m13;
    const n8 = m1;
    const n9 = m11;
    const n10 = m12;
    const n11 = m5;
    const n12 = m9;
    const n13 = m14;
    const n14 = m15;
    const n15 = m8;
    m0 = n0;
    m1 = n1;
    m2 = n2;
    m3 = n3;
    m4 = n4;
    m5 = n5;
    m6 = n6;
    m7 = n7;
    m8 = n8;
    m9 = n9;
    m10 = n10;
    m11 = n11;
    m12 = n12;
    m13 = n13;
    m14 = n14;
    m15 = n15;
  }
  chaining[0] = v0 ^ v8;
  chaining[1] = v1 ^ v9;
  chaining[2] = v2 ^ v10;
  chaining[3] = v3 ^ v11;
  chaining[4] = v4 ^ v12;
  chaining[5] = v5 ^ v13;
  chaining[6] = v6 ^ v14;
  chaining[7] = v7 ^ v15;
}
