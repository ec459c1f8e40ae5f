/** The commitment to a machine's fixed tables: the same for every program, so its root is part of the relation. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Backend, createBackend } from '../kernels/backend.ts';
import type { Tree } from '../kernels/commit.ts';
import type { Lde } from '../kernels/matrix.ts';
import { type CommitmentShape, fixedCommitments, fixedRootKey } from '../layout.ts';
import { PARAMETER_SETS, type Parameters } from '../parameters.ts';
import type { Relation } from '../relation.ts';
import { fromColumns } from './traces.ts';

export interface FixedCommitment {
  readonly name: CommitmentShape['name'];
  readonly tree: Tree;
  /** Extensions by air name. */
  readonly extensions: ReadonlyMap<string, Lde>;
}

/** Extends and commits the fixed tables of one commitment. */
export async function commitFixed(
  backend: Backend,
  relation: Relation,
  { name, matrices }: CommitmentShape,
  { logBlowup }: Parameters,
): Promise<FixedCommitment> {
  const extensions = new Map<string, Lde>();
  for (const { name: table, logHeight } of matrices) {
    const trace = fromColumns(backend, 2 ** logHeight, relation.fixedTables.get(table)!.columns());
    extensions.set(table, await backend.lde(trace, 2 ** logBlowup));
  }
  return { name, tree: await backend.commitMatrices([...extensions.values()], null), extensions };
}

/** Roots as `Relation.fixedRoots` holds them. */
export async function fixedRoots(relation: Relation): Promise<Record<string, string>> {
  const backend = createBackend();
  try {
    const roots: Record<string, string> = {};
    for (const parameters of PARAMETER_SETS) {
      for (const commitment of fixedCommitments(relation)) {
        const mark = backend.arena.mark();
        const { tree } = await commitFixed(backend, relation, commitment, parameters);
        roots[fixedRootKey(parameters.name, commitment.name)] = bytesToHex(tree.root);
        backend.arena.release(mark);
      }
    }
    return roots;
  } finally {
    await backend.close();
  }
}
