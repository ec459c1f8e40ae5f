/**
 * The two parameter sets of the proof system. They are data: the provable bits follow from them and from the actual
 * shape in `security.ts`, and prover and verifier refuse a shape that falls below the target.
 */
import { MAX_DEGREE } from './air/air.ts';

export interface Parameters {
  readonly name: 'fast' | 'strong';
  /** Byte that names the set in a proof. */
  readonly id: number;
  /** Provable bits that every proof with this set must reach. */
  readonly targetBits: number;
  readonly logBlowup: number;
  readonly numQueries: number;
  /**
   * Multiplicity m of the list decoder in the Johnson regime: the proof rejects words further than
   * theta = 1 - sqrt(rho) (1 + 1/(2m)) from the code. Only the analysis reads it.
   */
  readonly multiplicity: number;
  /** FRI folds by 2^3 = 8 as long as the degree allows. */
  readonly logArity: number;
  /** FRI stops at the degree bound 2^8 (or 2^9) and sends coefficients. */
  readonly logFinalDegree: number;
  /** Proof-of-work bits before each kind of challenge; the verifier checks every one at the place where it counts. */
  readonly powBits: {
    readonly lookup: number;
    readonly outOfDomain: number;
    readonly batching: number;
    readonly fold: number;
    readonly query: number;
  };
  /** Tallest table. Rows times blowup stay within the field's two-adicity, 2^24. */
  readonly maxLogHeight: number;
}

export const FAST: Parameters = {
  name: 'fast',
  id: 1,
  targetBits: 100,
  logBlowup: 2,
  numQueries: 84,
  multiplicity: 20,
  logArity: 3,
  logFinalDegree: 8,
  powBits: { lookup: 0, outOfDomain: 0, batching: 0, fold: 0, query: 20 },
  maxLogHeight: 22,
};

export const STRONG: Parameters = {
  name: 'strong',
  id: 2,
  targetBits: 128,
  logBlowup: 3,
  numQueries: 80,
  multiplicity: 5,
  logArity: 3,
  logFinalDegree: 8,
  powBits: { lookup: 14, outOfDomain: 6, batching: 18, fold: 15, query: 20 },
  maxLogHeight: 21,
};

export const PARAMETER_SETS: readonly Parameters[] = [FAST, STRONG];

/** No table is shorter: 4 (N - h_p) must exceed the quotient's degree 3 N + N h / n (checked in `shape.ts`). */
export const MIN_LOG_HEIGHT = 9;

/** Degree of K over F_p, and number of main columns whose last row masks a LogUp terminal. */
export const EXTENSION_DEGREE = 5;

/** Quotient chunks of N coefficients: constraint degree less one, and one for the blinding rows. */
export const NUM_CHUNKS = MAX_DEGREE;

/**
 * h: rows at the end of every table that carry only randomness. Each column is opened at q points of the domain, at
 * their successors, and at z and omega z in K, which is 2 (q + d) values over F_p; two more rows serve the boundary of
 * the running sum (row n - h) and the terminal mask (row n - 1).
 */
export const numBlindingRows = ({ numQueries }: Parameters): number => 2 * (numQueries + EXTENSION_DEGREE) + 2;

/** h_p: random coefficients that mask each quotient chunk, opened at q points and at z. */
export const numChunkMasks = ({ numQueries }: Parameters): number => numQueries + 1;

/**
 * log2 of the fold at each FRI round for a degree bound of 2^logHeight: eights, with one or two fours where eights do
 * not reach the final degree exactly. There is no fold by two (a leaf is a whole number of 16-byte vectors), so a degree
 * of 2^(final + 1) is final too.
 */
export function foldSchedule({ logArity, logFinalDegree }: Parameters, logHeight: number): number[] {
  const folds: number[] = [];
  let left = logHeight - logFinalDegree;
  while (left > 1) {
    const fold = left === logArity + 1 ? 2 : Math.min(left, logArity);
    folds.push(fold);
    left -= fold;
  }
  return folds;
}

/** log2 of the number of coefficients of the final polynomial. */
export const logFinalLength = (parameters: Parameters, logHeight: number): number =>
  logHeight - foldSchedule(parameters, logHeight).reduce((sum, fold) => sum + fold, 0);
