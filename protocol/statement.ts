/**
 * The public input of the linear guest: what a proof of Y = X W^T (+ bias) is about, as 32-bit words.
 *
 * | words  | meaning                                                                                       |
 * |--------|-----------------------------------------------------------------------------------------------|
 * | 0      | magic: the bytes `ULPL`, 0x4c504c55                                                           |
 * | 1      | version of this layout, 1                                                                     |
 * | 2      | accumulation model: funct3 of its `bf16.dot` instruction, 0 = Hopper; see `vm/isa/xulp.ts`     |
 * | 3      | flags: bit 0 says that there is a bias; bits 1 and 2 are log2 of the side of a tile, 0 to 2    |
 * | 4      | M, rows of X and of Y, in [1, 2^24]                                                           |
 * | 5      | N, rows of W and columns of Y, in [1, 2^24]                                                   |
 * | 6      | K, the inner dimension, columns of X and W, in [1, 2^20]                                      |
 * | 7      | k, the number of samples, in [1, 2^20]                                                        |
 * | 8..16  | root of X, 9 canonical field elements below p                                                 |
 * | 17..25 | root of W                                                                                     |
 * | 26..34 | root of Y                                                                                     |
 * | 35..43 | root of the bias, 9 zeros without a bias                                                      |
 * | 44..51 | challenge seed, 32 bytes as little-endian words; see `challenge.ts`                           |
 *
 * Nothing that follows from other words is in the statement, so that no two parts of it can disagree. Guest and host
 * derive, with ceil(n / 48) = mulhu(n + 47, 0xaaaaaaab) >> 5 and ceil(log2 n) the least d with 2^d >= n:
 *
 *   dot blocks       ceil(K / 16)               blocks of 16 elements in a dot product
 *   row blocks       3 ceil(K / 48)             blocks in a leaf of X and of W; a leaf is a row
 *   leaves of X, W   M, N                       leaf index: the row
 *   leaves of Y      M ceil(N / 48)             at most 2^30; leaf index: row ceil(N / 48) + floor(column / 48)
 *   leaves of bias   ceil(N / 48)               leaf index: floor(column / 48)
 *   depths           ceil(log2 leaves)
 *
 * A sample is an entry of Y; with tiles it stands for all entries of its tile, see `challenge.ts`.
 *
 * Rows are committed padded with +0 to whole sponge rows. The dot product runs over ceil(K / 16) blocks of them, and the
 * guest asserts that what it meets there beyond K is +0.
 */

import { BLOCK } from '../precompiles/bf16-dot/semantics.ts';
import { DIGEST_FELTS } from '../precompiles/poseidon2/constants.ts';
import { MAX_DEPTH, ROW_HALFWORDS } from '../precompiles/poseidon2/format.ts';

import { P } from '../stark/field/koala-bear.ts';
import { DOT_MODELS } from '../vm/isa/xulp.ts';
import { ProtocolError } from './protocol-error.ts';

export const STATEMENT_MAGIC = 0x4c50_4c55;
export const STATEMENT_VERSION = 1;
/** Order and rounding of the FP32 accumulation (docs/numerics.md), with its number in the statement. */
export const ACCUMULATION_MODELS = {
  hopper: DOT_MODELS.hopper,
  ampere: DOT_MODELS.ampere,
  blackwell: DOT_MODELS.blackwell,
  amx: DOT_MODELS.amx,
  fma: DOT_MODELS.fma,
} as const;
export type AccumulationModel = keyof typeof ACCUMULATION_MODELS;

/** First word of each part of the public input. */
export const STATEMENT_WORD = {
  magic: 0,
  version: 1,
  model: 2,
  flags: 3,
  rows: 4,
  columns: 5,
  inner: 6,
  samples: 7,
  rootX: 8,
  rootW: 17,
  rootY: 26,
  rootBias: 35,
  seed: 44,
  length: 52,
} as const;
export const FLAG_BIAS = 1;
/** First bit of the field of the flags with log2 of the side of a tile. */
export const FLAGS_TILE_SHIFT = 1;
/** Entries of Y on a side of a tile, the square of entries that one sample checks. All divide the 48 of a leaf. */
export const TILE_SIDES = [1, 2, 4] as const;
export type TileSide = (typeof TILE_SIDES)[number];
const FLAGS_END = TILE_SIDES.length << FLAGS_TILE_SHIFT;

export const MAX_OUTER = 2 ** 24;
export const MAX_INNER = 2 ** 20;
export const MAX_SAMPLES = 2 ** 20;
/** Leaves of a tree. */
export const MAX_LEAVES = 2 ** MAX_DEPTH;

/** X is M x K, W is N x K, Y is M x N, the bias has N elements. */
export interface LinearShape {
  readonly rows: number;
  readonly columns: number;
  readonly inner: number;
}

/** Everything but the seed, which may be a hash of this. Digests are 9 canonical residues. */
export interface LinearClaim extends LinearShape {
  readonly model: AccumulationModel;
  readonly samples: number;
  /** Side of the tiles that samples stand for; 1: single entries. */
  readonly tile: TileSide;
  readonly rootX: Uint32Array;
  readonly rootW: Uint32Array;
  readonly rootY: Uint32Array;
  readonly rootBias?: Uint32Array;
}

export interface LinearStatement extends LinearClaim {
  /** 8 words, the little-endian reading of 32 bytes. */
  readonly seed: Uint32Array;
}

export interface LinearGeometry {
  readonly dotBlocks: number;
  readonly rowBlocks: number;
  readonly leavesPerRowOfY: number;
  readonly depthX: number;
  readonly depthW: number;
  readonly depthY: number;
  readonly depthBias: number;
}

/** The least d with 2^d >= n, for n in [1, 2^31]. */
export const ceilLog2 = (n: number): number => (n <= 1 ? 0 : 32 - Math.clz32(n - 1));
/** Blocks of a leaf that holds `elements` elements: whole sponge rows of 3 blocks. */
export const leafBlocks = (elements: number): number => (Math.ceil(elements / ROW_HALFWORDS) * ROW_HALFWORDS) / BLOCK;

export function geometry({ rows, columns, inner }: LinearShape): LinearGeometry {
  const leavesPerRowOfY = Math.ceil(columns / ROW_HALFWORDS);
  return {
    dotBlocks: Math.ceil(inner / BLOCK),
    rowBlocks: leafBlocks(inner),
    leavesPerRowOfY,
    depthX: ceilLog2(rows),
    depthW: ceilLog2(columns),
    depthY: ceilLog2(rows * leavesPerRowOfY),
    depthBias: ceilLog2(leavesPerRowOfY),
  };
}

/** Why these numbers are no shape, or undefined. One list for the host, the guest's public input and records. */
export function shapeProblem({ rows, columns, inner }: LinearShape): string | undefined {
  const bounds = [
    ['rows', rows, MAX_OUTER],
    ['columns', columns, MAX_OUTER],
    ['inner', inner, MAX_INNER],
  ] as const;
  for (const [name, value, max] of bounds) {
    if (!Number.isInteger(value) || value < 1 || value > max) {
      return `${name}: expected an integer in [1, ${max}], got ${value}`;
    }
  }
  const leaves = rows * Math.ceil(columns / ROW_HALFWORDS);
  return leaves > MAX_LEAVES ? `rows x columns: expected at most ${MAX_LEAVES} leaves of Y, got ${leaves}` : undefined;
}

/** The canonical words of a claim, 0..43: what the Fiat-Shamir seed hashes. @throws {RangeError} on a value out of range. */
export function encodeClaim(claim: LinearClaim): Uint32Array {
  const problem = shapeProblem(claim);
  if (problem !== undefined) throw new RangeError(problem);
  if (!Number.isInteger(claim.samples) || claim.samples < 1 || claim.samples > MAX_SAMPLES) {
    throw new RangeError(`samples: expected an integer in [1, ${MAX_SAMPLES}], got ${claim.samples}`);
  }
  const logTile = TILE_SIDES.indexOf(claim.tile);
  if (logTile < 0) throw new RangeError(`tile: expected 1, 2 or 4, got ${claim.tile}`);
  const words = new Uint32Array(STATEMENT_WORD.seed);
  words[STATEMENT_WORD.magic] = STATEMENT_MAGIC;
  words[STATEMENT_WORD.version] = STATEMENT_VERSION;
  words[STATEMENT_WORD.model] = ACCUMULATION_MODELS[claim.model];
  words[STATEMENT_WORD.flags] = (claim.rootBias === undefined ? 0 : FLAG_BIAS) | (logTile << FLAGS_TILE_SHIFT);
  words[STATEMENT_WORD.rows] = claim.rows;
  words[STATEMENT_WORD.columns] = claim.columns;
  words[STATEMENT_WORD.inner] = claim.inner;
  words[STATEMENT_WORD.samples] = claim.samples;
  words.set(checkedRoot('rootX', claim.rootX), STATEMENT_WORD.rootX);
  words.set(checkedRoot('rootW', claim.rootW), STATEMENT_WORD.rootW);
  words.set(checkedRoot('rootY', claim.rootY), STATEMENT_WORD.rootY);
  if (claim.rootBias !== undefined) words.set(checkedRoot('rootBias', claim.rootBias), STATEMENT_WORD.rootBias);
  return words;
}

/** The guest's public input, 52 words. @throws {RangeError} on a value out of range. */
export function encodeStatement(statement: LinearStatement): Uint32Array {
  if (statement.seed.length !== 8) throw new RangeError(`seed: expected 8 words, got ${statement.seed.length}`);
  const words = new Uint32Array(STATEMENT_WORD.length);
  words.set(encodeClaim(statement));
  words.set(statement.seed, STATEMENT_WORD.seed);
  return words;
}

/** The inverse of `encodeStatement`; every other word sequence is refused. @throws {ProtocolError} `statement`. */
export function decodeStatement(words: ArrayLike<number>): LinearStatement {
  const refuse = (message: string): never => {
    throw new ProtocolError('statement', message);
  };
  if (words.length !== STATEMENT_WORD.length) {
    refuse(`public input: expected ${STATEMENT_WORD.length} words, got ${words.length}`);
  }
  const w = Uint32Array.from(words);
  if (w[STATEMENT_WORD.magic] !== STATEMENT_MAGIC) refuse('magic: expected ULPL, this is no linear layer statement');
  const version = w[STATEMENT_WORD.version];
  if (version !== STATEMENT_VERSION) refuse(`version: expected ${STATEMENT_VERSION}, got ${version}`);
  const model = w[STATEMENT_WORD.model];
  const known = (Object.keys(ACCUMULATION_MODELS) as AccumulationModel[]).find((m) => ACCUMULATION_MODELS[m] === model);
  const flags = w[STATEMENT_WORD.flags]!;
  if (flags >= FLAGS_END) refuse(`flags: expected less than ${FLAGS_END}, got ${flags}`);
  const hasBias = (flags & FLAG_BIAS) !== 0;
  const digest = (at: number): Uint32Array => w.slice(at, at + DIGEST_FELTS);
  const rootBias = digest(STATEMENT_WORD.rootBias);
  if (!hasBias && rootBias.some((x) => x !== 0)) refuse('rootBias: expected 9 zeros without a bias');
  const statement: LinearStatement = {
    model: known ?? refuse(`model: expected one of ${Object.values(ACCUMULATION_MODELS)}, got ${model}`),
    rows: w[STATEMENT_WORD.rows]!,
    columns: w[STATEMENT_WORD.columns]!,
    inner: w[STATEMENT_WORD.inner]!,
    samples: w[STATEMENT_WORD.samples]!,
    tile: TILE_SIDES[flags >>> FLAGS_TILE_SHIFT]!,
    rootX: digest(STATEMENT_WORD.rootX),
    rootW: digest(STATEMENT_WORD.rootW),
    rootY: digest(STATEMENT_WORD.rootY),
    ...(hasBias && { rootBias }),
    seed: w.slice(STATEMENT_WORD.seed),
  };
  try {
    encodeClaim(statement);
  } catch (cause) {
    throw new ProtocolError('statement', (cause as Error).message, { cause });
  }
  return statement;
}

function checkedRoot(name: string, root: Uint32Array): Uint32Array {
  if (root.length !== DIGEST_FELTS)
    throw new RangeError(`${name}: expected ${DIGEST_FELTS} field elements, got ${root.length}`);
  for (const x of root) if (x >= P) throw new RangeError(`${name}: expected field elements below ${P}, got ${x}`);
  return root;
}
