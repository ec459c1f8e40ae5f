/**
 * FP32-FMA chip: (-1)^negateProduct a * b + (-1)^negateAddend c of finite binary32, a and b not zero, exactly;
 * `fp32-round` rounds it once. One row an operation.
 *
 * Assumes  the sender's part of `bus.ts`.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones. No row has an infinity or NaN (decoded with
 *          special = 0), nor a zero a or b, as `fp32-special` has no others.
 * Proof    1. Significands A, B, C below 2^24; A and B as bytes. The sum is A B 2^32 +- C 2^place in units of
 *             2^(aExponent + bExponent - 332), place = 182 + cExponent - aExponent - bExponent.
 *          2. `place` beyond [0, 82] is replaced by the nearest end, which rounds to the same: below 0 (isFar) one of a
 *             and b is normal and the product at least 2^23 units of its own, while C 2^(place - 32) < 1/4 of one; above
 *             82 (isHuge, C not 0) the product is less than 1/4 of the unit of c, and moves up with it by `excess`. No
 *             boundary of rounding or of tininess is strictly between an integer of that size and its distance 1/4.
 *             A zero c needs no place.
 *          3. C 2^place = (2^16 second + first) 2^(16 limbs): first < 2^16, second < 2^24, from an exact split of the lower
 *             limb: both sides of it are multiples of 2^zeros below 2^32, and p is odd.
 *          4. Per limb, product +- addend + carry in = +-sum + 2^16 carry out: terms below 2^27 in magnitude, so these are
 *             integers, and together the exact sum of both signed terms, in seven limbs.
 *          5. The sum is W of four limbs above `drop` others, which only say whether anything is in them. With drop > 0 the
 *             highest limb is not 0: W has 49 bits. With drop = 0 nothing is cut off. Which drop is chosen makes no difference.
 *          6. A sum is 0 only if exact and of opposed signs (the product is not 0): +0, in mode RDN -0, no flags.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr, sum } from '../../stark/air/expr.ts';
import { INVERSE_2_8 } from '../../vm/chips/limbs.ts';
import { productLimbs } from '../../vm/chips/product.ts';
import { COMPLEMENT_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { POWER_BUS } from '../fp32-round/tables.ts';
import { FP32_FMA_BUS, FP32_FMA_CHIP } from './bus.ts';

const SENDER = 'the sender on fp32-fma';
const DECODED = 'fp32-decode';
const ROUNDED = 'fp32-round, or the constraints of a zero';
const SIGN = 'a sum of bits mod 2, by constraint';
const FREE = 'free: an inverse exists or not';
const RDN = 2;
/** Largest place of C; the sum stays below 2^112. */
const LARGEST_PLACE = 82;
/** Carries are in [-2^8, 3 * 2^8). */
const CARRY_OFFSET = 2 ** 8;

export const fp32FmaAir = defineAir({
  name: FP32_FMA_CHIP,
  columns: {
    isReal: bit('1 on the row of an operation'),
    mode: given(SENDER, 'rounding mode'),
    negateProduct: given(`${SENDER}: a bit`, '1 for -(a * b)'),
    negateAddend: given(`${SENDER}: a bit`, '1 for -c'),
    aLo: given(SENDER, 'low limb of a'),
    aHi: given(SENDER, 'high limb of a'),
    bLo: given(SENDER, 'low limb of b'),
    bHi: given(SENDER, 'high limb of b'),
    cLo: given(SENDER, 'low limb of c'),
    cHi: given(SENDER, 'high limb of c'),
    outLo: given(ROUNDED, 'low limb of the result'),
    outHi: given(ROUNDED, 'high limb of the result'),
    flags: given(ROUNDED, 'flags of the result'),
    aSign: given(`${DECODED}: a bit`, 'sign of a'),
    aExponent: given(`${DECODED}: 1 to 254`, 'biased exponent of a'),
    aUpper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of a'),
    bSign: given(`${DECODED}: a bit`, 'sign of b'),
    bExponent: given(`${DECODED}: 1 to 254`, 'biased exponent of b'),
    bUpper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of b'),
    cSign: given(`${DECODED}: a bit`, 'sign of c'),
    cExponent: given(`${DECODED}: 1 to 254`, 'biased exponent of c'),
    cUpper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of c'),
    aLowest: below(8, 'lowest byte of a'),
    bLowest: below(8, 'lowest byte of b'),
    factorsInverse: given(FREE, 'inverse of the product of the significands of a and b'),
    productSign: given(SIGN, 'sign of the product'),
    opposed: given(SIGN, '1 if the addend has the other sign'),
    isFar: bit('1 if c is moved up to place 0'),
    isHuge: bit('1 if the product is moved up so that c is at the largest place'),
    excess: below(9, 'how far the place is beyond the end that is used'),
    addendIsZero: given('a constraint: 0 unless c is 0', '1 if c is a zero without a place'),
    addendInverse: given(FREE, 'inverse of the significand of c'),
    limbs: array(6, bit('1 if c is moved up by 0, 1, .. 5 limbs and `zeros` bits')),
    zeros: given('fp32-power: 0 to 15', 'bits that c is moved up'),
    power: given('fp32-power', '2^zeros'),
    movedLow: given('a range check on `zeros` bits', 'bits of the low limb of c that move out of it'),
    stayedLow: given('the complement range', 'the other bits of that limb'),
    dropped: array(3, u16('limbs of the sum below W, the lowest first, if they are')),
    w: array(4, u16('limbs of W, the lowest first')),
    drop: array(4, bit('1 if 0, 1, 2, 3 limbs of the sum are below W')),
    borrow: given('a constraint: -1, 0 or 1', 'carry out of limb 0 of the sum'),
    carry: array(5, given('a range check: -2^8 to 3 * 2^8 - 1', 'carries out of limbs 1 to 5')),
    isReversed: bit('1 if the addend is larger than the product and opposed to it'),
    negative: given(SIGN, 'sign of the sum'),
    exponent: given('a constraint', 'exponent of bit 63 of W'),
    sticky: given('constraints: 1 or 0', '1 if anything is below W'),
    stickyInverse: given(FREE, 'inverse of the sum of the limbs below W'),
    isZero: given('constraints: 1 or 0', '1 if the sum is zero'),
    leadInverse: given(FREE, 'inverse of the highest limb of W, or of the sum of its limbs if none is dropped'),
    isDown: given('constraints: 1 or 0', '1 in mode RDN'),
    modeInverse: given(FREE, 'inverse of the distance of the mode to RDN'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, mode, negateProduct, negateAddend, aLo, aHi, bLo, bHi, cLo, cHi, outLo, outHi, flags } = local;
    const xor = (a: Expr, b: Expr): Expr => a.plus(b).minus(a.times(b).times(2));
    const sign = (isNegative: Expr): Expr => expr(1).minus(isNegative.times(2));
    receive(
      'the fused sum was asked for',
      FP32_FMA_BUS,
      { given: [mode, negateProduct, negateAddend, aLo, aHi, bLo, bHi, cLo, cHi], claimed: [outLo, outHi, flags] },
      isReal,
    );

    // 1. The terms.
    const { aSign, aExponent, aUpper, bSign, bExponent, bUpper, cSign, cExponent, cUpper } = local;
    send('a is finite', FP32_DECODE_BUS, { given: [aHi], claimed: [aSign, aExponent, aUpper, 0] }, isReal);
    send('b is finite', FP32_DECODE_BUS, { given: [bHi], claimed: [bSign, bExponent, bUpper, 0] }, isReal);
    send('c is finite', FP32_DECODE_BUS, { given: [cHi], claimed: [cSign, cExponent, cUpper, 0] }, isReal);
    const bytes = (name: string, limb: Expr, lowest: Expr, upper: Expr): Expr[] => {
      const second = limb.minus(lowest).times(INVERSE_2_8);
      send(`byte 1 of ${name} is a byte`, RANGE_BUS, { claimed: [8, second] }, isReal);
      return [lowest, second, upper];
    };
    const product = productLimbs(bytes('a', aLo, local.aLowest, aUpper), bytes('b', bLo, local.bLowest, bUpper));
    const significand = (upper: Expr, lower: Expr): Expr => upper.times(2 ** 16).plus(lower);
    const factors = significand(aUpper, aLo).times(significand(bUpper, bLo));
    assertZero('neither factor is zero', factors.times(local.factorsInverse).minus(isReal));
    const { productSign, opposed } = local;
    assertZero('the product has this sign', productSign.minus(xor(xor(aSign, bSign), negateProduct)));
    assertZero('opposed tells whether the signs differ', opposed.minus(xor(productSign, xor(cSign, negateAddend))));

    // 2. The place of the addend.
    const { isFar, isHuge, excess, addendIsZero, limbs, zeros, power, movedLow, stayedLow } = local;
    const addend = significand(cUpper, cLo);
    assertZero('c is moved up by one number of limbs', sum(limbs).minus(isReal));
    const place = sum(limbs.map((chosen, i) => chosen.times(16 * i))).plus(zeros);
    const distance = cExponent.minus(aExponent).minus(bExponent).plus(isReal.times(182));
    assertZero(
      'c is at its place, or less than that by an excess',
      addendIsZero.not().times(place.minus(distance).plus(isHuge.minus(isFar).times(excess))),
    );
    assertZero('a far addend is at place 0', isFar.times(place));
    assertZero('a huge addend is at the largest place', isHuge.times(place.minus(LARGEST_PLACE)));
    assertZero('an addend without a place is zero', addendIsZero.times(addend));
    assertZero('a huge addend is not zero', isHuge.times(addend.times(local.addendInverse).minus(1)));

    // 3. The addend moved up.
    send('power is 2^zeros', POWER_BUS, { claimed: [zeros, power] }, isReal);
    send('the low limb of c gives its `zeros` upper bits', RANGE_BUS, { claimed: [zeros, movedLow] }, isReal);
    send('the low limb of c keeps the others', COMPLEMENT_RANGE_BUS, { claimed: [power, stayedLow] }, isReal);
    const first = stayedLow.times(power);
    const second = movedLow.plus(cUpper.times(power));
    assertZero(
      'the low limb of c is split',
      cLo
        .times(power)
        .minus(movedLow.times(2 ** 16))
        .minus(first),
    );

    // 4. The sum.
    const { dropped, w, drop, borrow, carry, isReversed } = local;
    assertZero('one number of limbs is dropped', sum(drop).minus(isReal));
    assertZero('the first carry is -1, 0 or 1', borrow.times(borrow.minus(1)).times(borrow.plus(1)));
    for (const [i, value] of carry.entries()) {
      send(`carry ${i + 1} has ten bits`, RANGE_BUS, { claimed: [10, value.plus(CARRY_OFFSET)] }, isReal);
    }
    const carries = [borrow, ...carry];
    for (let i = 0; i < 7; i++) {
      const moved = sum([
        ...(limbs[i] === undefined ? [] : [limbs[i]!.times(first)]),
        ...(limbs[i - 1] === undefined ? [] : [limbs[i - 1]!.times(second)]),
      ]);
      const digit = sum(
        drop.flatMap((chosen, by) => {
          const limb = i < by ? dropped[i] : w[i - by];
          return limb === undefined ? [] : [chosen.times(limb)];
        }),
      );
      const total = sum([product[i - 2] ?? 0, carries[i - 1] ?? 0]).plus(sign(opposed).times(moved));
      const carriedOut = expr(carries[i] ?? 0).times(2 ** 16);
      assertZero(`limb ${i} of the sum adds up`, total.minus(sign(isReversed).times(digit)).minus(carriedOut));
    }

    // 5. What is rounded.
    const { negative, exponent, sticky, isZero, isDown } = local;
    assertZero('the sum has the sign of the larger term', negative.minus(xor(productSign, isReversed)));
    const numDropped = sum(drop.map((chosen, by) => chosen.times(by)));
    assertZero(
      'the exponent is that of W',
      exponent
        .minus(aExponent)
        .minus(bExponent)
        .plus(isReal.times(269))
        .minus(numDropped.times(16))
        .minus(isHuge.times(excess)),
    );
    const below = sum(drop.map((chosen, by) => chosen.times(sum(dropped.slice(0, by)))));
    assertZero('nothing is below W unless sticky', sticky.not().times(below));
    assertZero('something is below W if sticky', below.times(local.stickyInverse).minus(sticky));
    const lead = w[3]!.plus(drop[0]!.times(sum([w[0]!, w[1]!, w[2]!])));
    assertZero('a zero sum has no limb in W', isZero.times(lead));
    assertZero('a zero sum drops none', isZero.times(isReal.minus(drop[0]!)));
    assertZero(
      'any other has its highest limb, or drops none',
      lead.times(local.leadInverse).minus(isReal.minus(isZero)),
    );
    send(
      'the sum is rounded',
      FP32_ROUND_BUS,
      { given: [negative, exponent, w[3]!, w[2]!, w[1]!, w[0]!, sticky, mode], claimed: [outHi, outLo, flags] },
      isReal.minus(isZero),
    );

    // 6. Zero.
    assertZero('isDown tells the mode RDN', isDown.times(mode.minus(RDN)));
    assertZero('another mode is not RDN', mode.minus(RDN).times(local.modeInverse).minus(isReal.minus(isDown)));
    assertZero('a zero has a zero low limb', isZero.times(outLo));
    assertZero('a zero is negative in mode RDN', isZero.times(outHi.minus(isDown.times(2 ** 15))));
    assertZero('a zero has no flags', isZero.times(flags));
  },
});
