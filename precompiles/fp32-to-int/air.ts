/**
 * FP32-TO-INT chip: fcvt.w.s and fcvt.wu.s in all rounding modes. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16, the mode is in [0, 4].
 * Ensures  rd and the flags are those of `semantics.ts`.
 * Proof    1. With the significand at the top of a window of 32 bits the magnitude is window * 2^-(158 - exponent). The
 *             distance is 16 q + zeros with zeros in [0, 15] and q in 0, 1, 2; or 48 and more (`far`: nothing but rest is
 *             left); or negative (`over`: 2^32 and above, infinite or NaN). Ranges decide which of the five.
 *          2. Both limbs of the window are split at `zeros` bits, as integers: stay < 2^zeros and cross < 2^(16 - zeros). So
 *             2^8 lower is below 2^16, and 2^8 times the low limb is 2^16 middle + 2^8 lower < 2^25 as integers.
 *             Moved by zeros bits they are three limbs, moved by q limbs more an integer part of 32 bits, `first`, the 16
 *             bits after the point, and what is below, which is 0 exactly if it adds up to 0.
 *          3. The table of rounding has the increment for last bit, first bit after the point, and rest. There is rest or
 *             a first bit only if the integer part is below 2^24: the rounded magnitude stays below 2^32. `top` is its
 *             highest bit, and it is 0 or 2^31 exactly if the other 31 add up to 0.
 *          4. value = magnitude or its two's complement (`addUp`). Signed it does not fit above 2^31 - 1, or 2^31 if
 *             negative; unsigned it does not fit if negative, unless 0. On `over` rows the magnitude is 0, which fits.
 * Padding  all zero: silent on every bus but the ranges of zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr, sum } from '../../stark/air/expr.ts';
import { addUp, choose, chooseOne } from '../../vm/chips/limbs.ts';
import { COMPLEMENT_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { flagsColumns, fp32Columns, fp32Frame, roundingColumns } from '../fp32-frame/air.ts';
import { POWER_BUS, ROUNDING_BUS } from '../fp32-round/tables.ts';

const DECODED = 'fp32-decode';
const ROUNDED = 'fp32-rounding: a bit';
const INVERSE = 'free: an inverse exists or not';
const [SIGNED, UNSIGNED] = [opOf('fcvt.w.s'), opOf('fcvt.wu.s')];
/** Exponent of a word whose window is the integer. */
const INTEGER = 158;

export const fp32ToIntAir = defineAir({
  name: 'fp32-to-int',
  columns: {
    ...fp32Columns,
    ...roundingColumns,
    ...flagsColumns,
    isUnsigned: bit('1 for fcvt.wu.s'),
    sign: given(`${DECODED}: a bit`, 'sign of fs1'),
    exponent: given(`${DECODED}: 1 to 255`, 'biased exponent of fs1'),
    upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of its significand'),
    special: given(`${DECODED}: a bit`, '1 if it is an infinity or NaN'),
    isNan: given('three constraints: 1 or 0', '1 if it is a NaN'),
    nanInverse: given(INVERSE, 'inverse of the fraction of a NaN'),
    middle: below(8, 'next 8 bits of the significand'),
    lower: given('the split of the lower limb: 2^8 lower is below 2^16', 'lowest 8 bits of the significand'),
    q: array(3, bit('1 if the window moves down by 0, 1, 2 limbs and `zeros` bits')),
    far: bit('1 if it moves down by 48 bits or more'),
    over: bit('1 if the magnitude is 2^32 or more, or a NaN'),
    zeros: given('fp32-power: 0 to 15', 'bits that the window moves down'),
    power: given('fp32-power', '2^zeros'),
    coPower: given('a constraint', '2^(16 - zeros)'),
    highCross: given('the complement range', 'upper limb of the window over 2^zeros'),
    highStay: given('a range check on `zeros` bits', 'the other bits of that limb'),
    lowCross: given('the complement range', 'lower limb of the window over 2^zeros'),
    lowStay: given('a range check on `zeros` bits', 'the other bits of that limb'),
    middleLimb: given('a sum of parts: a limb', 'second limb of the window moved by `zeros` bits'),
    lowLimb: given('a product of parts: a limb', 'third limb of the window moved by `zeros` bits'),
    integerHi: given('a choice of limbs', 'high limb of the integer part'),
    half: below(15, 'low limb of the integer part over 2'),
    odd: bit('last bit of the integer part'),
    first: bit('first bit after the point'),
    others: below(15, 'the next 15 bits'),
    rest: given('two constraints: 1 or 0', '1 if anything is after the first bit'),
    restInverse: given(INVERSE, 'inverse of what is'),
    increment: given(ROUNDED, '1 if the magnitude is incremented'),
    inexact: given(ROUNDED, '1 if anything is after the point'),
    carries: given(`${ROUNDED}, unused`, 'for the underflow of binary32'),
    infinite: given(`${ROUNDED}, unused`, 'for the overflow of binary32'),
    carry: bit('carry of the increment'),
    magnitudeLo: u16('low limb of the rounded magnitude'),
    top: bit('highest bit of the rounded magnitude'),
    body: below(15, 'the other bits of its high limb'),
    flat: given('two constraints: 1 or 0', '1 if the rounded magnitude is 0 or 2^31'),
    flatInverse: given(INVERSE, 'inverse of what the other 31 bits add up to'),
    valueLo: u16('low limb of the integer mod 2^32'),
    valueHi: u16('high limb of the integer mod 2^32'),
    invalid: given('a constraint: a bit', '1 if the integer does not fit'),
    flags: given('a constraint: 0, 1 or 16', 'flags of the result'),
    outLo: given('a constraint: a limb', 'low limb of the result'),
    outHi: given('a constraint: a limb', 'high limb of the result'),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal, mode, isUnsigned, sign, exponent, upper, special, isNan, middle, lower } = local;
    const { q, far, over, zeros, power, coPower, outLo, outHi } = local;
    const [q0, q1, q2] = q as readonly [Expr, Expr, Expr];
    const op = isUnsigned.times(UNSIGNED - SIGNED).plus(SIGNED);
    fp32Frame(builder, local, { op, result: { lo: outLo, hi: outHi }, raised: local.flags });

    const claimed = [sign, exponent, upper, special];
    send('the high limb is decoded', FP32_DECODE_BUS, { given: [local.rs1Hi], claimed }, isReal);
    assertZero('the low limb is two bytes', local.rs1Lo.minus(middle.times(2 ** 8)).minus(lower));
    const fraction = upper
      .minus(2 ** 7)
      .times(2 ** 16)
      .plus(local.rs1Lo);
    assertZero('a NaN is special', isNan.times(special.not()));
    assertZero('an infinity has no fraction', special.times(isNan.not()).times(fraction));
    assertZero('a NaN has a fraction', isNan.times(fraction.times(local.nanInverse).minus(1)));

    // 1. The distance.
    assertZero('one move is chosen', sum([...q, far, over]).minus(isReal));
    const near = sum(q);
    const distance = expr(INTEGER).minus(exponent);
    assertZero(
      'the distance is limbs and bits',
      near.times(distance.minus(zeros)).minus(q1.times(16)).minus(q2.times(32)),
    );
    send('far is 48 or more', RANGE_BUS, { claimed: [8, distance.minus(48)] }, far);
    send('over is below 0', RANGE_BUS, { claimed: [8, distance.times(-1).minus(1)] }, over);
    send('power is 2^zeros', POWER_BUS, { claimed: [zeros, power] }, isReal);
    assertZero('power and its complement are those of a limb', power.times(coPower).minus(isReal.times(2 ** 16)));

    // 2. The window, moved.
    const split = (name: string, limb: Expr, cross: Expr, stay: Expr): void => {
      assertZero(`the ${name} limb is split`, limb.minus(cross.times(power)).minus(stay));
      send(`the ${name} limb gives its upper bits`, COMPLEMENT_RANGE_BUS, { claimed: [power, cross] }, isReal);
      send(`the ${name} limb keeps \`zeros\` bits`, RANGE_BUS, { claimed: [zeros, stay] }, isReal);
    };
    const { highCross, highStay, lowCross, lowStay, middleLimb, lowLimb, integerHi } = local;
    split('upper', upper.times(2 ** 8).plus(middle), highCross, highStay);
    split('lower', lower.times(2 ** 8), lowCross, lowStay);
    assertZero('the middle limb is made of both', middleLimb.minus(highStay.times(coPower)).minus(lowCross));
    assertZero('the low limb is made of the lower one', lowLimb.minus(lowStay.times(coPower)));
    const { half, odd, first, others, rest } = local;
    assertZero('the high limb of the integer part', integerHi.minus(q0.times(highCross)));
    const integerLo = half.times(2).plus(odd);
    const movedLo = q0.times(middleLimb).plus(q1.times(highCross));
    assertZero('the low limb of the integer part', integerLo.minus(movedLo));
    const afterPoint = q0.times(lowLimb).plus(q1.times(middleLimb)).plus(q2.times(highCross));
    assertZero(
      'the first bits after the point',
      first
        .times(2 ** 15)
        .plus(others)
        .minus(afterPoint),
    );
    const dropped = q1
      .times(lowLimb)
      .plus(q2.times(middleLimb.plus(lowLimb)))
      .plus(far.times(upper.plus(local.rs1Lo)));
    const remaining = others.plus(dropped);
    assertZero('without rest nothing remains', rest.not().times(remaining));
    assertZero('with rest something remains', remaining.times(local.restInverse).minus(rest));

    // 3. Rounding.
    const { increment, inexact, carries, infinite, carry, magnitudeLo, top, body, flat } = local;
    send(
      'the mode decides',
      ROUNDING_BUS,
      {
        given: [mode, sign, odd.times(8).plus(first.times(4)), rest],
        claimed: [increment, inexact, carries, infinite],
      },
      isReal,
    );
    assertZero(
      'the low limb is incremented',
      integerLo
        .plus(increment)
        .minus(carry.times(2 ** 16))
        .minus(magnitudeLo),
    );
    const magnitudeHi = top.times(2 ** 15).plus(body);
    assertZero('the high limb takes the carry', integerHi.plus(carry).minus(magnitudeHi));
    const below31 = body.plus(magnitudeLo);
    assertZero('a flat magnitude has no other bits', flat.times(below31));
    assertZero('any other has some', below31.times(local.flatInverse).minus(isReal).plus(flat));

    // 4. The integer.
    const { invalid, flags } = local;
    const magnitude = { lo: magnitudeLo, hi: magnitudeHi };
    const value = { lo: local.valueLo, hi: local.valueHi };
    const nothing = { lo: expr(0), hi: expr(0) };
    addUp(builder, choose(sign, value, magnitude), choose(sign, magnitude, nothing), choose(sign, nothing, value));
    const tooLarge = top.times(sign.times(flat).not());
    const belowZero = sign.times(flat.times(top.not()).not());
    assertZero('invalid is what does not fit', invalid.minus(over).minus(chooseOne(isUnsigned, belowZero, tooLarge)));
    assertZero('the flags are those of the case', flags.minus(chooseOne(invalid, expr(16), inexact)));
    const low = sign.times(isNan.not());
    const saturatedHi = chooseOne(low, isUnsigned.not().times(2 ** 15), isUnsigned.times(2 ** 15).plus(0x7fff));
    assertZero(
      'the low limb is the integer or saturated',
      outLo.minus(chooseOne(invalid, low.not().times(0xffff), value.lo)),
    );
    assertZero('the high limb is the integer or saturated', outHi.minus(chooseOne(invalid, saturatedHi, value.hi)));
  },
});
