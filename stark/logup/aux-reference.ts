/** Scalar auxiliary trace: the reference of `aux.ts`. */
import { tupleOf } from '../air/air.ts';
import { evaluateAt, type Rows } from '../air/check.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { fingerprint, type LookupChallenges, type LookupLayout, signOf, type TableLookups } from './layout.ts';

/** Per active row: f_0 .. f_{B-2} and phi, and the terminal, from rows that are all active and the start rho. */
export function auxReference(
  lookups: TableLookups,
  layout: LookupLayout,
  challenges: LookupChallenges,
  rows: Rows,
  start: Ext,
): { readonly rows: Ext[][]; readonly terminal: Ext } {
  let phi = start;
  const aux = rows.main.map((_, row) => {
    const sums = lookups.batches.map((batch) =>
      batch.reduce<Ext>((sum, interaction) => {
        const tuple = tupleOf(interaction).map((e) => evaluateAt(e, rows, row));
        const count = F.mul(signOf(interaction), evaluateAt(interaction.multiplicity, rows, row));
        const denominator = fingerprint(layout, challenges, interaction.bus, tuple);
        return K.add(sum, K.mulBase(K.inverse(denominator), count));
      }, K.ZERO),
    );
    const cells = [...sums.slice(0, -1), phi];
    phi = sums.reduce((a, b) => K.add(a, b), phi);
    return cells;
  });
  return { rows: aux, terminal: phi };
}
