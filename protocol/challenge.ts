/**
 * Which entries of Y a proof checks: a function of the 32-byte challenge seed and the shape, computed alike by the host
 * and, in RISC-V, by the guest. This is the exact specification.
 *
 * Key stream. ChaCha20 (RFC 8439) with key = the seed, its 8 words in the order of the public input; nonce = the 12 bytes
 * `ulp linear 1`, as words 0x20706c75, 0x656e696c, 0x31207261; counter = 0, 1, 2, ... A block gives 16 words, taken in
 * state order 0..15 (after the final addition); block after block, no word is skipped and none is used twice.
 *
 * Uniform number below n, n in [1, 2^24] (Lemire, "Fast random integer generation in an interval", 2019, algorithm 5).
 * Let t = 2^32 mod n. Take the next word w; the 64-bit product w n has high word h and low word l. If l < t, discard w and
 * take the next one; else the number is h. Also for n = 1: a word is taken, t = 0, the number is 0. Exactly
 * floor(2^32 / n) words lead to each h, so the number is uniform. Without a division: t starts as 1 mod n and is 32 times
 * replaced by 2t, less n if 2t >= n.
 *
 * Samples. For s = 0 .. k-1: first the row below M, then the column below N. With replacement: a pair may come twice and
 * is then checked twice, which keeps the escape probability at (1 - f)^k exactly (`sampling.ts`).
 *
 * Tiles. With tiles of side T, in {2, 4}, the samples are drawn just so, and a sample (i, j) stands for the aligned square
 * around it: rows i - i mod T + 0 .. T-1 and columns j - j mod T + 0 .. T-1, in the place of one beyond the edge the last
 * row, or column, again. Every entry that k samples check without tiles is also checked with them. Entries of a tile are
 * checked square by square: `tileEntries`.
 *
 * Seed. Fiat-Shamir: BLAKE3 in key derivation mode, context `SEED_CONTEXT`, of the statement's words 0..43 as
 * little-endian bytes. Or 32 bytes that the verifier chose after it received the roots.
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { chacha20Block } from './chacha20.ts';
import { encodeClaim, type LinearClaim, type LinearShape, type TileSide } from './statement.ts';

export const SEED_CONTEXT = 'ulp linear layer challenge seed v1';
export const SAMPLING_NONCE = Uint32Array.of(0x2070_6c75, 0x656e_696c, 0x3120_7261);

/** Where the seed comes from: the hash of the statement, or the verifier's own bytes. */
export type ChallengeMode = 'fiat-shamir' | 'verifier';

/** One sampled entry of Y. */
export interface Sample {
  readonly row: number;
  readonly column: number;
}

/** The Fiat-Shamir seed of a claim, 8 words. */
export function fiatShamirSeed(claim: LinearClaim): Uint32Array {
  const words = encodeClaim(claim);
  const bytes = new Uint8Array(4 * words.length);
  const view = new DataView(bytes.buffer);
  words.forEach((word, i) => {
    view.setUint32(4 * i, word, true);
  });
  return seedWords(blake3(bytes, { context: new TextEncoder().encode(SEED_CONTEXT) }));
}

/** 32 bytes as 8 little-endian words. @throws {RangeError} on another length. */
export function seedWords(bytes: Uint8Array): Uint32Array {
  if (bytes.length !== 32) throw new RangeError(`seed: expected 32 bytes, got ${bytes.length}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, 32);
  return Uint32Array.from({ length: 8 }, (_, i) => view.getUint32(4 * i, true));
}

/** The words of the key stream, one at a time. */
export function keyStream(seed: ArrayLike<number>): () => number {
  let counter = 0;
  let block = new Uint32Array(0);
  let next = 0;
  return () => {
    if (next === block.length) {
      block = chacha20Block(seed, counter++, SAMPLING_NONCE) as Uint32Array<ArrayBuffer>;
      next = 0;
    }
    return block[next++]!;
  };
}

/** A uniform number below `n` from a source of uniform words. @throws {RangeError} unless n is an integer in [1, 2^24]. */
export function uniformBelow(n: number, word: () => number): number {
  if (!Number.isInteger(n) || n < 1 || n > 2 ** 24)
    throw new RangeError(`n: expected an integer in [1, 2^24], got ${n}`);
  const threshold = 2 ** 32 % n;
  for (;;) {
    const w = word();
    const low = Math.imul(w, n) >>> 0;
    // w n may exceed 2^53, so w is split into halves: the products are below 2^40
    const high = Math.floor(((w >>> 16) * n + Math.floor(((w & 0xffff) * n) / 2 ** 16)) / 2 ** 16);
    if (low >= threshold) return high;
  }
}

/** The k sampled entries of an M x N matrix. */
export function sampleEntries(seed: ArrayLike<number>, shape: LinearShape, samples: number): Sample[] {
  const word = keyStream(seed);
  return Array.from({ length: samples }, () => {
    const row = uniformBelow(shape.rows, word);
    return { row, column: uniformBelow(shape.columns, word) };
  });
}

/** Rows and columns of Y that a tile crosses: `side` of each. */
export interface Tile {
  readonly rows: readonly number[];
  readonly columns: readonly number[];
}

/** The tile around a sampled entry. */
export function tileAround({ row, column }: Sample, shape: LinearShape, side: TileSide): Tile {
  const from = (index: number, end: number): number[] =>
    Array.from({ length: side }, (_, i) => Math.min(index - (index % side) + i, end - 1));
  return { rows: from(row, shape.rows), columns: from(column, shape.columns) };
}

/** The entries of a tile in the order of the checks: squares of 2 x 2, row by row within a square, so in Morton order. */
export function tileEntries({ rows, columns }: Tile): Sample[] {
  return Array.from({ length: rows.length * columns.length }, (_, e) => ({
    row: rows[((e >>> 2) & 2) | ((e >>> 1) & 1)]!,
    column: columns[((e >>> 1) & 2) | (e & 1)]!,
  }));
}
