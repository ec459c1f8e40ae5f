/**
 * INT-TO-FP32 chip: fcvt.s.w and fcvt.s.wu in all rounding modes. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16, the mode is in [0, 4].
 * Ensures  fd and the flags are those of `semantics.ts`.
 * Proof    The sign is 0 if unsigned, else high - 2^15 sign in [0, 2^15) leaves one value of the bit. Integer and magnitude
 *          are equal, or add up to 0 mod 2^32 (`addUp`). A magnitude that is not 0 is what `fp32-round` rounds, for which
 *          it answers with one word and flags; 0 is +0.
 * Padding  all zero: silent on every bus but the ranges of zeros.
 */
import { bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { expr } from '../../stark/air/expr.ts';
import { addUp, choose } from '../../vm/chips/limbs.ts';
import { opOf } from '../../vm/isa/op.ts';
import { flagsColumns, fp32Columns, fp32Frame, roundingColumns } from '../fp32-frame/air.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';

const RESULT = 'fp32-round, or a constraint';
const [SIGNED, UNSIGNED] = [opOf('fcvt.s.w'), opOf('fcvt.s.wu')];
/** Exponent of bit 63 of a magnitude whose upper 32 bits are the integer. */
const INTEGER_EXPONENT = 31;

export const intToFp32Air = defineAir({
  name: 'int-to-fp32',
  columns: {
    ...fp32Columns,
    ...roundingColumns,
    ...flagsColumns,
    isUnsigned: bit('1 for fcvt.s.wu'),
    negative: given('a constraint: 0, or a bit if signed', '1 if the integer is negative'),
    magnitudeLo: u16('low limb of the magnitude'),
    magnitudeHi: u16('high limb of the magnitude'),
    isZero: given('two constraints: 1 or 0', '1 if the integer is 0'),
    zeroInverse: given('free: an inverse exists or not', 'inverse of the sum of the limbs of the magnitude'),
    outLo: given(RESULT, 'low limb of the result'),
    outHi: given(RESULT, 'high limb of the result'),
    flags: given(RESULT, 'flags of the result'),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isReal, mode, isUnsigned, negative, isZero, outLo, outHi, flags } = local;
    const op = isUnsigned.times(UNSIGNED - SIGNED).plus(SIGNED);
    fp32Frame(builder, local, { op, result: { lo: outLo, hi: outHi }, raised: flags });

    const word = { lo: local.rs1Lo, hi: local.rs1Hi };
    const magnitude = { lo: local.magnitudeLo, hi: local.magnitudeHi };
    const nothing = { lo: expr(0), hi: expr(0) };
    assertZero('the sign is a bit, and 0 if unsigned', negative.times(negative.minus(isUnsigned.not())));
    send(
      'the sign is the top bit',
      RANGE_BUS,
      { claimed: [isUnsigned.plus(15), word.hi.minus(negative.times(2 ** 15))] },
      1,
    );
    addUp(
      builder,
      choose(negative, word, magnitude),
      choose(negative, magnitude, nothing),
      choose(negative, nothing, word),
    );
    const limbs = magnitude.lo.plus(magnitude.hi);
    assertZero('zero has no magnitude', isZero.times(limbs));
    assertZero('any other integer has one', limbs.times(local.zeroInverse).minus(isReal).plus(isZero));
    const inputs = [negative, INTEGER_EXPONENT, magnitude.hi, magnitude.lo, 0, 0, 0, mode];
    send(
      'the result is the magnitude rounded',
      FP32_ROUND_BUS,
      { given: [...inputs, outHi, outLo, flags] },
      isReal.minus(isZero),
    );
    assertZero('zero gives a low limb of 0', isZero.times(outLo));
    assertZero('zero gives a high limb of 0', isZero.times(outHi));
    assertZero('zero raises no flag', isZero.times(flags));
  },
});
