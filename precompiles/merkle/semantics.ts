/**
 * The binary tree over digests of 9 field elements: the compression of two children, and the root over a path.
 *
 * A node is elements 15..23 of the permutation of (left, right, NODE_TAG, 0, 0, 0, 0, 0), without feed-forward.
 *
 * Collisions, with Poseidon2 taken for a random permutation whose inverse the attacker may ask too: an inverse query
 * gives an input with the six fixed elements with probability p^-6, so that 2^139 of them find one with probability
 * 2^(139 - 185): running the permutation backwards from a chosen output is of no use. Forward queries on distinct pairs
 * of children have outputs that are uniform but for earlier answers, and 9 elements of them agree for some pair of q
 * queries with probability about q^2 / (2 p^9): 139 bits. Digests of leaves are no nodes: see `../sponge/semantics.ts`.
 * The depth of a tree is part of the statement that names its root, as is the number of rows of a leaf.
 */

import { P } from '../../stark/field/koala-bear.ts';
import { DIGEST_FELTS, DIGEST_LANE, WIDTH } from '../poseidon2/constants.ts';
import { MAX_DEPTH, NODE_TAG, TAG_LANE } from '../poseidon2/format.ts';
import { permute } from '../poseidon2/semantics.ts';

const state = new Uint32Array(WIDTH);

/**
 * Writes the node over two children into `out`, which may be one of them. Each is 9 residues from its offset on. With
 * `record`, writes the cells of the permutation from `at` on.
 */
export function compressInto(
  out: Uint32Array,
  outAt: number,
  left: Uint32Array,
  leftAt: number,
  right: Uint32Array,
  rightAt: number,
  record?: Uint32Array,
  at = 0,
): void {
  for (let i = 0; i < DIGEST_FELTS; i++) {
    state[i] = left[leftAt + i]!;
    state[DIGEST_FELTS + i] = right[rightAt + i]!;
  }
  state.fill(0, TAG_LANE);
  state[TAG_LANE] = NODE_TAG;
  permute(state, record, at);
  for (let i = 0; i < DIGEST_FELTS; i++) out[outAt + i] = state[DIGEST_LANE + i]!;
}

/** The node over two children of 9 residues. @throws {RangeError} on another length or an element that is no residue. */
export function compress(left: Uint32Array, right: Uint32Array): Uint32Array {
  requireDigests('left', left, 1);
  requireDigests('right', right, 1);
  const out = new Uint32Array(DIGEST_FELTS);
  compressInto(out, 0, left, 0, right, 0);
  return out;
}

/**
 * The root of the tree whose leaf `index` is `digest`.
 * @param siblings 9 residues a level, from the leaf up; their number is the depth, at most 30
 * @throws {RangeError} on other lengths, elements that are no residues, or an index outside [0, 2^depth)
 */
export function rootOf(digest: Uint32Array, index: number, siblings: Uint32Array): Uint32Array {
  const depth = siblings.length / DIGEST_FELTS;
  requireDigests('digest', digest, 1);
  requireDigests('siblings', siblings, Math.min(Math.floor(depth), MAX_DEPTH));
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** depth) {
    throw new RangeError(`index: expected an integer in [0, 2^${depth}), got ${index}`);
  }
  const node = digest.slice();
  for (let level = 0; level < depth; level++) {
    const isRight = (index >>> level) & 1;
    if (isRight) compressInto(node, 0, siblings, level * DIGEST_FELTS, node, 0);
    else compressInto(node, 0, node, 0, siblings, level * DIGEST_FELTS);
  }
  return node;
}

function requireDigests(name: string, felts: Uint32Array, count: number): void {
  if (felts.length !== count * DIGEST_FELTS) {
    throw new RangeError(`${name}: expected ${count * DIGEST_FELTS} field elements, got ${felts.length}`);
  }
  const wrong = felts.find((element) => element >= P);
  if (wrong !== undefined) throw new RangeError(`${name}: expected residues below ${P}, got ${wrong}`);
}
