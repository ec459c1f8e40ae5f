/**
 * FP32-TANH-SPECIAL chip: hyperbolic tangents that take no division: of zeros, small and large numbers, infinities, NaN. One
 * row a result; it answers on the bus of the function as `fp32-tanh` does.
 *
 * Assumes  the sender's part of `fp32-function`: limbs of a below 2^16.
 * Ensures  lo, hi, flags are those of `fp32-tanh/semantics.ts`, and the only ones. No row has an operand with a window in
 *          `fp32-tanh`.
 * Proof    1. With first and last below 2^31: key - firstHi - borrow is in [0, 2^15), so key is an integer and not negative,
 *             and lastHi - key - borrow likewise, so it is below 2^15: aSign is the sign of a and key the rest of its high
 *             limb. Limb by limb, magnitude - first and last - magnitude are not negative.
 *          2. The intervals of `fp32-tanh-case` are disjoint: a magnitude is in one of them at most, or the row does not
 *             exist. limbHi + key and limbLo + aLo are below 2^16, since one of both is 0.
 * Padding  all zero: isReal = 0 silences buses and tables.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import type { Expr } from '../../stark/air/expr.ts';
import { opOf } from '../../vm/isa/op.ts';
import { FP32_FUNCTION_BUS } from '../fp32-function-call/bus.ts';
import { FP32_TANH_SPECIAL_CHIP } from '../fp32-tanh/bus.ts';
import { TANH_CASE_BUS } from './bus.ts';

const SENDER = 'the sender on fp32-function';
const CASE = 'fp32-tanh-case';

export const fp32TanhSpecialAir = defineAir({
  name: FP32_TANH_SPECIAL_CHIP,
  columns: {
    isReal: bit('1 on the row of a result'),
    aLo: given(SENDER, 'low limb of a'),
    aSign: bit('sign of a'),
    key: given('two range checks: below 2^15', 'high limb of a without its sign'),
    firstHi: given(CASE, 'high limb of the first magnitude of the case'),
    firstLo: given(CASE, 'low limb of it'),
    lastHi: given(CASE, 'high limb of the last magnitude of the case'),
    lastLo: given(CASE, 'low limb of it'),
    limbHi: given(CASE, 'high limb of the result but for a'),
    limbLo: given(CASE, 'low limb of the result but for a'),
    signed: given(`${CASE}: a bit`, '1 if the result has the sign of a'),
    copies: given(`${CASE}: a bit`, '1 if the result is a'),
    flags: given(CASE, 'flags of the result'),
    borrowFirst: bit('1 if the low limb of a is below that of the first magnitude'),
    borrowLast: bit('1 if the low limb of a is above that of the last magnitude'),
    outLo: given('a sum', 'low limb of the result'),
    outHi: given('a sum', 'high limb of the result'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, aLo, aSign, key, firstHi, firstLo, lastHi, lastLo, limbHi, limbLo } = local;
    const { signed, copies, flags, borrowFirst, borrowLast, outLo, outHi } = local;
    const sign = aSign.times(2 ** 15);
    receive(
      'the hyperbolic tangent was asked for',
      FP32_FUNCTION_BUS,
      { given: [opOf('fp32.tanh'), aLo, key.plus(sign)], claimed: [outLo, outHi, flags] },
      isReal,
    );

    // 1. The case.
    send(
      'there is such a case',
      TANH_CASE_BUS,
      { claimed: [firstHi, firstLo, lastHi, lastLo, limbHi, limbLo, signed, copies, flags] },
      isReal,
    );
    const notNegative = (name: string, bits: number, value: Expr): void =>
      send(name, RANGE_BUS, { claimed: [bits, value] }, isReal);
    notNegative('the low limb is not below the first', 16, aLo.minus(firstLo).plus(borrowFirst.times(2 ** 16)));
    notNegative('the magnitude is not below the first', 15, key.minus(firstHi).minus(borrowFirst));
    notNegative('the low limb is not above the last', 16, lastLo.minus(aLo).plus(borrowLast.times(2 ** 16)));
    notNegative('the magnitude is not above the last', 15, lastHi.minus(key).minus(borrowLast));

    // 2. The result.
    assertZero('the low limb is that of the case', outLo.minus(limbLo).minus(copies.times(aLo)));
    assertZero(
      'the high limb is that of the case',
      outHi.minus(limbHi).minus(copies.times(key)).minus(signed.times(sign)),
    );
  },
});
