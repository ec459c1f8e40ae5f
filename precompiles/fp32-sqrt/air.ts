/**
 * FP32-SQRT chip: the square root of positive finite binary32, as a root of enough bits and whether anything is left;
 * `fp32-round` rounds it. One row a root.
 *
 * Assumes  the sender's part of `bus.ts`.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones. No row has an infinity, NaN or negative word
 *          (decoded with special = 0, sign = 0) or a zero (the root is not 0), as `fp32-special` has no others.
 * Proof    A is the significand, below 2^24, not normalised. T = 2^(36 + 12 isSmall + isOdd) A, r = root, s = remainder.
 *          1. halfExponent = (exponent + isOdd) / 2 is an integer below 2^8, so isOdd tells whether the exponent is odd and
 *             sqrt(2^(exponent - 150) A) = sqrt(T) 2^(halfExponent - isOdd - 93 - 6 isSmall).
 *          2. r^2 + s = T, limb by limb: sums of byte products below 2^26 plus carries below 2^10 in magnitude are a limb of
 *             T, below 2^22, plus 2^16 carry out, so all are integers. T has no limbs 0 and 1; its limbs 2 and 3 are 16 or 32
 *             times those of A or, if isSmall, the low limb of A once or twice is limb 3 and A has no high limb.
 *          3. 0 <= s <= 2 r: s and gap are below 2^32 and s + gap = 2 r. Of the low limbs, both sides are below 2^17 and
 *             differ by -1, 0 or 1 times 2^16; that is carried to the high limbs.
 *          4. So r = floor(sqrt(T)). From 2^24 on, 25 bits and what is left decide the rounding: a root is never
 *             subnormal. Whichever isSmall gives such a root, it stands for the same value.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr, sum } from '../../stark/air/expr.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { chooseOne, INVERSE_2_16 } from '../../vm/chips/limbs.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { FP32_SQRT_BUS, FP32_SQRT_CHIP } from './bus.ts';

const SENDER = 'the sender on fp32-sqrt';
const DECODED = 'fp32-decode';
const ROUNDED = 'fp32-round';
const HALF = inverse(felt(2));
/** The last carry is at least -2^5 - 1: limb 2 of T is below 2^21 + 2^4. */
const CARRY_OFFSET = 2 ** 6;

export const fp32SqrtAir = defineAir({
  name: FP32_SQRT_CHIP,
  columns: {
    isReal: bit('1 on the row of a square root'),
    mode: given(SENDER, 'rounding mode'),
    aLo: given(SENDER, 'low limb of a'),
    aHi: given(SENDER, 'high limb of a'),
    outLo: given(ROUNDED, 'low limb of the result'),
    outHi: given(ROUNDED, 'high limb of the result'),
    flags: given(ROUNDED, 'flags of the result'),
    exponent: given(`${DECODED}: 1 to 254`, 'biased exponent of a'),
    upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of a'),
    isOdd: bit('1 if the exponent is odd'),
    isSmall: bit('1 if a is moved up by 48 bits instead of 36'),
    root: array(3, below(8, 'lower bytes of the root')),
    rootUpper: given('a range check less 1: 1 to 2^7', 'upper byte of the root'),
    remainder: array(2, u16('limbs of what is left of the square')),
    gap: array(2, u16('limbs of twice the root less the remainder')),
    carry: array(2, below(10, 'carry out of limbs 0 and 1 of the square')),
    lastCarry: given('a range check: -2^6 to 2^10 - 2^6 - 1', 'carry out of limb 2 of the square'),
    sticky: given('constraints: 1 or 0', '1 if the remainder is not zero'),
    stickyInverse: given('free: an inverse exists or not', 'inverse of the sum of the limbs of the remainder'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, mode, aLo, aHi, outLo, outHi, flags, exponent, upper, isOdd, isSmall } = local;
    const { rootUpper, remainder, gap, carry, lastCarry, sticky } = local;
    receive(
      'the square root was asked for',
      FP32_SQRT_BUS,
      { given: [mode, aLo, aHi], claimed: [outLo, outHi, flags] },
      isReal,
    );
    send('a is finite and positive', FP32_DECODE_BUS, { given: [aHi], claimed: [0, exponent, upper, 0] }, isReal);

    // 1. The exponent.
    const halfExponent = exponent.plus(isOdd).times(HALF);
    send('isOdd makes the exponent even', RANGE_BUS, { claimed: [8, halfExponent] }, isReal);

    // 2. The square.
    send('the root has 25 to 32 bits', RANGE_BUS, { claimed: [7, rootUpper.minus(1)] }, isReal);
    send('the last carry has ten bits', RANGE_BUS, { claimed: [10, lastCarry.plus(CARRY_OFFSET)] }, isReal);
    const root = [...local.root, rootUpper];
    const bytes = (k: number): Expr =>
      sum(root.flatMap((byte, i) => (root[k - i] === undefined ? [] : [byte.times(root[k - i]!)])));
    const carries = [...carry, lastCarry];
    const twice = isOdd.plus(1);
    const square = [
      expr(0),
      expr(0),
      twice.times(isSmall.not()).times(aLo).times(16),
      twice.times(chooseOne(isSmall, aLo, upper.times(16))),
    ];
    for (let i = 0; i < 4; i++) {
      const total = sum([bytes(2 * i), bytes(2 * i + 1).times(2 ** 8), remainder[i] ?? 0, carries[i - 1] ?? 0]);
      const carriedOut = expr(carries[i] ?? 0).times(2 ** 16);
      assertZero(`limb ${i} of the square adds up`, total.minus(square[i]!).minus(carriedOut));
    }
    assertZero('a small significand has one limb', isSmall.times(upper));

    // 3. The remainder.
    const [low, high] = [root[0]!.plus(root[1]!.times(2 ** 8)), root[2]!.plus(root[3]!.times(2 ** 8))];
    const carried = remainder[0]!.plus(gap[0]!).minus(low.times(2)).times(INVERSE_2_16);
    assertZero(
      'the low limbs of remainder and gap are twice those of the root, but for a carry',
      carried.times(carried.minus(1)).times(carried.plus(1)),
    );
    assertZero(
      'the high limbs of remainder and gap are twice those of the root',
      remainder[1]!.plus(gap[1]!).plus(carried).minus(high.times(2)),
    );

    // 4. What is rounded.
    const left = remainder[0]!.plus(remainder[1]!);
    assertZero('without sticky nothing is left', sticky.not().times(left));
    assertZero('with sticky something is left', left.times(local.stickyInverse).minus(sticky));
    const rootExponent = halfExponent.minus(isOdd).minus(30).minus(isSmall.times(6));
    send(
      'the root is rounded',
      FP32_ROUND_BUS,
      { given: [0, rootExponent, 0, 0, high, low, sticky, mode], claimed: [outHi, outLo, flags] },
      isReal,
    );
  },
});
