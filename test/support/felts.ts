/** Random field elements for property tests: a third of the draws are where sums and quotient estimates turn over. */
import fc from 'fast-check';
import { type Felt, P } from '../../stark/field/koala-bear.ts';
import type { Ext } from '../../stark/field/quintic.ts';

const EDGES = [0, 1, 2, 127, (1 << 24) - 1, 1 << 24, P >> 1, (P >> 1) + 1, P - 2, P - 1];

export const anyFelt = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom(...EDGES) },
  { weight: 2, arbitrary: fc.integer({ min: 0, max: P - 1 }) },
) as fc.Arbitrary<Felt>;

export const anyExt: fc.Arbitrary<Ext> = fc.tuple(anyFelt, anyFelt, anyFelt, anyFelt, anyFelt);
