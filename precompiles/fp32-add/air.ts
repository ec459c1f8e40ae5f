/**
 * FP32-ADD chip: a + b or a - b of finite binary32, exactly; `fp32-round` rounds it. One row an addition.
 *
 * Assumes  the sender's part of `bus.ts`.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones. No row has an infinity or NaN (decoded with
 *          special = 0), as `fp32-add-special` has no other.
 * Proof    1. distance >= 0 since `align` has no other row, so far is the operand with the larger exponent (of equal ones either will do: both
 *             give the same sum with its sign) and near, with the smaller exponent, is shifted.
 *          2. near = 2^16 upper + low is aligned to 8 near 2^-distance in two parts, 256 upper * 2^(11-distance) and
 *             low * 2^(3-distance): for distance <= 19 the first is an integer, beyond the second is below its unit.
 *          3. remains: for distance <= 26, 8 near - aligned * 2^distance = d is what is cut off, and d * multiplier / 8 =
 *             near * multiplier - 2^8 aligned * divisor of the first part, below 2^23: zero exactly if d is. From 27 on
 *             (multiplier 0: `isGone`) all of near is cut off.
 *          4. |8 far +- aligned - remains| < 2^28 is 2^16 w3 + w2 with its sign, an identity of integers.
 *          5. A sum 0 has the sign of its operands if they agree, else - only in mode RDN, and no flags.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { chooseOne } from '../../vm/chips/limbs.ts';
import { COMPLEMENT_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { ALIGN_BUS } from '../align/air.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { FP32_ADD_BUS, FP32_ADD_CHIP } from './bus.ts';

const SENDER = 'the sender on fp32-add';
const DECODED = 'fp32-decode';
const ALIGNED = 'align';
const HALF = inverse(felt(2));
const RDN = 2;

export const fp32AddAir = defineAir({
  name: FP32_ADD_CHIP,
  columns: {
    isReal: bit('1 on the row of an addition'),
    mode: given(SENDER, 'rounding mode'),
    subtract: given(SENDER, '1 for a - b'),
    aLo: given(SENDER, 'low limb of a'),
    aHi: given(SENDER, 'high limb of a'),
    bLo: given(SENDER, 'low limb of b'),
    bHi: given(SENDER, 'high limb of b'),
    outLo: given('fp32-round, or the constraints of a zero', 'low limb of the result'),
    outHi: given('fp32-round, or the constraints of a zero', 'high limb of the result'),
    flags: given('fp32-round, or the constraints of a zero', 'flags of the result'),
    aSign: given(`${DECODED}: a bit`, 'sign of a'),
    aExponent: given(`${DECODED}: 1 to 254`, 'biased exponent of a'),
    aUpper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of a'),
    bDecodedSign: given(`${DECODED}: a bit`, 'sign of b'),
    bExponent: given(`${DECODED}: 1 to 254`, 'biased exponent of b'),
    bUpper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of b'),
    bSign: given('a sum of bits mod 2, by constraint', 'sign of the term b or -b'),
    opposed: given('a sum of bits mod 2, by constraint', '1 if the signs differ'),
    isSwapped: bit('1 if b is far and a is near, 0 the other way round'),
    distance: given('align: not negative', 'exponent of far less that of near'),
    upper: given('one of aUpper and bUpper', 'upper 8 bits of the significand of near'),
    low: given('one of aLo and bLo', 'lower 16 bits of it'),
    upperQuotient: given('the complement range', 'what is kept of 256 upper'),
    upperRemainder: given(ALIGNED, 'what is cut off'),
    upperDivisor: given(ALIGNED, '2^(distance - 11), or 1'),
    upperMultiplier: given(ALIGNED, '2^(11 - distance), or 1, or 0'),
    lowQuotient: given('the complement range', 'what is kept of low'),
    lowRemainder: given(ALIGNED, 'what is cut off'),
    lowDivisor: given(ALIGNED, '2^(distance - 3), or 1'),
    lowMultiplier: given(ALIGNED, '2^(3 - distance), or 1, or 0'),
    isGone: given('two constraints: 1 or 0', '1 if nothing of near is kept, for its distance'),
    multiplierInverse: given('free: an inverse exists or not', 'inverse of upperMultiplier'),
    remains: given('two constraints: 1 or 0', '1 if anything of near is cut off'),
    remainsInverse: given('free: an inverse exists or not', 'inverse of what is'),
    isReversed: bit('1 if near is larger than far and opposed to it'),
    w3: below(12, 'high limb of the magnitude of the sum'),
    w2: u16('its low limb'),
    negative: given('a sum of bits mod 2, by constraint', 'sign of the sum'),
    isZero: given('two constraints: 1 or 0', '1 if the sum is zero'),
    sumInverse: given('free: an inverse exists or not', 'inverse of the magnitude of the sum'),
    isDown: given('two constraints: 1 or 0', '1 in mode RDN'),
    modeInverse: given('free: an inverse exists or not', 'inverse of the distance of the mode to RDN'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, mode, subtract, aLo, aHi, bLo, bHi, outLo, outHi, flags } = local;
    const xor = (a: Expr, b: Expr): Expr => a.plus(b).minus(a.times(b).times(2));
    receive(
      'the addition was asked for',
      FP32_ADD_BUS,
      { given: [mode, subtract, aLo, aHi, bLo, bHi], claimed: [outLo, outHi, flags] },
      isReal,
    );
    const { aSign, aExponent, aUpper, bDecodedSign, bExponent, bUpper, bSign, opposed } = local;
    send('a is finite', FP32_DECODE_BUS, { given: [aHi], claimed: [aSign, aExponent, aUpper, 0] }, isReal);
    send('b is finite', FP32_DECODE_BUS, { given: [bHi], claimed: [bDecodedSign, bExponent, bUpper, 0] }, isReal);
    assertZero('a subtraction turns the sign of b', bSign.minus(xor(bDecodedSign, subtract)));
    assertZero('opposed tells whether the signs differ', opposed.minus(xor(aSign, bSign)));

    // 1. Which operand is near.
    const { isSwapped, distance, upper, low } = local;
    const sign = (isNegative: Expr): Expr => expr(1).minus(isNegative.times(2));
    assertZero('near has the smaller exponent', distance.minus(sign(isSwapped).times(aExponent.minus(bExponent))));
    assertZero('upper is of near', upper.minus(chooseOne(isSwapped, aUpper, bUpper)));
    assertZero('low is of near', low.minus(chooseOne(isSwapped, aLo, bLo)));

    // 2. Near, aligned to far.
    const { upperQuotient, upperRemainder, upperDivisor, upperMultiplier } = local;
    const { lowQuotient, lowRemainder, lowDivisor, lowMultiplier } = local;
    const align = (name: string, part: Expr, shift: Expr, [q, r, d, m]: readonly [Expr, Expr, Expr, Expr]): Expr => {
      send(`the ${name} part is shifted`, ALIGN_BUS, { given: [shift], claimed: [r, d, m] }, isReal);
      send(`the ${name} part keeps its upper bits`, COMPLEMENT_RANGE_BUS, { claimed: [d, q] }, isReal);
      assertZero(`the ${name} part is divided`, q.times(d).plus(r).minus(part));
      return q.times(m);
    };
    const aligned = align('upper', upper.times(2 ** 8), distance, [
      upperQuotient,
      upperRemainder,
      upperDivisor,
      upperMultiplier,
    ]).plus(align('lower', low, distance.plus(8), [lowQuotient, lowRemainder, lowDivisor, lowMultiplier]));

    // 3. What is cut off.
    const { isGone, remains } = local;
    const near = upper.times(2 ** 16).plus(low);
    assertZero('nothing is kept if gone', isGone.times(upperMultiplier));
    assertZero(
      'something is kept unless gone',
      upperMultiplier.times(local.multiplierInverse).minus(isReal.minus(isGone)),
    );
    const cutOff = near
      .times(upperMultiplier)
      .minus(aligned.times(upperDivisor).times(2 ** 8))
      .plus(isGone.times(near));
    assertZero('nothing is cut off unless it remains', remains.not().times(cutOff));
    assertZero('something is cut off if it remains', cutOff.times(local.remainsInverse).minus(remains));

    // 4. The sum.
    const { isReversed, w3, w2, negative } = local;
    const far = aUpper
      .plus(bUpper)
      .times(2 ** 16)
      .plus(aLo)
      .plus(bLo)
      .minus(near);
    const term = sign(opposed).times(aligned).minus(opposed.times(remains));
    const magnitude = w3.times(2 ** 16).plus(w2);
    assertZero('the sum adds up', far.times(8).plus(term).minus(sign(isReversed).times(magnitude)));
    const farSign = chooseOne(isSwapped, bSign, aSign);
    assertZero('the sum has the sign of the larger operand', negative.minus(xor(farSign, isReversed)));

    // 5. Zero, or rounding.
    const { isZero, isDown } = local;
    assertZero('a zero sum is zero', isZero.times(magnitude));
    assertZero('any other is not', magnitude.times(local.sumInverse).minus(isReal.minus(isZero)));
    // The exponents add up to 2 far - distance: bit 63 of the window has the exponent far - 122.
    const exponent = aExponent.plus(bExponent).plus(distance).times(HALF).minus(122);
    send(
      'the sum is rounded',
      FP32_ROUND_BUS,
      { given: [negative, exponent, w3, w2, 0, 0, remains, mode], claimed: [outHi, outLo, flags] },
      isReal.minus(isZero),
    );
    assertZero('isDown tells the mode RDN', isDown.times(mode.minus(RDN)));
    assertZero('another mode is not RDN', mode.minus(RDN).times(local.modeInverse).minus(isReal.minus(isDown)));
    assertZero('a zero has a zero low limb', isZero.times(outLo));
    assertZero(
      'a zero has the sign of its case',
      isZero.times(outHi.minus(chooseOne(opposed, isDown, aSign).times(2 ** 15))),
    );
    assertZero('a zero has no flags', isZero.times(flags));
  },
});
