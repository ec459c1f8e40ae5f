/**
 * Known columns at the out-of-domain point: the verifier holds their values on H, so it evaluates the interpolating
 * polynomial itself, f(z) = (z^n - 1) / n * sum_i f_i omega^i / (z - omega^i), and needs no commitment.
 *
 * Cost: one inversion in K per nonzero row, batched, and one K by F_p product per nonzero cell.
 */

import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import type { KnownTable } from '../relation.ts';

/** Values of the columns at `point`, which must lie outside H (checked by the caller: z^N != 1). */
export function evaluateKnown({ logHeight, columns }: KnownTable, point: Ext): Ext[] {
  const numRows = Math.max(0, ...columns.map((column) => column.length));
  const omega = F.rootOfUnity(logHeight);
  const powers: Felt[] = [];
  for (let i = 0, power = F.ONE; i < numRows; i++, power = F.mul(power, omega)) powers.push(power);
  const inverses = K.batchInverse(powers.map((power) => K.sub(point, K.fromBase(power))));
  const weights = inverses.map((inverse, i) => K.mulBase(inverse, powers[i]!));
  const vanishing = K.sub(K.pow(point, 2 ** logHeight), K.ONE);
  const scale = K.mulBase(vanishing, F.inverse(F.felt(2 ** logHeight)));
  return columns.map((column) => {
    let sum: Ext = K.ZERO;
    for (let i = 0; i < column.length; i++) {
      if (column[i] !== 0) sum = K.add(sum, K.mulBase(weights[i]!, column[i]! as Felt));
    }
    return K.mul(sum, scale);
  });
}
