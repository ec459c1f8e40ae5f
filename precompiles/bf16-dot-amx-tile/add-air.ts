/**
 * The sum of two states x and y, rounded to nearest even, as columns and constraints. Not a chip: `air.ts` uses it
 * twice. It holds for sums that are zero, normal or overflow.
 *
 * Assumes  x and y are states of `bf16-dot/state.ts` with negative a bit, high < 2^15, low < 2^9, neither of them
 *          subnormal.
 * Ensures  isNegativeSum, high, low, exponent are the state of the sum as `bf16-dot-amx/semantics.ts` (`fastAdd`) has
 *          it, and the only one.
 * Proof    1. isSwapped says which of the two is the larger: the distance of their exponents has a row in `align`, so
 *             it is not negative. (Of equal exponents either may be; the sum is the same.) No result has a special
 *             code: one more than 260 is not in `bf16-result`, and a zero has a finite exponent by constraint
 *             (infinities cancel as numbers do).
 *          2. In units of 2^(largest - 25) the larger is 4 times its significand, below 2^26, and the smaller is
 *             truncated in two parts, as the accumulator in `bf16-dot-fma/mac-air.ts`: what is cut off is there if
 *             sticky is 1. By 27 and more it is dropped without a trace: it is below 1/8 unit of the larger, which is
 *             normal, or zero as well.
 *          3. The rest is the proof of `bf16-dot-fma/rounded-sum-air.ts`. A zero sum is +0 unless both are -0, so y =
 *             -0 is left.
 * Padding  all zero: multiplicity 0 on every table, ranges of zeros.
 */
import { bit, given } from '../../stark/air/air.ts';
import type { Expr } from '../../stark/air/expr.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import type { CellsOf } from '../bf16-dot/prefix.ts';
import { LOW_BITS } from '../bf16-dot/state.ts';
import { type Accumulator, aligned, type Part, sign, significandOf } from '../bf16-dot-fma/mac-air.ts';
import { finiteness, roundedSumColumns, roundedSumConstraints } from '../bf16-dot-fma/rounded-sum-air.ts';

const ALIGNED = 'align';
const FREE = 'free: an inverse exists or not';

export const addColumns = {
  isSwapped: bit('1 if y is the larger, by exponent'),
  largest: given('a constraint', 'exponent of the larger'),
  shift: given(ALIGNED, 'distance of the exponents'),
  highQuotient: given('the complement range', 'what is kept of the upper part of the smaller'),
  highRemainder: given(ALIGNED, 'what is truncated of it'),
  highDivisor: given(ALIGNED, '2^(shift - 11), or 1'),
  highMultiplier: given(ALIGNED, '2^(11 - shift), or 1, or 0'),
  lowQuotient: given('the complement range', 'what is kept of the lower part of the smaller'),
  lowRemainder: given(ALIGNED, 'what is truncated of it'),
  lowDivisor: given(ALIGNED, 'as of the upper part, its shift 9 more'),
  lowMultiplier: given(ALIGNED, 'as of the upper part, its shift 9 more'),
  sticky: given('two constraints: 1 or 0', '1 if anything is cut off'),
  stickyInverse: given(FREE, 'inverse of what is; of a zero, that the terms are finite'),
  ...roundedSumColumns,
  negativeZeroInverse: given(FREE, 'inverse of the significand of a negative y that cancels'),
};
export const addNames = Object.keys(addColumns) as readonly (keyof typeof addColumns)[];
export type AddCells = CellsOf<typeof addColumns>;

/** States that the cells are those of x + y; gives the state of the sum. `label` goes before every name, `active` is a bit. */
export function addConstraints(
  builder: Sender,
  c: AddCells,
  x: Accumulator,
  y: Accumulator,
  active: Expr,
  label: string,
): Accumulator {
  const assertZero = (name: string, value: Expr): void => builder.assertZero(label + name, value);
  const { isSwapped, largest, shift, sticky } = c;

  // 1. The larger term.
  const chosen = (one: Expr, other: Expr): Expr => one.plus(isSwapped.times(other.minus(one)));
  const choose = (one: Accumulator, other: Accumulator): Accumulator => ({
    negative: chosen(one.negative, other.negative),
    high: chosen(one.high, other.high),
    low: chosen(one.low, other.low),
    exponent: chosen(one.exponent, other.exponent),
  });
  const [larger, smaller] = [choose(x, y), choose(y, x)];
  assertZero('largest is the exponent of the larger', largest.minus(larger.exponent));
  assertZero('shift is the distance to the smaller', shift.minus(larger.exponent).plus(smaller.exponent));

  // 2. The smaller, moved down.
  const align = (name: string, distance: Expr, part: Part, whole: Expr): Expr =>
    aligned(builder, label + name, distance, part, whole, active);
  const highPart: Part = [c.highQuotient, c.highRemainder, c.highDivisor, c.highMultiplier];
  const lowPart: Part = [c.lowQuotient, c.lowRemainder, c.lowDivisor, c.lowMultiplier];
  const kept = align('the upper part', shift, highPart, smaller.high).plus(
    align('the lower part', shift.plus(LOW_BITS), lowPart, smaller.low),
  );
  const cutOff = significandOf(smaller)
    .times(c.highMultiplier)
    .minus(kept.times(c.highDivisor).times(2 ** LOW_BITS));
  assertZero('nothing is cut off unless sticky', sticky.not().times(cutOff));
  assertZero('something is cut off if sticky', cutOff.times(c.stickyInverse).minus(sticky));

  // 3. The sum.
  const opposed = x.negative.plus(y.negative).minus(x.negative.times(y.negative).times(2));
  const terms = sign(larger.negative).times(significandOf(larger)).times(4).plus(sign(smaller.negative).times(kept));
  roundedSumConstraints(builder, c, { sum: terms, largest, opposed, sticky }, active, label);
  const zero = (name: string, value: Expr): void => assertZero(`a zero ${name}`, c.isZero.times(value));
  // A zero is exact, so nothing else determines this inverse.
  zero('has finite terms', finiteness(largest).times(c.stickyInverse).minus(1));
  zero('has no y = -0', y.negative.times(significandOf(y).times(c.negativeZeroInverse).minus(1)));
  return { negative: c.isNegativeSum, high: c.high, low: c.low, exponent: c.exponent };
}
