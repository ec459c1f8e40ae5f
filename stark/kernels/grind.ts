/** Grinding by the kernel `grind`: the least nonce that `stark/hash/grinding.ts` accepts. */
import { DIGEST_BYTES, HASH_DOMAINS } from '../hash/domains.ts';
import { MAX_POW_BITS } from '../hash/grinding.ts';
import { SCRATCH_BYTES } from './commit.ts';
import type { Arena } from './memory.ts';
import type { Pool } from './pool.ts';

/** Nonces a job tries. A power of two, so that no job's nonces straddle a multiple of 2^32. */
const NONCES_PER_JOB = 4096;
const JOBS_PER_ROUND = 64;

/**
 * The least nonce for which H_proof-of-work(state || nonce) begins with `bits` zero bits. Takes about 2^bits * 33 ns over
 * the number of threads. @throws {RangeError} on a state that is not 32 bytes or bits outside 0..40.
 */
export async function grind(arena: Arena, pool: Pool, state: Uint8Array, bits: number): Promise<bigint> {
  if (state.length !== DIGEST_BYTES) throw new RangeError(`state: expected 32 bytes, got ${state.length}`);
  if (!Number.isInteger(bits) || bits < 0 || bits > MAX_POW_BITS) {
    throw new RangeError(`bits: expected 0 to ${MAX_POW_BITS}, got ${bits}`);
  }
  const mark = arena.mark();
  const stateAddress = arena.alloc(DIGEST_BYTES);
  arena.bytes(stateAddress, DIGEST_BYTES).set(state);
  const scratches = Array.from({ length: JOBS_PER_ROUND }, () => arena.alloc(SCRATCH_BYTES));
  // One word that stops all jobs, then for each job: whether it has found a nonce, and its low word.
  const resultsAddress = arena.allocZeroed(4 + 8 * JOBS_PER_ROUND);
  const results = arena.u32(resultsAddress, 1 + 2 * JOBS_PER_ROUND);
  const masks = [zeroMask(bits), zeroMask(bits - 32)];
  const key = HASH_DOMAINS.indexOf('proof-of-work');

  // The first round is one job on this thread: most grinding is for few bits.
  for (let start = 0, numJobs = 1; ; start += numJobs * NONCES_PER_JOB, numJobs = JOBS_PER_ROUND) {
    const jobs = scratches.slice(0, numJobs).map((scratch, i) => {
      const first = start + i * NONCES_PER_JOB; // below 2^53: 2^40 tries succeed but for a chance of e^-8192 long before
      const nonce = [first % 2 ** 32, Math.floor(first / 2 ** 32)];
      const addresses = [stateAddress, resultsAddress + 4 + 8 * i, resultsAddress, scratch] as const;
      const [state, found, stop, own] = addresses;
      return { kernel: 'grind', args: [state, ...nonce, NONCES_PER_JOB, ...masks, key, found, stop, own] };
    });
    await pool.run(jobs);
    // Jobs start in ascending order and finish what they started, so the first that found one has the least.
    for (let i = 0; i < numJobs; i++) {
      if (results[1 + 2 * i] !== 1) continue;
      const high = Math.floor((start + i * NONCES_PER_JOB) / 2 ** 32);
      const nonce = (BigInt(high) << 32n) | BigInt(results[2 + 2 * i] as number);
      arena.release(mark);
      return nonce;
    }
  }
}

/** The first `bits` bits (clamped to 0..32) of four digest bytes, as a mask of the word they are in little-endian order. */
function zeroMask(bits: number): number {
  let mask = 0;
  for (let bit = 0; bit < Math.min(bits, 32); bit++) mask += 2 ** (8 * Math.floor(bit / 8) + 7 - (bit % 8));
  return mask;
}
