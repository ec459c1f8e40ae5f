/**
 * Nanoseconds of the kernels, on one thread and on two: `npm run build && node dist/bench/kernels.js`. The least of nine
 * runs after warm-up, because other load on the machine only adds; memory already touched.
 */
import { cpus } from 'node:os';
import { performance } from 'node:perf_hooks';
import { type Backend, createBackend } from '../stark/kernels/backend.ts';
import { type Lde, words } from '../stark/kernels/matrix.ts';

const RUNS = 9;

async function nanoseconds(work: () => Promise<unknown>): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 2 + RUNS; run++) {
    const start = performance.now();
    await work();
    if (run >= 2) least = Math.min(least, (performance.now() - start) * 1e6);
  }
  return least;
}

type Report = (what: string, milliseconds: number, each: number, unit: string) => void;

async function extensions(backend: Backend, report: Report): Promise<void> {
  for (const [logHeight, width] of [
    [18, 32],
    [18, 4],
    [20, 16],
    [14, 32],
    [10, 32],
  ] as const) {
    const mark = backend.arena.mark();
    const trace = backend.allocMatrix(2 ** logHeight, width);
    words(backend.arena, trace).forEach((_, i, data) => {
      data[i] = (Math.imul(i, 0x9e37_79b1) >>> 1) & 0x3fff_ffff;
    });
    const lde = await backend.lde(trace, 4);
    const cells = trace.height * width;
    const time = await nanoseconds(() => backend.lde(trace, 4, lde.address));
    report(`extension by 4 of 2^${logHeight} x ${width}`, time / 1e6, time / cells, 'ns/trace cell');
    if (logHeight === 18 && width === 32) {
      const values = { ...trace, address: lde.address };
      const inverse = await nanoseconds(() => backend.interpolate(values, trace.height));
      report(`interpolation of 2^${logHeight} x ${width}`, inverse / 1e6, inverse / cells, 'ns/element');
      const last = { ...trace, address: lde.address + 12 * trace.height * trace.stride };
      const forward = await nanoseconds(() => backend.ldeFromCoefficients(last, 4, lde.address));
      report(`four coset transforms of 2^${logHeight} x ${width}`, forward / 1e6, forward / cells / 4, 'ns/element');
    }
    backend.arena.release(mark);
  }
}

async function hashing(backend: Backend, report: Report): Promise<void> {
  const salts = { seed: new Uint8Array(32), stream: 1 };
  for (const [logLeaves, width] of [
    [20, 16],
    [20, 40],
    [18, 64],
    [12, 16],
  ] as const) {
    const mark = backend.arena.mark();
    const lde: Lde = { ...backend.allocMatrix(2 ** logLeaves, width), height: 2 ** (logLeaves - 2), blowup: 4 };
    const leaves = 2 ** logLeaves;
    const compressions = leaves * (Math.ceil(width / 16) + 1);
    const once = async (salted: boolean) => {
      const before = backend.arena.mark();
      await backend.commitMatrices([lde], salted ? salts : null);
      backend.arena.release(before);
    };
    const plain = await nanoseconds(() => once(false));
    report(`tree over 2^${logLeaves} rows of ${width}`, plain / 1e6, plain / compressions, 'ns/compression');
    const salted = await nanoseconds(() => once(true));
    report(`the same, salted`, salted / 1e6, salted / leaves, 'ns/leaf');
    backend.arena.release(mark);
  }
}

async function others(backend: Backend, report: Report): Promise<void> {
  const scratch = backend.arena.alloc(1024);
  const state = backend.arena.allocZeroed(64);
  const count = 2 ** 18;
  // No hash has 64 zero bits, so that all nonces are tried.
  const args = [state, 0, 0, count, -1, -1, 4, state + 32, state + 48, scratch];
  const time = await nanoseconds(() => backend.pool.run([{ kernel: 'grind', args }]));
  report('grinding (one thread)', time / 1e6, time / count, 'ns/nonce');
  const matrix = backend.allocMatrix(2 ** 20, 5);
  const random = await nanoseconds(() => backend.fillRandom(matrix, 0, matrix.height, new Uint8Array(32), 1));
  report('random elements, 2^20 x 5', random / 1e6, random / matrix.height / 5, 'ns/element');
  const jobs = [0, 1].map(() => ({ kernel: 'scaleRows', args: [matrix.address, 32, 0, 0, 1, 1] }));
  const empty = await nanoseconds(() => backend.pool.run(jobs));
  report('a run of two empty jobs', empty / 1e6, empty, 'ns');
}

console.log(`Node ${process.version}, ${cpus()[0]?.model}`);
for (const threads of [1, 2]) {
  const backend = createBackend({ threads });
  const report: Report = (what, milliseconds, each, unit) => {
    const columns = [`${threads} thread(s)`, what.padEnd(42), `${milliseconds.toFixed(2).padStart(8)} ms`];
    console.log(columns.join('  '), `${each.toFixed(1).padStart(9)} ${unit}`);
  };
  for (const part of [extensions, hashing, others]) await part(backend, report);
  await backend.close();
}
