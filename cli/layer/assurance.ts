/** What k sampled entries prove and what they do not, in words. Printed with every artefact. */

import type { ChallengeMode } from '../../protocol/challenge.ts';
import { escapeTable } from '../../protocol/sampling.ts';
import type { LinearStatement } from '../../protocol/statement.ts';
import { countText, percentText, probabilityText } from '../format.ts';

/** Fractions that are worth a line on a terminal; the record has all of them. */
const SHOWN = [0.5, 0.1, 0.02, 0.01];

export function assuranceLines({ rows, columns, samples, tile }: LinearStatement, mode: ChallengeMode): string[] {
  const escapes = escapeTable(samples)
    .filter(({ fraction }) => SHOWN.includes(fraction))
    .map(({ fraction, probability }) => `${percentText(fraction)}: ${probabilityText(probability)}`);
  const seed =
    mode === 'fiat-shamir'
      ? 'The seed is the hash of the statement: who tries 2^g statements multiplies these probabilities by 2^g.'
      : "The seed is the verifier's own: the probabilities hold if it was chosen after the roots were known.";
  const total = countText(rows * columns);
  const [entries, tiles] = samples === 1 ? ['entry', 'tile'] : ['entries', 'tiles'];
  const [sampled, chance] =
    tile === 1
      ? [`${entries} of ${total}`, 'probability']
      : [`${tiles} of ${tile} x ${tile} among ${total} entries`, 'probability at most'];
  return [
    `${countText(samples)} sampled ${sampled}: the declared product, bit for bit.`,
    `A deviation in a fraction f of all entries escapes with ${chance} (1 - f)^${samples}:`,
    `  f = ${escapes.join('   ')}`,
    seed,
    'Not proven: the entries that were not sampled, so a deviation in a few of them; and where X and W come from.',
  ];
}
