/**
 * Fixed tables of the dot product: how far a term is shifted, and what the exponent of a sum makes of it.
 *
 * `bf16-align`   (shift, remainder, divisor, multiplier): a term of 16 bits t = quotient * divisor + remainder becomes
 *                quotient * multiplier = floor(t * 2^(11 - shift)). Up to shift 11 the divisor is 1, up to 26 it is
 *                2^(shift - 11) and the multiplier 1; beyond, the multiplier 0 drops a term that has no bit left. No
 *                other shift is in the table: a negative one, or one by a special exponent code, has no row.
 * `bf16-result`  (zeros, power, exponent, code, normal, subnormal, tiny): power = 2^zeros, zeros in [0, 16]; the code
 *                under which a sum with that exponent continues, by its kind. The kind none of the three is a sum 0.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    `shiftAt` and `resultAt` enumerate the definition; the tests compare both with it.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { reduce } from '../../stark/field/koala-bear.ts';
import { SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { fixedTable } from '../../vm/chips/table.ts';

export const ALIGN_BUS = defineBus('bf16-align', 'table', ['shift', 'remainder', 'divisor', 'multiplier']);

/** Shifts up to this one multiply. */
const EXACT = 11;
/** From this one on nothing is left of 16 bits. */
const FAR = 27;
/** Largest shift: exponent 254 = 2 * 127 over a product of two zeros, -800. */
const LARGEST = 2 * 127 - 2 * ZERO_EXPONENT;
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
  name: 'bf16-align',
  bus: ALIGN_BUS,
  // 22,191 rows: the least number of tuples in a row with height 2^15.
  perRow: 3,
  count: ALIGN_COUNT,
  tupleAt: shiftAt,
  indexOf: indexOfShift,
});

export const RESULT_BUS = defineBus('bf16-result', 'table', [
  'zeros',
  'power',
  'exponent',
  'code',
  'normal',
  'subnormal',
  'tiny',
]);

/** Exponents that a sum can have, after normalisation, with the code that follows and the kind. */
const RESULTS: readonly (readonly number[])[] = [
  ...range(-126, 127).map((exponent) => [exponent, exponent, 1, 0, 0]),
  // Up to 254 + 6; beyond 127 the result is an infinity.
  ...range(128, 260).map((exponent) => [exponent, SPECIAL_EXPONENT, 1, 0, 0]),
  [-126, -126, 0, 1, 0],
  [-126, ZERO_EXPONENT, 0, 0, 1],
];
/** A sum 0 has no exponent of its own: it is not shifted, and largest + 6 is in [-133 + 6, 254 + 6]. */
const ZEROS: readonly (readonly number[])[] = range(-127, 260).map((exponent) => [exponent, ZERO_EXPONENT, 0, 0, 0]);

const RESULT_TUPLES: readonly (readonly number[])[] = [
  ...range(0, 16).flatMap((zeros) => RESULTS.map((result) => [zeros, 2 ** zeros, ...result.map(reduce)])),
  ...ZEROS.map((zero) => [0, 1, ...zero.map(reduce)]),
];
const RESULT_INDEX = new Map(RESULT_TUPLES.map((tuple, index) => [tuple.join(), index]));

export const resultTable = fixedTable({
  name: 'bf16-result',
  bus: RESULT_BUS,
  // 3,526 rows: the least number of tuples in a row with height 2^12.
  perRow: 2,
  count: RESULT_TUPLES.length,
  tupleAt: (index) => RESULT_TUPLES[index]!,
  indexOf: (tuple) => RESULT_INDEX.get(Array.from(tuple).join()),
});

function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, i) => first + i);
}

function same(a: readonly number[], b: ArrayLike<number>): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
