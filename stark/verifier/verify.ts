/**
 * The verifier. Pure TypeScript over @noble/hashes: it runs unchanged in a browser, returns a verdict and never throws.
 *
 * The numbered steps are those of the prover (`stark/prover/prove.ts`), with the same nouns.
 */
import { hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { foldGroup } from '../fri/fold.ts';
import { HEADER_BYTES, parseHeader, protocolLabel } from '../header.ts';
import { commitmentsOf, fixedRootKey, MASK, numOpenedValues, openedColumns, splitOpenedValues } from '../layout.ts';
import type { LookupChallenges } from '../logup/layout.ts';
import { sumOfTerms } from '../logup/terms.ts';
import { foldSchedule, logFinalLength, NUM_CHUNKS, PARAMETER_SETS, type Parameters } from '../parameters.ts';
import { domainPoint } from '../poly/domain.ts';
import { type Relation, relationDigest, type Statement } from '../relation.ts';
import { deriveShape, lookupsOf, type Shape } from '../shape.ts';
import { VerifierTranscript } from '../transcript/transcript.ts';
import {
  type DeepBatch,
  deepBatch,
  deepValue,
  matrixKey,
  type WeightedColumns,
  weightedColumns,
  weightedSum,
} from './deep.ts';
import { distinct, readGroups, readRows } from './openings.ts';
import { constraintsAt, quotientAt } from './out-of-domain.ts';
import { type Rejection, reject, type Verdict } from './verdict.ts';

/** Bytes of a root. */
const ROOT_BYTES = 32;

/**
 * Whether `proof` proves the statement in the relation. The verdict names the parameter set and its provable bits.
 * @param statementFor the statement, or what it is for the parameter set of the proof (heights of known tables leave
 *   room for that set's blinding rows)
 * @throws {RangeError} if relation or statement are not well-formed; never because of the proof
 */
export function verify(
  relation: Relation,
  statementFor: Statement | ((parameters: Parameters) => Statement),
  proof: Uint8Array,
): Verdict {
  const transcript = new VerifierTranscript(proof);

  // A message that is cut or not canonical is the reason whatever it led to.
  const refuse = (why: Rejection): Verdict =>
    transcript.truncated ? truncated(proof) : transcript.noncanonical ? noncanonical : reject(why);

  // 1. Header: parameter set and whether the proof hides. Relation and statement are absorbed whole.
  const header = parseHeader(transcript.read('header', HEADER_BYTES));
  if (!header.ok) return refuse(header.why);
  const { zeroKnowledge } = header;
  const parameters = PARAMETER_SETS.find((set) => set.id === header.parametersId)!;
  const statement = typeof statementFor === 'function' ? statementFor(parameters) : statementFor;
  transcript.absorb('protocol', utf8ToBytes(protocolLabel(parameters)));
  transcript.absorb('relation', utf8ToBytes(relationDigest(relation)));
  transcript.absorb('statement', statement.bytes);

  // 2. Heights of the tables; every length below follows from them.
  const derived = deriveShape(relation, statement, parameters, transcript.read('heights', relation.airs.length));
  if (!derived.ok) return refuse(derived.why);
  const { shape } = derived;
  const { powBits } = parameters;
  const lookups = lookupsOf(relation);

  // 3. Commitment to the main trace and the mask codeword; challenges of the lookup argument.
  const mainRoot = transcript.read('main root', ROOT_BYTES);
  if (!transcript.readWork('lookup', powBits.lookup)) return refuse(work('lookup', powBits.lookup));
  const [alpha, ...betas] = transcript.sampleExts('lookup', lookups.tupleWidth + 2);
  const challenges: LookupChallenges = { alpha: alpha!, betas };

  // 4. Commitment to the auxiliary trace, and the terminal of every running sum; together with the statement's own
  //    terms the terminals cancel.
  const auxRoot = transcript.read('aux root', ROOT_BYTES);
  const summing = shape.tables.filter((table) => table.lookups.batches.length > 0);
  const terminals = transcript.readExts('terminals', summing.length);
  const [alphaC] = transcript.sampleExts('constraints', 1);

  // 5. Commitment to the quotient; the out-of-domain point.
  const quotientRoot = transcript.read('quotient root', ROOT_BYTES);
  if (!transcript.readWork('out-of-domain', powBits.outOfDomain))
    return refuse(work('out-of-domain', powBits.outOfDomain));
  const [z] = transcript.sampleExts('out-of-domain', 1);

  // 6. Values at the out-of-domain point: the constraints hold there.
  const columns = openedColumns(relation, shape);
  const values = splitOpenedValues(columns, transcript.readExts('values', numOpenedValues(columns)));
  const ownSum = sumOfTerms(statement.terms, lookups, challenges);
  if (ownSum === undefined) return refuse({ code: 'out-of-domain-point' });
  if (!K.isZero(terminals.reduce(K.add, ownSum))) return refuse({ code: 'bus-unbalanced' });
  if (inDomain(shape, z!)) return refuse({ code: 'out-of-domain-point' });
  const zNext = K.mulBase(z!, F.rootOfUnity(shape.logHeight));
  const left = constraintsAt({ shape, statement, values, challenges, lookups, terminals, alphaC: alphaC!, z: z! });
  if (!K.equal(left, quotientAt(shape, values.local.slice(-NUM_CHUNKS), z!))) {
    return refuse({ code: 'out-of-domain-mismatch' });
  }

  // 7. Batch all columns into the first FRI codeword.
  if (!transcript.readWork('batching', powBits.batching)) return refuse(work('batching', powBits.batching));
  const batch = deepBatch(columns, values, transcript.sampleExts('batching', columns.length));

  // 8. FRI: a commitment and a challenge for every fold, then the final polynomial.
  const folds = foldSchedule(parameters, shape.logHeight);
  const friRoots: Uint8Array[] = [];
  const foldChallenges: Ext[] = [];
  for (const [round] of folds.entries()) {
    friRoots.push(transcript.read(`fri ${round} root`, ROOT_BYTES));
    if (!transcript.readWork(`fold ${round}`, powBits.fold)) return refuse(work(`fold ${round}`, powBits.fold));
    foldChallenges.push(transcript.sampleExts(`fold ${round}`, 1)[0]!);
  }
  const finalPolynomial = transcript.readExts('final polynomial', 2 ** logFinalLength(parameters, shape.logHeight));
  if (!transcript.readWork('query', powBits.query)) return refuse(work('query', powBits.query));
  const logDomain = shape.logHeight + parameters.logBlowup;
  const queries = distinct(transcript.sampleIndexes('query', parameters.numQueries, logDomain));
  transcript.close();

  // 9. Openings of all commitments at the queries.
  const sentRoots = new Map<string, Uint8Array>([
    ['main', mainRoot],
    ['aux', auxRoot],
    ['quotient', quotientRoot],
  ]);
  const opened = commitmentsOf(relation, shape).map((commitment) => {
    const logLeaves = commitment.logHeight + parameters.logBlowup;
    const shift = logDomain - logLeaves;
    const leaves = distinct(queries.map((query) => Math.floor(query / 2 ** shift)));
    const matrices = commitment.matrices.map(({ name }) => {
      const columns = batch.columns.get(matrixKey(commitment.name, name)) ?? [];
      const [local, both] = [weightedColumns(columns, false), weightedColumns(columns, true)];
      return { isMask: name === MASK, local, both };
    });
    const { name } = commitment;
    const root = sentRoots.get(name) ?? fixedRoot(relation, fixedRootKey(parameters.name, name));
    return { name, matrices, shift, ...readRows(transcript, commitment, logLeaves, root, leaves) };
  });
  let logCodeword = logDomain;
  let leaves: readonly number[] = queries;
  const layers = folds.map((logArity, round) => {
    logCodeword -= logArity;
    leaves = distinct(leaves.map((leaf) => Math.floor(leaf / 2 ** logArity)));
    return readGroups(transcript, round, logArity, logCodeword, friRoots[round]!, leaves);
  });
  if (transcript.truncated) return truncated(proof);
  if (transcript.noncanonical) return noncanonical;
  if (transcript.left > 0) {
    return refuse({ code: 'malformed', what: 'end of the proof', expected: '0 more bytes', got: `${transcript.left}` });
  }
  const bad = opened.find(({ verified }) => !verified);
  if (bad !== undefined) return refuse({ code: 'merkle-path', commitment: bad.name });
  const badLayer = layers.findIndex(({ verified }) => !verified);
  if (badLayer >= 0) return refuse({ code: 'merkle-path', commitment: `fri ${badLayer}` });

  // 10. Every query: rows give the first codeword, every fold is in the next one, the last on the final polynomial.
  for (const query of queries) {
    const x = domainPoint(shape.logHeight, parameters.logBlowup, query);
    let value = codewordAt(batch, opened, query, x, z!, zNext);
    let index = query;
    // The image of D_N under x -> x^(2^k) is D of the folded height, because s_N^(N/n) = s_n.
    let { logHeight } = shape;
    for (const [round, logArity] of folds.entries()) {
      const leaf = Math.floor(index / 2 ** logArity);
      const group = layers[round]!.groups.get(leaf)!;
      if (!K.equal(group[index % 2 ** logArity]!, value)) {
        return refuse(round === 0 ? { code: 'fri-input', query } : { code: 'fri-fold', round: round - 1, query });
      }
      const first = domainPoint(logHeight, parameters.logBlowup, leaf * 2 ** logArity);
      value = foldGroup(group, first, foldChallenges[round]!);
      index = leaf;
      logHeight -= logArity;
    }
    const last = domainPoint(logHeight, parameters.logBlowup, index);
    if (!K.equal(K.evaluate(finalPolynomial, K.fromBase(last)), value)) return refuse({ code: 'fri-final', query });
  }
  return { ok: true, bits: shape.bits, zeroKnowledge, parameters: parameters.name };
}

const noncanonical: Verdict = reject({
  code: 'malformed',
  what: 'field element',
  expected: `below ${F.P}`,
  got: 'a larger word',
});

const truncated = (proof: Uint8Array): Verdict =>
  reject({ code: 'malformed', what: 'length', expected: `more than ${proof.length} bytes`, got: `${proof.length}` });

const work = (site: string, bits: number): Rejection => ({ code: 'proof-of-work', site, bits });

/**
 * z in H or in D, where quotients by (x - z) would have a pole: z^N = 1, or z^{BN} equal to that of D; or z = 0, which is
 * its own successor.
 */
function inDomain({ logHeight, parameters }: Shape, z: Ext): boolean {
  const size = 2 ** (logHeight + parameters.logBlowup);
  const onCoset = F.pow(domainPoint(logHeight, parameters.logBlowup, 0), size);
  return K.isZero(z) || K.equal(K.pow(z, 2 ** logHeight), K.ONE) || K.equal(K.pow(z, size), K.fromBase(onCoset));
}

function codewordAt(
  batch: DeepBatch,
  opened: readonly OpenedCommitment[],
  query: number,
  x: F.Felt,
  z: Ext,
  zNext: Ext,
): Ext {
  let [local, both, mask]: [Ext, Ext, Ext] = [K.ZERO, K.ZERO, K.ZERO];
  for (const { matrices, shift, rows } of opened) {
    const leaf = rows.get(Math.floor(query / 2 ** shift))!;
    for (const [i, matrix] of matrices.entries()) {
      if (matrix.isMask) mask = K.ext(leaf[i]!);
      local = K.add(local, weightedSum(matrix.local, leaf[i]!));
      both = K.add(both, weightedSum(matrix.both, leaf[i]!));
    }
  }
  return deepValue(batch, { local, both }, mask, x, z, zNext);
}

/** A commitment's rows at the queried leaves, with the coefficients of each matrix. */
interface OpenedCommitment {
  readonly matrices: readonly {
    readonly isMask: boolean;
    readonly local: WeightedColumns;
    readonly both: WeightedColumns;
  }[];
  /** Leaf of a query: its index shifted right by this. */
  readonly shift: number;
  readonly rows: ReadonlyMap<number, readonly Uint32Array[]>;
}

function fixedRoot(relation: Relation, key: string): Uint8Array {
  const root = relation.fixedRoots[key];
  return root === undefined ? new Uint8Array(ROOT_BYTES) : hexToBytes(root);
}
