/**
 * Values of columns at the out-of-domain point, from block 0 of their extension by the barycentric formula on the coset
 * s <w>, s = s_n and w of order n:
 *
 *     f(z) = (z^n - s^n) / (n s^n) sum_i f(x_i) x_i / (z - x_i).
 *
 * The weights at w z are those at z, one row later, so each height pays for one set. Reference: Horner's rule on the
 * interpolated coefficients, in the test.
 */

import { montgomeryPower } from '../air/builder.ts';
import { type Compute, createScratch, FROBENIUS_MATRICES, INVERT_SCRATCH_BYTES, pieces } from '../air/job.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { Lde } from '../kernels/matrix.ts';
import { cosetShift } from '../poly/domain.ts';

/** Rows of a chunk of `assembly/deep.ts`, and bytes of a slot. */
export const CHUNK_ROWS = 256;
export const SLOT_BYTES = 4 * CHUNK_ROWS;

export interface OpeningWeights {
  readonly logHeight: number;
  /** Of x / (z - x) for block 0. */
  readonly address: number;
  /** (z^n - s^n) / (n s^n). */
  readonly factor: Ext;
}

export interface OpenedColumns {
  /** f(z) for every column. */
  readonly local: readonly Ext[];
  /** f(w z) where it was asked for. */
  readonly next: readonly (Ext | undefined)[];
}

/** Montgomery form: 2^32 a. */
export const montgomeryForm = (a: Ext): Ext => K.mulBase(a, montgomeryPower(1));

/**
 * Allocates the weights of one height, 20 bytes a row.
 * @param z z_N^(N/n), not in D_n
 * @param logHeight at least 8
 * @throws {RangeError} if z is in D_n
 */
export async function openingWeights(compute: Compute, logHeight: number, z: Ext): Promise<OpeningWeights> {
  const { arena, pool } = compute;
  const height = 2 ** logHeight;
  const address = arena.alloc(20 * height);
  const mark = arena.mark();
  const constants = arena.allocZeroed(4 * 64);
  const frobenius = constants + 24;
  arena.u32(constants, K.DEGREE).set(montgomeryForm(z));
  arena.u32(frobenius, FROBENIUS_MATRICES.length).set(FROBENIUS_MATRICES);
  const flag = arena.allocZeroed(4);
  const scratch = createScratch(compute, 11 * SLOT_BYTES + INVERT_SCRATCH_BYTES);
  const numChunks = height / CHUNK_ROWS;
  await pool.run(
    pieces(numChunks, stepOf(numChunks, pool.threads)).map(([first, count]) => ({
      kernel: 'openingWeights',
      args: [address, logHeight, constants, first, count, scratch, frobenius, flag],
    })),
  );
  const raised = arena.u32(flag, 1)[0] !== 0;
  arena.release(mark);
  if (raised) throw new RangeError('z: expected a point outside the evaluation domain, got one of it');
  const shift = F.pow(cosetShift(logHeight), height);
  const scale = F.inverse(F.mul(F.reduce(height), shift));
  return { logHeight, address, factor: K.mulBase(K.sub(K.pow(z, height), K.fromBase(shift)), scale) };
}

/** At most 64 pieces, and several for each thread. */
const stepOf = (count: number, threads: number): number =>
  Math.max(Math.ceil(count / 64), Math.ceil(count / (4 * threads)));

/**
 * All columns of an extension at z, and those flagged at w z too.
 * @param next by column; missing flags mean no
 */
export async function openColumns(
  compute: Compute,
  lde: Lde,
  weights: OpeningWeights,
  next: readonly boolean[] = [],
): Promise<OpenedColumns> {
  const { arena, pool } = compute;
  if (lde.height !== 2 ** weights.logHeight) {
    throw new RangeError(`weights: expected those of height ${lde.height}, got of 2^${weights.logHeight}`);
  }
  const mark = arena.mark();
  const local = Array.from({ length: Math.ceil(lde.width / 4) }, (_, g) => g);
  const flagged = local.filter((g) => next.slice(4 * g, 4 * g + 4).includes(true));
  const groups = [...local, ...flagged];
  const columns = arena.alloc(4 * groups.length);
  arena.u32(columns, groups.length).set(groups.map((g) => 16 * g));
  const numChunks = lde.height / CHUNK_ROWS;
  const split = pieces(numChunks, stepOf(numChunks, pool.threads));
  const words = 20 * groups.length;
  const sums = arena.allocZeroed(4 * words * split.length);
  const scratch = createScratch(compute, 5 * SLOT_BYTES);
  await pool.run(
    split.map(([first, count], i) => ({
      kernel: 'openChunks',
      args: [
        ...[lde.address, 4 * lde.stride, weights.logHeight, weights.address, columns, local.length, flagged.length],
        ...[first, count, sums + 4 * words * i, scratch],
      ],
    })),
  );
  const data = arena.u32(sums, words * split.length);
  // Sums are five vectors of four columns.
  const columnValue = (group: number, lane: number): Ext => {
    let total: Ext = K.ZERO;
    for (let i = 0; i < split.length; i++) {
      const at = words * i + 20 * group + lane;
      total = K.add(total, K.ext([0, 4, 8, 12, 16].map((k) => data[at + k]!)));
    }
    return K.mul(total, weights.factor);
  };
  const opened = {
    local: Array.from({ length: lde.width }, (_, c) => columnValue(c >> 2, c & 3)),
    next: Array.from({ length: lde.width }, (_, c) =>
      next[c] === true ? columnValue(local.length + flagged.indexOf(c >> 2), c & 3) : undefined,
    ),
  };
  arena.release(mark);
  return opened;
}

/** sum_j X^j values[j]: the value of a K-valued column from those of its five base columns. */
export const joinColumns = (values: readonly Ext[]): Ext => K.evaluate(values, K.X);
