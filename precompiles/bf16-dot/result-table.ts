/**
 * Table `bf16-result`: (zeros, power, exponent, code, normal, subnormal, tiny), what the exponent of a sum makes of it.
 * power = 2^zeros, zeros in [0, 16]; `code` is the exponent under which the sum continues, by its kind. A sum of none of
 * the three kinds is 0.
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 */
import { defineBus } from '../../stark/air/bus.ts';
import { reduce } from '../../stark/field/koala-bear.ts';
import { SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { fixedTable } from '../../vm/chips/table.ts';

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
/** A sum 0 has no exponent of its own: it is not shifted, and window + 6 is in [-133 + 6, 255 + 6]. */
const ZEROS: readonly (readonly number[])[] = range(-127, 261).map((exponent) => [exponent, ZERO_EXPONENT, 0, 0, 0]);

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
