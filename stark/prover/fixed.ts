/** The commitment to a machine's fixed tables: the same for every program, so its root is part of the relation. */
import { bytesToHex } from '@noble/hashes/utils.js';
import { type Backend, createBackend } from '../kernels/backend.ts';
import type { Tree } from '../kernels/commit.ts';
import type { Lde } from '../kernels/matrix.ts';
import { fixedCommitment } from '../layout.ts';
import { PARAMETER_SETS, type Parameters } from '../parameters.ts';
import type { Relation } from '../relation.ts';
import { fromColumns } from './traces.ts';

export interface FixedCommitment {
  readonly tree: Tree;
  /** Extensions by air name. */
  readonly extensions: ReadonlyMap<string, Lde>;
}

/** Extends and commits all fixed tables of the relation. @throws {RangeError} if it has none */
export async function commitFixed(
  backend: Backend,
  relation: Relation,
  { logBlowup }: Parameters,
): Promise<FixedCommitment> {
  const { matrices } = fixedCommitment(relation);
  const extensions = new Map<string, Lde>();
  for (const { name, logHeight } of matrices) {
    const trace = fromColumns(backend, 2 ** logHeight, relation.fixedTables.get(name)!.columns());
    extensions.set(name, await backend.lde(trace, 2 ** logBlowup));
  }
  return { tree: await backend.commitMatrices([...extensions.values()], null), extensions };
}

/** Roots by parameter set name, as `Relation.fixedRoots` holds them. */
export async function fixedRoots(relation: Relation): Promise<Record<string, string>> {
  const backend = createBackend();
  try {
    const roots: Record<string, string> = {};
    for (const parameters of PARAMETER_SETS) {
      const mark = backend.arena.mark();
      roots[parameters.name] = bytesToHex((await commitFixed(backend, relation, parameters)).tree.root);
      backend.arena.release(mark);
    }
    return roots;
  } finally {
    await backend.close();
  }
}
