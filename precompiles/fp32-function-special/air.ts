/**
 * FP32-FUNCTION-SPECIAL chip: log and rsqrt where the result takes no arithmetic (`semantics.ts`). One row an operation; it
 * answers on `fp32-function`, as the chips of their arithmetic do.
 *
 * Assumes  the sender's part of `fp32-function-call/bus.ts`.
 * Ensures  the result and flags are those of the functions' semantics, and the only ones: the chips of arithmetic have no
 *          row for these operands, and this one has none for others.
 * Proof    1. A row is of one function and one case, or of none.
 *          2. Decoding gives sign, special and upper; the fraction is that of an infinity or NaN, or the significand of a
 *             finite word: an integer below 2^24, so not 0 mod p unless 0. An infinity has fraction 0, a NaN another one,
 *             whose upper bit is set if quiet. So every case holds for the words of `semantics.ts` only; a positive finite
 *             word has none but 1 and 1 - 2^-23, as words, for log.
 * Padding  all zero: no function is chosen, which silences the buses.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { sum } from '../../stark/air/expr.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FP32_FUNCTION_BUS } from '../fp32-function-call/bus.ts';
import { FUNCTION_SPECIAL_CHIP } from './bus.ts';

const SENDER = 'the sender on fp32-function';
const DECODED = 'fp32-decode';
/** Bits of fflags. */
const FLAG = { inexact: 1, divideByZero: 8, invalid: 16 } as const;
const [NAN_HIGH, INFINITE_HIGH, SIGN_HIGH] = [0x7fc0, 0x7f80, 0x8000];

export const fp32FunctionSpecialAir = defineAir({
  name: FUNCTION_SPECIAL_CHIP,
  columns: {
    isLog: bit('1 for log a'),
    isRsqrt: bit('1 for 1 / sqrt(a)'),
    aLo: given(SENDER, 'low limb of a'),
    aHi: given(SENDER, 'high limb of a'),
    sign: given(`${DECODED}: a bit`, 'sign of a'),
    exponent: given(`${DECODED}: unused`, 'biased exponent of a'),
    upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of a'),
    special: given(`${DECODED}: a bit`, '1 if a is an infinity or NaN'),
    isZero: bit('1 if a is a zero'),
    isNegative: bit('1 if a is a negative number or infinity'),
    isInfinite: bit('1 if a is the positive infinity'),
    isQuiet: bit('1 if a is a quiet NaN'),
    isSignaling: bit('1 if a is a signaling NaN'),
    isOne: bit('1 if a is 1, for log'),
    isNearOne: bit('1 if a is 1 - 2^-23, for log'),
    inverse: given('free: an inverse exists or not', 'inverse of the fraction of a NaN or of a significand'),
    outHi: given('the constraint of the result', 'high limb of the result'),
  },
  define({ local, assertZero, send, receive }) {
    const { isLog, isRsqrt, aLo, aHi, sign, exponent, upper, special, inverse, outHi } = local;
    const { isZero, isNegative, isInfinite, isQuiet, isSignaling, isOne, isNearOne } = local;
    const isReal = isLog.plus(isRsqrt);
    const isNan = isQuiet.plus(isSignaling);
    const flags = sum([
      isZero.times(FLAG.divideByZero),
      isNegative.plus(isSignaling).times(FLAG.invalid),
      isNearOne.times(FLAG.inexact),
    ]);
    receive(
      'the function was asked for',
      FP32_FUNCTION_BUS,
      {
        given: [isLog.times(opOf('fp32.log')).plus(isRsqrt.times(opOf('fp32.rsqrt'))), aLo, aHi],
        claimed: [isNearOne, outHi, flags],
      },
      isReal,
    );

    // 1. One function and one case.
    assertZero('at most one function is chosen', isLog.times(isRsqrt));
    const cases = [isZero, isNegative, isInfinite, isQuiet, isSignaling, isOne, isNearOne];
    assertZero('one case is chosen', sum(cases).minus(isReal));

    // 2. The cases.
    send('a is decoded', FP32_DECODE_BUS, { given: [aHi], claimed: [sign, exponent, upper, special] }, isReal);
    const fraction = upper
      .minus(special.times(2 ** 7))
      .times(2 ** 16)
      .plus(aLo);
    assertZero('a zero is not special', isZero.times(special));
    assertZero('an infinity or NaN is special', isInfinite.plus(isNan).times(special.not()));
    assertZero('a zero or infinity has no fraction', isZero.plus(isInfinite).times(fraction));
    assertZero('an infinity is positive', isInfinite.times(sign));
    assertZero('a NaN has a fraction', isNan.times(fraction.times(inverse).minus(1)));
    const payload = upper.minus(2 ** 7).minus(isQuiet.times(2 ** 6));
    send('a NaN has its quiet bit', RANGE_BUS, { claimed: [6, payload] }, isNan);
    assertZero('a negative word has its sign', isNegative.times(sign.not()));
    assertZero('a negative infinity has no fraction', isNegative.times(special).times(fraction));
    assertZero(
      'a negative number is not zero',
      isNegative.times(special.not()).times(fraction.times(inverse).minus(1)),
    );
    assertZero('1 has its high limb', isOne.times(aHi.minus(0x3f80)));
    assertZero('1 has its low limb', isOne.times(aLo));
    assertZero('1 - 2^-23 has its high limb', isNearOne.times(aHi.minus(0x3f7f)));
    assertZero('1 - 2^-23 has its low limb', isNearOne.times(aLo.minus(0xfffe)));
    assertZero('only a logarithm has cases near 1', isRsqrt.times(isOne.plus(isNearOne)));

    // The result. Of a zero, log is negative, and rsqrt has its sign.
    const zeroSign = isLog.plus(isRsqrt.times(sign)).times(SIGN_HIGH);
    assertZero(
      'the high limb is that of the case',
      sum([
        isNan.plus(isNegative).times(NAN_HIGH),
        isZero.times(zeroSign.plus(INFINITE_HIGH)),
        isInfinite.times(isLog).times(INFINITE_HIGH),
        isNearOne.times(0xb400),
      ]).minus(outHi),
    );
  },
});
