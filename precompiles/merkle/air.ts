/**
 * MERKLE chip: one row is one level of a path, from a node and its sibling to their parent.
 *
 * Assumes  chip `merkle-call` starts each path once, under an id of its own, with at most 30 levels to go, and takes the
 *          node when none are left and the index is 0.
 * Ensures  the node that is taken is the root over the starting node at its index, for some siblings
 *          (`semantics.ts`); the index is below 2^depth.
 * Proof    a row takes (id, remaining, index, node) and leaves (id, remaining - 1, (index - bit) / 2, parent): for each
 *          id there is exactly one row for each count from the depth down to 1 (as in `../sponge/air.ts`). The index at
 *          the start is the sum of bit_k 2^k over the levels, below 2^30 < p, so it has one sequence of bits: the path
 *          is the one of the index. If bit is 0 the node is the left child, else the right one; the other child is
 *          free. The permutation is `permutation.ts`.
 * Padding  isReal = 0 with zeros in all cells; multiplicity 0 on both sides of the bus.
 */

import { array, bit, defineAir, given } from '../../stark/air/air.ts';
import { defineBus } from '../../stark/air/bus.ts';
import { DIGEST_FELTS, WIDTH } from '../poseidon2/constants.ts';
import { NODE_TAG, TAG_LANE } from '../poseidon2/format.ts';
import { permutation, permutationColumns } from '../poseidon2/permutation.ts';

/** A path on its way up: its id (the time of its instruction), levels to go, index of the node in its level, node. */
export const MERKLE_BUS = defineBus('merkle', 'peer', [
  'id',
  'remaining',
  'index',
  ...Array.from({ length: DIGEST_FELTS }, (_, i) => `d${i}`),
]);

export const merkleAir = defineAir({
  name: 'merkle',
  columns: {
    isReal: bit('1 on the row of a level, 0 on padding'),
    id: given('the merkle bus', 'time of the instruction'),
    remaining: given('the merkle bus', 'levels to go, this one included'),
    isRight: bit('1 if the node is the right child'),
    parentIndex: given('the merkle bus: 2 parentIndex + isRight is the index', 'index of the parent in its level'),
    node: array(DIGEST_FELTS, given('the merkle bus', 'digest of the node')),
    left: array(DIGEST_FELTS, given('free, or the node', 'digest of the left child')),
    right: array(DIGEST_FELTS, given('free, or the node', 'digest of the right child')),
    ...permutationColumns('parent'),
  },
  define(builder) {
    const { local, assertZero, send, receive } = builder;
    const { isReal, id, remaining, isRight, parentIndex, node, left, right } = local;

    for (let i = 0; i < DIGEST_FELTS; i++) {
      const child = left[i]!.plus(isRight.times(right[i]!.minus(left[i]!)));
      assertZero(`element ${i} of the node is the one of its side`, node[i]!.minus(child));
    }
    const fixed = Array.from({ length: WIDTH - TAG_LANE }, (_, i) => (i === 0 ? isReal.times(NODE_TAG) : 0));
    const parent = permutation(builder, local, 'parent', [...left, ...right, ...fixed], isReal);

    receive(
      'the path was left at this node',
      MERKLE_BUS,
      { given: [id, remaining, parentIndex.times(2).plus(isRight), ...node] },
      isReal,
    );
    send(
      'the path goes on at the parent',
      MERKLE_BUS,
      { claimed: [id, remaining.minus(1), parentIndex, ...parent] },
      isReal,
    );
  },
});
