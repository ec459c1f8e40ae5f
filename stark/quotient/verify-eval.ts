/**
 * The constraints of one table at one point over K: what the verifier computes from the opened values, and the reference
 * of the quotient kernels. Pure TypeScript. The constraints come in the order of `compileQuotient`: the table's own, one
 * per batch, the end (`final`) and the start (`wrap`) of the running sum.
 */
import { type Air, tupleOf } from '../air/air.ts';
import { type Algebra, type Column, type Expr, evaluate, type Rotation } from '../air/expr.ts';
import { reduce } from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import {
  type Batch,
  busId,
  type LookupChallenges,
  type LookupLayout,
  numConstraints,
  signOf,
  type TableLookups,
} from '../logup/layout.ts';
import { inverseZerofiersAt, type ZerofierClass } from './classes.ts';

/** The columns of a table at a point x and, where constraints read it, at omega_n x. */
export interface TableValues {
  /** @param rotation 1 only for columns that a transition constraint reads there */
  cell(column: Column, rotation: Rotation): Ext;
  /** f_0 .. f_{B-2}, phi at x: each is one element of K, sum X^j of its five base columns. Empty without interactions. */
  readonly fractions: readonly Ext[];
  /** phi at omega_n x; undefined without interactions. */
  readonly phiNext: Ext | undefined;
}

export interface ConstraintInput {
  readonly air: Air;
  readonly lookups: TableLookups;
  readonly layout: LookupLayout;
  readonly challenges: LookupChallenges;
  /** alpha_C^(first + i) for constraint i. */
  readonly weights: readonly Ext[];
  /** S: phi at row n - h. */
  readonly terminal: Ext;
  readonly logHeight: number;
  readonly blindingRows: number;
}

/**
 * sum_i weights[i] C_i(x) / Z_i(x).
 * @param point x in K: z^(N/n) for the verifier
 * @throws {RangeError} if the point is in the trace domain, or there is not one weight per constraint
 */
export function evaluateConstraints(input: ConstraintInput, values: TableValues, point: Ext): Ext {
  const { air, lookups, weights, terminal, logHeight, blindingRows } = input;
  if (weights.length !== numConstraints(air, lookups)) {
    throw new RangeError(`weights: expected ${numConstraints(air, lookups)}, got ${weights.length}`);
  }
  const sums: Partial<Record<ZerofierClass, Ext>> = {};
  let at = 0;
  const constrain = (where: ZerofierClass, value: Ext): void => {
    sums[where] = K.add(sums[where] ?? K.ZERO, K.mul(weights[at++]!, value));
  };
  const ring: Algebra<Ext> = {
    constant: K.fromBase,
    column: (column, rotation) => values.cell(column, rotation),
    add: K.add,
    sub: K.sub,
    mul: K.mul,
  };
  const memo = new Map<Expr, Ext>();
  const read = (expr: Expr): Ext => evaluate(expr, ring, memo);

  for (const { where, expr } of air.constraints) constrain(where, read(expr));
  if (lookups.batches.length > 0) {
    const fractions = values.fractions.slice(0, -1);
    const phi = values.fractions[lookups.batches.length - 1]!;
    const rest = fractions.reduce((a, b) => K.sub(a, b), K.sub(values.phiNext!, phi));
    lookups.batches.forEach((batch, i) => {
      constrain('every', batchResidual(input, batch, fractions[i] ?? rest, read));
    });
    constrain('final', K.sub(phi, terminal));
    const start = air.main
      .slice(0, K.DEGREE)
      .reduceRight<Ext>((sum, column) => K.add(K.mul(sum, K.X), values.cell(column, 0)), K.ZERO);
    constrain('wrap', K.sub(values.phiNext!, start));
  }
  const zerofiers = inverseZerofiersAt(logHeight, blindingRows, point);
  return Object.entries(sums).reduce<Ext>(
    (total, [where, sum]) => K.add(total, K.mul(sum, zerofiers[where as ZerofierClass])),
    K.ZERO,
  );
}

/** f prod_i D_i - sum_i m_i prod_{k != i} D_k. */
function batchResidual(
  { layout, challenges }: ConstraintInput,
  batch: Batch,
  fraction: Ext,
  read: (expr: Expr) => Ext,
): Ext {
  const { alpha, betas } = challenges;
  const denominators = batch.map((interaction) =>
    tupleOf(interaction).reduce<Ext>(
      (sum, field, i) => K.add(sum, K.mul(betas[i]!, read(field))),
      K.add(alpha, K.mulBase(betas[layout.tupleWidth]!, reduce(busId(layout, interaction.bus)))),
    ),
  );
  const product = (skip: number): Ext => denominators.reduce((a, b, k) => (k === skip ? a : K.mul(a, b)), K.ONE as Ext);
  return batch.reduce<Ext>(
    (rest, interaction, i) => {
      const count = K.mulBase(read(interaction.multiplicity), signOf(interaction));
      return K.sub(rest, K.mul(count, product(i)));
    },
    K.mul(fraction, product(-1)),
  );
}
