/**
 * Zerofier classes: the sets of rows on which constraints hold, and the inverse of the polynomial that vanishes on
 * each. Of the n rows of a table the last h are blinding rows; omega generates the trace domain H of order n.
 *
 * | class      | rows                  | 1 / Z(x)                                                        |
 * |------------|-----------------------|-----------------------------------------------------------------|
 * | every      | 0 .. n-h-1            | P(x) / (x^n - 1), P(x) = prod_{i=n-h}^{n-1} (x - omega^i)       |
 * | transition | 0 .. n-h-2            | the same times (x - omega^(n-h-1))                              |
 * | first      | 0                     | 1 / (x - 1)                                                     |
 * | last       | n-h-1                 | 1 / (x - omega^(n-h-1))                                         |
 * | final      | n-h: end of the sum   | 1 / (x - omega^(n-h))                                           |
 * | wrap       | n-1: start of the sum | 1 / (x - omega^(n-1))                                           |
 *
 * Why the last h rows are left out: docs/decisions/0005-zero-knowledge.md.
 */
import type { Where } from '../air/air.ts';
import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';

export type ZerofierClass = Where | 'final' | 'wrap';
export const ZEROFIER_CLASSES: readonly ZerofierClass[] = ['every', 'transition', 'first', 'last', 'final', 'wrap'];

/** The row of a class that is one row. */
export const rowOfClass = (
  where: Exclude<ZerofierClass, 'every' | 'transition'>,
  height: number,
  blindingRows: number,
): number => ({ first: 0, last: height - blindingRows - 1, final: height - blindingRows, wrap: height - 1 })[where];

/** omega^i for the trace domain of a height. */
export const traceDomainPoint = (logHeight: number, row: number): Felt => F.pow(F.rootOfUnity(logHeight), row);

/**
 * 1 / Z at one point, for every class.
 * @throws {RangeError} if the point is in the trace domain.
 */
export function inverseZerofiersAt(logHeight: number, blindingRows: number, x: Ext): Record<ZerofierClass, Ext> {
  const height = 2 ** logHeight;
  const minus = (row: number): Ext => K.sub(x, K.fromBase(traceDomainPoint(logHeight, row)));
  let power = x;
  for (let i = 0; i < logHeight; i++) power = K.square(power);
  let blinding: Ext = K.ONE;
  const generator = F.rootOfUnity(logHeight);
  let point = traceDomainPoint(logHeight, height - blindingRows);
  for (let i = 0; i < blindingRows; i++, point = F.mul(point, generator)) {
    blinding = K.mul(blinding, K.sub(x, K.fromBase(point)));
  }
  const single = (where: 'first' | 'last' | 'final' | 'wrap') => minus(rowOfClass(where, height, blindingRows));
  const [all, first, last, final, wrap] = K.batchInverse([
    K.sub(power, K.ONE),
    single('first'),
    single('last'),
    single('final'),
    single('wrap'),
  ]) as [Ext, Ext, Ext, Ext, Ext];
  const every = K.mul(blinding, all);
  return { every, transition: K.mul(every, single('last')), first, last, final, wrap };
}
