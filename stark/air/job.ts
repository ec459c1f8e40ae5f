/**
 * A program bound to matrices in the shared memory: the words that `assembly/logup.ts` reads, and scratch memory for
 * every thread. Everything is allocated after the caller's mark and freed with it.
 */

import * as F from '../field/koala-bear.ts';
import * as K from '../field/quintic.ts';
import type { Lde, Matrix } from '../kernels/matrix.ts';
import type { Arena } from '../kernels/memory.ts';
import type { Pool } from '../kernels/pool.ts';
import { montgomeryPower } from './builder.ts';
import type { Program, Source } from './program.ts';

/** Where kernels run. */
export interface Compute {
  readonly arena: Arena;
  readonly pool: Pool;
}

export type Matrices = Readonly<Partial<Record<Source, Matrix | Lde>>>;

/** Chunks have this many rows, fewer in a table that would have fewer chunks than threads can share. */
const LOG_CHUNK_ROWS = 8;
export const logChunkRows = (logHeight: number): number => Math.min(LOG_CHUNK_ROWS, logHeight);

/** The work of one job is about this many instruction rows: some milliseconds. */
const ROWS_PER_JOB = 2 ** 23;

export interface Job {
  readonly address: number;
  readonly logRows: number;
  readonly numChunks: number;
  /** Chunks of one call. */
  readonly step: number;
  /** Whether a job has raised its flag: a zero denominator. */
  raised(): boolean;
}

/**
 * @param result matrix that the job writes, `rowBytes` from row to row
 * @param vectors address of each planar vector by name
 * @throws {RangeError} if a matrix or vector that the program reads is missing
 */
export function createJob(
  { arena, pool }: Compute,
  program: Program,
  logHeight: number,
  matrices: Matrices,
  vectors: ReadonlyMap<string, number>,
  result: { readonly address: number; readonly rowBytes: number },
): Job {
  const logRows = logChunkRows(logHeight);
  const slotBytes = 4 * 2 ** logRows;
  const store = (words: Uint32Array): number => {
    const address = arena.alloc(Math.max(4, words.byteLength));
    arena.u32(address, words.length).set(words);
    return address;
  };

  const gathers = program.gathers.flatMap(({ source, column, slots }) => {
    const matrix = matrices[source];
    if (matrix === undefined) throw new RangeError(`matrices: expected ${source}, got none`);
    return [matrix.address + 4 * column, 4 * matrix.stride, ...slots.map((slot) => slot * slotBytes), 0, 0];
  });
  const planar = [...program.vectors].flatMap(([name, slot]) => {
    const address = vectors.get(name);
    if (address === undefined) throw new RangeError(`vectors: expected ${name}, got none`);
    return [address, slot * slotBytes];
  });
  const flag = store(Uint32Array.of(0));
  const slotsBytes = program.numSlots * slotBytes;
  const words = [
    logHeight,
    logRows,
    store(program.emit(2 ** logRows, false)),
    store(program.emit(2 ** logRows, true)),
    store(Uint32Array.from(gathers)),
    program.gathers.length,
    store(Uint32Array.from(planar)),
    program.vectors.size,
    program.numInstructions,
    store(program.constants),
    store(Uint32Array.from(program.outputs, (slot) => slot * slotBytes)),
    program.outputs.length,
    (program.numSlots - 1) * slotBytes,
    createScratch({ arena, pool }, slotsBytes + INVERT_SCRATCH_BYTES),
    program.numColumns * slotBytes,
    slotsBytes,
    store(FROBENIUS_MATRICES),
    flag,
    result.address,
    result.rowBytes,
  ];
  const numChunks = 2 ** (logHeight - logRows);
  const share = Math.ceil(numChunks / pool.threads);
  const wanted = Math.max(1, Math.floor(ROWS_PER_JOB / (program.numInstructions + 1) / 2 ** logRows));
  return {
    ...{ address: store(Uint32Array.from(words)), logRows, numChunks },
    step: Math.min(share, wanted),
    raised: () => arena.u32(flag, 1)[0] !== 0,
  };
}

/** Of `extInvertSlot`. */
export const INVERT_SCRATCH_BYTES = 320;

/** One scratch area of `bytes` per thread, as `claimScratch` expects them. */
export function createScratch({ arena, pool }: Compute, bytes: number): number {
  const areaBytes = Math.ceil(bytes / 64) * 64;
  const address = arena.allocZeroed(16 + 4 * pool.threads);
  arena.u32(address, 3).set([pool.threads, areaBytes, arena.alloc(areaBytes * pool.threads)]);
  return address;
}

/** [0, count) in pieces of `step`. */
export function pieces(count: number, step: number): [first: number, count: number][] {
  return Array.from({ length: Math.ceil(count / step) }, (_, i) => [i * step, Math.min(step, count - i * step)]);
}

/** Images of 1, X, .., X^4 under x^p and under x^(p^2), in Montgomery form. */
export const FROBENIUS_MATRICES: Uint32Array = (() => {
  const r = montgomeryPower(1);
  const powers = Array.from({ length: K.DEGREE }, (_, i) => K.frobenius(K.pow(K.X, i)));
  return Uint32Array.from([...powers, ...powers.map(K.frobenius)].flat(), (c) => F.mul(c as F.Felt, r));
})();
