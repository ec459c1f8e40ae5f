/**
 * Everything the prover asks of the kernels, on one memory and one pool. One operation at a time: each may use scratch
 * memory above the arena's mark while it runs. Every operation has a scalar reference, named where it is defined.
 */
import type { HashDomain } from '../hash/domains.ts';
import { commit, type Opening, openLeaves, type SaltSource, type Tree } from './commit.ts';
import { grind } from './grind.ts';
import { allocMatrix, type Lde, type Matrix } from './matrix.ts';
import { Arena } from './memory.ts';
import { createPool, type Pool } from './pool.ts';
import { fillRandom } from './random.ts';
import { createTransforms, type Transforms } from './transform.ts';

export interface BackendOptions {
  /** Worker threads; 1 runs everything on this thread. Default 2. */
  readonly threads?: number;
  /** Bytes of kernel memory at most; default and maximum 4 GiB - 64 KiB. */
  readonly maxMemory?: number;
}

export interface Backend extends Transforms {
  readonly arena: Arena;
  readonly pool: Pool;
  /** A zero matrix of `height` rows, a power of two; with `blocks`, in memory for that many of its size. */
  allocMatrix(height: number, width: number, blocks?: number): Matrix;
  /** The Merkle tree over extensions lifted to the tallest. Domain 'leaf' unless given. See `commit`. */
  commitMatrices(matrices: readonly Lde[], salts: SaltSource | null, domain?: HashDomain): Promise<Tree>;
  /** Rows, salts and siblings of strictly ascending leaf indexes. */
  openLeaves(tree: Tree, indexes: readonly number[]): Opening;
  /** The least nonce of `bits` bits of work for a 32-byte state. */
  grind(state: Uint8Array, bits: number): Promise<bigint>;
  /** Uniform elements in rows [from, to). See `stark/kernels/random.ts`. */
  fillRandom(matrix: Matrix, from: number, to: number, seed: Uint8Array, stream: number): Promise<void>;
  /** The most bytes of kernel memory in use at one time so far. */
  peakBytes(): number;
  /** Ends the workers. */
  close(): Promise<void>;
}

/** @throws {RangeError} unless threads >= 1 and maxMemory >= 1 MiB. */
export function createBackend({ threads = 2, maxMemory }: BackendOptions = {}): Backend {
  const arena = new Arena(maxMemory);
  const pool = createPool(arena.memory, threads);
  return {
    ...createTransforms(arena, pool),
    arena,
    pool,
    allocMatrix: (...args) => allocMatrix(arena, ...args),
    commitMatrices: (matrices, salts, domain) => commit(arena, pool, matrices, salts, domain),
    openLeaves: (tree, indexes) => openLeaves(arena, tree, indexes),
    grind: (state, bits) => grind(arena, pool, state, bits),
    fillRandom: (...args) => fillRandom(arena, pool, ...args),
    peakBytes: () => arena.peakBytes,
    close: () => pool.close(),
  };
}
