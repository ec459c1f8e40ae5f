/**
 * FP32-RSQRT chip: 1 / sqrt(a) of positive finite binary32, rounded to nearest even. One row a root. It rounds itself: the
 * significand q of the result is proven by the numbers half way to its neighbours, so neither a longer root nor
 * `fp32-round` is needed.
 *
 * Assumes  the sender's part of `fp32-function-call/bus.ts`.
 * Ensures  the result and flags are those of `semantics.ts`, and the only ones. No row has an infinity, NaN or negative
 *          word (decoded with special = 0, sign = 0) or a zero (F would be 0 and 6 fail).
 * Proof    S is the significand of a, k = 16 - bits + 9 isSmall, F = factor, q = root, s = below, t = above.
 *          1. biased = (379 - exponent + k) / 2 is in [0, 2^8), so an integer: k has the right parity and
 *             1 / sqrt(a) = 2^(35 + 1/2) / sqrt(F) 2^(biased - 150) for F = 2^k S.
 *          2. `power-range` has bits in [0, 16] and power = 2^bits, so k >= 0. 128 upper + 127 < 2^bits leaves bits >= 7 and
 *             S < 2^(bits + 9); for a small a, which has upper = 0, S < 2^bits. So 2^k S is below 2^25. F is, too, and
 *             power F = 2^16 S or 2^25 S mod p: F = 2^k S as integers.
 *          3. q is in [2^23, 2^24), or 2^24 if isExact.
 *          4. The digits of s and t are below 2^13. The digits of width = s + t, at most 2^14 - 2, are not carried.
 *          5. width = 8 q F digit by digit: products of 13 by 13 bits eightfold, below 2^29, carries in [-1, 2^16 - 1).
 *          6. q width + 2 F + s - t = 2^74 likewise: at most 2^27 + 2^25 + 2^15, carries below 2^15. Hence
 *             s = 2^73 - (2q - 1)^2 F >= 0 and t = (2q + 1)^2 F - 2^73 >= 0: the root is in [q - 1/2, q + 1/2].
 *          7. The root is above 2^23, as F < 2^25. If q < 2^24 it is below 2^24, since q + 1/2 is. If q = 2^24, s and t leave
 *             F = 2^23 only, and the root is exact. So binary32 numbers near the root are integers, and q the nearest: a
 *             tie, (2q +- 1)^2 F = 2^73, or q^2 F = 2^71 with 2^23 <= q < 2^24 has no solution with F in (2^23, 2^25).
 *             isExact tells the exact roots.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { compose } from '../../stark/air/expr.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { chooseOne } from '../../vm/chips/limbs.ts';
import { POWER_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FP32_FUNCTION_BUS } from '../fp32-function-call/bus.ts';
import { FP32_RSQRT_CHIP } from './bus.ts';

const SENDER = 'the sender on fp32-function';
const DECODED = 'fp32-decode';
const HALF = inverse(felt(2));
/** Bits of a digit. */
const DIGIT = 13;
const LIMB = 16;
/** A small word is moved up by this and at most 16 more. */
export const SMALL_DOUBLINGS = 9;

export const fp32RsqrtAir = defineAir({
  name: FP32_RSQRT_CHIP,
  columns: {
    isReal: bit('1 on the row of a reciprocal square root'),
    aLo: given(SENDER, 'low limb of a'),
    aHi: given(SENDER, 'high limb of a'),
    exponent: given(`${DECODED}: 1 to 254`, 'biased exponent of a'),
    upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of a'),
    isSmall: bit('1 if a has no upper limb and is moved up by 9 bits more'),
    bits: given('power-range: 0 to 16', '16 less the bits that the significand is moved up'),
    power: given('power-range', '2^bits'),
    factorLow: below(DIGIT, 'lower digit of the factor under the root'),
    factorHigh: below(12, 'upper digit'),
    rootLow: below(DIGIT, 'lower digit of the significand of the result'),
    rootMiddle: below(3, 'its next 3 bits, up to 16'),
    rootHigh: below(7, 'its next 7 bits; the leading one is a constant'),
    isExact: bit('1 if the result is exact'),
    below: array(4, below(DIGIT, 'digits of what a root less by half leaves')),
    above: array(4, below(DIGIT, 'digits of what a root more by half is over')),
    widthCarry: array(2, u16('carry out of digits 0 and 1 of the width, plus 1')),
    carry: array(4, below(15, 'carry out of digits 0 to 3 of the root times the width')),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, aLo, aHi, exponent, upper, isSmall, bits, power, factorLow, factorHigh, carry } = local;
    const { rootLow, rootMiddle, isExact } = local;
    const doublings = isSmall.times(SMALL_DOUBLINGS).minus(bits).plus(LIMB);
    const biased = doublings.minus(exponent).plus(379).times(HALF);
    const lead = isReal.plus(isExact).times(2 ** 7);
    const rootHigh = lead.plus(local.rootHigh);
    const outHi = biased
      .minus(1)
      .times(2 ** 7)
      .plus(rootHigh);
    receive(
      'the reciprocal square root was asked for',
      FP32_FUNCTION_BUS,
      {
        given: [opOf('fp32.rsqrt'), aLo, aHi],
        claimed: [rootLow.plus(rootMiddle.times(2 ** DIGIT)), outHi, isExact.not()],
      },
      isReal,
    );
    send('a is finite and positive', FP32_DECODE_BUS, { given: [aHi], claimed: [0, exponent, upper, 0] }, isReal);

    // 1, 2. The factor.
    send('the exponent of the result is an integer', RANGE_BUS, { claimed: [8, biased] }, isReal);
    const isLarge = isReal.minus(isSmall);
    const top = upper.times(2 ** 7).plus(2 ** 7 - 1);
    send('a large significand is not moved beyond 2^25', POWER_RANGE_BUS, { claimed: [bits, power, top] }, isLarge);
    send('a small significand is not moved beyond 2^25', POWER_RANGE_BUS, { claimed: [bits, power, aLo] }, isSmall);
    // A row with isSmall alone would send -1 times, and so make any tuple pass elsewhere.
    assertZero('only a row of a root is small', isSmall.times(isReal.not()));
    assertZero('a small significand has one limb', isSmall.times(upper));
    const significand = chooseOne(isSmall, aLo.times(2 ** SMALL_DOUBLINGS), upper.times(2 ** LIMB).plus(aLo));
    const factor = factorLow.plus(factorHigh.times(2 ** DIGIT));
    assertZero('the factor is the significand moved up', factor.times(power).minus(significand.times(2 ** LIMB)));

    // 3. The root.
    const rest = rootLow.plus(rootMiddle).plus(local.rootHigh);
    assertZero('an exact root is a power of two', isExact.times(rest));
    const rootUpper = rootMiddle.plus(rootHigh.times(2 ** 3)); // at most 2^11

    // 4, 5. The width.
    const width = local.below.map((digit, i) => digit.plus(local.above[i]!));
    const widthCarry = local.widthCarry.map((column) => column.minus(isReal));
    const eightfold = [
      rootLow.times(factorLow),
      rootLow.times(factorHigh).plus(rootUpper.times(factorLow)),
      rootUpper.times(factorHigh),
    ].map((digit) => digit.times(8));
    for (const i of [0, 1] as const) {
      const total = i === 0 ? eightfold[0]! : eightfold[1]!.plus(widthCarry[0]!);
      assertZero(`digit ${i} of the width adds up`, total.minus(width[i]!).minus(widthCarry[i]!.times(2 ** DIGIT)));
    }
    assertZero(
      'the upper digits of the width add up',
      eightfold[2]!.plus(widthCarry[1]!).minus(compose(width.slice(2), 2 ** DIGIT)),
    );

    // 6. The square.
    const twiceFactor = [factorLow.times(2), factorHigh.times(2)];
    for (let i = 0; i < 4; i++) {
      const products = rootLow.times(width[i]!).plus(i === 0 ? 0 : rootUpper.times(width[i - 1]!));
      const total = products
        .plus(twiceFactor[i] ?? 0)
        .plus(local.below[i]!)
        .minus(local.above[i]!)
        .plus(carry[i - 1] ?? 0);
      assertZero(`digit ${i} of the square adds up`, total.minus(carry[i]!.times(2 ** DIGIT)));
    }
    assertZero(
      'the upper digit of the square adds up',
      rootUpper
        .times(width[3]!)
        .plus(carry[3]!)
        .minus(isReal.times(2 ** (74 - 4 * DIGIT))),
    );
  },
});
