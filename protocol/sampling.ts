/**
 * What k sampled entries prove. Entries are drawn uniformly with replacement, after the commitments are fixed. If a
 * fraction f of the entries of Y deviates from the declared product, no sample hits one with probability (1 - f)^k.
 *
 * Fiat-Shamir: the committer can try statements (other salts, other deviations) until the samples miss. G = 2^g hash
 * evaluations succeed with probability at most G (1 - f)^k, so k must be larger: (lambda + g) ln 2 / f instead of
 * lambda ln 2 / f. With a seed of the verifier's own, each try costs a published commitment, and g = 0.
 *
 * Probabilities are computed with multiplications only, so that records have the same digits on every machine.
 */

/** The fractions of deviating entries that records and reports tabulate. */
export const REPORTED_FRACTIONS = [0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001] as const;

/** One line of the report: a deviation in this fraction of the entries escapes with at most this probability. */
export interface Escape {
  readonly fraction: number;
  readonly probability: number;
}

/**
 * (1 - f)^k by square and multiply; below 2^-1022 that bound instead, because no positive probability is 0.
 * @throws {RangeError} unless f is in [0, 1] and k a non-negative integer below 2^31.
 */
export function escapeProbability(fraction: number, samples: number): number {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`fraction: expected a number in [0, 1], got ${fraction}`);
  if (!Number.isInteger(samples) || samples < 0 || samples >= 2 ** 31) {
    throw new RangeError(`samples: expected an integer in [0, 2^31), got ${samples}`);
  }
  let result = 1;
  for (let square = 1 - fraction, k = samples; k > 0; k >>>= 1, square *= square) if (k & 1) result *= square;
  return fraction === 1 && samples > 0 ? 0 : Math.max(result, 2 ** -1022);
}

/**
 * The least k with (1 - f)^k <= tau / 2^grindBits.
 * @param tau probability in (0, 1) with which a deviation may escape
 * @param grindBits log2 of the statements that a committer may try; 0 when the verifier chooses the seed
 * @throws {RangeError} on a fraction, tau or grindBits out of range, or when k would reach 2^31.
 */
export function samplesFor(fraction: number, tau: number, grindBits = 0): number {
  if (!(fraction > 0 && fraction <= 1)) throw new RangeError(`fraction: expected a number in (0, 1], got ${fraction}`);
  if (!(tau > 0 && tau < 1)) throw new RangeError(`tau: expected a number in (0, 1), got ${tau}`);
  if (!(grindBits >= 0 && grindBits <= 256)) {
    throw new RangeError(`grindBits: expected a number in [0, 256], got ${grindBits}`);
  }
  if (fraction === 1) return 1;
  const samples = Math.ceil((Math.log(tau) - grindBits * Math.LN2) / Math.log1p(-fraction));
  if (samples >= 2 ** 31)
    throw new RangeError(`fraction: expected one that fewer than 2^31 samples detect, got ${fraction}`);
  return samples;
}

/** The table of a record. */
export const escapeTable = (samples: number): Escape[] =>
  REPORTED_FRACTIONS.map((fraction) => ({ fraction, probability: escapeProbability(fraction, samples) }));
