/** A claim about committed tensors whose roots nobody has opened: for tests of statements and records. */
import type { LinearClaim } from './statement.ts';

/** Nine consecutive field elements. */
export const rootFrom = (first: number): Uint32Array => Uint32Array.from({ length: 9 }, (_, i) => first + i);

export const CLAIM: LinearClaim = {
  model: 'hopper',
  rows: 256,
  columns: 512,
  inner: 512,
  samples: 64,
  tile: 1,
  rootX: rootFrom(1),
  rootW: rootFrom(11),
  rootY: rootFrom(21),
};
