/**
 * FP32-DIV chip: a / b of finite binary32 that are not zero, as a quotient of enough bits and whether anything is left;
 * `fp32-round` rounds it. One row a division.
 *
 * Assumes  the sender's part of `bus.ts`.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones. No row has an infinity or NaN (decoded with
 *          special = 0), nor a zero a (the quotient is not 0) or b (no remainder is below it), as `fp32-special` has no
 *          others.
 * Proof    A, B are the significands, below 2^24, neither normalised. q = quotient, r = remainder, m = 1, 2 or 3.
 *          1. 0 <= r < B: r and gap are below 2^24, and r + gap + 1 = B, an identity of integers.
 *          2. q B + r = 2^(16 m) A, limb by limb: sums of byte products (`productLimbs`, below 2^26) plus carries below 2^10
 *             are a limb of A plus 2^16 carry out, so all are integers. The lower limb of A is limb m, the upper one limb
 *             m + 1; limb 4 is 0 on the left, so A has no upper limb if m = 3, and limb 3 has no carry out. Both bits of
 *             `limbs` would be -1 for m = 3: A has no upper limb, and limb 3 is -A, which no sum is unless q = 0.
 *          3. So q = floor(2^(16 m) A / B). From 2^24 on, 25 bits and what is left decide any rounding: a normal result has
 *             24 and a guard bit, a subnormal one drops at least one bit more. Whichever m gives such a quotient, it
 *             stands for the same value.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr, sum } from '../../stark/air/expr.ts';
import { INVERSE_2_8 } from '../../vm/chips/limbs.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { FP32_DIV_BUS, FP32_DIV_CHIP } from './bus.ts';

const SENDER = 'the sender on fp32-div';
const DECODED = 'fp32-decode';
const ROUNDED = 'fp32-round';
const FREE = 'free: an inverse exists or not';

export const fp32DivAir = defineAir({
  name: FP32_DIV_CHIP,
  columns: {
    isReal: bit('1 on the row of a division'),
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
    bLowest: below(8, 'lowest byte of b'),
    limbs: array(2, bit('1 if a is moved up by 1, 2 limbs; neither for 3')),
    quotient: array(5, below(8, 'bytes of the quotient, the lowest first')),
    quotientInverse: given(FREE, 'inverse of the quotient over 2^24'),
    remainderLo: u16('lower 16 bits of the remainder'),
    remainderHi: below(8, 'the other bits of the remainder'),
    gapLo: u16('lower 16 bits of what the divisor exceeds the remainder by, less one'),
    gapHi: below(8, 'the other bits of that'),
    carry: array(3, below(10, 'carry out of a limb')),
    sticky: given('constraints: 1 or 0', '1 if the remainder is not zero'),
    stickyInverse: given(FREE, 'inverse of the remainder'),
    negative: given('a sum of bits mod 2, by constraint', 'sign of the quotient'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, mode, aLo, aHi, bLo, bHi, outLo, outHi, flags, limbs, quotient, carry, sticky, negative } = local;
    const { aSign, aExponent, aUpper, bSign, bExponent, bUpper, bLowest } = local;
    const { remainderLo, remainderHi, gapLo, gapHi } = local;
    const whole = (upper: Expr, lower: Expr): Expr => upper.times(2 ** 16).plus(lower);
    receive(
      'the division was asked for',
      FP32_DIV_BUS,
      { given: [mode, aLo, aHi, bLo, bHi], claimed: [outLo, outHi, flags] },
      isReal,
    );
    send('a is finite', FP32_DECODE_BUS, { given: [aHi], claimed: [aSign, aExponent, aUpper, 0] }, isReal);
    send('b is finite', FP32_DECODE_BUS, { given: [bHi], claimed: [bSign, bExponent, bUpper, 0] }, isReal);
    const bSecond = bLo.minus(bLowest).times(INVERSE_2_8);
    send('byte 1 of b is a byte', RANGE_BUS, { claimed: [8, bSecond] }, isReal);

    // 1. The remainder.
    const remainder = whole(remainderHi, remainderLo);
    assertZero(
      'the remainder is less than the divisor',
      whole(bUpper, bLo).minus(remainder).minus(whole(gapHi, gapLo)).minus(isReal),
    );

    // 2. The quotient.
    const [one, two] = [limbs[0]!, limbs[1]!];
    const three = isReal.minus(one).minus(two);
    const b = [bLowest, bSecond, bUpper];
    const bytes = (k: number): Expr =>
      sum(quotient.flatMap((byte, i) => (b[k - i] === undefined ? [] : [byte.times(b[k - i]!)])));
    const added = [remainderLo, remainderHi, expr(0), expr(0)];
    const moved = [
      expr(0),
      one.times(aLo),
      one.times(aUpper).plus(two.times(aLo)),
      two.times(aUpper).plus(three.times(aLo)),
    ];
    for (let i = 0; i < 4; i++) {
      const total = sum([bytes(2 * i), bytes(2 * i + 1).times(2 ** 8), added[i]!, carry[i - 1] ?? 0]);
      const carriedOut = expr(carry[i] ?? 0).times(2 ** 16);
      assertZero(`limb ${i} of the product with the quotient adds up`, total.minus(moved[i]!).minus(carriedOut));
    }
    assertZero('a moved up by 3 limbs has one', three.times(aUpper));

    // 3. What is rounded.
    const [q0, q1, q2, q3, q4] = [quotient[0]!, quotient[1]!, quotient[2]!, quotient[3]!, quotient[4]!];
    const lead = q3.plus(q4.times(2 ** 8));
    assertZero('the quotient has 25 bits', lead.times(local.quotientInverse).minus(isReal));
    assertZero('without sticky nothing is left', sticky.not().times(remainder));
    assertZero('with sticky something is left', remainder.times(local.stickyInverse).minus(sticky));
    assertZero('the signs multiply', negative.minus(aSign.plus(bSign).minus(aSign.times(bSign).times(2))));
    const numLimbs = one.plus(two.times(2)).plus(three.times(3));
    const exponent = aExponent.minus(bExponent).plus(63).minus(numLimbs.times(16));
    const w = [q4, q2.plus(q3.times(2 ** 8)), q0.plus(q1.times(2 ** 8))];
    send(
      'the quotient is rounded',
      FP32_ROUND_BUS,
      { given: [negative, exponent, 0, ...w, sticky, mode], claimed: [outHi, outLo, flags] },
      isReal,
    );
  },
});
