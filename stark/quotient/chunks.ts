/**
 * The quotient as it is committed: Q, of degree below 4 L with L = N - h_p, cut at multiples of L and masked,
 * q_0 + X^L s_0, q_1 + X^L s_1 - s_0, q_2 + X^L s_2 - s_1, q_3 - s_2, with s_i in K[X] uniform of degree < h_p. All
 * four have degree < N, and sum_i X^(iL) of them is still Q. What the masks hide: docs/soundness.md, section 4.
 */
import { type Compute, createScratch, pieces } from '../air/job.ts';
import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import * as K from '../field/quintic.ts';
import { allocMatrix, type Matrix, matrixBytes } from '../kernels/matrix.ts';
import type { Transforms } from '../kernels/transform.ts';
import type { RandomFelts } from '../logup/aux.ts';
import { NUM_BLOCKS } from './zerofiers.ts';

/** Chunks of the quotient, five columns each. */
export const NUM_CHUNKS = NUM_BLOCKS;

/**
 * The masked chunks as coefficients, lowest degree first: N rows, column 5 i + k for coefficient k of chunk i.
 * @param sum values of Q on the 4N domain as `quotient.ts` lays them out; overwritten
 * @param maskRows h_p; `randomFelts` gives 3 h_p elements of K, coefficient by coefficient
 * @param blowup the chunks are the last block of memory for their extension by this
 * @returns undefined if Q has degree 4 L or more: the trace does not satisfy the constraints
 */
export async function quotientChunks(
  compute: Compute & Pick<Transforms, 'interpolate'>,
  sum: Matrix,
  maskRows: number,
  randomFelts: RandomFelts,
  blowup = 1,
): Promise<Matrix | undefined> {
  const { arena, pool } = compute;
  const { height } = sum;
  const length = height - maskRows;
  const width = NUM_CHUNKS * K.DEGREE;
  arena.alloc((blowup - 1) * matrixBytes(height, width));
  const chunks = allocMatrix(arena, height, width);
  const mark = arena.mark();
  await compute.interpolate(sum, height);
  const scratch = createScratch(compute, 64);
  const flag = arena.allocZeroed(4);
  await pool.run(
    pieces(height, Math.max(4, Math.min(2 ** 14, height / 8))).map(([from, count]) => ({
      kernel: 'splitQuotient',
      args: [sum.address, chunks.address, Math.log2(height), length, from, from + count, scratch, flag],
    })),
  );
  const raised = arena.u32(flag, 1)[0] !== 0;
  arena.release(mark);
  if (raised) return undefined;

  const words = arena.u32(chunks.address, height * chunks.stride);
  const masks = await randomFelts((NUM_CHUNKS - 1) * maskRows * K.DEGREE);
  for (let chunk = 0, next = 0; chunk < NUM_CHUNKS - 1; chunk++) {
    for (let row = 0; row < maskRows; row++) {
      for (let k = 0; k < K.DEGREE; k++, next++) {
        const column = chunk * K.DEGREE + k;
        const mask = masks[next] as Felt;
        const above = (length + row) * chunks.stride + column;
        const below = row * chunks.stride + column + K.DEGREE;
        words[above] = F.add(words[above] as Felt, mask);
        words[below] = F.sub(words[below] as Felt, mask);
      }
    }
  }
  return chunks;
}
