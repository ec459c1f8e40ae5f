/** The identity at the out-of-domain point: the sum of all constraints, over their zerofiers, is the quotient. */
import type { Column, Rotation } from '../air/expr.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { OpenedValues } from '../layout.ts';
import type { LookupChallenges, LookupLayout } from '../logup/layout.ts';
import { numChunkMasks } from '../parameters.ts';
import { evaluateConstraints } from '../quotient/verify-eval.ts';
import type { Statement } from '../relation.ts';
import type { Shape, TableShape } from '../shape.ts';
import { evaluateKnown } from './known.ts';

export interface OutOfDomainInput {
  readonly shape: Shape;
  readonly statement: Statement;
  /** In the order of `openedColumns`. */
  readonly values: OpenedValues;
  readonly lookups: LookupLayout;
  readonly challenges: LookupChallenges;
  /** Of the tables with interactions, in order. */
  readonly terminals: readonly Ext[];
  readonly alphaC: Ext;
  /** Outside of every domain of the proof. */
  readonly z: Ext;
}

/** sum over tables and constraints of alphaC^i C_i(z_j) / Z_i(z_j), z_j = z^(N/n_j). */
export function constraintsAt(input: OutOfDomainInput): Ext {
  const { shape, statement, values, lookups, challenges, terminals, alphaC, z } = input;
  let at = 0;
  let summing = 0;
  let weight: Ext = K.ONE;
  let total: Ext = K.ZERO;
  for (const table of shape.tables) {
    const { air, logHeight } = table;
    const point = K.pow(z, 2 ** (shape.logHeight - logHeight));
    const weights: Ext[] = [];
    for (let i = 0; i < table.numConstraints; i++, weight = K.mul(weight, alphaC)) weights.push(weight);
    const start = at;
    const firstAux = start + air.main.length + air.fixed.length;
    const numAux = table.lookups.batches.length;
    at = firstAux + numAux;
    const cell = cellReader(table, statement, values, start, point);
    total = K.add(
      total,
      evaluateConstraints(
        {
          ...{ air, lookups: table.lookups, layout: lookups, challenges, weights, logHeight },
          terminal: numAux > 0 ? terminals[summing++]! : K.ZERO,
          blindingRows: shape.blindingRows,
        },
        { cell, fractions: values.local.slice(firstAux, at), phiNext: numAux > 0 ? values.next[at - 1] : undefined },
        point,
      ),
    );
  }
  return total;
}

/** Opened columns come in the order main, fixed; known ones are evaluated here, at `point` and only then at its successor. */
function cellReader(
  { air, logHeight, next }: TableShape,
  statement: Statement,
  values: OpenedValues,
  start: number,
  point: Ext,
): (column: Column, rotation: Rotation) => Ext {
  const table = air.known.length > 0 ? statement.known.get(air.name)! : undefined;
  const successor = K.mulBase(point, F.rootOfUnity(logHeight));
  const known = [
    table === undefined ? [] : evaluateKnown(table, point),
    table !== undefined && next.known.includes(true) ? evaluateKnown(table, successor) : [],
  ];
  return ({ kind, index }, rotation) => {
    if (kind === 'known') return known[rotation]![index]!;
    const at = start + (kind === 'fixed' ? air.main.length : 0) + index;
    return (rotation === 0 ? values.local[at] : values.next[at])!;
  };
}

/** Q(z) = sum z^(i L) q_i(z), L = N - h_p: the masks of neighbouring chunks cancel. */
export function quotientAt(shape: Shape, chunks: readonly Ext[], z: Ext): Ext {
  const step = K.pow(z, 2 ** shape.logHeight - numChunkMasks(shape.parameters));
  return chunks.reduceRight<Ext>((sum, chunk) => K.add(K.mul(sum, step), chunk), K.ZERO);
}
