/** Words as two little-endian 16-bit limbs, and their sum. */
import type { Expr, Operand } from '../../stark/air/expr.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import type { Sender } from './frame.ts';

/** lo + 2^16 hi. */
export interface Limbs {
  readonly lo: Expr;
  readonly hi: Expr;
}

/** 2^-16 and 2^-8 in F_p: what is left of a difference of limbs is divided exactly, in place of a carry column. */
export const INVERSE_2_16 = inverse(felt(2 ** 16));
export const INVERSE_2_8 = inverse(felt(2 ** 8));

/**
 * States sum = x + y mod 2^32, and returns the carry out of 2^32, a bit, linear if the limbs are.
 *
 * Assumes  limbs of x and sum are in [0, 2^16), those of y in [0, 2^17).
 * Proof    low = x + y - sum of the low limbs lies in (-2^16, 3 * 2^16), so low (low - 2^16) = 0 mod p leaves, over
 *          the integers, the two values 0 and 2^16: the carry is a bit and the low limb of the sum unique. The same
 *          for the high limbs with that carry. (A carry checked by its range instead could be any quotient mod p.)
 */
export function addUp(builder: Sender, x: Limbs, y: Limbs, sum: Limbs): Expr {
  const low = x.lo.plus(y.lo).minus(sum.lo);
  const high = x.hi.plus(y.hi).plus(low.times(INVERSE_2_16)).minus(sum.hi);
  builder.assertZero('the low limbs add up', low.times(low.minus(2 ** 16)));
  builder.assertZero('the high limbs add up', high.times(high.minus(2 ** 16)));
  return high.times(INVERSE_2_16);
}

/** `bit ? yes : no`, limb by limb. */
export const choose = (bit: Expr, yes: Limbs, no: Limbs): Limbs => ({
  lo: chooseOne(bit, yes.lo, no.lo),
  hi: chooseOne(bit, yes.hi, no.hi),
});

export const chooseOne = (bit: Expr, yes: Expr, no: Operand): Expr => bit.times(yes.minus(no)).plus(no);
