/**
 * Shift of a word by less than 16 bits and then by a limb or not. Used by both shift chips, air and trace side.
 *
 * A shift by r + 16 byLimb, r in [0, 16), splits both limbs at bit k, k = r to the right and 16 - r to the left.
 *
 * Assumes  limbs of a are in [0, 2^16); isLeft, isArithmetic and byLimb are bits, not both of the first two 1;
 *          power = 2^k with k = splitAt in [0, 16] on real rows.
 * Ensures  out is a << (r + 16 byLimb) if isLeft, else a >> (r + 16 byLimb), with the sign of a moving in if
 *          isArithmetic.
 * Proof    low < 2^k and high < 2^(16-k), so low + power high = limb has one solution over the integers, and what the
 *          outputs are made of are parts of limbs: low * 2^(16-k) + high' and so on stay below 2^16. 2^(16-k) is
 *          `cofactor`, the quotient 2^16 / power. The sign is 0 unless isArithmetic; then it is the top bit of a
 *          (`less-than.ts` has the same lookup). To the right, 2^16 - 2^(16-k) are the k top bits of a limb.
 * Padding  zeros: power * cofactor = 2^16 isReal.
 */
import { array, bit, given } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import type { Expr } from '../../../stark/air/expr.ts';
import type { Sender } from '../frame.ts';
import { chooseOne, type Limbs } from '../limbs.ts';

export const limbShiftColumns = {
  isLeft: bit('1 for a shift to the left'),
  isArithmetic: bit('1 for a shift to the right that keeps the sign'),
  cofactor: given('a constraint', '2^16 / power = 2^(16 - splitAt)'),
  low: array(2, given('a lookup: below 2^splitAt', 'each limb of a below bit splitAt')),
  high: array(2, given('a lookup: below 2^(16 - splitAt)', 'each limb of a from bit splitAt')),
  sign: given('a constraint: 0 or isArithmetic', 'top bit of a if isArithmetic'),
  outLo: given('a constraint: made of parts of limbs', 'low limb of the result'),
  outHi: given('a constraint: made of parts of limbs', 'high limb of the result'),
};

type CellsOf<D> = { readonly [K in keyof D]: K extends 'low' | 'high' ? readonly Expr[] : Expr };
export type LimbShiftCells = CellsOf<typeof limbShiftColumns>;

export interface LimbShift {
  readonly isReal: Expr;
  readonly a: Limbs;
  /** k: a linear expression. */
  readonly splitAt: Expr;
  readonly power: Expr;
  readonly byLimb: Expr;
}

export function limbShift(builder: Sender, cells: LimbShiftCells, shift: LimbShift): void {
  const { isLeft, isArithmetic, cofactor, low, high, sign, outLo, outHi } = cells;
  const { isReal, a, splitAt, power, byLimb } = shift;
  builder.assertZero('a shift to the left is not arithmetic', isLeft.times(isArithmetic));
  builder.assertZero('power times cofactor is 2^16', power.times(cofactor).minus(isReal.times(2 ** 16)));
  for (const [i, limb] of [a.lo, a.hi].entries()) {
    builder.send(`low[${i}] is below 2^splitAt`, RANGE_BUS, { claimed: [splitAt, low[i]!] }, 1);
    builder.send(
      `high[${i}] is below 2^(16 - splitAt)`,
      RANGE_BUS,
      { claimed: [splitAt.times(-1).plus(16), high[i]!] },
      1,
    );
    builder.assertZero(`limb ${i} is low and high`, limb.minus(low[i]!).minus(power.times(high[i]!)));
  }
  builder.assertZero('the sign is a bit, and 0 unless arithmetic', sign.times(sign.minus(isArithmetic)));
  builder.send(
    'the sign is the top bit',
    RANGE_BUS,
    { claimed: [isArithmetic.times(-1).plus(16), a.hi.minus(sign.times(2 ** 15))] },
    1,
  );

  const middle = high[0]!.plus(cofactor.times(low[1]!)); // what meets of both limbs
  const lowest = cofactor.times(low[0]!); // of a left shift
  const highest = high[1]!.plus(sign.times(cofactor.times(-1).plus(2 ** 16))); // of a right shift, under its sign
  const lo = chooseOne(byLimb, isLeft.not().times(highest), chooseOne(isLeft, lowest, middle));
  const hi = chooseOne(byLimb, chooseOne(isLeft, lowest, sign.times(0xffff)), chooseOne(isLeft, middle, highest));
  builder.assertZero('the low limb of rd is that of the shift', outLo.minus(lo));
  builder.assertZero('the high limb of rd is that of the shift', outHi.minus(hi));
}

type Offsets = Readonly<Record<keyof typeof limbShiftColumns, number>>;

/** Writes the cells; `amount` in [0, 32), a and the result `out` u32. Returns splitAt. */
export function writeLimbShift(
  cells: Uint32Array,
  row: number,
  o: Offsets,
  {
    a,
    amount,
    isLeft,
    isArithmetic,
    out,
  }: {
    readonly a: number;
    readonly amount: number;
    readonly isLeft: boolean;
    readonly isArithmetic: boolean;
    readonly out: number;
  },
): number {
  const splitAt = isLeft ? 16 - (amount & 15) : amount & 15;
  cells[row + o.isLeft] = isLeft ? 1 : 0;
  cells[row + o.isArithmetic] = isArithmetic ? 1 : 0;
  cells[row + o.cofactor] = 2 ** (16 - splitAt);
  for (let i = 0; i < 2; i++) {
    const limb = (a >>> (16 * i)) & 0xffff;
    cells[row + o.low + i] = limb & (2 ** splitAt - 1);
    cells[row + o.high + i] = limb >>> splitAt;
  }
  cells[row + o.sign] = isArithmetic ? a >>> 31 : 0;
  cells[row + o.outLo] = out & 0xffff;
  cells[row + o.outHi] = out >>> 16;
  return splitAt;
}
