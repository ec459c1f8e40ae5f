/**
 * Trace generation against commitment, chip by chip, and the execution of dot products: `npm run build && node
 * dist/bench/chips.js`. One thread; the least of five runs. The extension stands for the commitment, which hashes besides.
 */
import { performance } from 'node:perf_hooks';
import { machineEngine } from '../cli/machine-engine.ts';
import { dotBf16 } from '../precompiles/bf16-dot-call/semantics.ts';
import { createBackend } from '../stark/kernels/backend.ts';
import { words } from '../stark/kernels/matrix.ts';
import { run } from '../vm/executor/run.ts';
import { WORKLOADS } from './workloads.ts';

const RUNS = 5;
const BLOWUP = 4;
const MACS = 10_000_000;
/** Less says nothing. */
const LEAST_ROWS = 1024;

async function least(work: () => unknown): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < RUNS; i++) {
    const start = performance.now();
    await work();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

let state = 1;
const patterns = Uint16Array.from({ length: 4096 }, () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return ((state >>> 16) & 0x807f) | ((123 + ((state >>> 9) & 7)) << 7);
});
for (const model of ['hopper', 'ampere', 'blackwell', 'fma', 'amx'] as const) {
  const ms = await least(() => {
    for (let done = 0; done < MACS; done += 4096) dotBf16(model, 0, patterns, 0, patterns, 0, 256);
  });
  console.log(`execute 10^7 MACs, ${model.padEnd(10)} ${ms.toFixed(0)} ms`);
}

const engine = machineEngine();
const backend = createBackend({ threads: 1 });
for (const name of ['linear-512', 'integers-tiny']) {
  const { program, input } = await WORKLOADS.find((workload) => workload.name === name)!.prepare(engine);
  const result = run(program, input, { record: engine.machine.recorded });
  if (result.kind === 'trapped') throw new Error(result.trap.detail);
  const execution = result.execution!;
  for (const chip of engine.machine.chips.values()) {
    const { air } = chip;
    if ('fixedRows' in chip || air.known.length > 0) continue;
    const rows = chip.rows(execution);
    if (rows < LEAST_ROWS) continue;
    const mark = backend.arena.mark();
    const trace = backend.allocMatrix(2 ** Math.ceil(Math.log2(rows + 180)), air.main.length);
    const cells = words(backend.arena, trace);
    cells.fill(0);
    const fill = (await least(() => chip.fill(execution, { cells, stride: trace.stride }))) / rows;
    const extend = (await least(() => backend.lde(trace, BLOWUP))) / trace.height;
    backend.arena.release(mark);
    const ns = (ms: number): string => (ms * 1e6).toFixed(0);
    console.log(`${name}: ${air.name}, ${rows} rows, fill ${ns(fill)} ns/row, extend ${ns(extend)} ns/row`);
  }
}
await backend.close();
