/** The statement's own side of the running sums: what its terms add to the terminals, which then cancel. */
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { PublicTerm } from '../relation.ts';
import { fingerprint, type LookupChallenges, type LookupLayout } from './layout.ts';

/** Sum of multiplicity / fingerprint over the terms; undefined if a fingerprint is zero. */
export function sumOfTerms(
  terms: readonly PublicTerm[],
  layout: LookupLayout,
  challenges: LookupChallenges,
): Ext | undefined {
  let total: Ext = K.ZERO;
  for (const { bus, tuple, multiplicity } of terms) {
    const denominator = fingerprint(layout, challenges, bus, tuple);
    if (K.isZero(denominator)) return undefined;
    total = K.add(total, K.mulBase(K.inverse(denominator), F.reduce(multiplicity)));
  }
  return total;
}
