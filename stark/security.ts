/**
 * Provable security of a proof, in bits, from its actual shape.
 *
 * Round-by-round soundness: the bits are the least over all rounds of -log2(error) plus the proof-of-work bits that the
 * verifier checks before that round's challenge. Formulas: Johnson regime by Ben-Sasson, Carmon, Haboeck, Kopparty,
 * Saraf (ePrint 2025/2055, Theorem 4.2) for proximity, DEEP-ALI (ethSTARK, ePrint 2021/582), LogUp (Haboeck, ePrint
 * 2022/1530), and the list size L in front of every round whose challenge is drawn before the words are fixed to one
 * codeword. `unique` is the same in the unique-decoding regime (L = 1), reported beside it. No conjecture is used.
 */
import { MAX_DEGREE } from './air/air.ts';
import { LOG2_P } from './field/koala-bear.ts';
import { EXTENSION_DEGREE, foldSchedule, type Parameters } from './parameters.ts';

/** What of a proof's shape enters its soundness. */
export interface SecurityShape {
  /** log2 of the tallest table. */
  readonly logHeight: number;
  /** Sum over tables of interactions times height, and the statement's terms: the fractions of the LogUp sum. */
  readonly numFractions: number;
  /** Constraints of all tables, LogUp's included. */
  readonly numConstraints: number;
}

export interface Round {
  readonly name: string;
  /** -log2 of the round's error, proof of work included. */
  readonly bits: number;
}

export interface Security {
  /** Least over all rounds, rounded down to a tenth. */
  readonly bits: number;
  readonly regime: 'johnson' | 'unique';
  readonly rounds: readonly Round[];
}

/** The exact log2 |K|: rounded down, see `LOG2_P`. */
const LOG2_K = EXTENSION_DEGREE * LOG2_P;
/** Collisions in BLAKE3-256. */
const HASH_BITS = 128;

export function securityOf(
  shape: SecurityShape,
  parameters: Parameters,
  regime: Security['regime'] = 'johnson',
): Security {
  const { logHeight, numFractions, numConstraints } = shape;
  const { logBlowup, numQueries, powBits } = parameters;
  const proximity = regime === 'johnson' ? johnson(parameters) : unique(parameters);
  const logDomain = logHeight + logBlowup;
  const height = 2 ** logHeight;
  const logList = Math.log2(proximity.listSize);

  // Two-point quotients: needs N + 2 < (1 - theta) n, which holds for every theta here; d_c (N + 1) + (N - 1) zeros.
  const deepZeros = MAX_DEGREE * (height + 1) + (height - 1);
  const rounds: Round[] = [
    // Independent betas: a numerator of total degree below T, and T denominators that may vanish.
    { name: 'lookup', bits: LOG2_K - logList - Math.log2(2 * Math.max(1, numFractions)) + powBits.lookup },
    { name: 'constraints', bits: LOG2_K - logList - Math.log2(numConstraints) },
    { name: 'out-of-domain', bits: LOG2_K - 2 ** -60 - logList - Math.log2(deepZeros) + powBits.outOfDomain },
    { name: 'batching', bits: LOG2_K - proximity.logLinear(logDomain) + powBits.batching },
  ];
  let logFolded = logDomain;
  foldSchedule(parameters, logHeight).forEach((logArity, i) => {
    logFolded -= logArity;
    const error = Math.log2(2 ** logArity - 1) + proximity.logLinear(logFolded);
    rounds.push({ name: `fold ${i}`, bits: LOG2_K - error + powBits.fold });
  });
  rounds.push({ name: 'queries', bits: -numQueries * Math.log2(1 - proximity.theta) + powBits.query });
  rounds.push({ name: 'hash', bits: HASH_BITS });
  const least = Math.min(...rounds.map((round) => round.bits));
  return { bits: Math.floor(least * 10) / 10, regime, rounds };
}

interface Proximity {
  readonly theta: number;
  readonly listSize: number;
  /** log2 of |K| times the error of a random linear combination on a domain of 2^logDomain points. */
  readonly logLinear: (logDomain: number) => number;
}

function johnson({ logBlowup, multiplicity }: Parameters): Proximity {
  const rho = 2 ** -logBlowup;
  const m = multiplicity + 0.5;
  const theta = 1 - Math.sqrt(rho) * (1 + 1 / (2 * multiplicity));
  const listSize = m / Math.sqrt(rho);
  const perPoint = (2 * m ** 5 + 3 * m * theta * rho) / (3 * rho ** 1.5);
  return { theta, listSize, logLinear: (logDomain) => Math.log2(perPoint * 2 ** logDomain + listSize) };
}

function unique({ logBlowup }: Parameters): Proximity {
  const theta = (1 - 2 ** -logBlowup) / 2;
  return { theta, listSize: 1, logLinear: (logDomain) => Math.log2(theta * 2 ** logDomain + 1) };
}
