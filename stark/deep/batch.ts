/**
 * The first FRI codeword: the DEEP batch of all committed columns over the tallest extension,
 *
 *     F_0(x) = R(x) + (A(x) - a) / (x - z) + (B(x) - U(x)) / ((x - z)(x - z')),
 *
 * A = sum gamma f over columns opened at z alone and a the same sum of values; B over columns opened at z and z' = w_N z,
 * U the line through the sums of values at both. Sums of a shorter height are taken over its own extension and lifted.
 * Reference: `deepValue` in `stark/verifier/deep.ts`.
 */
import { type Compute, createScratch, FROBENIUS_MATRICES, INVERT_SCRATCH_BYTES, pieces } from '../air/job.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { Lde } from '../kernels/matrix.ts';
import { CHUNK_ROWS, montgomeryForm, SLOT_BYTES } from './open.ts';

/** A base column with its coefficient; `next`: opened at z' too. */
export interface BatchColumn {
  readonly column: number;
  readonly gamma: Ext;
  readonly next: boolean;
}

export interface BatchMatrix {
  readonly lde: Lde;
  readonly columns: readonly BatchColumn[];
}

/** The sums of gamma times opened values. */
export interface BatchValues {
  /** a: over columns opened at z alone. */
  readonly localSum: Ext;
  /** Over columns opened at both points, at z and at z'. */
  readonly lineAtZ: Ext;
  readonly lineAtNext: Ext;
}

/** Elements of K on D_n in its bit-reversed order, five words each. */
export interface Codeword {
  readonly address: number;
  /** log2 n: the degree bound. */
  readonly logHeight: number;
  readonly logBlowup: number;
}

/** `FINISH_SLOTS` of `assembly/deep.ts`. */
const FINISH_SLOTS = 35;

/**
 * Allocates and fills F_0.
 * @param matrices all committed extensions, of one blowup, in any order; one at least has the height of the mask
 * @param mask R: five columns, of the tallest height
 * @param z of the tallest height, outside its domain
 * @throws {RangeError} if z or z' is in the domain, or a matrix is taller than the mask
 */
export async function batchCodeword(
  compute: Compute,
  matrices: readonly BatchMatrix[],
  mask: Lde,
  values: BatchValues,
  z: Ext,
): Promise<Codeword> {
  const { arena, pool } = compute;
  const logHeight = Math.log2(mask.height);
  const { blowup } = mask;
  const bad = matrices.find(({ lde }) => lde.height > mask.height || lde.blowup !== blowup);
  if (bad !== undefined) {
    const got = `${bad.lde.height} rows, blowup ${bad.lde.blowup}`;
    throw new RangeError(`matrices: expected at most ${mask.height} rows and blowup ${blowup}, got ${got}`);
  }
  const address = arena.alloc(20 * mask.height * blowup);
  const mark = arena.mark();
  const store = (words: ArrayLike<number>): number => {
    const at = arena.alloc(4 * Math.max(1, words.length));
    arena.u32(at, words.length).set(words);
    return at;
  };
  const flag = store([0]);
  const scratch = createScratch(compute, FINISH_SLOTS * SLOT_BYTES + INVERT_SCRATCH_BYTES);
  const zNext = K.mulBase(z, F.rootOfUnity(logHeight));
  const slope = K.mul(K.sub(values.lineAtNext, values.lineAtZ), K.inverse(K.sub(zNext, z)));
  const finish = store([
    ...[logHeight, address, mask.address, 4 * mask.stride, store(FROBENIUS_MATRICES), flag],
    ...values.localSum,
    ...K.sub(values.lineAtZ, K.mul(slope, z)),
    ...slope,
    ...montgomeryForm(K.neg(zNext)),
    ...montgomeryForm(K.add(z, zNext)),
    ...montgomeryForm(K.mul(z, zNext)),
  ]);

  const heights = [...new Set([...matrices.map(({ lde }) => lde.height), mask.height])].sort((a, b) => a - b);
  let short = 0;
  for (const [i, height] of heights.entries()) {
    const own = matrices.filter(({ lde }) => lde.height === height);
    const tallest = height === mask.height;
    const result = tallest ? 0 : arena.alloc(10 * 4 * height * blowup);
    const job = store([
      own.length,
      store(own.flatMap(({ lde, columns }) => matrixWords(lde, columns, store))),
      short,
      i === 0 ? 0 : Math.log2(height / heights[i - 1]!),
      ...[result, scratch, tallest ? finish : 0],
    ]);
    const numChunks = (height * blowup) / CHUNK_ROWS;
    const step = Math.max(1, Math.min(32, Math.ceil(numChunks / (2 * pool.threads))));
    await pool.run(
      pieces(numChunks, step).map(([first, count]) => ({ kernel: 'batchChunks', args: [job, first, count] })),
    );
    short = result;
  }
  const raised = arena.u32(flag, 1)[0] !== 0;
  arena.release(mark);
  if (raised) throw new RangeError('z: expected a point outside the evaluation domain, got one of it');
  return { address, logHeight, logBlowup: Math.log2(blowup) };
}

/** Groups of four columns with their gammas, once for the columns opened at z alone and once for the others. */
function matrixWords(lde: Lde, columns: readonly BatchColumn[], store: (words: ArrayLike<number>) => number): number[] {
  const list = (next: boolean): number[] => {
    const groups = new Map<number, Ext[]>();
    for (const { column, gamma, next: both } of columns) {
      if (both !== next) continue;
      const group = groups.get(column >> 2) ?? [K.ZERO, K.ZERO, K.ZERO, K.ZERO];
      group[column & 3] = montgomeryForm(gamma);
      groups.set(column >> 2, group);
    }
    return [store([...groups].flatMap(([g, gammas]) => [16 * g, store(gammas.flat())])), groups.size];
  };
  return [lde.address, 4 * lde.stride, ...list(false), ...list(true)];
}
