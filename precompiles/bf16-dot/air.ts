/**
 * BF16-DOT chip: one block of 16 products and an accumulator, summed as a Hopper tensor core does. One row a block, for
 * every block of finite operands: normal, subnormal, zero and overflowing results alike.
 *
 * Assumes  OPERAND_BUS carries decoded BF16 (`vm/chips/bf16-decode`), DOT_STATE_BUS states as `state.ts` describes them,
 *          with negative a bit, high < 2^15, low < 2^9.
 * Ensures  the state sent is the one `semantics.ts` gives for the state and operands received, and is the only one.
 * Proof    1. largest is the largest exponent of terms and floor: no distance of a term is negative (each has a row in
 *             `align`), one distance is zero (`attained`: fields have no zero divisors), and `bf16-result` has rows only
 *             for -133 <= largest <= 260, since zeros, limbShift >= 0 and halving <= 1. Terms with special codes are
 *             3,346 and more away from others, and among themselves have a largest of 3,600 and more: no row.
 *          2. Lane: quotient < 2^16 / divisor and remainder < divisor, so quotient * divisor + remainder < 2^16, equal to
 *             |product| <= 65,025 over the integers; the sign is the product's (of a zero either will do). The term
 *             t = +-quotient * multiplier is the product truncated to 25 fractional bits.
 *          3. Accumulator: 4 (2^9 high + low) 2^-d = high * 2^(11-d) + low * 2^(2-d). Truncating each part truncates the
 *             sum: for d <= 11 the first is an integer, for d >= 11 the second is below the first's unit.
 *          4. Sum: |t| <= 65,025 * 2^11 < LIFT = 2033 * 2^16. Adding LIFT to negative lanes makes every term non-negative;
 *             8 of them are below 2^30, and 2^16 highA + lowA with highA < 2^14 is unique mod p. For the other 8 and the
 *             accumulator, lowA + rest - sign * low - 2^16 carry lies in (-1.62 * 10^9, 1.68 * 10^9), so it is 0 over the
 *             integers and not only mod p. With the equation of the high limbs, magnitude and sign are those of the sum.
 *          5. Normalising: limbs move up by `limbShift` limbs and `zeros` bits; top * power < 2^16 and bottom * power < 2^32
 *             lose no bit. `normal` has the top bit set, which fixes the shift; `subnormal` and `tiny` have it clear and
 *             the exponent -126, which fixes it too. `halving` (a shift by -1, exponent -127 to -126) is for largest = -133.
 *             spill < 4 keeps 2^16 spill an integer; that it is below 2 (1 + halving) follows from low < 2^9.
 *          6. Without any of the three kinds the sum itself is zero: top and bottom are, and nothing is halved.
 * Padding  all zero: isReal = 0 silences operands, state and the tables of shifts; ranges are of zeros.
 */
import { array, below, bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { OPERAND_BUS } from '../../vm/buses.ts';
import { COMPLEMENT_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { ALIGN_BUS } from '../align/air.ts';
import { RESULT_BUS } from './result-table.ts';
import { DOT_STATE_BUS, LOW_BITS } from './state.ts';

const LANES = 16;
const HIGH_BITS = 15;
const FLOOR = -133;
/** LIFT = LIFT_LIMB * 2^16: the least multiple of 2^16 above 65,025 * 2^11. */
const LIFT_LIMB = 2033;
/** The same for the accumulator, below 2^26. */
const ACC_LIFT_LIMB = 2 ** 10;
/** carry lies in [0, 17290]; the range checked is [-2^13, 2^15 - 2^13). */
const CARRY_BIAS = 2 ** 13;

const DECODED = 'OPERAND_BUS: a decoded BF16';
const ALIGNED = 'align';

export const bf16DotAir = defineAir({
  name: 'bf16-dot',
  columns: {
    isReal: bit('1 on the row of a block'),
    clk: given('the state bus', 'time of the call'),
    a: given('the state bus', 'hint block of the first operand'),
    b: given('the state bus', 'hint block of the second operand'),
    aSignificand: array(LANES, given(DECODED, 'signed significand of a')),
    aExponent: array(LANES, given(DECODED, 'exponent of a')),
    bSignificand: array(LANES, given(DECODED, 'signed significand of b')),
    bExponent: array(LANES, given(DECODED, 'exponent of b')),
    accNegative: given('the state bus: a bit', 'sign of the accumulator'),
    accHigh: given('the state bus: below 2^15', 'upper 15 bits of the significand'),
    accLow: given('the state bus: below 2^9', 'lower 9 bits of the significand'),
    accExponent: given('the state bus', 'exponent of the accumulator'),

    largest: given('the distances to it, and bf16-result', 'largest exponent, the floor included'),
    attained: array(5, given('a product by constraint', 'running product of the distances to `largest`')),
    isNegative: array(LANES, bit('1 if the product is negative')),
    quotient: array(LANES, given('the complement range', 'what is kept of |product|')),
    remainder: array(LANES, given(ALIGNED, 'what is truncated')),
    divisor: array(LANES, given(ALIGNED, '2^(shift - 11), or 1')),
    multiplier: array(LANES, given(ALIGNED, '2^(11 - shift), or 1, or 0')),
    highQuotient: given('the complement range', 'what is kept of the upper part of the accumulator'),
    highRemainder: given(ALIGNED, 'what is truncated of it'),
    highDivisor: given(ALIGNED, 'as of a lane'),
    highMultiplier: given(ALIGNED, 'as of a lane'),
    lowQuotient: given('the complement range', 'what is kept of the lower part of the accumulator'),
    lowRemainder: given(ALIGNED, 'what is truncated of it'),
    lowDivisor: given(ALIGNED, 'as of a lane'),
    lowMultiplier: given(ALIGNED, 'as of a lane'),

    lowA: below(16, 'low limb of the lifted sum of lanes 0 to 7'),
    highA: below(14, 'its high limb'),
    carry: given('a biased range check', 'carry of the sum into the high limb'),
    isNegativeSum: bit('1 if the sum is negative'),
    bottom: given('the shifted limbs', 'low limb of the magnitude of the sum'),
    top: given('the complement range', 'its high limb, or the low one if the limbs are shifted'),

    limbShift: bit('1 if the high limb is zero and the low one takes its place'),
    zeros: given('bf16-result: 0 to 16', 'further bits that the magnitude is shifted up'),
    power: given('bf16-result', '2^zeros'),
    moved: given('a range check on `zeros` bits', 'bits that move from the low limb to the high one'),
    stayed: given('the complement range', 'bits of the low limb that stay in it, before the shift'),
    halving: bit('1 if the shift is one less than limbShift and zeros say'),
    spill: given('below 4 by constraint', 'bits of the high limb that belong to the lower 9'),
    dropped: given('a range check on 8 + halving bits', 'bits that the result truncates'),
    high: given('a range check less the top bit', 'upper 15 bits of the significand of the result'),
    low: below(LOW_BITS, 'its lower 9 bits'),
    normal: given('bf16-result: a bit', '1 for a normal result, or an infinity'),
    subnormal: given('bf16-result: a bit', '1 for a subnormal result that is not zero'),
    tiny: given('bf16-result: a bit', '1 for a sum that truncates to zero'),
    inverse: given('free: an inverse exists or not', 'inverse of the significand of a subnormal result'),
    negative: given('the product of two bits, by constraint', 'sign of the result; that of a zero is +'),
    exponent: given('bf16-result', 'exponent of the result, or its code'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, clk, a, b, largest } = local;
    const sign = (negative: Expr): Expr => expr(1).minus(negative.times(2));
    const sum = (terms: readonly Expr[]): Expr => terms.reduce((total, term) => total.plus(term));

    receive(
      'the call has come to this block',
      DOT_STATE_BUS,
      { given: [clk, a, b, local.accNegative, local.accHigh, local.accLow, local.accExponent] },
      isReal,
    );
    const block = (index: Expr, significands: readonly Expr[], exponents: readonly Expr[]) => ({
      given: [index, ...significands, ...exponents],
    });
    send('a is a hint block', OPERAND_BUS, block(a, local.aSignificand, local.aExponent), isReal);
    send('b is a hint block', OPERAND_BUS, block(b, local.bSignificand, local.bExponent), isReal);

    // 1. The largest exponent.
    const shifts = local.aExponent.map((e, i) => largest.minus(e).minus(local.bExponent[i]!));
    const accShift = largest.minus(local.accExponent);
    const floorShift = largest.minus(FLOOR);
    const product = (factors: readonly Expr[]): Expr => factors.reduce((p, factor) => p.times(factor));
    for (let i = 0; i < 5; i++) {
      const factors = i === 0 ? shifts.slice(0, 4) : [local.attained[i - 1]!, ...shifts.slice(3 * i + 1, 3 * i + 4)];
      assertZero(`attained[${i}] is the product so far`, local.attained[i]!.minus(product(factors)));
    }
    assertZero('some exponent is the largest', product([local.attained[4]!, accShift, floorShift]));

    // 2. and 3. Every term, aligned and truncated.
    const align = (
      name: string,
      shift: Expr,
      quotient: Expr,
      [remainder, divisor, multiplier]: readonly Expr[],
    ): void => {
      send(`${name} is shifted`, ALIGN_BUS, { given: [shift], claimed: [remainder!, divisor!, multiplier!] }, isReal);
      send(`${name} keeps its upper bits`, COMPLEMENT_RANGE_BUS, { claimed: [divisor!, quotient] }, isReal);
    };
    const terms = shifts.map((shift, i) => {
      const [quotient, remainder] = [local.quotient[i]!, local.remainder[i]!];
      const [divisor, multiplier, signOf] = [local.divisor[i]!, local.multiplier[i]!, sign(local.isNegative[i]!)];
      align(`lane ${i}`, shift, quotient, [remainder, divisor, multiplier]);
      const magnitude = quotient.times(divisor).plus(remainder);
      const exact = local.aSignificand[i]!.times(local.bSignificand[i]!);
      assertZero(`lane ${i} is divided`, signOf.times(magnitude).minus(exact));
      return signOf.times(quotient).times(multiplier);
    });
    const { highQuotient, highRemainder, highDivisor, highMultiplier } = local;
    const { lowQuotient, lowRemainder, lowDivisor, lowMultiplier } = local;
    align('the upper part', accShift, highQuotient, [highRemainder, highDivisor, highMultiplier]);
    align('the lower part', accShift.plus(LOW_BITS), lowQuotient, [lowRemainder, lowDivisor, lowMultiplier]);
    const divided = (name: string, part: Expr, q: Expr, d: Expr, r: Expr): void =>
      assertZero(`the ${name} part is divided`, q.times(d).plus(r).minus(part));
    divided('upper', local.accHigh, highQuotient, highDivisor, highRemainder);
    divided('lower', local.accLow, lowQuotient, lowDivisor, lowRemainder);
    const accTerm = sign(local.accNegative).times(
      highQuotient.times(highMultiplier).plus(lowQuotient.times(lowMultiplier)),
    );

    // 4. The sum, limb by limb.
    const { lowA, highA, carry, top, bottom, limbShift } = local;
    const lifted = terms.map((term, i) => term.plus(local.isNegative[i]!.times(LIFT_LIMB * 2 ** 16)));
    const liftedAcc = accTerm.plus(local.accNegative.times(ACC_LIFT_LIMB * 2 ** 16));
    const lifts = sum(local.isNegative).times(LIFT_LIMB).plus(local.accNegative.times(ACC_LIFT_LIMB));
    const signOfSum = sign(local.isNegativeSum);
    assertZero(
      'lanes 0 to 7 add up',
      sum(lifted.slice(0, 8))
        .minus(highA.times(2 ** 16))
        .minus(lowA),
    );
    assertZero(
      'the low limbs add up',
      sum([lowA, ...lifted.slice(8), liftedAcc])
        .minus(signOfSum.times(bottom))
        .minus(carry.times(2 ** 16)),
    );
    send('carry is in its range', RANGE_BUS, { claimed: [15, carry.plus(CARRY_BIAS)] }, isReal);
    const highLimb = expr(1).minus(limbShift).times(top);
    assertZero('the high limbs add up', highA.plus(carry).minus(lifts).minus(signOfSum.times(highLimb)));

    // 5. The magnitude, shifted so that its leading bit is the top one, or to the exponent of subnormals.
    const { zeros, power, moved, stayed, halving, spill, dropped, high, low, normal, subnormal, tiny } = local;
    assertZero('the low limb takes the place of the high one', limbShift.times(top.minus(bottom)));
    send('top has room to be shifted', COMPLEMENT_RANGE_BUS, { claimed: [power, top] }, isReal);
    send('moved has `zeros` bits', RANGE_BUS, { claimed: [zeros, moved] }, isReal);
    send('stayed has the other bits', COMPLEMENT_RANGE_BUS, { claimed: [power, stayed] }, isReal);
    const shiftedBottom = stayed.times(power);
    assertZero(
      'the low limb is shifted',
      expr(1)
        .minus(limbShift)
        .times(bottom)
        .times(power)
        .minus(moved.times(2 ** 16))
        .minus(shiftedBottom),
    );
    const step = halving.plus(1); // 1, or 2 if the shift is one less
    assertZero('spill is below 4', product([0, 1, 2, 3].map((value) => spill.minus(value))));
    assertZero('the high limb is shifted', top.times(power).plus(moved).minus(step.times(high).times(2)).minus(spill));
    assertZero(
      'the lower bits follow the upper ones',
      spill
        .times(2 ** 16)
        .plus(shiftedBottom)
        .minus(step.times(low).times(2 ** 8))
        .minus(dropped),
    );
    send('dropped has 8 bits, or 9 with halving', RANGE_BUS, { claimed: [halving.plus(8), dropped] }, isReal);
    const belowTop = high.minus(normal.times(2 ** (HIGH_BITS - 1)));
    send('only a normal result has the top bit', RANGE_BUS, { claimed: [HIGH_BITS - 1, belowTop] }, isReal);

    // 6. Kind, exponent and sign of the result.
    const { exponent, inverse, negative } = local;
    const shifted = largest.plus(6).minus(zeros).minus(limbShift.times(16)).plus(halving);
    send(
      'the exponent is that of the kind',
      RESULT_BUS,
      { given: [zeros, power, shifted], claimed: [exponent, normal, subnormal, tiny] },
      isReal,
    );
    const significand = high.times(2 ** LOW_BITS).plus(low);
    const zero = isReal.minus(normal).minus(subnormal).minus(tiny);
    assertZero('a sum of no other kind is zero', zero.times(top.plus(bottom).plus(halving)));
    assertZero('a subnormal result is not zero', subnormal.times(significand.times(inverse).minus(1)));
    assertZero('a tiny result is zero', tiny.times(significand));
    assertZero('a zero is positive', negative.minus(local.isNegativeSum.times(normal.plus(subnormal))));
    send(
      'the call goes on to the next block',
      DOT_STATE_BUS,
      { given: [clk, a.plus(1), b.plus(1)], claimed: [negative, high, low, exponent] },
      isReal,
    );
  },
});
