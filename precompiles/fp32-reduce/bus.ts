/**
 * Reductions of FP32 words: what their chips say to one another. A call sends where its words are and how many there
 * are, under its time `clk`, which no other call has; chips of rows take a state and leave the next one until no word
 * remains. Addresses count words: byte address / 4. `accrued` are the flags raised so far in the reduction.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { BLOCK_WORDS, LANES } from './constants.ts';

/** Two limbs a word, `x0Lo`, `x0Hi`, `x1Lo`, ... */
const limbFields = (words: number): string[] => Array.from({ length: words }, (_, i) => [`x${i}Lo`, `x${i}Hi`]).flat();

const PLACE = ['clk', 'isRam', 'address', 'remaining'];

/** The state of a fold of one accumulator, lo and hi. `fold`: which one, `FOLDS`. */
export const FOLD_BUS = defineBus('fp32-fold', 'peer', ['fold', ...PLACE, 'accrued', ...limbFields(1)]);
/** The state of a fold of 32 accumulators, the lanes of a warp. */
export const WARP_BUS = defineBus('fp32-warp', 'peer', ['fold', ...PLACE, 'accrued', ...limbFields(LANES)]);
/** The state of a pairwise sum, of words or of their squares: trees of 32 that were formed so far. */
export const TREE_BUS = defineBus('fp32-tree', 'peer', ['isSquares', ...PLACE, 'index']);
/** A node of the tree of a sum: word `index` of its level, of which level 0 are sums of 32 leaves. */
export const NODE_BUS = defineBus('fp32-tree-node', 'peer', ['clk', 'level', 'index', 'accrued', ...limbFields(1)]);

/**
 * Words of RAM, at most 8 at once: whoever sends (time, address, count, words) claims that the `count` words from this
 * word address on, 1 to 8, have these values at this time. Those beyond the count say nothing. The sender answers for an
 * address below 2^31 - 2^24 and for asking at most once for a word at a time, later than any access before.
 */
export const WORDS_BUS = defineBus('ram-words', 'peer', ['time', 'address', 'count', ...limbFields(BLOCK_WORDS)]);

export const CALL_CHIP = 'fp32-reduce-call';
export const WORDS_CHIP = 'ram-words';
export const TREE_CHIP = 'fp32-tree';
export const NODE_CHIP = 'fp32-tree-node';
