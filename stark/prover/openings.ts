/** The query section of a proof, written in the order in which `stark/verifier/openings.ts` reads it. */
import { concatBytes } from '@noble/hashes/utils.js';
import type { Backend } from '../kernels/backend.ts';
import type { Tree } from '../kernels/commit.ts';
import { type ProverTranscript, wordsToBytes } from '../transcript/transcript.ts';

/** Opens a commitment at leaves (distinct, ascending): rows, salts, siblings. */
export function writeRows(
  transcript: ProverTranscript,
  backend: Backend,
  name: string,
  tree: Tree,
  leaves: readonly number[],
): void {
  const { rows, salts, siblings } = backend.openLeaves(tree, leaves);
  transcript.write(`${name} rows`, concatBytes(...rows.flat().map(wordsToBytes)));
  transcript.write(`${name} salts`, concatBytes(...salts));
  transcript.write(`${name} siblings`, concatBytes(...siblings));
}

/** Opens a folded codeword at groups of values. */
export function writeGroups(
  transcript: ProverTranscript,
  backend: Backend,
  round: number,
  tree: Tree,
  leaves: readonly number[],
): void {
  const { rows, siblings } = backend.openLeaves(tree, leaves);
  transcript.write(`fri ${round} groups`, concatBytes(...rows.flat().map(wordsToBytes)));
  transcript.write(`fri ${round} siblings`, concatBytes(...siblings));
}
