/** Rows of uniform field elements from a seed, by the kernel `randomRows`; the elements are those of `stark/hash/xof.ts`. */
import { SEED_BYTES } from '../hash/xof.ts';
import { SCRATCH_BYTES } from './commit.ts';
import type { Matrix } from './matrix.ts';
import type { Arena } from './memory.ts';
import type { Pool } from './pool.ts';

/** Rows of one part of a stream; parts are independent, so the result does not depend on the number of threads. */
export const ROWS_PER_PART = 2048;

/**
 * Overwrites rows [from, to) of a matrix with uniform field elements, the padding columns with zero. Part k of the stream
 * fills rows from + 2048 k on, row by row. The seed is 32 bytes and secret; never use a stream of it twice.
 * @throws {RangeError} on another seed length or rows outside the matrix.
 */
export async function fillRandom(
  arena: Arena,
  pool: Pool,
  matrix: Matrix,
  from: number,
  to: number,
  seed: Uint8Array,
  stream: number,
): Promise<void> {
  if (seed.length !== SEED_BYTES) throw new RangeError(`seed: expected ${SEED_BYTES} bytes, got ${seed.length}`);
  if (!(from >= 0 && from <= to && to <= matrix.height)) {
    throw new RangeError(`rows: expected a range within 0..${matrix.height}, got ${from}..${to}`);
  }
  const { address, width, stride } = matrix;
  const mark = arena.mark();
  const seedAddress = arena.alloc(SEED_BYTES);
  const seedBytes = arena.bytes(seedAddress, SEED_BYTES);
  seedBytes.set(seed);
  const numParts = Math.ceil((to - from) / ROWS_PER_PART);
  const jobs = Array.from({ length: numParts }, (_, part) => {
    const first = from + part * ROWS_PER_PART;
    const numRows = Math.min(ROWS_PER_PART, to - first);
    const scratch = arena.alloc(SCRATCH_BYTES);
    const target = [address + 4 * stride * first, numRows, width, stride];
    return { kernel: 'randomRows', args: [...target, seedAddress, stream, part, scratch + 640, scratch] };
  });
  await pool.run(jobs);
  seedBytes.fill(0);
  arena.release(mark);
}
