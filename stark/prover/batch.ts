/** From commitments to the first FRI codeword: values at the out-of-domain point, then the batch of all columns. */

import { batchCodeword, type Codeword } from '../deep/batch.ts';
import { joinColumns, openColumns, openingWeights } from '../deep/open.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { Backend } from '../kernels/backend.ts';
import type { Tree } from '../kernels/commit.ts';
import type { Lde } from '../kernels/matrix.ts';
import type { CommitmentShape, OpenedColumn, OpenedValues } from '../layout.ts';
import type { Shape } from '../shape.ts';
import { deepBatch, matrixKey } from '../verifier/deep.ts';

export interface Committed {
  readonly name: CommitmentShape['name'];
  readonly tree: Tree;
  /** By matrix name. */
  readonly ldes: ReadonlyMap<string, Lde>;
}

const ldeOf = (commitments: readonly Committed[], { commitment, matrix }: OpenedColumn): Lde =>
  commitments.find(({ name }) => name === commitment)!.ldes.get(matrix)!;

/** Every opened column at z^(N/n), and where it is read there at its successor. */
export async function openValues(
  backend: Backend,
  { logHeight }: Shape,
  commitments: readonly Committed[],
  columns: readonly OpenedColumn[],
  z: Ext,
): Promise<OpenedValues> {
  const mark = backend.arena.mark();
  const weights = new Map<number, Awaited<ReturnType<typeof openingWeights>>>();
  const opened = new Map<Lde, Awaited<ReturnType<typeof openColumns>>>();
  for (const lde of new Set(columns.map((column) => ldeOf(commitments, column)))) {
    const log = Math.log2(lde.height);
    if (!weights.has(log)) {
      weights.set(log, await openingWeights(backend, log, K.pow(z, 2 ** (logHeight - log))));
    }
    const next = new Array<boolean>(lde.width).fill(false);
    for (const column of columns) {
      if (column.next && ldeOf(commitments, column) === lde)
        next.fill(true, column.column, column.column + column.width);
    }
    opened.set(lde, await openColumns(backend, lde, weights.get(log)!, next));
  }
  backend.arena.release(mark);
  const join = (values: readonly (Ext | undefined)[], { column, width }: OpenedColumn): Ext =>
    joinColumns(values.slice(column, column + width) as Ext[]);
  return {
    local: columns.map((column) => join(opened.get(ldeOf(commitments, column))!.local, column)),
    next: columns.map((column) =>
      column.next ? join(opened.get(ldeOf(commitments, column))!.next, column) : undefined,
    ),
  };
}

/** R + sum gamma DEEP over all columns of all commitments. */
export function batchColumns(
  backend: Backend,
  commitments: readonly Committed[],
  columns: readonly OpenedColumn[],
  values: OpenedValues,
  gammas: readonly Ext[],
  mask: Lde,
  z: Ext,
): Promise<Codeword> {
  const batch = deepBatch(columns, values, gammas);
  const matrices = commitments.flatMap(({ name, ldes }) =>
    [...ldes].flatMap(([matrix, lde]) => {
      const own = batch.columns.get(matrixKey(name, matrix));
      return own === undefined ? [] : [{ lde, columns: own }];
    }),
  );
  return batchCodeword(backend, matrices, mask, batch, z);
}
