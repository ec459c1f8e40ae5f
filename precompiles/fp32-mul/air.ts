/**
 * FP32-MUL chip: a * b of finite binary32 that are not zero, exactly; `fp32-round` rounds it. One row a multiplication.
 *
 * Assumes  the sender's part of `bus.ts`.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones. No row has an infinity or NaN (decoded with
 *          special = 0) or a zero, as `fp32-special` has no others.
 * Proof    1. The significands, below 2^24, are three bytes each: the upper one from `fp32-decode`, the others a limb.
 *          2. Limb by limb, products of bytes (`productLimbs`, here at most 33,487,875 < 2^25) plus carry are a limb plus
 *             2^16 carry: identities of integers, since both sides are below 2^26. The sum of the third, at most 65,025 +
 *             511, is the upper limb of a product below 2^48: no range check is needed.
 *          3. Neither significand is 0 mod p exactly if their product has an inverse.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import type { Expr } from '../../stark/air/expr.ts';
import { INVERSE_2_8 } from '../../vm/chips/limbs.ts';
import { productLimbs } from '../../vm/chips/product.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { FP32_MUL_BUS, FP32_MUL_CHIP } from './bus.ts';

const SENDER = 'the sender on fp32-mul';
const DECODED = 'fp32-decode';
const ROUNDED = 'fp32-round';

export const fp32MulAir = defineAir({
  name: FP32_MUL_CHIP,
  columns: {
    isReal: bit('1 on the row of a multiplication'),
    mode: given(SENDER, 'rounding mode'),
    aLo: given(SENDER, 'low limb of a'),
    aHi: given(SENDER, 'high limb of a'),
    bLo: given(SENDER, 'low limb of b'),
    bHi: given(SENDER, 'high limb of b'),
    outLo: given(ROUNDED, 'low limb of the result'),
    outHi: given(ROUNDED, 'high limb of the result'),
    flags: given(ROUNDED, 'flags of the result'),
    aSign: given(`${DECODED}: a bit`, 'sign of a'),
    aExponent: given(`${DECODED}: 1 to 254`, 'biased exponent of a'),
    aUpper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of a'),
    bSign: given(`${DECODED}: a bit`, 'sign of b'),
    bExponent: given(`${DECODED}: 1 to 254`, 'biased exponent of b'),
    bUpper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of b'),
    aLowest: below(8, 'lowest byte of a'),
    bLowest: below(8, 'lowest byte of b'),
    nonZeroInverse: given('free: an inverse exists or not', 'inverse of the product of the significands'),
    product: array(2, u16('lower limbs of the product')),
    productUpper: given('a constraint: an integer below 2^16', 'upper limb of the product'),
    carry: array(2, below(9, 'carry out of a limb of the product: at most 510')),
    negative: given('a sum of bits mod 2, by constraint', 'sign of the product'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, mode, aLo, aHi, bLo, bHi, outLo, outHi, flags, product, productUpper, carry, negative } = local;
    const { aSign, aExponent, aUpper, bSign, bExponent, bUpper, aLowest, bLowest } = local;
    receive(
      'the multiplication was asked for',
      FP32_MUL_BUS,
      { given: [mode, aLo, aHi, bLo, bHi], claimed: [outLo, outHi, flags] },
      isReal,
    );

    // 1. The significands.
    send('a is finite', FP32_DECODE_BUS, { given: [aHi], claimed: [aSign, aExponent, aUpper, 0] }, isReal);
    send('b is finite', FP32_DECODE_BUS, { given: [bHi], claimed: [bSign, bExponent, bUpper, 0] }, isReal);
    const bytes = (name: string, limb: Expr, lowest: Expr, upper: Expr): Expr[] => {
      const second = limb.minus(lowest).times(INVERSE_2_8);
      send(`byte 1 of ${name} is a byte`, RANGE_BUS, { claimed: [8, second] }, isReal);
      return [lowest, second, upper];
    };
    const [a, b] = [bytes('a', aLo, aLowest, aUpper), bytes('b', bLo, bLowest, bUpper)];

    // 2. The product.
    const sums = productLimbs(a, b);
    const limb = (i: 0 | 1): Expr => product[i]!.plus(carry[i]!.times(2 ** 16));
    assertZero('limb 0 of the product adds up', sums[0]!.minus(limb(0)));
    assertZero('limb 1 of the product adds up', sums[1]!.plus(carry[0]!).minus(limb(1)));
    assertZero('limb 2 of the product adds up', sums[2]!.plus(carry[1]!).minus(productUpper));

    // 3. Not zero.
    const significand = (upper: Expr, lower: Expr): Expr => upper.times(2 ** 16).plus(lower);
    const both = significand(aUpper, aLo).times(significand(bUpper, bLo));
    assertZero('neither operand is zero', both.times(local.nonZeroInverse).minus(isReal));

    assertZero('the signs multiply', negative.minus(aSign.plus(bSign).minus(aSign.times(bSign).times(2))));
    send(
      'the product is rounded',
      FP32_ROUND_BUS,
      {
        // 2^16 product 2^(exponent - 63) = product 2^(aExponent - 150 + bExponent - 150)
        given: [negative, aExponent.plus(bExponent).minus(253), productUpper, product[1]!, product[0]!, 0, 0, mode],
        claimed: [outHi, outLo, flags],
      },
      isReal,
    );
  },
});
