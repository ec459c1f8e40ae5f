/**
 * The commitment to a BF16 matrix: a binary tree of Poseidon2 digests over salted leaves.
 *
 * Leaves. Layout `row`: leaf i is row i. Layout `block`: leaf i c + t is elements 48 t .. 48 t + 47 of row i, where
 * c = ceil(columns / 48). Either is padded with +0 to a multiple of 48 elements, the rows of the sponge
 * (`precompiles/sponge`). The column orientation is the same over `transposed(matrix)`.
 *
 * Salts. 4 field elements a sponge row, from a secret 32-byte seed of the tensor: BLAKE3 keyed with the seed over the leaf
 * index (8 bytes, little-endian), extended output read as little-endian words, the low 31 bits of each taken if below p
 * and skipped if not. Whoever lacks the seed learns nothing from a root or a path: 123 bits of salt a sponge row.
 *
 * Tree. Depth d = ceil(log2 leaves). The leaves from `leaves` to 2^d - 1 are the digest of nine zeros, of which no leaf is
 * known. Nodes by `precompiles/merkle`. Built from a stream of rows: memory is 72 bytes a leaf, not the tensor.
 */

import { blake3 } from '@noble/hashes/blake3.js';
import { compressInto } from '../precompiles/merkle/semantics.ts';
import { DIGEST_FELTS } from '../precompiles/poseidon2/constants.ts';
import { ROW_HALFWORDS, ROW_SALTS } from '../precompiles/poseidon2/format.ts';
import { sponge } from '../precompiles/sponge/semantics.ts';
import { P } from '../stark/field/koala-bear.ts';
import { type Bf16Matrix, rowsOf } from './bf16-matrix.ts';
import { ceilLog2, MAX_LEAVES } from './statement.ts';

export type LeafLayout = 'row' | 'block';

export const SALT_CONTEXT = 'ulp tensor commitment salt seed v1';

/** A committed matrix: what the committer keeps. Only `root` and the shape are public. */
export interface TensorCommitment {
  readonly rows: number;
  readonly columns: number;
  readonly layout: LeafLayout;
  readonly leaves: number;
  readonly depth: number;
  /** 9 field elements. */
  readonly root: Uint32Array;
  /** Secret, 32 bytes. */
  readonly saltSeed: Uint8Array;
  /** Level l holds ceil(leaves / 2^l) digests of 9 elements; level 0 are the leaves. */
  readonly levels: readonly Uint32Array[];
}

/** The salt seed of one tensor, by its name, from a secret of 32 bytes for all of them. */
export function tensorSaltSeed(secret: Uint8Array, tensor: string): Uint8Array {
  if (secret.length !== 32) throw new RangeError(`secret: expected 32 bytes, got ${secret.length}`);
  const name = new TextEncoder().encode(tensor);
  return blake3(Uint8Array.of(...secret, ...name), { context: new TextEncoder().encode(SALT_CONTEXT) });
}

/** Sponge rows in each leaf. */
export const leafRows = (columns: number, layout: LeafLayout): number =>
  layout === 'row' ? Math.ceil(columns / ROW_HALFWORDS) : 1;

/** Leaves of each row of the matrix. */
export const leavesPerRow = (columns: number, layout: LeafLayout): number =>
  layout === 'row' ? 1 : Math.ceil(columns / ROW_HALFWORDS);

/** The salts of a leaf, 4 `numRows` field elements. @throws {RangeError} unless the seed has 32 bytes. */
export function leafSalts(saltSeed: Uint8Array, leaf: number, numRows: number): Uint32Array {
  if (saltSeed.length !== 32) throw new RangeError(`saltSeed: expected 32 bytes, got ${saltSeed.length}`);
  const index = new Uint8Array(8);
  new DataView(index.buffer).setBigUint64(0, BigInt(leaf), true);
  const stream = blake3.create({ key: saltSeed }).update(index);
  const salts = new Uint32Array(numRows * ROW_SALTS);
  for (let taken = 0; taken < salts.length; ) {
    const bytes = stream.xof(4 * (salts.length - taken));
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    for (let at = 0; at < bytes.length; at += 4) {
      const candidate = view.getUint32(at, true) & 0x7fff_ffff;
      if (candidate < P) salts[taken++] = candidate;
    }
  }
  return salts;
}

/** The halfwords of one leaf of a row: the row itself, or 48 of its elements, padded with +0 to whole sponge rows. */
export function leafHalfwords(row: Uint16Array, layout: LeafLayout, tile: number): Uint16Array {
  const halfwords = new Uint16Array(leafRows(row.length, layout) * ROW_HALFWORDS);
  halfwords.set(layout === 'row' ? row : row.subarray(tile * ROW_HALFWORDS, (tile + 1) * ROW_HALFWORDS));
  return halfwords;
}

/**
 * Commits to a matrix, reading it once, row by row.
 * @param saltSeed 32 secret bytes, used for this matrix alone
 * @throws {RangeError} on a matrix with more than 2^30 leaves or a seed of another length
 */
export async function commitTensor(
  matrix: Bf16Matrix,
  layout: LeafLayout,
  saltSeed: Uint8Array,
): Promise<TensorCommitment> {
  const { rows, columns } = matrix;
  const perRow = leavesPerRow(columns, layout);
  const numSponge = leafRows(columns, layout);
  const leaves = rows * perRow;
  if (leaves < 1 || leaves > MAX_LEAVES) {
    throw new RangeError(`matrix: expected 1 to ${MAX_LEAVES} leaves, got ${leaves}`);
  }
  const digests = new Uint32Array(leaves * DIGEST_FELTS);
  let leaf = 0;
  for await (const row of rowsOf(matrix)) {
    for (let tile = 0; tile < perRow; tile++, leaf++) {
      const salts = leafSalts(saltSeed, leaf, numSponge);
      digests.set(sponge(leafHalfwords(row, layout, tile), salts), leaf * DIGEST_FELTS);
    }
  }
  const levels = buildTree(digests);
  const root = levels.at(-1)!.slice();
  return { rows, columns, layout, leaves, depth: levels.length - 1, root, saltSeed, levels };
}

function buildTree(leaves: Uint32Array): Uint32Array[] {
  const levels = [leaves];
  const depth = ceilLog2(leaves.length / DIGEST_FELTS);
  for (let level = 0; level < depth; level++) {
    const below = levels[level]!;
    const count = below.length / DIGEST_FELTS;
    const above = new Uint32Array(Math.ceil(count / 2) * DIGEST_FELTS);
    const missing = fillerDigest(level);
    for (let node = 0; 2 * node < count; node++) {
      const left = 2 * node * DIGEST_FELTS;
      const paired = 2 * node + 1 < count;
      compressInto(above, node * DIGEST_FELTS, below, left, paired ? below : missing, paired ? left + DIGEST_FELTS : 0);
    }
    levels.push(above);
  }
  return levels;
}

/** The root of a subtree of 2^level missing leaves. */
export function fillerDigest(level: number): Uint32Array {
  const digest = new Uint32Array(DIGEST_FELTS);
  for (let l = 0; l < level; l++) compressInto(digest, 0, digest, 0, digest, 0);
  return digest;
}

/** The siblings of a leaf, 9 elements a level from the leaf up. @throws {RangeError} outside [0, leaves). */
export function merklePath({ leaves, depth, levels }: TensorCommitment, leaf: number): Uint32Array {
  if (!Number.isInteger(leaf) || leaf < 0 || leaf >= leaves) {
    throw new RangeError(`leaf: expected an integer in [0, ${leaves}), got ${leaf}`);
  }
  const path = new Uint32Array(depth * DIGEST_FELTS);
  for (let level = 0; level < depth; level++) {
    const at = ((leaf >>> level) ^ 1) * DIGEST_FELTS;
    const nodes = levels[level]!;
    const present = at < nodes.length;
    path.set(present ? nodes.subarray(at, at + DIGEST_FELTS) : fillerDigest(level), level * DIGEST_FELTS);
  }
  return path;
}
