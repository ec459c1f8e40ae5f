/**
 * FP32-EXP2 chip: 2^a of finite binary32 with 2^-25 <= |a| < 2^8. As `fp32-exp/air.ts`, but for exact results. One row a
 * power.
 *
 * Assumes  the sender's part of `fp32-function-call/bus.ts`: limbs of a below 2^16.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones. No row has an operand that `fp32-exp-special` has:
 *          the argument table has none of them.
 * Proof    `fp32-exp/air.ts` for all a with an irrational 2^a. The others are the integers: their low limb is 0, and `whole`,
 *          which is 1 or 2, is M. If `whole` is one of these, isWhole is 1 less the low limb times its cell, and 0 if there is
 *          a low limb: so it is 1 for integers and 0 for others. If `whole` is 0, so is isWhole. For integers w3 is all of M,
 *          nothing is sticky and the relation is not asked.
 * Padding  all zero: isReal = 0 silences buses and tables, since isWhole is 0 without it; ranges are of zeros.
 */
import { defineAir, given } from '../../stark/air/air.ts';
import { power, powerColumns } from '../fp32-exp/air.ts';

export const fp32Exp2Air = defineAir({
  name: 'fp32-exp2',
  columns: {
    ...powerColumns,
    whole: given('the argument table: 0, 1 or 2', 'M if a is an integer when its low limb is 0'),
    isWhole: given('the constraints on integers: 1 or 0, and 0 on padding', '1 if a is an integer'),
    lowInverse: given('free: an inverse exists or not', 'inverse of the low limb'),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isReal, lowByte, highByte, w3, w2, value36, whole, isWhole, lowInverse } = local;
    power(builder, local, 'exp2', [whole, isWhole]);

    const aLo = lowByte.plus(highByte.times(2 ** 8));
    // Else a padding row would receive on the bus of the relation, and answer there for any U.
    assertZero('an integer is that of a power', isWhole.times(isReal.not()));
    assertZero('an integer has no low limb', isWhole.times(aLo));
    assertZero('an integer is one by its high limb', isWhole.times(whole.minus(1)).times(whole.minus(2)));
    assertZero(
      'what is one without its low limb has one or is one',
      whole.times(isWhole.plus(aLo.times(lowInverse)).minus(1)),
    );
    assertZero('M of an integer is whole', isWhole.times(w3.minus(whole.times(2 ** 8))));
    assertZero('M of an integer has no w2', isWhole.times(w2));
    assertZero('M of an integer has no digit at 2^-36', isWhole.times(value36));
  },
});
