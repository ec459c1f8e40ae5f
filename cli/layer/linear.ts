/** Claims about a linear layer: from tensors to a statement, the guest's input, a proof and its record. */
import { blake3 } from '@noble/hashes/blake3.js';
import { linearEntry } from '../../model/linear.ts';
import { rowOf } from '../../protocol/bf16-matrix.ts';
import { type ChallengeMode, sampleEntries, tileAround, tileEntries } from '../../protocol/challenge.ts';
import {
  challenge,
  commitLinear,
  type LinearCommitments,
  type LinearInput,
  type LinearTensors,
  linearClaim,
  linearInput,
} from '../../protocol/linear.ts';
import { type LinearRecord, linearRecord } from '../../protocol/record.ts';
import type { AccumulationModel, LinearStatement, TileSide } from '../../protocol/statement.ts';
import { hexText } from '../format.ts';
import type { Guest } from './guest.ts';

export interface ClaimOptions {
  /** 32 bytes from which the salts of the commitments derive. */
  readonly secret: Uint8Array;
  readonly samples: number;
  readonly model: AccumulationModel;
  /** Side of the tiles that samples stand for; 1 if not given. */
  readonly tile?: TileSide;
  /** The verifier's own 32 bytes; without them the seed is the hash of the claim. */
  readonly seed?: Uint8Array;
}

/** A claim with its challenge, ready to be run and proven. */
export interface ChallengedClaim {
  readonly commitments: LinearCommitments;
  readonly statement: LinearStatement;
  readonly mode: ChallengeMode;
  readonly input: LinearInput;
}

/** Commits, derives the challenge, and lays out what the guest reads. @throws {ProtocolError} */
export async function claimLinear(tensors: LinearTensors, options: ClaimOptions): Promise<ChallengedClaim> {
  const commitments = await commitLinear(tensors, options.secret);
  const { samples, model, tile, seed } = options;
  const { statement, mode } = challenge(linearClaim(commitments, samples, model, tile), seed);
  return { commitments, statement, mode, input: await linearInput(tensors, commitments, statement) };
}

export const recordOf = (
  { statement, mode }: ChallengedClaim,
  guest: Guest,
  key: string,
  proof: Uint8Array,
): LinearRecord => linearRecord(statement, mode, { program: guest.digest, key, proof: hexText(blake3(proof)) });

/** A checked entry of Y that is not the declared product; both as BF16 patterns. */
export interface Mismatch {
  readonly row: number;
  readonly column: number;
  readonly committed: number;
  readonly declared: number;
}

/** The first entry that the guest will refuse, if any. */
export async function findMismatch(tensors: LinearTensors, statement: LinearStatement): Promise<Mismatch | undefined> {
  const blocks = Math.ceil(statement.inner / BLOCK);
  const padded = async (row: Promise<Uint16Array>): Promise<Uint16Array> => {
    const halfwords = new Uint16Array(blocks * BLOCK);
    halfwords.set(await row);
    return halfwords;
  };
  const bias = tensors.bias && (await rowOf(tensors.bias, 0));
  const checked = sampleEntries(statement.seed, statement, statement.samples).flatMap((sample) =>
    tileEntries(tileAround(sample, statement, statement.tile)),
  );
  for (const { row, column } of checked) {
    const [x, w] = [await padded(rowOf(tensors.x, row)), await padded(rowOf(tensors.w, column))];
    const declared = linearEntry(x, 0, w, 0, blocks, bias?.[column], statement.model);
    const committed = (await rowOf(tensors.y, row))[column]!;
    if (declared !== committed) return { row, column, committed, declared };
  }
  return undefined;
}

/** Elements of one step of the dot product. */
const BLOCK = 16;
