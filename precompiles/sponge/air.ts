/**
 * SPONGE chip: one row absorbs three hint blocks and four salts into the capacity of a running sponge.
 *
 * Assumes  chip `sponge-call` starts each sponge once, under an id of its own, with fewer than 2^16 rows to go, and takes
 *          the capacity when none are left. Chip `hint` answers a block with its 16 halfwords, each below 2^16.
 * Ensures  the capacity that is taken is the digest (`semantics.ts`) of the blocks from the starting one on, with some
 *          salts.
 * Proof    a row takes (id, remaining, block, capacity) and leaves (id, remaining - 1, block + 3, capacity'), and with
 *          the start and the taking these balance. So for each id and count there are as many rows as rows or starts of
 *          the count above: exactly one for each count from the start down to 1. A row above the start, or a chain that
 *          skips the taking at 0, would go on for p rows, more than a table has. The pairs and checks are linear in the
 *          halfwords; the permutations are `permutation.ts`. Salts are free: any field elements are salts.
 * Padding  isReal = 0 with zeros in all cells; multiplicity 0 on every bus.
 */

import { array, bit, defineAir, given } from '../../stark/air/air.ts';
import { defineBus } from '../../stark/air/bus.ts';
import { compose, type Expr } from '../../stark/air/expr.ts';
import { HINT_BUS } from '../../vm/buses.ts';
import { DIGEST_FELTS } from '../poseidon2/constants.ts';
import {
  CHECK_BASE,
  PAIR_BASE,
  ROW_HALFWORDS,
  ROW_SALTS,
  STEP_HALFWORDS,
  STEP_PAIRS,
  STEP_SALTS,
} from '../poseidon2/format.ts';
import { permutation, permutationColumns } from '../poseidon2/permutation.ts';

const BLOCK_HALFWORDS = 16;
/** Hint blocks of a row. */
export const ROW_BLOCKS = ROW_HALFWORDS / BLOCK_HALFWORDS;

/** A running sponge: its id (the time of its instruction), rows to go, index of the next hint block, capacity. */
export const SPONGE_BUS = defineBus('sponge', 'peer', [
  'id',
  'remaining',
  'block',
  ...Array.from({ length: DIGEST_FELTS }, (_, i) => `c${i}`),
]);

export const spongeAir = defineAir({
  name: 'sponge',
  columns: {
    isReal: bit('1 on a row that absorbs, 0 on padding'),
    id: given('the sponge bus', 'time of the instruction'),
    remaining: given('the sponge bus', 'rows to go, this one included'),
    block: given('the sponge bus', 'index of the first of three hint blocks'),
    capacity: array(DIGEST_FELTS, given('the sponge bus', 'capacity before the row')),
    half: array(ROW_HALFWORDS, given('the hint bus', 'halfword')),
    salt: array(ROW_SALTS, given('free: any field element is a salt', 'salt')),
    ...permutationColumns('first'),
    ...permutationColumns('second'),
  },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal, id, remaining, block, capacity, half, salt } = local;

    /** The rate of one of the two permutations: 12 pairs, their check, 2 salts. */
    const rate = (step: number): Expr[] => {
      const halves = half.slice(step * STEP_HALFWORDS, (step + 1) * STEP_HALFWORDS);
      const low = halves.filter((_, i) => i % 2 === 0);
      const high = halves.filter((_, i) => i % 2 === 1);
      const pairs = Array.from({ length: STEP_PAIRS }, (_, i) => low[i]!.plus(high[i]!.times(PAIR_BASE)));
      return [...pairs, compose(high, CHECK_BASE), ...salt.slice(step * STEP_SALTS, (step + 1) * STEP_SALTS)];
    };
    const between = permutation(builder, local, 'first', [...rate(0), ...capacity], isReal);
    const after = permutation(builder, local, 'second', [...rate(1), ...between], isReal);

    for (let i = 0; i < ROW_BLOCKS; i++) {
      const halves = half.slice(i * BLOCK_HALFWORDS, (i + 1) * BLOCK_HALFWORDS);
      send(`block ${i} is on the hint tape`, HINT_BUS, { given: [block.plus(i), ...halves] }, isReal);
    }
    receive('the sponge was left in this state', SPONGE_BUS, { given: [id, remaining, block, ...capacity] }, isReal);
    send(
      'the sponge is left in the next state',
      SPONGE_BUS,
      { claimed: [id, remaining.minus(1), block.plus(ROW_BLOCKS), ...after] },
      isReal,
    );
  },
});
