/**
 * LogUp layout: bus ids, fingerprints, and how the interactions of a table share extension columns.
 *
 * A tuple t of bus b has the fingerprint D = alpha + sum_i beta_i t_i + id_b beta_W with independent beta_0 .. beta_W in
 * K, W the widest bus of the relation and id_b >= 1, so that [x] and [0, x], or equal tuples on two buses, differ.
 * An interaction contributes m / D to the running sum, m positive for a send and negative for a receive.
 *
 * Interactions are packed in order into batches: a batch {i} is one column f over K (five base columns) with
 * f prod_i D_i = sum_i m_i prod_{k != i} D_k, as many as the degree bound allows. The last batch has no column of its
 * own: the running sum phi absorbs it. Source: Haboeck, ePrint 2022/1530; docs/soundness.md.
 */
import { type Air, type Interaction, MAX_DEGREE, tupleOf } from '../air/air.ts';
import type { Bus } from '../air/bus.ts';
import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';

/** alpha, and beta_0 .. beta_W: one more than the widest tuple. */
export interface LookupChallenges {
  readonly alpha: Ext;
  readonly betas: readonly Ext[];
}

/** Interactions that share one fraction column. */
export type Batch = readonly Interaction[];

export interface TableLookups {
  readonly batches: readonly Batch[];
  /** Base columns of the auxiliary trace: f_0 .. f_{B-2}, phi, five each. 0 for a table without interactions. */
  readonly auxWidth: number;
}

export interface LookupLayout {
  /** W. */
  readonly tupleWidth: number;
  /** Id by bus name, from 1 in order of first appearance. */
  readonly busIds: ReadonlyMap<string, number>;
  /** In the order of the tables. */
  readonly tables: readonly TableLookups[];
}

/** First of the five columns of phi in the auxiliary trace: the last fraction column. */
export const phiColumn = ({ auxWidth }: TableLookups): number => auxWidth - K.DEGREE;

/** Constraints of the table: its own, one per batch, and the two that bind the ends of the running sum. */
export const numConstraints = (air: Air, { batches }: TableLookups): number =>
  air.constraints.length + (batches.length === 0 ? 0 : batches.length + 2);

/**
 * The layout of a whole relation.
 * @throws {RangeError} if two buses share a name, or an interaction alone is above the degree bound.
 */
export function lookupLayout(airs: readonly Air[], statementBuses: readonly Bus[] = []): LookupLayout {
  const buses = new Map<string, Bus>();
  for (const bus of [...airs.flatMap((air) => air.interactions.map((i) => i.bus)), ...statementBuses]) {
    const known = buses.get(bus.name) ?? bus;
    if (known.fields.join() !== bus.fields.join()) {
      throw new RangeError(`lookupLayout: expected one bus ${bus.name}, got fields ${known.fields} and ${bus.fields}`);
    }
    buses.set(bus.name, known);
  }
  const all = [...buses.values()];
  return {
    tupleWidth: Math.max(0, ...all.map((bus) => bus.fields.length)),
    busIds: new Map(all.map((bus, i) => [bus.name, i + 1])),
    tables: airs.map(({ name, interactions }) => {
      const batches = pack(name, interactions);
      return { batches, auxWidth: K.DEGREE * batches.length };
    }),
  };
}

/** Degree of the batch constraint f prod D - sum m prod D as polynomial in the columns. */
export function batchDegree(batch: Batch): number {
  const degrees = batch.map((i) => Math.max(0, ...tupleOf(i).map((e) => e.degree)));
  const product = degrees.reduce((a, b) => a + b, 0);
  const numerators = batch.map((i, at) => i.multiplicity.degree + product - degrees[at]!);
  return Math.max(1 + product, ...numerators);
}

function pack(name: string, interactions: readonly Interaction[]): Batch[] {
  const batches: Interaction[][] = [];
  for (const interaction of interactions) {
    const degree = batchDegree([interaction]);
    if (degree > MAX_DEGREE) {
      throw new RangeError(`${name}, ${interaction.name}: expected degree at most ${MAX_DEGREE}, got ${degree}`);
    }
    const open = batches[batches.length - 1];
    if (open !== undefined && batchDegree([...open, interaction]) <= MAX_DEGREE) open.push(interaction);
    else batches.push([interaction]);
  }
  return batches;
}

export function busId({ busIds }: LookupLayout, bus: Bus): number {
  const id = busIds.get(bus.name);
  if (id === undefined) throw new RangeError(`busId: expected a bus of the relation, got ${bus.name}`);
  return id;
}

/** The fingerprint of a tuple over F_p: the terms of a statement, and the reference of the kernels. */
export function fingerprint(
  layout: LookupLayout,
  { alpha, betas }: LookupChallenges,
  bus: Bus,
  tuple: ArrayLike<number>,
): Ext {
  let value = K.add(alpha, K.mulBase(betas[layout.tupleWidth]!, busId(layout, bus) as Felt));
  for (let i = 0; i < bus.fields.length; i++) value = K.add(value, K.mulBase(betas[i]!, tuple[i] as Felt));
  return value;
}

/** The counted sign of an interaction: +1 for a send, p - 1 for a receive. */
export const signOf = ({ direction }: Interaction): Felt => (direction === 'send' ? F.ONE : F.neg(F.ONE));
