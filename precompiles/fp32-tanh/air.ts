/**
 * FP32-TANH chip: the hyperbolic tangent of a binary32 with magnitude in [2^-12 + 2^-19, 2^3), rounded to nearest even
 * without `fp32-round`: the significand is the quotient itself. One row a result; `fp32-tanh-special` has the others.
 *
 *     2 abs(a) = n ln 2 + U,   M = e^U,   s = 2^-n,   T = tanh abs(a) = (M - s) / (M + s)
 *
 * Assumes  the sender's part of `fp32-function`: limbs of a below 2^16. `fp32-exponential` has M within 37 units of 2^-72 of
 *          e^U, with valueUpper below 2^26 and its other digits in their ranges.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones. No row has an operand without a window.
 * Proof    D = M + s in digits of 12 bits: d1 < 2^13 + 2^12, d2 < 2^12 + 2^11, the others of M alone. K = 2^k, k = k0 + isLess.
 *          O = 2^16 outHead + lo is the significand less its leading bit, F = 2^24 + 2 O - guard, f1 and f2 its digits below
 *          2^24; the quotient is Q = 2^-24 F + 2^-36 further[0] + 2^-48 further[1].
 *          1. The window is that of the high limb of abs(a). lo * power = 2^15 high + low: both sides are below 2^30, so they
 *             are equal as integers and U is 2 abs(a) - n ln 2 to 2^-73, in [-0.38, 0.38]. M is e^U to 38 units of 2^-72.
 *          2. The digits of M are integers: of a number below 2^26 that is split at 2^12 the lower part has a range, and the
 *             upper part too, which for value12 comes from the remainder (d1 is between -32 and 2^15). So both sides of the
 *             split are integers below 2^28 in magnitude.
 *          3. X[j], the sum of products at 2^-12j, is in [-7 * 2^24, 2^26) for j >= 3, carries are below 2^15 in magnitude,
 *             remainders below 2^16, so the equations of columns 3 to 6 hold over the integers. So does that of columns 1
 *             and 2, in units of 2^-24: by the window K (M - s) < 4 D, and all its terms are below 2^28.
 *             Together K (M - s) - Q D = 2^-60 remainder + 2^-72 dropped - C, where C, the products below 2^-72, is between
 *             -1 and 5 units of 2^-60. So 2^60 (K (M - s) - Q D) is in [-21, 2^12 D + 33].
 *          4. D > 0.68: K (M - s) / D is in [Q - 2^-55, Q + 2^-48 + 2^-54], so 2^24 times it in [F - 2^-31, F + 1 + 2^-30].
 *             38 units of M move (M - s) / D by 19 if n = 0, and K <= 2^13; by 28 else, and K <= 2^4. So 2^24 K T is within
 *             2^-30.7 of that, in [F - 2^-29, F + 1 + 2^-29].
 *          5. F is in [2^24, 2^25): O is below 2^23, and not 0 with guard.
 *             Midpoints of binary32 numbers are odd in units of 2^-(24 + k), and no T is within 2^-25.6 of one (exhaustive
 *             search, docs/decisions/0007-correctly-rounded-functions.md; the least distance is that of 3ac37de2). So between
 *             F and F + 1 the nearest is F if even, F + 1 if odd: 2^24 + 2 O. Where T is next to an even number both rows
 *             give that number. No T is a binary32 number or a midpoint: the result is inexact.
 *          An operand whose T is less than a power of two by 2^-25 of it would have no row; there is none (tests).
 * Padding  all zero: isReal = 0 silences buses; ranges are of zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr, sum } from '../../stark/air/expr.ts';
import { opOf } from '../../vm/isa/op.ts';
import { EXPONENTIAL_BUS } from '../fp32-exponential/bus.ts';
import { FP32_FUNCTION_BUS } from '../fp32-function-call/bus.ts';
import { FP32_TANH_CHIP, TANH_WINDOW_BUS } from './bus.ts';

const SENDER = 'the sender on fp32-function';
const WINDOW = 'fp32-tanh-window';
const RELATION = 'fp32-exponential';
const ANSWER = 'the quotient, and a range check';
const RADIX = 2 ** 12;
const INEXACT = 1;
/** Carries out of columns 5, 4, 3 are in [-7 * 2^12, 2^12), that out of column 6 in [-1280, 768). */
const CARRY_OFFSET = 7 * RADIX;
const LAST_CARRY_OFFSET = 1280;
/** What the products left out can move the remainder by. */
const SLACK = 16;

export const fp32TanhAir = defineAir({
  name: FP32_TANH_CHIP,
  columns: {
    isReal: bit('1 on the row of a result'),
    aLo: given(SENDER, 'low limb of a'),
    aSign: bit('sign of a'),
    key: given(WINDOW, 'high limb of a without its sign'),
    power: given(`${WINDOW}: 1 to 2^14`, 'what the low limb of a is worth in 2 a, in units of 2^-34'),
    upper: given(WINDOW, '2 a - n ln 2 without the low limb of a, multiple of 2^-24'),
    middle: given(WINDOW, 'multiple of 2^-48'),
    lower: given(WINDOW, 'multiple of 2^-72'),
    unitUpper: given(`${WINDOW}: below 2^13`, '2^-n in units of 2^-12, 0 if n > 12'),
    unitLower: given(`${WINDOW}: below 2^12`, '2^-n in units of 2^-24, 0 if n <= 12'),
    k0: given(`${WINDOW}: 1 to 12`, '1 - k0 is the exponent above all results of the window'),
    factor: given(WINDOW, '2^k0'),
    isLess: bit('1 if the result has one exponent less'),
    high: below(15, 'upper part of the low limb times power'),
    low: below(15, 'lower part of the low limb times power'),
    valueUpper: given(RELATION, 'M in units of 2^-24'),
    value36: given(`${RELATION}: below 2^12`, 'digit of M at 2^-36'),
    value48: given(`${RELATION}: below 2^12`, 'digit of M at 2^-48'),
    valueLower: given(`${RELATION}: below 2^24`, 'digits of M at 2^-60 and 2^-72'),
    value12: given('the range of the remainder', 'digit of M at 2^-12'),
    value60: below(12, 'digit of M at 2^-60'),
    outLo: given(ANSWER, 'low limb of the result'),
    outHead: below(7, 'the 7 bits of the significand in its high limb'),
    outMiddle: below(5, 'upper 5 bits of the low limb'),
    guard: bit('1 if half a unit was added'),
    outInverse: given('free: an inverse exists or not', 'inverse of the significand less its leading bit'),
    further: array(2, below(12, 'digits of the quotient at 2^-36 and 2^-48')),
    carry: array(3, given('a range check: -7 * 2^12 to 2^12 - 1', 'carries out of columns 3, 4, 5')),
    lastCarry: given('a range check: -1280 to 767', 'carry out of column 6, in units of 2^-56'),
    dropped: u16('what is left of column 6'),
    remainder: given('two range checks: -16 to 16 more than the upper digit of D', 'what is left of column 5'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, aLo, aSign, key, power, upper, middle, lower, unitUpper, unitLower, k0, factor, isLess } = local;
    const { high, low, valueUpper, value36, value48, valueLower, value12, value60 } = local;
    const { outLo, outHead, outMiddle, guard, further, carry, lastCarry, dropped, remainder } = local;
    const sign = aSign.times(2 ** 15);
    const biased = expr(127).minus(k0).minus(isLess);
    const outHi = sign.plus(biased.times(2 ** 7)).plus(outHead);
    receive(
      'the hyperbolic tangent was asked for',
      FP32_FUNCTION_BUS,
      { given: [opOf('fp32.tanh'), aLo, key.plus(sign)], claimed: [outLo, outHi, INEXACT] },
      isReal,
    );

    // 1. M = e^U.
    send(
      'the high limb is in this window',
      TANH_WINDOW_BUS,
      { given: [key], claimed: [power, upper, middle, lower, unitUpper, unitLower, k0, factor] },
      isReal,
    );
    assertZero(
      'the low limb is worth high and low',
      aLo
        .times(power)
        .minus(high.times(2 ** 15))
        .minus(low),
    );
    send(
      'M is the exponential',
      EXPONENTIAL_BUS,
      {
        given: [upper.plus(high.times(2 ** 5)), middle.plus(low.times(2 ** 14)), lower],
        claimed: [valueUpper, value36, value48, valueLower],
      },
      isReal,
    );

    // 2. Digits 1 to 6 of M - s and D = M + s, 1 to 4 of the quotient.
    const value24 = valueUpper.minus(value12.times(RADIX));
    const value72 = valueLower.minus(value60.times(RADIX));
    const outEnd = outLo.minus(outMiddle.times(2 ** 11));
    const range = (name: string, bits: number, value: Expr): void =>
      send(name, RANGE_BUS, { claimed: [bits, value] }, isReal);
    range('the digit of M at 2^-24 is below 2^12', 12, value24);
    range('the digit of M at 2^-72 is below 2^12', 12, value72);
    range('the lower part of the low limb is below 2^11', 11, outEnd);
    const last = [value36, value48, value60, value72];
    const difference = [value12.minus(unitUpper), value24.minus(unitLower), ...last];
    const divisor = [value12.plus(unitUpper), value24.plus(unitLower), ...last];
    const quotient = [outHead.times(2 ** 5).plus(outMiddle), outEnd.times(2).minus(guard), ...further];

    // 3. The division, by columns.
    const scale = factor.times(isLess.plus(1));
    const column = (j: number): Expr => {
      const products = quotient.slice(0, j - 1).map((digit, i) => divisor[j - 2 - i]!.times(digit));
      return difference[j - 1]!.times(scale)
        .minus(divisor[j - 1]!)
        .minus(sum(products));
    };
    assertZero('columns 1 and 2 cancel the carry', column(1).times(RADIX).plus(column(2)).plus(carry[0]!));
    assertZero('column 3 is carried', column(3).plus(carry[1]!).minus(carry[0]!.times(RADIX)));
    assertZero('column 4 is carried', column(4).plus(carry[2]!).minus(carry[1]!.times(RADIX)));
    assertZero(
      'column 5 is carried but for the remainder',
      column(5)
        .plus(lastCarry.times(2 ** 4))
        .minus(carry[2]!.times(RADIX))
        .minus(remainder),
    );
    assertZero(
      'column 6 is carried but for what is dropped',
      column(6)
        .minus(lastCarry.times(2 ** 16))
        .minus(dropped),
    );
    for (const [i, each] of carry.entries()) {
      range(`the carry out of column ${i + 3} has 15 bits`, 15, each.plus(CARRY_OFFSET));
    }
    range('the carry out of column 6 has 11 bits', 11, lastCarry.plus(LAST_CARRY_OFFSET));
    range('the remainder is not negative', 14, remainder.plus(SLACK));
    range('the remainder is below the divisor', 14, divisor[0]!.plus(SLACK).minus(remainder));

    // 5. F is in [2^24, 2^25).
    const out = outHead.times(2 ** 16).plus(outLo);
    assertZero('half a unit is added to something', out.times(local.outInverse).minus(guard));
  },
});
