/**
 * The sum of two aligned terms, rounded to nearest even, as columns and constraints: the second half of a product on top
 * of an accumulator (`mac-air.ts`), and of an addition. It holds for results that are zero, normal or overflow.
 *
 * Assumes  `terms` is a sum of two integers in units u = 2^(largest - 25), each below 2^27, of which the smaller may be
 *          truncated: sticky = 1 exactly if anything is cut off; opposed = 1 exactly if their signs differ. A term that is
 *          not truncated while the other is has 2^25 units and more, unless the result is left.
 * Ensures  isNegativeSum, high, low, exponent are the state (`bf16-dot/state.ts`) of the rounded sum, and the only one; a
 *          zero is +0 and exact.
 * Proof    1. |sum| < 2^28: with limbShift = 0 the place has zeros >= 4, so top < 2^12, and the equation of the sum is one
 *             of integers. If the terms are opposed, sticky takes one unit off the larger: what remains lies within
 *             one unit above. That the larger term is the one that is not truncated follows: the truncated one is below
 *             2^23 units where bits of it are cut off, and a sum with sticky has 25 bits.
 *          2. The sum is moved up to its leading bit (`high limb of the window` has it, unless the sum is zero) and rounded
 *             by `nearest-even`; a carry to 2^24 moves to the exponent. With sticky at most 3 of the 28 bits are empty:
 *             the sum is moved up by 4 and more, so `lower` ends in zeros, and lower + sticky says that more is below it.
 *             isZero is 1 or 0, and 0 on padding: a look-up of any other weight could take back that of another row.
 *          3. Exponents from -126 on have rows in `bf16-result` as normal; beyond 127 as infinity. A zero sum is exact by
 *             constraint: no window means top = moved = 0, and with bottom = 0 nothing is lower.
 * Padding  all zero: multiplicity 0 on every table, ranges of zeros.
 */
import { below, bit, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { SPECIAL_EXPONENT, ZERO_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import { COMPLEMENT_RANGE_BUS } from '../../vm/chips/range/air.ts';
import type { CellsOf } from '../bf16-dot/prefix.ts';
import { RESULT_BUS } from '../bf16-dot/result-table.ts';
import { LOW_BITS, NAN_EXPONENT } from '../bf16-dot/state.ts';
import { NEAREST_EVEN_BUS } from '../nearest-even/air.ts';

const HIDDEN = 2 ** 23;

export const roundedSumColumns = {
  isNegativeSum: bit('1 if the sum is negative'),
  bottom: given('the shifted limbs: below 2^16', 'low limb of the magnitude of the sum'),
  top: given('the complement range', 'its high limb, or the low one if the limbs are shifted'),
  limbShift: bit('1 if the high limb is zero and the low one takes its place'),
  zeros: given('bf16-result: 0 to 16', 'further bits that the magnitude is shifted up'),
  power: given('bf16-result', '2^zeros'),
  moved: given('a range check on `zeros` bits', 'bits that move from the low limb to the high one'),
  stayed: given('the complement range', 'bits of the low limb that stay in it, before the shift'),
  lower: given('nearest-even: below 2^16', 'low limb after the shift'),
  window: given('a range check less the top bit', 'leading 16 bits of the shifted sum'),
  upper: given('nearest-even: below 2^8', 'next 8 bits'),
  increment: given('nearest-even: a bit', '1 if the significand is incremented'),
  carries: bit('1 if the rounded significand is 2^24'),
  isZero: given('a constraint: 1 or 0, and 0 on padding', '1 if the sum is zero'),
  exponent: given('bf16-result', 'exponent of the result, or its code'),
  high: below(15, 'upper 15 bits of the significand of the result'),
  low: below(LOW_BITS, 'its lower 9 bits'),
};
export type RoundedSumCells = CellsOf<typeof roundedSumColumns>;

/** The terms: their sum, the exponent they are aligned to, and what is cut off. */
export interface Terms {
  readonly sum: Expr;
  readonly largest: Expr;
  readonly opposed: Expr;
  readonly sticky: Expr;
}

/** 0 for the exponent code of an infinity or NaN. */
export const finiteness = (exponent: Expr): Expr =>
  exponent.minus(SPECIAL_EXPONENT).times(exponent.minus(NAN_EXPONENT));

/** States that the cells are those of the rounded sum. `label` goes before every name, `active` is a bit. */
export function roundedSumConstraints(
  builder: Sender,
  c: RoundedSumCells,
  { sum, largest, opposed, sticky }: Terms,
  active: Expr,
  label: string,
): void {
  const assertZero = (name: string, value: Expr): void => builder.assertZero(label + name, value);
  const send = (name: string, ...rest: [Parameters<Sender['send']>[1], Parameters<Sender['send']>[2], Expr]): void =>
    builder.send(label + name, ...rest);
  const { top, bottom, limbShift, zeros, power, moved, stayed, window } = c;
  // Else a row would look up -1 times, or -1/2 times, what is in no table, and so make it pass in another row.
  assertZero('only a sum is zero, and once', c.isZero.times(c.isZero.minus(active)));
  const isOther = active.minus(c.isZero);

  // 1. The sum.
  const highLimb = expr(1).minus(limbShift).times(top);
  const magnitude = highLimb
    .times(2 ** 16)
    .plus(bottom)
    .plus(opposed.times(sticky));
  assertZero('the sum adds up', sum.minus(expr(1).minus(c.isNegativeSum.times(2)).times(magnitude)));
  assertZero('the low limb takes the place of the high one', limbShift.times(top.minus(bottom)));
  assertZero('nothing is cut off of a sum of one limb', sticky.times(limbShift));
  const place = zeros.minus(expr(1).minus(limbShift).times(4));
  send(
    'the sum has 28 bits, and 25 of them if anything is cut off',
    RANGE_BUS,
    { claimed: [expr(4).minus(sticky.times(2)), place] },
    isOther,
  );

  // 2. The window, rounded.
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
  send('only a zero has no leading bit', RANGE_BUS, { claimed: [15, window.minus(isOther.times(2 ** 15))] }, active);
  send(
    'the lower limb is rounded to nearest even',
    NEAREST_EVEN_BUS,
    { given: [c.lower.plus(sticky)], claimed: [c.upper, c.increment] },
    active,
  );
  const rounded = window
    .times(2 ** 8)
    .plus(c.upper)
    .plus(c.increment);
  assertZero('a significand that carries is 2^24', c.carries.times(rounded.minus(2 * HIDDEN)));
  const result = c.high.times(2 ** LOW_BITS).plus(c.low);
  assertZero('high and low are the rounded significand', result.minus(rounded).plus(c.carries.times(HIDDEN)));

  // 3. Exponent and sign.
  const shifted = largest.plus(6).minus(zeros).minus(limbShift.times(16)).plus(c.carries);
  send(
    'a result that is not zero is normal, or infinite',
    RESULT_BUS,
    { given: [zeros, power, shifted], claimed: [c.exponent, 1, 0, 0] },
    isOther,
  );
  const zero = (name: string, value: Expr): void => assertZero(`a zero ${name}`, c.isZero.times(value));
  zero('has no low limb', bottom);
  zero('has no window', window);
  zero('is exact', sticky);
  zero('is positive', c.isNegativeSum);
  zero('has the exponent of zeros', c.exponent.minus(ZERO_EXPONENT));
}
