/** Numbers of the tensor hash that airs, semantics and the protocol share. Why they are these: the two `semantics.ts`. */
import { DIGEST_LANE } from './constants.ts';

/** Halfwords and salts of a row of the sponge: three hint blocks. */
export const ROW_HALFWORDS = 48;
export const ROW_SALTS = 4;
/** Halfwords, pairs and salts of one of its two permutations. */
export const STEP_HALFWORDS = ROW_HALFWORDS / 2;
export const STEP_PAIRS = STEP_HALFWORDS / 2;
export const STEP_SALTS = ROW_SALTS / 2;
/** A leaf has fewer rows than this: the count is one halfword. */
export const ROWS_LIMIT = 2 ** 16;

/** Weight of the high halfword of a pair. */
export const PAIR_BASE = 0x6000;
/** The check is the sum of CHECK_BASE^i times the high halfword of pair i. */
export const CHECK_BASE = 3;

/** Element of the state that holds the tag, and at the start of a leaf its number of rows. */
export const TAG_LANE = 18;
export const ROWS_LANE = DIGEST_LANE;
/** The letters `leaf` and `node`, most significant first. */
export const LEAF_TAG = 0x6c656166;
export const NODE_TAG = 0x6e6f6465;

/** Depths are at most this: an index is then a number below 2^30 < p, the same in the field as in a register. */
export const MAX_DEPTH = 30;
