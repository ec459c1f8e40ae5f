/**
 * The host of the linear guest: commits to X, W, Y (and a bias), and lays out what the guest reads.
 *
 * Public input: the statement, `statement.ts`. Private hints, for each sample s = 0 .. k-1 with the T rows and T columns
 * of its tile (`challenge.ts`), T = 1 without tiles:
 *
 * | on the hint tape, blocks of 16 BF16               | as advice, field elements                                  |
 * |---------------------------------------------------|------------------------------------------------------------|
 * | each row i of X, B = 3 ceil(K / 48) blocks        | 4 salts for each 3 blocks, then 9 depthX siblings, leaf up  |
 * | of each column j, row j of W, B blocks            | 4 salts for each 3 blocks, then 9 depthW siblings           |
 * | of each row i, the leaf of Y at (i, j), 3 blocks  | 4 salts, then 9 depthY siblings                            |
 * | the leaf of the bias with j, 3 blocks             | 4 salts, then 9 depthBias siblings                         |
 *
 * The last line only with a bias. All columns of a tile are in one leaf. Tape and advice are these in order, sample after
 * sample, and nothing else. So sample s starts at block s T (2 B + 3), or s (T (2 B + 3) + 3) with a bias, and the entry
 * is halfword j mod 48 of its leaf. Advice is taken in order: hash X, its path, for each row, and so on.
 *
 * None of it is trusted: the guest derives rows and columns itself and checks every leaf against its root.
 */

import { DIGEST_FELTS } from '../precompiles/poseidon2/constants.ts';
import { ROW_HALFWORDS, ROW_SALTS } from '../precompiles/poseidon2/format.ts';

import { type Bf16Matrix, rowOf } from './bf16-matrix.ts';
import { type ChallengeMode, fiatShamirSeed, sampleEntries, seedWords, type Tile, tileAround } from './challenge.ts';
import {
  commitTensor,
  leafHalfwords,
  leafRows,
  leafSalts,
  leavesPerRow,
  merklePath,
  type TensorCommitment,
  tensorSaltSeed,
} from './commitment.ts';
import { ProtocolError } from './protocol-error.ts';
import {
  type AccumulationModel,
  encodeStatement,
  geometry,
  type LinearClaim,
  type LinearShape,
  type LinearStatement,
  shapeProblem,
  type TileSide,
} from './statement.ts';

export interface LinearTensors {
  /** M x K */
  readonly x: Bf16Matrix;
  /** N x K */
  readonly w: Bf16Matrix;
  /** M x N */
  readonly y: Bf16Matrix;
  /** 1 x N */
  readonly bias?: Bf16Matrix;
}

export interface LinearCommitments {
  readonly x: TensorCommitment;
  readonly w: TensorCommitment;
  readonly y: TensorCommitment;
  readonly bias?: TensorCommitment;
}

/** What the machine runs on. */
export interface LinearInput {
  readonly publicInput: Uint32Array;
  /** BF16 patterns, a whole number of blocks of 16. */
  readonly hints: Uint16Array;
  /** Canonical residues. */
  readonly advice: Uint32Array;
}

/** Hint byte addresses are 32-bit. */
const MAX_TAPE_BYTES = 2 ** 32 - 32;

/** The shape that the tensors have together. @throws {ProtocolError} `shape` when they do not fit each other. */
export function linearShape({ x, w, y, bias }: LinearTensors): LinearShape {
  const shape = { rows: x.rows, columns: w.rows, inner: x.columns };
  const expected: [name: string, matrix: Bf16Matrix | undefined, rows: number, columns: number][] = [
    ['w', w, w.rows, x.columns],
    ['y', y, x.rows, w.rows],
    ['bias', bias, 1, w.rows],
  ];
  for (const [name, matrix, rows, columns] of expected) {
    if (matrix !== undefined && (matrix.rows !== rows || matrix.columns !== columns)) {
      const got = `${matrix.rows} x ${matrix.columns}`;
      throw new ProtocolError('shape', `${name}: expected ${rows} x ${columns} to fit the others, got ${got}`);
    }
  }
  const problem = shapeProblem(shape);
  if (problem !== undefined) throw new ProtocolError('shape', problem);
  return shape;
}

/**
 * Commits to all tensors: X and W by rows, Y and the bias by blocks of 48. Reads each once.
 * @param secret 32 bytes from which all salts derive; who has it can test guesses of the tensors
 * @throws {ProtocolError} `shape`
 */
export async function commitLinear(tensors: LinearTensors, secret: Uint8Array): Promise<LinearCommitments> {
  linearShape(tensors);
  return {
    x: await commitTensor(tensors.x, 'row', tensorSaltSeed(secret, 'x')),
    w: await commitTensor(tensors.w, 'row', tensorSaltSeed(secret, 'w')),
    y: await commitTensor(tensors.y, 'block', tensorSaltSeed(secret, 'y')),
    ...(tensors.bias && { bias: await commitTensor(tensors.bias, 'block', tensorSaltSeed(secret, 'bias')) }),
  };
}

/** The claim Y = X W^T (+ bias) about committed tensors. */
export function linearClaim(
  { x, w, y, bias }: LinearCommitments,
  samples: number,
  model: AccumulationModel,
  tile: TileSide = 1,
): LinearClaim {
  return {
    model,
    rows: x.rows,
    columns: w.rows,
    inner: x.columns,
    samples,
    tile,
    rootX: x.root,
    rootW: w.root,
    rootY: y.root,
    ...(bias && { rootBias: bias.root }),
  };
}

/** The claim with its challenge: the verifier's 32 bytes, or the hash of the claim. */
export function challenge(
  claim: LinearClaim,
  verifierSeed?: Uint8Array,
): { statement: LinearStatement; mode: ChallengeMode } {
  if (verifierSeed === undefined) return { statement: { ...claim, seed: fiatShamirSeed(claim) }, mode: 'fiat-shamir' };
  return { statement: { ...claim, seed: seedWords(verifierSeed) }, mode: 'verifier' };
}

/**
 * Everything the guest reads, for the samples that the statement's seed determines.
 * @throws {ProtocolError} `shape` when the tape would pass the 2^32 bytes that it can have; errors of reading a file
 */
export async function linearInput(
  tensors: LinearTensors,
  commitments: LinearCommitments,
  statement: LinearStatement,
): Promise<LinearInput> {
  const hasBias = tensors.bias !== undefined;
  const { rows, columns, inner } = linearShape(tensors);
  if (rows !== statement.rows || columns !== statement.columns || inner !== statement.inner) {
    const got = `${statement.rows} x ${statement.columns} x ${statement.inner}`;
    throw new RangeError(`statement: expected the tensors' ${rows} x ${columns} x ${inner}, got ${got}`);
  }
  if (hasBias !== (statement.rootBias !== undefined) || hasBias !== (commitments.bias !== undefined)) {
    throw new RangeError('statement: expected a bias in tensors, commitments and statement, or in none of them');
  }
  const size = tapeSize(statement, hasBias);
  if (size.halfwords * 2 > MAX_TAPE_BYTES) {
    throw new ProtocolError(
      'shape',
      `samples x inner: expected at most 2^32 bytes of hints, got ${size.halfwords * 2}`,
    );
  }
  const samples = sampleEntries(statement.seed, statement, statement.samples);
  const openings = samples.flatMap((sample) =>
    openingsOf(tensors, commitments, tileAround(sample, statement, statement.tile)),
  );
  const hints = new Uint16Array(size.halfwords);
  const advice = new Uint32Array(size.felts);
  let [half, felt] = [0, 0];
  for (const { matrix, commitment, row, block } of openings) {
    const { layout, columns, saltSeed } = commitment;
    const leaf = row * leavesPerRow(columns, layout) + block;
    const halfwords = leafHalfwords(await rowOf(matrix, row), layout, block);
    const salts = leafSalts(saltSeed, leaf, leafRows(columns, layout));
    const path = merklePath(commitment, leaf);
    hints.set(halfwords, half);
    advice.set(salts, felt);
    advice.set(path, felt + salts.length);
    half += halfwords.length;
    felt += salts.length + path.length;
  }
  return { publicInput: encodeStatement(statement), hints, advice };
}

interface Opening {
  readonly matrix: Bf16Matrix;
  readonly commitment: TensorCommitment;
  readonly row: number;
  /** Which leaf of the row. */
  readonly block: number;
}

function openingsOf({ x, w, y, bias }: LinearTensors, commitments: LinearCommitments, tile: Tile): Opening[] {
  const block = Math.floor(tile.columns[0]! / ROW_HALFWORDS);
  const of = (matrix: Bf16Matrix, commitment: TensorCommitment, rows: readonly number[], block = 0): Opening[] =>
    rows.map((row) => ({ matrix, commitment, row, block }));
  return [
    ...of(x, commitments.x, tile.rows),
    ...of(w, commitments.w, tile.columns),
    ...of(y, commitments.y, tile.rows, block),
    ...(bias && commitments.bias ? of(bias, commitments.bias, [0], block) : []),
  ];
}

/** Sizes of tape and advice. */
export function tapeSize(statement: LinearStatement, hasBias: boolean): { halfwords: number; felts: number } {
  const { samples, tile, inner } = statement;
  const { depthX, depthW, depthY, depthBias } = geometry(statement);
  const spongeRows = Math.ceil(inner / ROW_HALFWORDS);
  const rows = tile * (2 * spongeRows + 1) + (hasBias ? 1 : 0);
  const siblings = tile * (depthX + depthW + depthY) + (hasBias ? depthBias : 0);
  return { halfwords: samples * rows * ROW_HALFWORDS, felts: samples * (rows * ROW_SALTS + siblings * DIGEST_FELTS) };
}
