/**
 * The quotient on its 4N-point domain: sum over tables of sum_i weights[i] C_i / Z_i, each table on its own height, short
 * sums lifted to the next height. Reference: `verify-eval.ts` at the points of the domain.
 *
 * A sum of height n is a matrix of n rows and 20 columns: row i, column 4 k + block, holds coefficient k at row i of the
 * block. So one transform inverts all four blocks, and the lift is a map of rows.
 */
import { type CompileInput, compileQuotient } from '../air/compile.ts';
import { type Compute, createJob, type Matrices, pieces } from '../air/job.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { allocMatrix, type Matrix } from '../kernels/matrix.ts';
import type { ZerofierClass } from './classes.ts';
import { NUM_BLOCKS } from './zerofiers.ts';

/** Columns of a sum: four blocks, five coefficients. */
export const SUM_WIDTH = NUM_BLOCKS * K.DEGREE;

/** A zero sum for a height. */
export const allocQuotientSum = ({ arena }: Compute, height: number): Matrix => allocMatrix(arena, height, SUM_WIDTH);

/**
 * Adds a table's constraints to the sum of its height.
 * @param matrices extensions of the table's main, fixed, known and auxiliary columns, by at least 4
 * @param weights alpha_C^(first + i) for constraint i of the table
 * @param classes vectors of `zerofiers` for this height
 */
export async function addQuotient(
  compute: Compute,
  input: CompileInput,
  matrices: Matrices,
  weights: readonly Ext[],
  terminal: Ext,
  classes: ReadonlyMap<ZerofierClass, number>,
  sum: Matrix,
): Promise<void> {
  const { arena, pool } = compute;
  const mark = arena.mark();
  const program = compileQuotient(input, weights, terminal);
  const job = createJob(compute, program, Math.log2(sum.height), matrices, classes, {
    address: sum.address,
    rowBytes: 4 * sum.stride,
  });
  await pool.run(
    Array.from({ length: NUM_BLOCKS }, (_, block) =>
      pieces(job.numChunks, job.step).map(([first, count]) => ({
        kernel: 'quotientChunks',
        args: [job.address, block, first, count],
      })),
    ).flat(),
  );
  arena.release(mark);
}

/** Adds f(X^(N/n)) for the sum f of a shorter height. @throws {RangeError} unless `short` is at most as tall. */
export async function liftAdd({ pool }: Compute, tall: Matrix, short: Matrix): Promise<void> {
  const shift = Math.log2(tall.height / short.height);
  if (!(shift >= 0)) throw new RangeError(`short: expected at most ${tall.height} rows, got ${short.height}`);
  await pool.run(
    pieces(tall.height, 2 ** 15).map(([from, count]) => ({
      kernel: 'liftAddRows',
      args: [tall.address, short.address, shift, from, from + count],
    })),
  );
}
