/** The quotient of all constraints of all tables, masked and extended. */
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { Backend } from '../kernels/backend.ts';
import { type Lde, type Matrix, matrixBytes } from '../kernels/matrix.ts';
import type { RandomFelts } from '../logup/aux.ts';
import type { LookupChallenges, LookupLayout } from '../logup/layout.ts';
import { numChunkMasks } from '../parameters.ts';
import { quotientChunks } from '../quotient/chunks.ts';
import { addQuotient, allocQuotientSum, liftAdd } from '../quotient/quotient.ts';
import { zerofiers } from '../quotient/zerofiers.ts';
import type { Shape } from '../shape.ts';
import type { TableExtensions, TableTraces } from './traces.ts';

export interface QuotientInput {
  readonly backend: Backend;
  readonly shape: Shape;
  readonly traces: readonly TableTraces[];
  readonly extensions: readonly TableExtensions[];
  /** By air name, of the tables with interactions. */
  readonly aux: ReadonlyMap<string, Lde>;
  readonly lookups: LookupLayout;
  readonly challenges: LookupChallenges;
  /** Of the tables with interactions, in order. */
  readonly terminals: readonly Ext[];
  readonly alphaC: Ext;
  readonly blowup: number;
  readonly randomFelts: RandomFelts;
  readonly onFraction: (fraction: number) => void;
}

/** The extension of the four masked chunks, or undefined if the constraints do not hold. */
export async function buildQuotient(input: QuotientInput): Promise<Lde | undefined> {
  const { backend, shape, traces, extensions, aux, lookups, challenges, terminals, alphaC } = input;
  const compute = { ...backend, transforms: backend };
  const weights = powers(alphaC, shape.security.numConstraints);
  let summing = 0;
  const terminalOf = traces.map(({ shape: { lookups: l } }) => (l.batches.length > 0 ? terminals[summing++]! : K.ZERO));
  const heights = [...new Set(shape.tables.map((table) => table.logHeight))].sort((a, b) => a - b);

  let sum: Matrix | undefined;
  let done = 0;
  for (const logHeight of heights) {
    const own = allocQuotientSum(backend, 2 ** logHeight);
    const mark = backend.arena.mark();
    const classes = await zerofiers(compute, logHeight, shape.blindingRows);
    for (const [i, { shape: table }] of traces.entries()) {
      if (table.logHeight !== logHeight) continue;
      const { main, fixed, known } = extensions[i]!;
      const auxiliary = aux.get(table.air.name);
      const matrices = { main, ...(fixed && { fixed }), ...(known && { known }), ...(auxiliary && { aux: auxiliary }) };
      const slice = weights.slice(table.firstConstraint, table.firstConstraint + table.numConstraints);
      const compiled = { air: table.air, lookups: table.lookups, layout: lookups, challenges };
      await addQuotient(backend, compiled, matrices, slice, terminalOf[i]!, classes, own);
      done += 1;
      input.onFraction(done / (traces.length + 1));
    }
    backend.arena.release(mark);
    if (sum !== undefined) await liftAdd(backend, own, sum);
    sum = own;
  }
  const { blowup, randomFelts } = input;
  const chunks = await quotientChunks(compute, sum!, numChunkMasks(shape.parameters), randomFelts, blowup);
  if (chunks === undefined) return undefined;
  const first = chunks.address - (blowup - 1) * matrixBytes(chunks.height, chunks.width);
  return backend.ldeFromCoefficients(chunks, blowup, first);
}

/** 1, base, .., base^(count - 1). */
export function powers(base: Ext, count: number): Ext[] {
  const list: Ext[] = [];
  for (let i = 0, power: Ext = K.ONE; i < count; i++, power = K.mul(power, base)) list.push(power);
  return list;
}
