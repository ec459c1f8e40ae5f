/**
 * One product of decoded BF16 fused with a binary32 accumulator and rounded to nearest even, as columns and constraints.
 * Not a chip: `air.ts` uses it twice. It holds for results that are zero, normal or overflow.
 *
 * Assumes  operands are decoded BF16 (`vm/chips/bf16-decode`), the accumulator is a state of `bf16-dot/state.ts` with
 *          negative a bit, high < 2^15, low < 2^9.
 * Ensures  isNegativeSum, high, low, exponent are the state that `semantics.ts` gives, and the only one.
 * Proof    1. largest is the larger exponent: it is one of the two, and no distance to it is negative, since each has a row
 *             in `align`. Special codes are 3,346 and more away from others: no row. Both special, the result has no row
 *             either, and a zero has none, as its accumulator is finite by constraint (infinity * 2^7 - infinity cancels).
 *          2. Terms as in `bf16-dot/sum-air.ts`, truncated to units u = 2^(largest - 25): product < 2^27, accumulator < 2^26.
 *             remainder is what is cut off of the product, unless it is shifted by 27 or more; of the accumulator
 *             c * multiplier - 2^9 aligned * divisor of its upper part is, times a power of two (below 2^33 / 2^9 as an
 *             integer), or all of it if its upper part is gone. sticky = 1 exactly if their sum, below 2^25, is not 0.
 *          3. |sum| < 2^28: with limbShift = 0 the place has zeros >= 4, so top < 2^12, and the equation of the sum is one
 *             of integers. If the terms are opposed, sticky takes one unit off the larger: what remains lies within
 *             one unit above. That the larger term is the one that is not truncated follows: the truncated one is below
 *             2^23 units where bits of it are cut off, and a sum with sticky has 25 bits.
 *          4. The sum is moved up to its leading bit (`high limb of the window` has it, unless the sum is zero), rounded by
 *             `fp32-tail` and `fp32-rounding`; as an integer, and a carry to 2^24 moves to the exponent.
 *             With sticky at most 3 of the 28 bits are empty: guard bit and sticky decide. The argument for a term
 *             that is gone without a trace is beside `fastMac`.
 *          5. Exponents from -126 on have rows in `bf16-result` as normal; beyond 127 as infinity. A zero sum is exact
 *             by constraint: no window means top = moved = 0, and with bottom = 0 nothing is lower. It is +0 unless both terms are zeros: a product of zeros
 *             may be -0, so a -0 accumulator is left.
 * Padding  all zero: multiplicity 0 on every table, ranges of zeros.
 */
import { below, bit, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import { COMPLEMENT_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { ALIGN_BUS } from '../align/air.ts';
import type { CellsOf } from '../bf16-dot/prefix.ts';
import { RESULT_BUS } from '../bf16-dot/result-table.ts';
import { LOW_BITS, NAN_EXPONENT } from '../bf16-dot/state.ts';
import { ROUNDING_BUS, TAIL_BUS } from '../fp32-round/tables.ts';

const ALIGNED = 'align';
const PAIR = 'the pair bus: a decoded BF16';
const FREE = 'free: an inverse exists or not';
const ROUNDED = 'fp32-rounding: a bit';
const HIDDEN = 2 ** 23;

export const macColumns = {
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
  isGone: given('two constraints: 1 or 0', '1 if nothing of the accumulator is kept, for its distance'),
  multiplierInverse: given(FREE, 'inverse of highMultiplier'),
  sticky: given('two constraints: 1 or 0', '1 if anything is cut off'),
  stickyInverse: given(FREE, 'inverse of what is; of a zero, that its accumulator is finite'),
  isNegativeSum: bit('1 if the sum is negative'),
  bottom: given('the shifted limbs', 'low limb of the magnitude of the sum'),
  top: given('the complement range', 'its high limb, or the low one if the limbs are shifted'),
  limbShift: bit('1 if the high limb is zero and the low one takes its place'),
  zeros: given('bf16-result: 0 to 16', 'further bits that the magnitude is shifted up'),
  power: given('bf16-result', '2^zeros'),
  moved: given('a range check on `zeros` bits', 'bits that move from the low limb to the high one'),
  stayed: given('the complement range', 'bits of the low limb that stay in it, before the shift'),
  lower: given('fp32-tail: below 2^16', 'low limb after the shift'),
  window: given('a range check less the top bit', 'leading 16 bits of the shifted sum'),
  upper: given('fp32-tail: below 2^8', 'next 8 bits'),
  code: given('fp32-tail', 'what the 8 after them say'),
  increment: given(ROUNDED, '1 if the significand is incremented'),
  inexact: given(ROUNDED, 'unused: 1 if anything is dropped'),
  carriesNext: given(`${ROUNDED}, or without effect`, 'unused: 1 if it would carry with one more bit'),
  carries: bit('1 if the rounded significand is 2^24'),
  isZero: given('bf16-result: what is not 1 or 0 asks for a zero that is normal', '1 if the sum is zero'),
  exponent: given('bf16-result', 'exponent of the result, or its code'),
  high: below(15, 'upper 15 bits of the significand of the result'),
  low: below(LOW_BITS, 'its lower 9 bits'),
  accInverse: given(FREE, 'inverse of the significand of a negative accumulator that cancels'),
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

/** States that the cells are those of a product fused with `acc`. `label` goes before every name, `active` is a bit. */
export function macConstraints(builder: Sender, c: MacCells, acc: Accumulator, active: Expr, label: string): void {
  const assertZero = (name: string, value: Expr): void => builder.assertZero(label + name, value);
  const send = (name: string, ...rest: [Parameters<Sender['send']>[1], Parameters<Sender['send']>[2], Expr]): void =>
    builder.send(label + name, ...rest);
  const sign = (negative: Expr): Expr => expr(1).minus(negative.times(2));

  // 1. The larger exponent.
  const shift = c.largest.minus(c.productExponent);
  const accShift = c.largest.minus(acc.exponent);
  assertZero('largest is one of the exponents', shift.times(accShift));

  // 2. The terms, aligned and truncated.
  const align = (name: string, distance: Expr, [q, r, d, m]: readonly [Expr, Expr, Expr, Expr], whole: Expr): Expr => {
    send(`${name} is shifted`, ALIGN_BUS, { given: [distance], claimed: [r, d, m] }, active);
    send(`${name} keeps its upper bits`, COMPLEMENT_RANGE_BUS, { claimed: [d, q] }, active);
    assertZero(`${name} is divided`, q.times(d).plus(r).minus(whole));
    return q.times(m);
  };
  const signOf = sign(c.isNegative);
  const term = align(
    'the product',
    shift,
    [c.quotient, c.remainder, c.divisor, c.multiplier],
    signOf.times(c.a).times(c.b),
  );
  const aligned = align(
    'the upper part',
    accShift,
    [c.highQuotient, c.highRemainder, c.highDivisor, c.highMultiplier],
    acc.high,
  ).plus(
    align(
      'the lower part',
      accShift.plus(LOW_BITS),
      [c.lowQuotient, c.lowRemainder, c.lowDivisor, c.lowMultiplier],
      acc.low,
    ),
  );
  const significand = acc.high.times(2 ** LOW_BITS).plus(acc.low);
  assertZero('nothing is kept if gone', c.isGone.times(c.highMultiplier));
  assertZero(
    'something is kept unless gone',
    c.highMultiplier.times(c.multiplierInverse).minus(active.minus(c.isGone)),
  );
  const cutOff = significand
    .times(c.highMultiplier)
    .minus(aligned.times(c.highDivisor).times(2 ** LOW_BITS))
    .plus(c.isGone.times(significand))
    .plus(c.remainder);
  assertZero('nothing is cut off unless sticky', c.sticky.not().times(cutOff));
  assertZero('something is cut off if sticky', cutOff.times(c.stickyInverse).minus(c.sticky));

  // 3. The sum.
  const { top, bottom, limbShift, zeros, power, moved, stayed, window } = c;
  const opposed = c.isNegative.plus(acc.negative).minus(c.isNegative.times(acc.negative).times(2));
  const magnitude = expr(1)
    .minus(limbShift)
    .times(top)
    .times(2 ** 16)
    .plus(bottom)
    .plus(opposed.times(c.sticky));
  const signedTerms = signOf.times(term).plus(sign(acc.negative).times(aligned));
  assertZero('the sum adds up', signedTerms.minus(sign(c.isNegativeSum).times(magnitude)));
  assertZero('the low limb takes the place of the high one', limbShift.times(top.minus(bottom)));
  assertZero('nothing is cut off of a sum of one limb', c.sticky.times(limbShift));
  const place = zeros.minus(expr(1).minus(limbShift).times(4));
  send(
    'the sum has 28 bits, and 25 of them if anything is cut off',
    RANGE_BUS,
    { claimed: [expr(4).minus(c.sticky.times(2)), place] },
    active.minus(c.isZero),
  );

  // 4. The window, rounded.
  send('top has room to be shifted', COMPLEMENT_RANGE_BUS, { claimed: [power, top] }, active);
  send('moved has `zeros` bits', RANGE_BUS, { claimed: [zeros, moved] }, active);
  send('stayed has the other bits', COMPLEMENT_RANGE_BUS, { claimed: [power, stayed] }, active);
  assertZero('lower is what stayed', c.lower.minus(stayed.times(power)));
  assertZero(
    'the low limb is shifted',
    expr(1)
      .minus(limbShift)
      .times(bottom)
      .times(power)
      .minus(moved.times(2 ** 16))
      .minus(c.lower),
  );
  assertZero('the window is the shifted high limb', window.minus(top.times(power)).minus(moved));
  const isOther = active.minus(c.isZero);
  send('only a zero has no leading bit', RANGE_BUS, { claimed: [15, window.minus(isOther.times(2 ** 15))] }, active);
  send('the lower limb is taken apart', TAIL_BUS, { given: [c.lower], claimed: [c.upper, c.code] }, active);
  send(
    'the significand is rounded to nearest even',
    ROUNDING_BUS,
    { given: [0, 0, c.code, c.sticky], claimed: [c.increment, c.inexact, c.carriesNext, 1] },
    active,
  );
  const rounded = window
    .times(2 ** 8)
    .plus(c.upper)
    .plus(c.increment);
  assertZero('a significand that carries is 2^24', c.carries.times(rounded.minus(2 * HIDDEN)));
  const result = c.high.times(2 ** LOW_BITS).plus(c.low);
  assertZero('high and low are the rounded significand', result.minus(rounded).plus(c.carries.times(HIDDEN)));

  // 5. Exponent and sign.
  const shifted = c.largest.plus(6).minus(zeros).minus(limbShift.times(16)).plus(c.carries);
  send(
    'a result that is not zero is normal, or infinite',
    RESULT_BUS,
    { given: [zeros, power, shifted], claimed: [c.exponent, 1, 0, 0] },
    isOther,
  );
  const zero = (name: string, value: Expr): void => assertZero(`a zero ${name}`, c.isZero.times(value));
  zero('has no low limb', bottom);
  zero('has no window', window);
  zero('is exact', c.sticky);
  zero('is positive', c.isNegativeSum);
  zero('has the exponent of zeros', c.exponent.minus(ZERO_EXPONENT));
  const finiteness = acc.exponent.minus(SPECIAL_EXPONENT).times(acc.exponent.minus(NAN_EXPONENT));
  // A zero is exact, so nothing else determines this inverse.
  zero('has a finite accumulator', finiteness.times(c.stickyInverse).minus(1));
  zero('has no accumulator -0', acc.negative.times(significand.times(c.accInverse).minus(1)));
}
