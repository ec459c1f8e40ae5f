/**
 * Merkle trees over 2^k leaf digests and pruned openings of many leaves at once. node = H_node(left || right).
 *
 * An opening of a sorted set of leaves carries each sibling digest that cannot be computed from the others once: layer by
 * layer from the leaves up, left to right. Its length thus depends on the indexes only. Source: RFC 6962 has single
 * paths; this is the usual "octopus" pruning.
 */
import { DIGEST_BYTES, hash } from '../hash/domains.ts';

/** H_node(left || right). */
export function hashNode(left: Uint8Array, right: Uint8Array): Uint8Array {
  const message = new Uint8Array(2 * DIGEST_BYTES);
  message.set(left);
  message.set(right, DIGEST_BYTES);
  return hash('node', message);
}

/** All layers, leaves first, root last. Reference of the kernel `hashSubtree`. */
export function merkleLayers(leaves: readonly Uint8Array[]): Uint8Array[][] {
  const layers = [[...leaves]];
  for (let layer = layers[0] as Uint8Array[]; layer.length > 1; layers.push(layer)) {
    layer = Array.from({ length: layer.length / 2 }, (_, i) =>
      hashNode(layer[2 * i] as Uint8Array, layer[2 * i + 1] as Uint8Array),
    );
  }
  return layers;
}

/** A node whose digest an opening must carry; layer 0 is the leaves. */
export interface NodePosition {
  readonly layer: number;
  readonly index: number;
}

/** The siblings to open `indexes`, strictly ascending leaf indexes of a tree of 2^depth leaves, in canonical order. */
export function siblingPositions(depth: number, indexes: readonly number[]): NodePosition[] {
  const positions: NodePosition[] = [];
  let known = indexes;
  for (let layer = 0; layer < depth; layer++) {
    const parents: number[] = [];
    for (let i = 0; i < known.length; i++) {
      const index = known[i] as number;
      if (known[i + 1] === (index ^ 1) && index % 2 === 0) i++;
      else positions.push({ layer, index: index ^ 1 });
      parents.push(index >>> 1);
    }
    known = parents;
  }
  return positions;
}

/**
 * The root that the digests of `indexes` and the siblings lead to, or null if the siblings are not as many digests as
 * the indexes ask for. Never throws. `indexes` are strictly ascending, from public coins, not from a proof.
 */
export function rootFromOpening(
  depth: number,
  indexes: readonly number[],
  digests: readonly Uint8Array[],
  siblings: readonly Uint8Array[],
): Uint8Array | null {
  if (indexes.length === 0 || digests.length !== indexes.length) return null;
  let known = indexes;
  let layer = digests;
  let used = 0;
  for (let height = 0; height < depth; height++) {
    const parents: number[] = [];
    const next: Uint8Array[] = [];
    for (let i = 0; i < known.length; i++) {
      const index = known[i] as number;
      const digest = layer[i] as Uint8Array;
      const paired = index % 2 === 0 && known[i + 1] === index + 1;
      const sibling = paired ? layer[i + 1] : siblings[used++];
      if (sibling?.length !== DIGEST_BYTES) return null;
      next.push(index % 2 === 0 ? hashNode(digest, sibling) : hashNode(sibling, digest));
      parents.push(index >>> 1);
      if (paired) i++;
    }
    known = parents;
    layer = next;
  }
  return used === siblings.length ? (layer[0] as Uint8Array) : null;
}
