/** Sizes and names of reductions that semantics, airs and traces share. */

/** Words that a request for words has, those of a hint block, and lanes of a warp. */
export const BLOCK_WORDS = 8;
export const LANES = 32;

/** What a fold does to its accumulator with the next word: the numbers stand on the buses. */
export const FOLDS = { sum: 0, squares: 1, max: 2, maxm: 3 } as const;
export type FoldName = keyof typeof FOLDS;

/** Accumulators and words of a row: one accumulator runs through a block, or 32 take a word each. */
export const SHAPES = {
  sequential: { lanes: 1, width: BLOCK_WORDS },
  warp: { lanes: LANES, width: LANES },
} as const;
export type Shape = keyof typeof SHAPES;

/** Additions of a tree of 32 words: 16 of leaves, then 8, 4, 2, 1. */
export const TREE_NODES = LANES - 1;

/** Children of node n among 32 leaves and, after them, the nodes before it; and the first leaf of the right one. */
export function childrenOf(n: number): { readonly left: number; readonly right: number; readonly rightLeaf: number } {
  let [size, first] = [2, 0]; // leaves of a node of this level, and the level's first node
  while (n - first >= LANES / size) {
    first += LANES / size;
    size *= 2;
  }
  return { left: 2 * n, right: 2 * n + 1, rightLeaf: (n - first) * size + size / 2 };
}

/** The lane that is leaf i, and the leaf that is lane i: the five bits of i reversed. */
export const laneOfLeaf = (i: number): number =>
  ((i & 1) << 4) | ((i & 2) << 2) | (i & 4) | ((i & 8) >> 2) | ((i & 16) >> 4);

/** A call reads the words of RAM at clk + RAM_TIME. */
export const RAM_TIME = 2;
/** A reduction has less than 2^20 words: bits of their number above its low limb. */
export const HIGH_COUNT_BITS = 4;
export const COUNT_LIMIT = 2 ** (16 + HIGH_COUNT_BITS);
