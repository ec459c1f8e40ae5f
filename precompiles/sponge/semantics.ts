/**
 * The salted sponge that hashes a leaf of a tensor commitment: rows of 48 halfwords to 9 field elements.
 *
 * State: elements 0..14 are the rate, 15..23 the capacity (9 elements, 278 bits). A row is two permutations; each
 * overwrites the rate with 12 pairs, a check and 2 salts, and keeps the capacity. The digest is the capacity after the
 * last row. It starts as (rows, 0, 0, LEAF_TAG, 0, 0, 0, 0, 0).
 *
 * Packing. 24 halfwords become 13 elements: the pairs y_i = lo_i + B hi_i with B = 0x6000, and c = sum of 3^i hi_i mod p.
 * It is injective. y_i <= 65535 (1 + B) < p, so equal residues are equal integers. lo_i - lo'_i = -B d_i for
 * d_i = hi_i - hi'_i, and |lo_i - lo'_i| < 2^16 < 3 B, so |d_i| <= 2. Equal c means that p divides the sum of 3^i d_i,
 * whose magnitude is at most 2 (3^12 - 1) / 2 < p, so it is 0; then d_0 is a multiple of 3 with |d_0| <= 2, so d_0 = 0,
 * and so on for d_1, d_2, ... The pairs alone are not injective (24 halfwords have 384 bits, 12 elements 371), and
 * lo + 2^16 hi in their place is not either: it wraps modulo p, and 558 combinations of differences leave c as it is.
 *
 * Collisions, with Poseidon2 taken for a random permutation whose inverse the attacker may ask too: call reached the
 * capacities that follow from a start by permutations. Each query of either direction connects an input to an output
 * that is uniform but for earlier answers, so that with q queries the probability that a reached capacity meets another
 * one, a start or the capacity of an earlier query is at most about q^2 / p^9. Otherwise the reached capacities form trees rooted at the starts, and a
 * digest has one path: one start, hence one number of rows, and one sequence of rates, hence one leaf and one sequence
 * of salts. p^9 > 2^278: 139 bits. A message cannot be extended, as its length is in its start.
 *
 * Tree nodes (`../merkle/semantics.ts`) are inputs whose elements 18..23 are (NODE_TAG, 0, 0, 0, 0, 0); a start has
 * LEAF_TAG there and a reached capacity equals it with probability p^-6 per query, 2^-185: leaves are not nodes.
 *
 * Hiding: a row has 4 salts, 123 bits, on which every digest depends.
 */

import { P } from '../../stark/field/koala-bear.ts';
import { DIGEST_FELTS, DIGEST_LANE, WIDTH } from '../poseidon2/constants.ts';
import {
  CHECK_BASE,
  LEAF_TAG,
  PAIR_BASE,
  ROW_HALFWORDS,
  ROW_SALTS,
  ROWS_LANE,
  ROWS_LIMIT,
  STEP_HALFWORDS,
  STEP_PAIRS,
  STEP_SALTS,
  TAG_LANE,
} from '../poseidon2/format.ts';
import { permute, RECORDED } from '../poseidon2/semantics.ts';

/** Writes the start of a leaf of `rows` rows into the capacity of a state. */
export function start(state: Uint32Array, rows: number): void {
  state.fill(0, DIGEST_LANE);
  state[ROWS_LANE] = rows;
  state[TAG_LANE] = LEAF_TAG;
}

/**
 * Absorbs a row: the 48 halfwords from `half` on, the 4 salts from `salt` on (residues). The capacity of `state` is
 * carried. With `record`, writes the cells of both permutations, 2 * RECORDED from `at` on.
 */
export function absorb(
  state: Uint32Array,
  halfwords: Uint16Array,
  half: number,
  salts: Uint32Array,
  salt: number,
  record?: Uint32Array,
  at = 0,
): void {
  for (let step = 0; step < 2; step++) {
    const first = half + step * STEP_HALFWORDS;
    let check = 0; // < 2^16 3^12 < 2^36
    for (let pair = STEP_PAIRS - 1; pair >= 0; pair--) {
      const high = halfwords[first + 2 * pair + 1]!;
      state[pair] = halfwords[first + 2 * pair]! + PAIR_BASE * high;
      check = check * CHECK_BASE + high;
    }
    state[STEP_PAIRS] = check % P;
    state[STEP_PAIRS + 1] = salts[salt + step * STEP_SALTS]!;
    state[STEP_PAIRS + 2] = salts[salt + step * STEP_SALTS + 1]!;
    permute(state, record, at + step * RECORDED);
  }
}

/**
 * The digest of a leaf.
 * @param halfwords a multiple of 48, fewer than 2^16 rows of them
 * @param salts 4 residues a row
 * @returns 9 residues
 * @throws {RangeError} on other lengths or a salt that is not a residue
 */
export function sponge(halfwords: Uint16Array, salts: Uint32Array): Uint32Array {
  const rows = halfwords.length / ROW_HALFWORDS;
  if (!Number.isInteger(rows) || rows >= ROWS_LIMIT) {
    throw new RangeError(`halfwords: expected a multiple of 48 below 48 * 2^16, got ${halfwords.length}`);
  }
  if (salts.length !== rows * ROW_SALTS) {
    throw new RangeError(`salts: expected ${rows * ROW_SALTS} field elements, got ${salts.length}`);
  }
  const wrong = salts.find((salt) => salt >= P);
  if (wrong !== undefined) throw new RangeError(`salts: expected residues below ${P}, got ${wrong}`);
  const state = new Uint32Array(WIDTH);
  start(state, rows);
  for (let row = 0; row < rows; row++) absorb(state, halfwords, row * ROW_HALFWORDS, salts, row * ROW_SALTS);
  return state.slice(DIGEST_LANE, DIGEST_LANE + DIGEST_FELTS);
}
