/**
 * The prover. The numbered steps are those of the verifier (`stark/verifier/verify.ts`), with the same nouns.
 *
 * All matrices live in the backend's shared memory: a main trace takes 4 bytes a cell, its extension 4 * blowup.
 * Everything is given back at the end.
 */
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Codeword } from '../deep/batch.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { finalPolynomial, foldCodeword } from '../fri/fold-codeword.ts';
import { encodeHeader, protocolLabel } from '../header.ts';
import type { Backend } from '../kernels/backend.ts';
import type { SaltSource, Tree } from '../kernels/commit.ts';
import type { Lde, Matrix } from '../kernels/matrix.ts';
import {
  auxCommitment,
  type CommitmentShape,
  fixedCommitmentsOf,
  fixedRootKey,
  MASK,
  mainCommitment,
  openedColumns,
  quotientCommitment,
} from '../layout.ts';
import { buildAux } from '../logup/aux.ts';
import type { LookupChallenges } from '../logup/layout.ts';
import { sumOfTerms } from '../logup/terms.ts';
import { EXTENSION_DEGREE, foldSchedule, type Parameters } from '../parameters.ts';
import { type Relation, relationDigest, type Statement } from '../relation.ts';
import { deriveShape, lookupsOf, type Shape } from '../shape.ts';
import { ProverTranscript } from '../transcript/transcript.ts';
import { distinct } from '../verifier/openings.ts';
import { explain, type Rejection } from '../verifier/verdict.ts';
import { batchColumns, type Committed, openValues } from './batch.ts';
import { commitFixed, type FixedCommitment } from './fixed.ts';
import { writeGroups, writeRows } from './openings.ts';
import { buildQuotient } from './quotient.ts';
import { type Randomness, randomSource, STREAM, streamOf } from './randomness.ts';
import { extendAll, fillTraces, type TableTraces } from './traces.ts';
import { unbalancedBuses } from './unbalanced-buses.ts';
import type { Witness } from './witness.ts';

/** The phases of a proof, in order. */
export type Phase = 'trace' | 'commit' | 'lookups' | 'quotient' | 'open' | 'fri';

export interface ProveOptions {
  readonly parameters: Parameters;
  readonly backend: Backend;
  readonly randomness: Randomness;
  readonly onPhase?: (phase: Phase, fraction: number) => void;
}

/** A shape that the parameters do not allow: nothing was proven. */
export class ShapeError extends RangeError {
  override name = 'ShapeError';
  readonly why: Rejection;

  constructor(why: Rejection) {
    super(explain(why));
    this.why = why;
  }
}

/** The witness does not satisfy the relation: a bus does not balance, or the quotient is no polynomial of its degree. */
export class UnsatisfiedError extends Error {
  override name = 'UnsatisfiedError';
}

/**
 * A proof that the verifier accepts, if the witness satisfies the relation.
 * @throws {ShapeError} if the heights do not fit the parameters; {UnsatisfiedError} if a bus does not balance,
 *   which it names, or a constraint does not hold; {MemoryLimitError} above the backend's limit
 */
export async function prove(
  relation: Relation,
  statement: Statement,
  witness: Witness,
  options: ProveOptions,
): Promise<{ proof: Uint8Array; shape: Shape }> {
  const mark = options.backend.arena.mark();
  try {
    // A zero denominator has probability T / |K|: never seen, but it must not reuse any randomness.
    for (let attempt = 0; attempt < 4; attempt++) {
      const result = await proveOnce(relation, statement, witness, options, attempt);
      if (result !== undefined) return result;
      options.backend.arena.release(mark);
    }
    throw new UnsatisfiedError('every attempt met a zero denominator');
  } finally {
    options.backend.arena.release(mark);
  }
}

async function proveOnce(
  relation: Relation,
  statement: Statement,
  witness: Witness,
  { parameters, backend, randomness, onPhase = () => {} }: ProveOptions,
  attempt: number,
): Promise<{ proof: Uint8Array; shape: Shape } | undefined> {
  const random = randomSource(randomness, statement.bytes, attempt);
  const transcript = new ProverTranscript();
  const { powBits } = parameters;
  const blowup = 2 ** parameters.logBlowup;
  const grind = (state: Uint8Array, bits: number): Promise<bigint> => backend.grind(state, bits);

  // 1. Header: parameter set and whether the proof hides. Relation and statement are absorbed whole.
  transcript.write('header', encodeHeader(parameters, random.hiding));
  transcript.absorb('protocol', utf8ToBytes(protocolLabel(parameters)));
  transcript.absorb('relation', utf8ToBytes(relationDigest(relation)));
  transcript.absorb('statement', statement.bytes);

  // 2. Heights of the tables; every length below follows from them.
  const logHeights = Uint8Array.from(relation.airs, ({ name }) => witness.logHeights.get(name) ?? 0);
  const derived = deriveShape(relation, statement, parameters, logHeights);
  if (!derived.ok) throw new ShapeError(derived.why);
  const { shape } = derived;
  const lookups = lookupsOf(relation);
  transcript.write('heights', logHeights);

  // 3. Commitment to the main trace and the mask codeword; challenges of the lookup argument.
  onPhase('trace', 0);
  const traces = await fillTraces(backend, relation, statement, shape, witness, random);
  maskTerminals(backend, traces);
  onPhase('commit', 0);
  const fixed: FixedCommitment[] = [];
  for (const commitment of fixedCommitmentsOf(relation, shape)) {
    const committed = await commitFixed(backend, relation, commitment, parameters);
    const [root, key] = [bytesToHex(committed.tree.root), fixedRootKey(parameters.name, commitment.name)];
    if (root !== relation.fixedRoots[key]) {
      throw new RangeError(`fixedRoots.${key}: expected ${root}, got another root`);
    }
    fixed.push(committed);
  }
  const fixedExtensions = new Map(fixed.flatMap((committed) => [...committed.extensions]));
  const extensions = await extendAll(backend, traces, parameters, fixedExtensions);
  const maskTrace = backend.allocMatrix(2 ** shape.logHeight, EXTENSION_DEGREE, blowup);
  await random.fillRows(backend, maskTrace, 0, maskTrace.height, STREAM.mask);
  const mask = await backend.lde(maskTrace, blowup, maskTrace.address);
  const byName = new Map(traces.map(({ shape: { air } }, i) => [air.name, i]));
  const main = await commitNamed(backend, mainCommitment(shape), random.salts(STREAM.mainSalts), (name) =>
    name === MASK ? mask : extensions[byName.get(name)!]!.main,
  );
  transcript.write('main root', main.tree.root);
  await transcript.writeWork('lookup', powBits.lookup, grind);
  const [alpha, ...betas] = transcript.sampleExts('lookup', lookups.tupleWidth + 2);
  const challenges: LookupChallenges = { alpha: alpha!, betas };

  // 4. Commitment to the auxiliary trace, and the terminal of every running sum.
  onPhase('lookups', 0);
  const terminals: Ext[] = [];
  const auxTraces: Matrix[] = [];
  const beforeAux = backend.arena.mark();
  const summing = traces.filter(({ shape: table }) => table.lookups.batches.length > 0);
  for (const [i, { shape: table, main, fixed, known }] of summing.entries()) {
    const input = { air: table.air, lookups: table.lookups, layout: lookups, challenges };
    const matrices = { main, ...(fixed && { fixed }), ...(known && { known }) };
    const randomFelts = (count: number): Uint32Array => random.felts(streamOf(STREAM.aux, i), count);
    const built = await buildAux(backend, input, matrices, shape.blindingRows, randomFelts, blowup);
    if (built === undefined) return undefined;
    terminals.push(built.terminal);
    auxTraces.push(built.trace);
    onPhase('lookups', (i + 1) / (summing.length + 1));
  }
  const ownSum = sumOfTerms(statement.terms, lookups, challenges);
  if (ownSum === undefined) return undefined;
  if (!K.isZero(terminals.reduce(K.add, ownSum))) {
    backend.arena.release(beforeAux);
    const buses = await unbalancedBuses(backend, { lookups, challenges, shape, traces: summing, statement });
    throw new UnsatisfiedError(
      `the witness does not satisfy the relation, unbalanced: ${buses.join(', ')}; run the checker to see which tuples`,
    );
  }
  const auxLdes = await backend.ldeAll(auxTraces, blowup, true);
  const aux = new Map(summing.map(({ shape: { air } }, i) => [air.name, auxLdes[i]!]));
  const auxTree = await commitNamed(
    backend,
    auxCommitment(shape),
    random.salts(STREAM.auxSalts),
    (name) => aux.get(name)!,
  );
  transcript.write('aux root', auxTree.tree.root);
  transcript.writeExts('terminals', terminals);
  const [alphaC] = transcript.sampleExts('constraints', 1);

  // 5. Commitment to the quotient; the out-of-domain point.
  onPhase('quotient', 0);
  const quotientLde = await buildQuotient({
    ...{ backend, shape, traces, extensions, aux, lookups, challenges, terminals, alphaC: alphaC!, blowup },
    randomFelts: (count) => random.felts(STREAM.chunks, count),
    onFraction: (fraction) => onPhase('quotient', fraction),
  });
  if (quotientLde === undefined) {
    throw new UnsatisfiedError('the witness does not satisfy the constraints: run the checker to see which');
  }
  const quotient = await commitNamed(
    backend,
    quotientCommitment(shape),
    random.salts(STREAM.quotientSalts),
    () => quotientLde,
  );
  transcript.write('quotient root', quotient.tree.root);
  await transcript.writeWork('out-of-domain', powBits.outOfDomain, grind);
  const [z] = transcript.sampleExts('out-of-domain', 1);

  // 6. Values at the out-of-domain point.
  onPhase('open', 0);
  const trees: Committed[] = [...fixed.map(fixedNamed), main, auxTree, quotient];
  const columns = openedColumns(relation, shape);
  const values = await openValues(backend, shape, trees, columns, z!);
  transcript.writeExts('values', [...values.local, ...values.next.filter((value) => value !== undefined)]);

  // 7. Batch all columns into the first FRI codeword.
  await transcript.writeWork('batching', powBits.batching, grind);
  const gammas = transcript.sampleExts('batching', columns.length);
  let codeword = await batchColumns(backend, trees, columns, values, gammas, mask, z!);

  // 8. FRI: a commitment and a challenge for every fold, then the final polynomial.
  onPhase('fri', 0);
  const folds = foldSchedule(parameters, shape.logHeight);
  const layers: Tree[] = [];
  for (const [round, logArity] of folds.entries()) {
    const tree = await commitGroups(backend, codeword, logArity);
    layers.push(tree);
    transcript.write(`fri ${round} root`, tree.root);
    await transcript.writeWork(`fold ${round}`, powBits.fold, grind);
    codeword = await foldCodeword(backend, codeword, logArity, transcript.sampleExts(`fold ${round}`, 1)[0]!);
    onPhase('fri', (round + 1) / folds.length);
  }
  transcript.writeExts('final polynomial', finalPolynomial(backend.arena, codeword)!);
  await transcript.writeWork('query', powBits.query, grind);
  const logDomain = shape.logHeight + parameters.logBlowup;
  const queries = distinct(transcript.sampleIndexes('query', parameters.numQueries, logDomain));
  transcript.close();

  // 9. Openings of all commitments at the queries.
  for (const { name, tree } of trees) {
    const leaves = distinct(queries.map((query) => Math.floor(query / 2 ** (logDomain - tree.depth))));
    writeRows(transcript, backend, name, tree, leaves);
  }
  let leaves: readonly number[] = queries;
  for (const [round, logArity] of folds.entries()) {
    leaves = distinct(leaves.map((leaf) => Math.floor(leaf / 2 ** logArity)));
    writeGroups(transcript, backend, round, layers[round]!, leaves);
  }
  return { proof: transcript.bytes(), shape };
}

/**
 * Chooses row n - 1 of the last table with interactions so that the masks of all terminals, five cells of the last row
 * of each table read as an element of K, add up to zero.
 */
function maskTerminals(backend: Backend, traces: readonly TableTraces[]): void {
  const masks = traces
    .filter(({ shape }) => shape.lookups.batches.length > 0)
    .map(({ main }) => backend.arena.u32(main.address + 4 * main.stride * (main.height - 1), EXTENSION_DEGREE));
  const last = masks.pop();
  if (last !== undefined) last.set(K.neg(masks.reduce<Ext>((sum, cells) => K.add(sum, K.ext(cells)), K.ZERO)));
}

async function commitNamed(
  backend: Backend,
  { name, matrices }: CommitmentShape,
  salts: SaltSource,
  ldeOf: (matrix: string) => Lde,
): Promise<Committed> {
  const ldes = matrices.map((matrix) => ldeOf(matrix.name));
  const tree = await backend.commitMatrices(ldes, salts);
  return { name, tree, ldes: new Map(matrices.map((matrix, i) => [matrix.name, ldes[i]!])) };
}

/** Leaves are the groups of values that fold to one; the codeword is uniform given the queries, so they need no salt. */
function commitGroups(backend: Backend, { address, logHeight, logBlowup }: Codeword, logArity: number): Promise<Tree> {
  const width = EXTENSION_DEGREE * 2 ** logArity;
  const height = 2 ** (logHeight + logBlowup - logArity);
  return backend.commitMatrices([{ address, height, width, stride: width, blowup: 1 }], null, 'fri-leaf');
}

const fixedNamed = ({ name, tree, extensions }: FixedCommitment): Committed => ({ name, tree, ldes: extensions });
