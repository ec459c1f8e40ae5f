/** What k sampled entries prove and what they do not, in words. Printed with every artefact. */

import type { ChallengeMode } from '../../protocol/challenge.ts';
import { escapeTable } from '../../protocol/sampling.ts';
import { countText, percentText, plural, probabilityText } from '../format.ts';

/** Fractions that are worth a line on a terminal; the record has all of them. */
const SHOWN = [0.5, 0.1, 0.02, 0.01];

export function assuranceLines(samples: number, entries: number, mode: ChallengeMode): string[] {
  const escapes = escapeTable(samples)
    .filter(({ fraction }) => SHOWN.includes(fraction))
    .map(({ fraction, probability }) => `${percentText(fraction)}: ${probabilityText(probability)}`);
  const seed =
    mode === 'fiat-shamir'
      ? 'The seed is the hash of the statement: who can try 2^g statements multiplies these probabilities by 2^g.'
      : "The seed is the verifier's own: these probabilities hold if it was chosen after the roots were known.";
  return [
    `${plural(samples, 'sampled entry').replace('entrys', 'entries')} of ${countText(entries)}: they are the declared product, bit for bit.`,
    `A deviation in a fraction f of the entries escapes with probability (1 - f)^${samples}:  ${escapes.join('   ')}`,
    'They do not prove the entries that were not sampled; a deviation in few entries is likely to be missed.',
    seed,
  ];
}
