/**
 * Table `align`: (shift, remainder, divisor, multiplier), how a term is moved below others. 16 bits t = quotient * divisor +
 * remainder become quotient * multiplier = floor(t * 2^(11 - shift)). Up to shift 11 the divisor is 1, up to 26 it is
 * 2^(shift - 11) and the multiplier 1; beyond, the multiplier 0 drops a term that has no bit left. No other shift is in
 * the table: a negative one, or one by a special exponent code, has no row.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    `shiftAt` enumerates the definition; the tests compare both.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { fixedTable } from '../../vm/chips/table.ts';

export const ALIGN_BUS = defineBus('align', 'table', ['shift', 'remainder', 'divisor', 'multiplier']);

/** Shifts up to this one multiply. */
const EXACT = 11;
/** From this one on nothing is left of 16 bits. */
const FAR = 27;
/** Largest shift: exponent 254 = 2 * 127 over a product of two zeros, -800, and 1 for a window of one bit less (Ampere). */
const LARGEST = 2 * 127 - 2 * ZERO_EXPONENT + 1;
/** First index of the shifts FAR and more. */
const FAR_INDEX = EXACT + 1 + 2 ** (FAR - EXACT) - 2;

function shiftAt(index: number): number[] {
  if (index <= EXACT) return [index, 0, 1, 2 ** (EXACT - index)];
  if (index >= FAR_INDEX) return [FAR + index - FAR_INDEX, 0, 1, 0];
  // Shift 11 + k starts at 12 + (2 + 4 + .. + 2^(k - 1)) = 10 + 2^k.
  const k = 31 - Math.clz32(index - EXACT + 1);
  return [EXACT + k, index - EXACT + 1 - 2 ** k, 2 ** k, 1];
}

function indexOfShift(tuple: ArrayLike<number>): number | undefined {
  const [shift, remainder] = [tuple[0]!, tuple[1]!];
  let index: number;
  if (shift <= EXACT) index = shift;
  else if (shift < FAR) index = EXACT - 1 + 2 ** (shift - EXACT) + remainder;
  else if (shift <= LARGEST) index = FAR_INDEX + shift - FAR;
  else return undefined;
  return index < ALIGN_COUNT && same(shiftAt(index), tuple) ? index : undefined;
}

const ALIGN_COUNT = FAR_INDEX + LARGEST - FAR + 1;

export const alignTable = fixedTable({
  name: 'align',
  bus: ALIGN_BUS,
  // 22,191 rows: the least number of tuples in a row with height 2^15.
  perRow: 3,
  count: ALIGN_COUNT,
  tupleAt: shiftAt,
  indexOf: indexOfShift,
});

function same(a: readonly number[], b: ArrayLike<number>): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
