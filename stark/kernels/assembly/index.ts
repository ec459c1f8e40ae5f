// The kernels: everything exported here can be run by the pool (`stark/kernels/pool.ts`) under its own name.
// Pointers are byte addresses in the one shared memory. No kernel has state: no globals, no static data, no heap.
export * from './blake3';
export * from './logup';
export * from './merkle';
export * from './ntt';
export * from './twiddles';
export { inverseZerofiers } from './zerofier';
export * from './interpreter';
export { splitQuotient } from './split';
export { batchChunks, openChunks, openingWeights } from './deep';
export { friFold } from './fri';
export { extInvertSlot, extMulSlot } from './quintic';
export { gatherColumns, scatterColumns } from './chunk';
