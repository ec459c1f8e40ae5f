/**
 * The DEEP batch at one point of the domain: what the first FRI codeword must hold there, given the opened rows.
 *
 * F_0(x) = R(x) + sum_i gamma_i (f_i(x) - f_i(z)) / (x - z) over columns opened at z alone
 *               + sum_i gamma_i (f_i(x) - U_i(x)) / ((x - z)(x - omega z)) over columns opened at both points,
 * with U_i the line through (z, f_i(z)) and (omega z, f_i(omega z)). Sums of constants are taken once for all queries,
 * so a query costs one K by F_p product per opened cell.
 */
import type { Felt } from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { OpenedColumn, OpenedValues } from '../layout.ts';

/** gamma_i times X^j for every base column, by commitment and matrix; false: opened at z only. */
export interface DeepColumn {
  readonly column: number;
  readonly gamma: Ext;
  readonly next: boolean;
}

export interface DeepBatch {
  /** By `commitment/matrix`. */
  readonly columns: ReadonlyMap<string, readonly DeepColumn[]>;
  /** sum gamma f(z) over columns opened at z alone. */
  readonly localSum: Ext;
  /** sum gamma f(z) and sum gamma f(omega z) over columns opened at both. */
  readonly lineAtZ: Ext;
  readonly lineAtNext: Ext;
}

export const matrixKey = (commitment: string, matrix: string): string => `${commitment}/${matrix}`;

/** Splits K-valued columns into base columns and sums up what does not depend on the query. `gammas`: one per column. */
export function deepBatch(columns: readonly OpenedColumn[], values: OpenedValues, gammas: readonly Ext[]): DeepBatch {
  const byMatrix = new Map<string, DeepColumn[]>();
  let [localSum, lineAtZ, lineAtNext]: [Ext, Ext, Ext] = [K.ZERO, K.ZERO, K.ZERO];
  columns.forEach(({ commitment, matrix, column, width, next }, i) => {
    const key = matrixKey(commitment, matrix);
    const list = byMatrix.get(key) ?? [];
    byMatrix.set(key, list);
    for (let j = 0, gamma = gammas[i]!; j < width; j++, gamma = K.mul(gamma, K.X)) {
      list.push({ column: column + j, gamma, next });
    }
    const atZ = K.mul(gammas[i]!, values.local[i]!);
    if (next) {
      lineAtZ = K.add(lineAtZ, atZ);
      lineAtNext = K.add(lineAtNext, K.mul(gammas[i]!, values.next[i]!));
    } else localSum = K.add(localSum, atZ);
  });
  return { columns: byMatrix, localSum, lineAtZ, lineAtNext };
}

/** sum gamma f(x) over the opened cells: of columns opened at z alone, and of those opened at both points. */
export interface DeepSums {
  readonly local: Ext;
  readonly both: Ext;
}

/** Adds one opened row. Deferred: the five coefficients are sums of exact products reduced once per cell. */
export function addRow(sums: DeepSums, row: ArrayLike<number>, columns: readonly DeepColumn[]): DeepSums {
  let { local, both } = sums;
  for (const { column, gamma, next } of columns) {
    const term = K.mulBase(gamma, row[column]! as Felt);
    if (next) both = K.add(both, term);
    else local = K.add(local, term);
  }
  return { local, both };
}

/** F_0(x). @param mask R(x) @param z and its successor, both outside the domain */
export function deepValue(batch: DeepBatch, sums: DeepSums, mask: Ext, x: Felt, z: Ext, zNext: Ext): Ext {
  const at = K.fromBase(x);
  const [toZ, toNext] = [K.sub(at, z), K.sub(at, zNext)];
  const slope = K.mul(K.sub(batch.lineAtNext, batch.lineAtZ), K.inverse(K.sub(zNext, z)));
  const line = K.add(batch.lineAtZ, K.mul(slope, toZ));
  const inverse = K.inverse(K.mul(toZ, toNext));
  const local = K.mul(K.sub(sums.local, batch.localSum), K.mul(toNext, inverse));
  const both = K.mul(K.sub(sums.both, line), inverse);
  return K.add(mask, K.add(local, both));
}
