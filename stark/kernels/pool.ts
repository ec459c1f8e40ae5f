/**
 * Runs kernels on the shared memory, on this thread or on a pool of workers. A call names an export of `kernels.wasm`; the
 * jobs of one run must be independent of each other. Each worker is woken once a run (100 us) and then
 * takes job after job from a shared counter, so many small jobs cost as little as a few large ones, and in ascending
 * order: a job starts only after all before it have started.
 */
import { readFileSync } from 'node:fs';
import { Piscina } from 'piscina';

export interface Call {
  readonly kernel: string;
  /** Integers modulo 2^32: addresses and counts may be given as unsigned numbers. */
  readonly args: readonly number[];
}

/** One call, or several one after the other on one thread. */
export type Job = Call | readonly Call[];

export interface Pool {
  readonly threads: number;
  /** Resolves when all jobs have run. A single job runs on this thread. @throws {TypeError} on an unknown kernel. */
  run(jobs: readonly Job[]): Promise<void>;
  /** Ends the workers. Nothing may be run afterwards. */
  close(): Promise<void>;
}

type Kernels = Readonly<Record<string, (...args: number[]) => unknown>>;

// The module is compiled into dist only; the sources (tests) read it there.
const KERNELS_URL = import.meta.url.endsWith('.ts')
  ? new URL('../../dist/stark/kernels/kernels.wasm', import.meta.url)
  : new URL('./kernels.wasm', import.meta.url);

/** @throws {RangeError} unless `threads` is an integer of at least 1. */
export function createPool(memory: WebAssembly.Memory, threads = 2): Pool {
  if (!Number.isInteger(threads) || threads < 1) throw new RangeError(`threads: expected at least 1, got ${threads}`);
  const module = new WebAssembly.Module(readFileSync(KERNELS_URL));
  const kernels = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
  let piscina: Piscina | undefined;
  const workers = () => {
    piscina ??= new Piscina({
      filename: new URL('./worker.mjs', import.meta.url).href,
      minThreads: threads,
      maxThreads: threads,
      workerData: { module, memory },
    });
    return piscina;
  };

  return {
    threads,
    async run(jobs) {
      for (const { kernel } of jobs.flat() as Call[]) {
        if (!(kernel in kernels)) throw new TypeError(`kernel: expected an export of kernels.wasm, got ${kernel}`);
      }
      if (threads === 1 || jobs.length <= 1) {
        for (const { kernel, args } of jobs.flat() as Call[]) kernels[kernel]?.(...args);
        return;
      }
      const task = { jobs, next: new Int32Array(new SharedArrayBuffer(4)) };
      const runs = Array.from({ length: Math.min(threads, jobs.length) }, () => workers().run(task));
      // All must have stopped before the caller may reuse the memory, also when one failed.
      for (const result of await Promise.allSettled(runs)) if (result.status === 'rejected') throw result.reason;
    },
    async close() {
      await piscina?.destroy();
    },
  };
}
