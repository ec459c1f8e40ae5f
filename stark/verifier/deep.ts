/**
 * The DEEP batch at one point of the domain: what the first FRI codeword must hold there, given the opened rows.
 *
 * F_0(x) = R(x) + sum_i gamma_i (f_i(x) - f_i(z)) / (x - z) over columns opened at z alone
 *               + sum_i gamma_i (f_i(x) - U_i(x)) / ((x - z)(x - omega z)) over columns opened at both points,
 * with U_i the line through (z, f_i(z)) and (omega z, f_i(omega z)). Sums of constants are taken once for all queries,
 * so a query costs one K by F_p product per opened cell.
 */
import { type Felt, P } from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { OpenedColumn, OpenedValues } from '../layout.ts';
import { EXTENSION_DEGREE } from '../parameters.ts';

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

/** Base columns with their coefficients, flat: five numbers of `gammas` a column. */
export interface WeightedColumns {
  readonly columns: Uint32Array;
  readonly gammas: Float64Array;
}

export function weightedColumns(columns: readonly DeepColumn[], next: boolean): WeightedColumns {
  const own = columns.filter((column) => column.next === next);
  const gammas = new Float64Array(EXTENSION_DEGREE * own.length);
  for (const [i, { gamma }] of own.entries()) gammas.set(gamma, EXTENSION_DEGREE * i);
  return { columns: Uint32Array.from(own, ({ column }) => column), gammas };
}

/** A cell is split at 16 bits: products are below 2^47, so 32 of them are an exact double. */
const TERMS_PER_REDUCTION = 32;

/** sum gamma * cell. The inner loop of a query: no allocation. */
export function weightedSum({ columns, gammas }: WeightedColumns, row: ArrayLike<number>): Ext {
  const sum = new Float64Array(2 * EXTENSION_DEGREE);
  for (let i = 0; i < columns.length; i++) {
    const cell = row[columns[i]!]!;
    const [high, low] = [cell >>> 16, cell & 0xffff];
    for (let j = 0; j < EXTENSION_DEGREE; j++) {
      const gamma = gammas[EXTENSION_DEGREE * i + j]!;
      sum[j]! += gamma * high;
      sum[EXTENSION_DEGREE + j]! += gamma * low;
    }
    if (i % TERMS_PER_REDUCTION === TERMS_PER_REDUCTION - 1) for (let j = 0; j < sum.length; j++) sum[j]! %= P;
  }
  const coefficient = (j: number): Felt => (((sum[j]! % P) * 2 ** 16 + (sum[EXTENSION_DEGREE + j]! % P)) % P) as Felt;
  return [coefficient(0), coefficient(1), coefficient(2), coefficient(3), coefficient(4)];
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
