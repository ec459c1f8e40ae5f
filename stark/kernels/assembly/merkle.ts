// Merkle trees: the layers lie one after the other, digests of 32 bytes, from the leaves to the root. Layer k of a tree of
// 2^logLeaves leaves begins at digest 2^(logLeaves + 1) - 2^(logLeaves + 1 - k). Reference: stark/merkle/tree.ts.
import { hashRows } from './blake3';

@inline
function layerStart(tree: usize, logLeaves: usize, layer: usize): usize {
  const twice: usize = 2 << logLeaves;
  return tree + 32 * (twice - (twice >> layer));
}

/**
 * The layers below + 1, ..., below + levels above `count` nodes of layer `below`, beginning with node `first`. Layers of
 * fewer than 4 nodes are hashed in lanes that run past their end: into layers that are written later, and into 96 bytes
 * behind the root. Only the last call for a tree may do that. key: number of the node domain.
 */
export function hashSubtree(
  tree: usize, logLeaves: usize, below: usize, first: usize, count: usize, levels: usize, key: usize, scratch: usize,
): void {
  for (let level: usize = 1; level <= levels; level++) {
    const from = layerStart(tree, logLeaves, below + level - 1), to = layerStart(tree, logLeaves, below + level);
    hashRows(to, 0, 0, from, 64, first >> level, max<usize>(count >> level, 4), key, scratch);
  }
}
