/**
 * The prover's randomness: blinding rows, masks and salts, all from one 32-byte seed that is fresh in every attempt.
 * A retry of any kind takes a new seed: two proofs that share blinding but not challenges would leak the witness.
 *
 * The seed is BLAKE3, keyed with 32 bytes of the system's entropy, of the statement and the attempt. Deterministic seeds
 * are a different type, so that no caller of the production path can pass one by accident.
 */
import { randomBytes } from 'node:crypto';
import { blake3 } from '@noble/hashes/blake3.js';
import { concatBytes } from '@noble/hashes/utils.js';
import { xofElements } from '../hash/xof.ts';
import type { Backend } from '../kernels/backend.ts';
import type { SaltSource } from '../kernels/commit.ts';
import type { Matrix } from '../kernels/matrix.ts';

/** `system`: zero-knowledge. `none`: zeros everywhere, no zero-knowledge. `test`: reproducible, for tests alone. */
export type Randomness =
  | { readonly kind: 'system' }
  | { readonly kind: 'none' }
  | { readonly kind: 'test'; readonly insecureSeed: Uint8Array };

/** Uses of the seed; every use of every table is a stream of its own, see `streamOf`. */
export const STREAM = { main: 0, aux: 1, mask: 2, chunks: 3, mainSalts: 4, auxSalts: 5, quotientSalts: 6 } as const;

/** The stream of one use and one table. */
export const streamOf = (use: number, table = 0): number => table * 16 + use;

export interface RandomSource {
  /** False: zeros instead of randomness. */
  readonly hiding: boolean;
  /** `count` uniform residues. */
  felts(stream: number, count: number): Uint32Array;
  /** Uniform rows [from, to). Without hiding they keep what they hold, zeros in a fresh matrix. */
  fillRows(backend: Backend, matrix: Matrix, from: number, to: number, stream: number): Promise<void>;
  /** Salts of a commitment. Without hiding they come from a seed of zeros: every leaf has a salt, none hides. */
  salts(stream: number): SaltSource;
}

export function randomSource(randomness: Randomness, statement: Uint8Array, attempt: number): RandomSource {
  const seed = seedOf(randomness, statement, attempt);
  const hiding = randomness.kind !== 'none';
  return {
    hiding,
    felts: (stream, count) => (hiding ? Uint32Array.from(xofElements(seed, stream, 0, count)) : new Uint32Array(count)),
    fillRows: async (backend, matrix, from, to, stream) => {
      if (hiding) await backend.fillRandom(matrix, from, to, seed, stream);
    },
    salts: (stream) => ({ seed, stream }),
  };
}

function seedOf(randomness: Randomness, statement: Uint8Array, attempt: number): Uint8Array {
  switch (randomness.kind) {
    case 'system':
      return blake3(concatBytes(statement, Uint8Array.of(attempt)), { key: new Uint8Array(randomBytes(32)) });
    case 'none':
      return new Uint8Array(32);
    case 'test':
      return blake3(Uint8Array.of(attempt), { key: randomness.insecureSeed });
  }
}
