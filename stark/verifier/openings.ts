/**
 * The query section of a proof: for each commitment the opened rows and salts of all distinct queried leaves in
 * ascending order, then the Merkle siblings that the leaves do not determine. All lengths follow from the shape and the
 * query indexes.
 */
import type { Ext } from '../field/quintic.ts';
import { DIGEST_BYTES } from '../hash/domains.ts';
import { type CommitmentShape, openedWords } from '../layout.ts';
import { hashLeaf, SALT_BYTES } from '../merkle/leaf.ts';
import { rootFromOpening, siblingPositions } from '../merkle/tree.ts';
import type { VerifierTranscript } from '../transcript/transcript.ts';

/** Distinct values in ascending order. */
export const distinct = (indexes: readonly number[]): number[] => [...new Set(indexes)].sort((a, b) => a - b);

/** Rows of every matrix of one commitment by leaf index, and whether they hash to the root. */
export interface OpenedRows {
  readonly verified: boolean;
  /** By leaf index of the commitment, then by matrix in the order of its shape. */
  readonly rows: ReadonlyMap<number, readonly Uint32Array[]>;
}

/** Reads and verifies the opening of one commitment at these leaves (distinct, ascending). */
export function readRows(
  transcript: VerifierTranscript,
  commitment: CommitmentShape,
  logLeaves: number,
  root: Uint8Array,
  leaves: readonly number[],
): OpenedRows {
  const { name, matrices, salted } = commitment;
  const words = transcript.readWords(`${name} rows`, openedWords(commitment) * leaves.length);
  const salts = transcript.read(`${name} salts`, salted ? SALT_BYTES * leaves.length : 0);
  const rows = new Map<number, readonly Uint32Array[]>();
  let at = 0;
  const digests = leaves.map((leaf, i) => {
    const opened = matrices.map(({ width }) => {
      at += width;
      return words.subarray(at - width, at);
    });
    rows.set(leaf, opened);
    return hashLeaf(opened, salted ? salts.subarray(SALT_BYTES * i, SALT_BYTES * (i + 1)) : null);
  });
  return { rows, verified: readSiblings(transcript, name, logLeaves, root, leaves, digests) };
}

/** A FRI codeword's opening: whole groups of 2^logArity values. */
export interface OpenedGroups {
  readonly verified: boolean;
  readonly groups: ReadonlyMap<number, readonly Ext[]>;
}

export function readGroups(
  transcript: VerifierTranscript,
  round: number,
  logArity: number,
  logLeaves: number,
  root: Uint8Array,
  leaves: readonly number[],
): OpenedGroups {
  const size = 2 ** logArity;
  const groups = new Map<number, readonly Ext[]>();
  const values = transcript.readExts(`fri ${round} groups`, size * leaves.length);
  const digests = leaves.map((leaf, i) => {
    const group = values.slice(size * i, size * (i + 1));
    groups.set(leaf, group);
    return hashLeaf([group.flat()], null, 'fri-leaf');
  });
  return { groups, verified: readSiblings(transcript, `fri ${round}`, logLeaves, root, leaves, digests) };
}

function readSiblings(
  transcript: VerifierTranscript,
  label: string,
  logLeaves: number,
  root: Uint8Array,
  leaves: readonly number[],
  digests: readonly Uint8Array[],
): boolean {
  const count = siblingPositions(logLeaves, leaves).length;
  const bytes = transcript.read(`${label} siblings`, DIGEST_BYTES * count);
  const siblings = Array.from({ length: count }, (_, i) => bytes.subarray(DIGEST_BYTES * i, DIGEST_BYTES * (i + 1)));
  const computed = rootFromOpening(logLeaves, leaves, digests, siblings);
  return computed?.every((byte, i) => byte === root[i]) ?? false;
}
