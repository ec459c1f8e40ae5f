// A worker of the pool: the kernels, instantiated on the shared memory. Plain JavaScript, so that it runs from the
// sources and from dist alike.
import { workerData } from 'piscina';

const { exports: kernels } = new WebAssembly.Instance(workerData.module, { env: { memory: workerData.memory } });

/** Takes the next job until none is left; `next` is one shared i32, the same for all workers of a run. */
export default function work({ jobs, next }) {
  for (let i = Atomics.add(next, 0, 1); i < jobs.length; i = Atomics.add(next, 0, 1)) {
    for (const { kernel, args } of [jobs[i]].flat()) kernels[kernel](...args);
  }
}
