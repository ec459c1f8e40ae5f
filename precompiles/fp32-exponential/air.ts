/**
 * FP32-EXPONENTIAL chip: M = e^U in fixed point, from two tables of logarithms and short products. One row a pair (U, M).
 *
 * Assumes  the sender's part of `bus.ts`: integers |powerUpper| < 2^27, |powerMiddle| < 2^29 + 2^24,
 *          powerLower in [0, 3 * 2^24).
 * Ensures  M = 2^-24 valueUpper + 2^-36 value36 + 2^-48 value48 + 2^-72 valueLower with the ranges of `bus.ts`, and
 *          |M - e^U| <= 37 units of 2^-72, for every row that is accepted: any head, step, w and carries in their ranges.
 * Proof    Write u for 2^-72, L1 = ln(2^-12 head), L2 = ln(1 + 2^-24 step), W = 2^-36 w0, w' = 2^-48 w1 + 2^-60 w2 + 2^-73 w3,
 *          so |W| <= 2^-24, 0 <= w' < 2^-36 + 2^-45, and P = 2^-12 head + 2^-36 head step.
 *          1. U = L1 + L2 + W + W^2 / 2 + w' but for the rounding of two table entries, 1 u. The limbs on the bus are linear in
 *             the row. Twice the lower one is 2 (L1 + L2 + 2^12 w2 - 3 * 2^24) + w3 + w0^2, with all terms and the sender's
 *             below 2^29 in magnitude; of the middle one, |2^24 powerCarry| <= 2^30 and the others are below 2^27; both are
 *             equal as integers, since they differ by less than p. The upper one is a sum of integers below 2^25.
 *          2. Hence e^U = e^(W + W^2/2 + w') P to 1 u. -ln(1 - W) is W + W^2 / 2 to |W|^3 / 3 < 0.34 u, and -ln(1 - w') is w' to
 *             w'^2 / 2 < 0.51 u: e^U = P / ((1 - W) (1 - w')) to 1.85 u relative, 3.8 u since e^U < 2.01.
 *          3. The five equations of digits hold over the integers: sums of products are below 2^28.3 in magnitude (factors:
 *             head, w3 <= 2^13; w0, w1, digits, carry36 <= 2^12; |carry48| <= 2^14; w2 < 2^15), 2^12 or 2^13 times the carries
 *             below 2^29. Added up by weight, they say M = P + (what they multiply) - 2^-85 left.
 *          4. They multiply M by W + w' and take away M W w', but for terms below 2^-84. With the digits and c48 = carry48,
 *             in units u: left out are w0 times digit 60 (1), w1 times digit 48 (1), w2 times digit 36 (8), w3 times
 *             carry36 (1); 2^-36 c48 is M - P less than one 2^-36, and M W = M - P - M w' + M W w', so that w1 c48 in the place
 *             of M W w1 errs by 2.1; M W times the rest of w' is left out (16.1); `left` is below 2^15 (4).
 *             So M (1 - W) (1 - w') = P to 33.2 u. With 2. that is 37 u.
 *          5. valueUpper = 2^12 head + carry36, head in [2248, 8192], |carry36| <= 2^12.
 * Padding  all zero: isReal = 0 silences bus and tables; ranges are of zeros, and the digits of zero products are zero.
 */
import { array, below, bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { expr } from '../../stark/air/expr.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { EXPONENTIAL_BUS, EXPONENTIAL_CHIP } from './bus.ts';
import { HEAD_LOG_BUS, STEP_LOG_BUS } from './log-tables.ts';

/** Carries are in [-offset, 2^bits - offset), in the order of the digits. */
export const CARRY_BITS = [13, 15, 16, 16, 16] as const;
export const CARRY_OFFSETS = [2 ** 12, 2 ** 14, 2 ** 15, 2 ** 13, 3 * 2 ** 13] as const;
/** Units of 2^-48 that w2 takes from the digits above it, so that it is not negative. */
export const LENT = 3;
const HALF = inverse(felt(2));

export const fp32ExponentialAir = defineAir({
  name: EXPONENTIAL_CHIP,
  columns: {
    isReal: bit('1 on the row of a pair'),
    head: given('fp32-head-log: 2248 to 8192', 'leading digit of M'),
    headLog: array(3, given('fp32-head-log', 'limbs of ln(2^-12 head), the upper one first')),
    step: given('fp32-step-log: -3750 to 3750', 'what M is above the head, in units of 2^-24 of it'),
    stepLog: array(3, given('fp32-step-log', 'limbs of ln(1 + 2^-24 step), the upper one first')),
    powerCarry: given('a range check: -64 to 63', 'upper limb of U less those of the logarithms'),
    w0: given('a range check: -2^12 to 2^12 - 1', 'W = 2^-36 w0'),
    w1: below(12, 'digit of w at 2^-48'),
    w2: below(15, 'digit of w at 2^-60, not normalised'),
    w3: below(13, 'digit of w at 2^-73'),
    square: given('a constraint', 'w0 squared'),
    carry: array(5, given('range checks', 'carries out of the sums at 2^-36, 2^-48, 2^-60, 2^-72, 2^-85')),
    digit: array(4, below(12, 'digits of M at 2^-36, 2^-48, 2^-60, 2^-72')),
    left: below(15, 'what is left of the sum at 2^-85'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, head, headLog, step, stepLog, powerCarry, w0, w1, w2, w3, square, carry, digit, left } = local;
    const value = [head.times(4096).plus(carry[0]!), digit[0]!, digit[1]!, digit[2]!.times(4096).plus(digit[3]!)];

    // 1. U from the tables and w.
    send('head has this logarithm', HEAD_LOG_BUS, { given: [head], claimed: headLog }, isReal);
    send('step has this logarithm', STEP_LOG_BUS, { given: [step], claimed: stepLog }, isReal);
    const logs = [0, 1, 2].map((limb) => headLog[limb]!.plus(stepLog[limb]!));
    const lower = logs[2]!
      .plus(w2.times(2 ** 12))
      .minus(LENT * 2 ** 24)
      .plus(w3.plus(square).times(HALF));
    const middle = logs[1]!
      .plus(w0.times(2 ** 12))
      .plus(w1)
      .plus(LENT)
      .minus(powerCarry.times(2 ** 24));
    assertZero('square is that of w0', square.minus(w0.times(w0)));
    send('w0 is below 2^12 in magnitude', RANGE_BUS, { claimed: [13, w0.plus(2 ** 12)] }, isReal);
    send('powerCarry is below 64 in magnitude', RANGE_BUS, { claimed: [7, powerCarry.plus(64)] }, isReal);

    // 3. M by sums of products at falling weights.
    const sums = [
      head.times(step),
      w0.times(head),
      w0.times(carry[0]!).plus(w1.times(head)),
      w0.times(digit[0]!).plus(w1.times(carry[0]!)).plus(w2.times(head)),
      w0
        .times(digit[1]!)
        .plus(w1.times(digit[0]!.minus(carry[1]!)))
        .plus(w2.times(carry[0]!))
        .times(2)
        .plus(w3.times(head)),
    ];
    const names = ['2^-36', '2^-48', '2^-60', '2^-72', '2^-85'];
    sums.forEach((total, k) => {
      const [out, rest, radix] = k < 4 ? [digit[k]!, carry[k + 1]!, 2 ** 12] : [left, expr(0), 2 ** 13];
      assertZero(`the sum at ${names[k]} adds up`, total.plus(rest).minus(carry[k]!.times(radix)).minus(out));
      const offset = carry[k]!.plus(CARRY_OFFSETS[k]!);
      send(`carry[${k}] is in range`, RANGE_BUS, { claimed: [CARRY_BITS[k]!, offset] }, isReal);
    });
    receive(
      'the exponential was asked for',
      EXPONENTIAL_BUS,
      { given: [logs[0]!.plus(powerCarry), middle, lower], claimed: value },
      isReal,
    );
  },
});
