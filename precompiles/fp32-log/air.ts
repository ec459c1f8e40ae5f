/**
 * FP32-LOG chip: ln a of positive finite binary32 but 1 and 1 - 2^-23, rounded to nearest even. The logarithm L is found
 * with 72 bits below the point, `fp32-exponential` says that e^(L + (127 - exponent) ln 2) is the significand, and
 * `fp32-round` rounds it. One row a logarithm.
 *
 * Assumes  the sender's part of `fp32-function-call/bus.ts`.
 * Ensures  the result and flags are those of `semantics.ts`, and the only ones. No row has an infinity, NaN or negative
 *          word (decoded with special = 0, sign = 0; below 2^7 as subnormal), a zero (its significand is 0, and the relation
 *          has none below 2^22), 1 or 1 - 2^-23.
 * Proof    S = significand, u = 2^-72, sigma = -1 if isNegative, else 1;
 *          |L| = 2^-8 w3 + 2^-24 w2 + 2^-40 w1 + 2^-48 w0High + 2^-56 w0Low + 2^-72 below, L = sigma |L|.
 *          1. a = 2^-23 S 2^(exponent - 127), from decoding, which makes S an integer below 2^24, or from `fp32-normalise`.
 *             words are below 2^31, so their differences to 1 and 1 - 2^-23 are 0 mod p only if 0.
 *          2. isNegative tells a < 1: aHi - 0x3f80 + 2^14 isNegative is in [0, 2^14) for one of the two, aHi < 0x7f80.
 *          3. `multiple` is (127 - exponent) ln 2 to 1/2 u. The relation is asked for U = L + multiple, of which the middle limb
 *             is below 2^26 in magnitude and the lower in [0, 2^25). It answers for an upper limb below 2^26 in magnitude; the
 *             one sent is X = sigma (2^16 w3 + w2) + multiple[0], |X| < 2p, the same mod p. Would they differ by j p,
 *             j = 1 or -1, L would be off by j (127 + 2^-24). But 2^16 w3 + w2 is in [-2^24, 127 * 2^24) by the range of w3,
 *             while |ln a| < 104 with sigma its sign: |L| would be at least 127, or below -1.
 *          4. M is 2^-23 S + excess u, 0 <= excess < 2^8, and e^U to 37 u. It is above 1/2. So U is ln(2^-23 S) to
 *             293 u / (2^-23 S), L is ln a to 294 u < 2^-63.8 if S >= 2^23, and to 588 u else, which only subnormals are.
 *          5. No ln a of the operands left is within 2^-62.83 of a value half way between two binary32 numbers, or
 *             within 2^-52 for a subnormal (docs/decisions/0007-correctly-rounded-functions.md), and |ln a| > 2^-25: |L| is
 *             positive, so that w3 >= 0, and on the same side of each of those values, multiples of 2^-48, as |ln a|. So is
 *             W + s, W = 2^48 w3 + 2^32 w2 + 2^16 w1 + w0 in units of 2^-56 the floor of |L|, which `fp32-round` rounds.
 *             The result is inexact, and not subnormal.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { array, below, bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { INVERSE_2_16 } from '../../vm/chips/limbs.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { EXPONENTIAL_BUS } from '../fp32-exponential/bus.ts';
import { FP32_FUNCTION_BUS } from '../fp32-function-call/bus.ts';
import { FP32_NORMALISE_BUS } from '../fp32-normalise/bus.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { FP32_LOG_CHIP } from './bus.ts';
import { LN2_BUS } from './table.ts';

const SENDER = 'the sender on fp32-function';
const DECODED = 'fp32-decode or fp32-normalise';
const ROUNDED = 'fp32-round';
/** 1, and 1 - 2^-23 two below it. */
const ONE = 0x3f80_0000;
/** |ln a| is below 2^7: that is the exponent of bit 63 of W. */
const EXPONENT = 7;
const RNE = 0;
const INEXACT = 1;

export const fp32LogAir = defineAir({
  name: FP32_LOG_CHIP,
  columns: {
    isReal: bit('1 on the row of a logarithm'),
    aLo: given(SENDER, 'low limb of a'),
    aHi: given(SENDER, 'high limb of a'),
    outLo: given(ROUNDED, 'low limb of the result'),
    outHi: given(ROUNDED, 'high limb of the result'),
    isSubnormal: bit('1 if a is a subnormal that is normalised'),
    exponent: given(DECODED, 'biased exponent of a, as if without a bound'),
    significand: given(DECODED, 'significand of a'),
    otherInverse: given(
      'free: an inverse exists or not',
      'inverse of the product of a less 1 and a less 1 - 2^-23, as words',
    ),
    isNegative: bit('1 if a is below 1'),
    w3: given('a range check: -2^8 to 127 * 2^8 - 1, and proof 5', 'bits of |L| from 2^-8 on'),
    w2: u16('next 16 bits of |L|'),
    w1: u16('next 16 bits of |L|'),
    w0High: below(8, 'next 8 bits of |L|, down to 2^-48'),
    w0Low: below(8, 'next 8 bits of |L|, down to 2^-56'),
    below: u16('last 16 bits of |L|'),
    multiple: array(3, given('fp32-ln2', 'limbs of 127 - exponent times ln 2, the upper one first')),
    excess: below(8, 'units of 2^-72 by which e^U is above the significand'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, aLo, aHi, outLo, outHi, isSubnormal, exponent, significand, isNegative, multiple, excess } = local;
    const { w3, w2, w1, w0High, w0Low } = local;
    receive(
      'the logarithm was asked for',
      FP32_FUNCTION_BUS,
      { given: [opOf('fp32.log'), aLo, aHi], claimed: [outLo, outHi, INEXACT] },
      isReal,
    );

    // 1. The operand.
    const upper = significand.minus(aLo).times(INVERSE_2_16);
    const isOther = isReal.minus(isSubnormal);
    send('a is finite and positive', FP32_DECODE_BUS, { given: [aHi], claimed: [0, exponent, upper, 0] }, isOther);
    send(
      'a subnormal has this significand',
      FP32_NORMALISE_BUS,
      { given: [aLo, aHi], claimed: [exponent, significand] },
      isSubnormal,
    );
    // A row with one of these alone would send -1 times, and so make any tuple pass elsewhere.
    assertZero('only a row of a logarithm is subnormal', isSubnormal.times(isReal.not()));
    assertZero('only a row of a logarithm is negative', isNegative.times(isReal.not()));
    const aboveOne = aHi
      .times(2 ** 16)
      .plus(aLo)
      .minus(ONE);
    assertZero(
      'a is neither 1 nor 1 - 2^-23',
      aboveOne.times(aboveOne.plus(2)).times(local.otherInverse).minus(isReal),
    );

    // 2. The sign.
    const aboveOneHigh = aHi.minus(ONE >>> 16);
    send(
      'isNegative tells a below 1',
      RANGE_BUS,
      { claimed: [14, aboveOneHigh.plus(isNegative.times(2 ** 14))] },
      isReal,
    );

    // 3, 4. The logarithm.
    send('ln 2 has this multiple', LN2_BUS, { given: [exponent], claimed: multiple }, isReal);
    send('w3 is below 127 * 2^8', RANGE_BUS, { claimed: [15, w3.plus(2 ** 8)] }, isReal);
    const limbs = [
      w3.times(2 ** 16).plus(w2),
      w1.times(2 ** 8).plus(w0High),
      w0Low.times(2 ** 16).plus(local.below),
    ] as const;
    const value = [significand.times(2), expr(0), expr(0), excess];
    const exponential = (name: string, power: readonly Expr[], active: Expr): void =>
      send(name, EXPONENTIAL_BUS, { given: [...power, ...value] }, active);
    const isPositive = isReal.minus(isNegative);
    exponential(
      'the significand is the power of a positive logarithm',
      multiple.map((m, i) => m.plus(limbs[i]!)),
      isPositive,
    );
    // The lower limb is not negative on the bus: it takes one from the middle limb.
    const lent = [0, -1, 2 ** 24];
    exponential(
      'the significand is the power of a negative logarithm',
      multiple.map((m, i) => m.minus(limbs[i]!).plus(lent[i]!)),
      isNegative,
    );

    // 5. The rounding.
    const w0 = w0High.times(2 ** 8).plus(w0Low);
    send(
      'the logarithm is rounded',
      FP32_ROUND_BUS,
      { given: [isNegative, EXPONENT, w3, w2, w1, w0, 1, RNE], claimed: [outHi, outLo, INEXACT] },
      isReal,
    );
  },
});
