/**
 * Byte table: (a, b, a AND b) for all 2^16 pairs of bytes. OR and XOR follow linearly: a OR b = a + b - (a AND b),
 * a XOR b = a + b - 2 (a AND b), so a chip sends x AND y whichever of the three it computes.
 *
 * Besides, whoever sends (a, b, c) has two bytes a and b; a single byte is checked by (8, a) on the range bus.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    index 2^8 a + b lists every pair once.
 */
import { defineBus } from '../../../stark/air/bus.ts';
import { fixedTable } from '../table.ts';

/** a, b bytes, and = a AND b. */
export const BYTES_BUS = defineBus('bytes', 'table', ['a', 'b', 'and']);

export const bytesTable = fixedTable({
  name: 'bytes',
  bus: BYTES_BUS,
  // 21,846 rows: the least number of tuples in a row with height 2^15.
  perRow: 3,
  count: 2 ** 16,
  tupleAt: (index) => [index >>> 8, index & 0xff, (index >>> 8) & index & 0xff],
  indexOf: (tuple) => {
    const [a, b] = [tuple[0]!, tuple[1]!];
    return a < 256 && b < 256 && tuple[2] === (a & b) ? a * 256 + b : undefined;
  },
});
