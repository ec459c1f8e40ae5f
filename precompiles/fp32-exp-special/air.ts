/**
 * FP32-EXP-SPECIAL chip: e^a and 2^a that take no arithmetic: NaN, infinities, zeros, |a| < 2^-25, and |a| from 2^7 (exp) or
 * 2^8 (exp2) on. One row a power.
 *
 * Assumes  the sender's part of `fp32-function-call/bus.ts`: limbs of a below 2^16.
 * Ensures  lo, hi, flags are those of `fp32-exp/semantics.ts` and `fp32-exp2/semantics.ts`, and the only ones.
 * Proof    1. One case is chosen. With special from `fp32-decode` 0 or 1, the significand less 2^23 special is the fraction of
 *             an infinity or NaN, or the significand of a finite word: an integer below 2^24, whose cell is zero or has an
 *             inverse. Zeros and small numbers have an exponent below 102, large ones are not special and have one from 134
 *             (exp2: 135) on; the exponents between are those of the chips of arithmetic. The upper bit of a fraction tells a
 *             quiet from a signaling NaN. So every word has one case at most.
 *          2. e^a and 2^a round to 1 below 2^-25: 1 + 2^-24 and 1 - 2^-25 are half way to the neighbours of 1. From 2^7, 2^8
 *             on they are above 2^128 or below 2^-150.
 * Padding  all zero: no case is chosen, which silences buses and tables.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { sum } from '../../stark/air/expr.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FIRST_EXPONENT, NUM_EXPONENTS } from '../fp32-exp/argument-tables.ts';
import { FP32_FUNCTION_BUS } from '../fp32-function-call/bus.ts';
import { EXP_SPECIAL_CHIP } from './bus.ts';

const SENDER = 'the sender on fp32-function';
const DECODED = 'fp32-decode';
/** Bits of fflags. */
const FLAG = { inexact: 1, underflow: 2, overflow: 4, invalid: 16 } as const;

export const fp32ExpSpecialAir = defineAir({
  name: EXP_SPECIAL_CHIP,
  columns: {
    isExp2: bit('1 for 2^a, 0 for e^a'),
    isZero: bit('1 if a is a zero'),
    isSmall: bit('1 if a is below 2^-25 in magnitude, and no zero'),
    isLarge: bit('1 if a is finite and from 2^7 or 2^8 on in magnitude'),
    isInfinite: bit('1 if a is an infinity'),
    isQuiet: bit('1 if a is a quiet NaN'),
    isSignaling: bit('1 if a is a signaling NaN'),
    aLo: given(SENDER, 'low limb of a'),
    aHi: given(SENDER, 'high limb of a'),
    sign: given(`${DECODED}: a bit`, 'sign of a'),
    exponent: given(`${DECODED}: 1 to 255`, 'biased exponent of a'),
    upper: given(`${DECODED}: below 2^8`, 'upper 8 bits of the significand of a'),
    fractionInverse: given('free: an inverse exists or not', 'inverse of the fraction or significand'),
    outHi: given('the constraint of the result', 'high limb of the result'),
    flags: given('the constraint of the flags', 'flags of the result'),
  },
  define({ local, assertZero, send, receive }) {
    const { isExp2, isZero, isSmall, isLarge, isInfinite, isQuiet, isSignaling, aLo, aHi } = local;
    const { sign, exponent, upper, fractionInverse, outHi, flags } = local;
    const special = sum([isInfinite, isQuiet, isSignaling]);
    const isReal = sum([isZero, isSmall, isLarge, special]);
    const claimed = [0, outHi, flags];
    const op = isExp2.plus(opOf('fp32.exp'));
    receive('the power was asked for', FP32_FUNCTION_BUS, { given: [op, aLo, aHi], claimed }, isReal);

    // 1. The case.
    assertZero('at most one case is chosen', isReal.times(isReal.minus(1)));
    send('a is decoded', FP32_DECODE_BUS, { given: [aHi], claimed: [sign, exponent, upper, special] }, isReal);
    const fraction = upper
      .minus(special.times(2 ** 7))
      .times(2 ** 16)
      .plus(aLo);
    const below = exponent.times(-1).plus(FIRST_EXPONENT - 1);
    send('the exponent is below that of 2^-25', RANGE_BUS, { claimed: [7, below] }, isZero.plus(isSmall));
    const above = exponent.minus(FIRST_EXPONENT + NUM_EXPONENTS.exp).minus(isExp2);
    send('the exponent is that of 2^7 or 2^8 at least', RANGE_BUS, { claimed: [7, above] }, isLarge);
    assertZero('a zero or infinity has no fraction', isZero.plus(isInfinite).times(fraction));
    assertZero(
      'a small number or signaling NaN has one',
      isSmall.plus(isSignaling).times(fraction.times(fractionInverse).minus(1)),
    );
    const payload = upper.minus(2 ** 7).minus(isQuiet.times(2 ** 6));
    send('a NaN has its quiet bit', RANGE_BUS, { claimed: [6, payload] }, isQuiet.plus(isSignaling));

    // 2. The result: 1, infinity or 0, NaN.
    const infinity = isLarge.plus(isInfinite).times(sign.not());
    assertZero(
      'the high limb is that of the case',
      outHi
        .minus(isZero.plus(isSmall).times(0x3f80))
        .minus(infinity.times(0x7f80))
        .minus(isQuiet.plus(isSignaling).times(0x7fc0)),
    );
    // sign ? underflow and inexact : overflow and inexact
    const outside = sign.times(FLAG.underflow - FLAG.overflow).plus(FLAG.overflow + FLAG.inexact);
    assertZero(
      'the flags are those of the case',
      flags.minus(isSmall.times(FLAG.inexact)).minus(isSignaling.times(FLAG.invalid)).minus(isLarge.times(outside)),
    );
  },
});
