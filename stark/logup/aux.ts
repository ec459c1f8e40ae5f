/**
 * The auxiliary trace of a table: fraction columns f_b and the running sum phi of the LogUp argument, over the natural
 * order of the rows, by the chunked interpreter. Two passes: sums inside chunks on all threads, then each chunk's start
 * added. Reference: `aux-reference.ts`.
 */
import { type CompileInput, compileLookups } from '../air/compile.ts';
import { type Compute, createJob, type Matrices, pieces } from '../air/job.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { type Matrix, matrixBytes, strideOf } from '../kernels/matrix.ts';
import { phiColumn } from './layout.ts';

/** Uniform canonical residues from a cryptographic generator. */
export type RandomFelts = (count: number) => Uint32Array | Promise<Uint32Array>;

export interface AuxTrace {
  /** n rows of 5 B columns. */
  readonly trace: Matrix;
  /** S = phi(row n - h): published. */
  readonly terminal: Ext;
}

/**
 * Fills the auxiliary trace. Rows 0 .. n-h-1 hold f_b and phi, row n-h phi = S; phi starts at rho = sum X^i main_i(row
 * n-1). All other cells of the last h rows are random.
 *
 * @param matrices the main, fixed and known traces in natural order; the last h rows of main are random already
 * @param blowup the trace is the first block of memory for its extension by this
 * @returns undefined if a denominator is zero: the caller retries with fresh randomness
 * @throws {RangeError} if the table has no interactions
 */
export async function buildAux(
  compute: Compute,
  input: CompileInput,
  matrices: Matrices & { readonly main: Matrix },
  blindingRows: number,
  randomFelts: RandomFelts,
  blowup = 1,
): Promise<AuxTrace | undefined> {
  const { arena, pool } = compute;
  const { lookups, air } = input;
  if (lookups.auxWidth === 0) throw new RangeError(`air: expected interactions, got none in ${air.name}`);
  const { main } = matrices;
  const { height } = main;
  const width = lookups.auxWidth;
  // Every row is written below, padding columns too.
  const trace: Matrix = {
    ...{ height, width, stride: strideOf(width) },
    address: arena.alloc(blowup * matrixBytes(height, width)),
  };
  const mark = arena.mark();
  const rowBytes = 4 * trace.stride;
  const job = createJob(compute, compileLookups(input), Math.log2(height), matrices, new Map(), {
    address: trace.address,
    rowBytes,
  });
  // Vector loads of the last entry read 12 bytes further.
  const totals = arena.alloc(20 * job.numChunks + 12);
  const split = pieces(job.numChunks, job.step);
  await pool.run(
    split.map(([first, count]) => ({ kernel: 'lookupChunks', args: [job.address, first, count, totals] })),
  );
  if (job.raised()) {
    arena.release(mark);
    return undefined;
  }

  const lastRow = arena.u32(main.address + 4 * main.stride * (height - 1), K.DEGREE);
  accumulate(arena.u32(totals, 5 * job.numChunks), K.ext(lastRow));
  const phi = trace.address + 4 * phiColumn(lookups);
  await pool.run(
    split.map(([first, count]) => ({
      kernel: 'addRunningSums',
      args: [phi, rowBytes, job.logRows, first, count, totals],
    })),
  );
  const end = height - blindingRows;
  const terminal = K.ext(arena.u32(phi + rowBytes * end, K.DEGREE));
  const blinding = await randomFelts(blindingRows * lookups.auxWidth);
  for (let i = 0; i < blindingRows; i++) {
    const row = blinding.subarray(i * lookups.auxWidth, (i + 1) * lookups.auxWidth);
    // Row n - h keeps the end of the running sum.
    const cells = i === 0 ? row.subarray(0, phiColumn(lookups)) : row;
    arena.u32(trace.address + rowBytes * (end + i), cells.length).set(cells);
  }
  arena.release(mark);
  return { trace, terminal };
}

/** Replaces the sum of each chunk by `start` plus the sums of all chunks before it. */
function accumulate(totals: Uint32Array, start: Ext): void {
  let sum = start;
  for (let at = 0; at < totals.length; at += K.DEGREE) {
    const total = totals.subarray(at, at + K.DEGREE);
    const before = sum;
    sum = K.add(sum, K.ext(total));
    total.set(before);
  }
}
