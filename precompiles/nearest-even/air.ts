/**
 * Table `nearest-even`: (limb, upper, increment), the 16 bits below the upper 16 of a normalised significand of 24: the 8
 * that belong to it, and whether the other 8 round it up, to nearest, ties to even. Who has more bits below the limb, and
 * a zero last bit in it, sends limb + 1 if any of them is set: below the guard bit only zero or not matters.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    `roundedAt` is IEEE 754-2019, 4.3.1, roundTiesToEven; the tests compare it with the definition.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { fixedTable } from '../../vm/chips/table.ts';

export const NEAREST_EVEN_BUS = defineBus('nearest-even', 'table', ['limb', 'upper', 'increment']);

const HALF = 0x80;

function roundedAt(limb: number): number[] {
  const [upper, dropped] = [limb >>> 8, limb & 0xff];
  return [limb, upper, dropped > HALF || (dropped === HALF && upper % 2 === 1) ? 1 : 0];
}

export const nearestEvenTable = fixedTable({
  name: 'nearest-even',
  bus: NEAREST_EVEN_BUS,
  // 21,846 rows: the least number of tuples in a row with height 2^15.
  perRow: 3,
  count: 2 ** 16,
  tupleAt: roundedAt,
  indexOf: (tuple) => {
    const limb = tuple[0]!;
    return limb < 2 ** 16 && roundedAt(limb).every((value, i) => value === tuple[i]) ? limb : undefined;
  },
});
