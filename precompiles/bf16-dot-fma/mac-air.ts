/**
 * One product of decoded BF16 fused with a binary32 accumulator and rounded to nearest even, as columns and constraints.
 * Not a chip: `air.ts` and `bf16-dot-amx/air.ts` use it twice. It holds for results that are zero, normal or overflow.
 *
 * Assumes  operands are decoded BF16 (`vm/chips/bf16-decode`), the accumulator is a state of `bf16-dot/state.ts` with
 *          negative a bit, high < 2^15, low < 2^9. For `normalMacConstraints` no operand nor accumulator is subnormal.
 * Ensures  isNegativeSum, high, low, exponent are the state that `semantics.ts` gives, and the only one.
 * Proof    1. largest is the larger exponent: it is one of the two, and no distance to it is negative, since each has a row
 *             in `align`. Special codes are 3,346 and more away from others: no row. Both special, the result has no row
 *             either, and a zero has none, as its accumulator is finite by constraint (infinity * 2^7 - infinity cancels).
 *          2. Terms as in `bf16-dot/sum-air.ts`, truncated to units u = 2^(largest - 25): product < 2^27, accumulator < 2^26.
 *             remainder is what is cut off of the product, unless it is shifted by 27 or more; of the accumulator
 *             c * multiplier - 2^9 aligned * divisor of its upper part is, times a power of two (below 2^33 / 2^9 as an
 *             integer). sticky = 1 exactly if their sum, below 2^25, is not 0. An accumulator whose upper part is gone
 *             counts as cut off as well, unless operands are normal. Why the other terms that are gone leave no trace is
 *             said beside `fastMac`.
 *          3. The rest is the proof of `rounded-sum-air.ts`. A zero sum is +0 unless both terms are zeros: a product of
 *             zeros may be -0, so a -0 accumulator is left.
 * Padding  all zero: multiplicity 0 on every table, ranges of zeros.
 */
import { bit, given } from '../../stark/air/air.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import { COMPLEMENT_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { ALIGN_BUS } from '../align/air.ts';
import type { CellsOf } from '../bf16-dot/prefix.ts';
import { LOW_BITS } from '../bf16-dot/state.ts';
import { finiteness, roundedSumColumns, roundedSumConstraints } from './rounded-sum-air.ts';

const ALIGNED = 'align';
const PAIR = 'the pair bus: a decoded BF16';
const FREE = 'free: an inverse exists or not';

export const normalMacColumns = {
  a: given(PAIR, 'signed significand of a'),
  b: given(PAIR, 'signed significand of b'),
  productExponent: given(PAIR, 'sum of their exponents'),
  largest: given('a constraint and the distances to it', 'larger exponent of product and accumulator'),
  isNegative: bit('1 if the product is negative'),
  quotient: given('the complement range', 'what is kept of |product|'),
  remainder: given(ALIGNED, 'what is truncated'),
  divisor: given(ALIGNED, '2^(shift - 11), or 1'),
  multiplier: given(ALIGNED, '2^(11 - shift), or 1, or 0'),
  highQuotient: given('the complement range', 'what is kept of the upper part of the accumulator'),
  highRemainder: given(ALIGNED, 'what is truncated of it'),
  highDivisor: given(ALIGNED, 'as of the product'),
  highMultiplier: given(ALIGNED, 'as of the product'),
  lowQuotient: given('the complement range', 'what is kept of the lower part of the accumulator'),
  lowRemainder: given(ALIGNED, 'what is truncated of it'),
  lowDivisor: given(ALIGNED, 'as of the product'),
  lowMultiplier: given(ALIGNED, 'as of the product'),
  sticky: given('two constraints: 1 or 0', '1 if anything is cut off'),
  stickyInverse: given(FREE, 'inverse of what is; of a zero, that its accumulator is finite'),
  ...roundedSumColumns,
  accInverse: given(FREE, 'inverse of the significand of a negative accumulator that cancels'),
};
export const normalMacNames = Object.keys(normalMacColumns) as readonly (keyof typeof normalMacColumns)[];
export type NormalMacCells = CellsOf<typeof normalMacColumns>;

/** With operands that may be subnormal. */
export const macColumns = {
  ...normalMacColumns,
  isGone: given('two constraints: 1 or 0', '1 if nothing of the accumulator is kept, for its distance'),
  multiplierInverse: given(FREE, 'inverse of highMultiplier'),
};
export const macNames = Object.keys(macColumns) as readonly (keyof typeof macColumns)[];
export type MacCells = CellsOf<typeof macColumns>;

/** Sign, upper and lower part of the significand, and exponent code. */
export interface Accumulator {
  readonly negative: Expr;
  readonly high: Expr;
  readonly low: Expr;
  readonly exponent: Expr;
}

export const sign = (negative: Expr): Expr => expr(1).minus(negative.times(2));
export const significandOf = ({ high, low }: Accumulator): Expr => high.times(2 ** LOW_BITS).plus(low);

/** A number of at most 16 bits, moved down: quotient, remainder, divisor and multiplier as `align` says. */
export type Part = readonly [Expr, Expr, Expr, Expr];

/** States that `part` is `whole` moved down by `distance`; gives what is kept, in units of 2^(largest - 25). */
export function aligned(
  { assertZero, send }: Sender,
  name: string,
  distance: Expr,
  [quotient, remainder, divisor, multiplier]: Part,
  whole: Expr,
  active: Expr,
): Expr {
  send(`${name} is shifted`, ALIGN_BUS, { given: [distance], claimed: [remainder, divisor, multiplier] }, active);
  send(`${name} keeps its upper bits`, COMPLEMENT_RANGE_BUS, { claimed: [divisor, quotient] }, active);
  assertZero(`${name} is divided`, quotient.times(divisor).plus(remainder).minus(whole));
  return quotient.times(multiplier);
}

/** States that the cells are those of a product fused with `acc`. `label` goes before every name, `active` is a bit. */
export function macConstraints(builder: Sender, c: MacCells, acc: Accumulator, active: Expr, label: string): void {
  builder.assertZero(`${label}nothing is kept if gone`, c.isGone.times(c.highMultiplier));
  builder.assertZero(
    `${label}something is kept unless gone`,
    c.highMultiplier.times(c.multiplierInverse).minus(active.minus(c.isGone)),
  );
  normalMacConstraints(builder, c, acc, active, label, c.isGone.times(significandOf(acc)));
}

/** The same of operands that are normal or zero; `gone`: what counts as cut off beside. */
export function normalMacConstraints(
  builder: Sender,
  c: NormalMacCells,
  acc: Accumulator,
  active: Expr,
  label: string,
  gone: Expr = expr(0),
): void {
  const assertZero = (name: string, value: Expr): void => builder.assertZero(label + name, value);

  // 1. The larger exponent.
  const shift = c.largest.minus(c.productExponent);
  const accShift = c.largest.minus(acc.exponent);
  assertZero('largest is one of the exponents', shift.times(accShift));

  // 2. The terms, aligned and truncated.
  const align = (name: string, distance: Expr, part: Part, whole: Expr): Expr =>
    aligned(builder, label + name, distance, part, whole, active);
  const { quotient, remainder, divisor, multiplier } = c;
  const product = sign(c.isNegative).times(c.a).times(c.b);
  const term = align('the product', shift, [quotient, remainder, divisor, multiplier], product);
  const highPart: Part = [c.highQuotient, c.highRemainder, c.highDivisor, c.highMultiplier];
  const lowPart: Part = [c.lowQuotient, c.lowRemainder, c.lowDivisor, c.lowMultiplier];
  const accTerm = align('the upper part', accShift, highPart, acc.high).plus(
    align('the lower part', accShift.plus(LOW_BITS), lowPart, acc.low),
  );
  const significand = significandOf(acc);
  const cutOff = significand
    .times(c.highMultiplier)
    .minus(accTerm.times(c.highDivisor).times(2 ** LOW_BITS))
    .plus(gone)
    .plus(remainder);
  assertZero('nothing is cut off unless sticky', c.sticky.not().times(cutOff));
  assertZero('something is cut off if sticky', cutOff.times(c.stickyInverse).minus(c.sticky));

  // 3. The sum.
  const opposed = c.isNegative.plus(acc.negative).minus(c.isNegative.times(acc.negative).times(2));
  const sum = sign(c.isNegative).times(term).plus(sign(acc.negative).times(accTerm));
  roundedSumConstraints(builder, c, { sum, largest: c.largest, opposed, sticky: c.sticky }, active, label);
  const zero = (name: string, value: Expr): void => assertZero(`a zero ${name}`, c.isZero.times(value));
  // A zero is exact, so nothing else determines this inverse.
  zero('has a finite accumulator', finiteness(acc.exponent).times(c.stickyInverse).minus(1));
  zero('has no accumulator -0', acc.negative.times(significand.times(c.accInverse).minus(1)));
}
