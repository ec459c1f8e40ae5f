/**
 * One sum of a tensor core as columns and constraints, for any generation: some products of decoded BF16 and an
 * accumulator, aligned to a window, added up, and cut to binary32. Not a chip: `air.ts`, `bf16-dot-ampere` and `bf16-dot-tile` use it.
 * The window is `largest`: the largest exponent, plus kappa = 25 - fractional bits. Terms are integers in units of
 * 2^(largest - 25), truncated.
 *
 * Assumes  operands are decoded BF16 (`vm/chips/bf16-decode`), the accumulator is one of `state.ts` with negative a bit,
 *          high < 2^15, low < 2^9. With active = 0 nothing is claimed.
 * Ensures  negative, high, low, exponent are the state that `semantics.ts` gives, and the only one.
 * Proof    1. largest is the largest exponent of terms and floor plus kappa: no distance of a term to it is below 0, since
 *             each has a row in `align`, or 0 if kappa is 1 (`apart`); one is kappa (`attained`: fields have no zero
 *             divisors), and `bf16-result` has rows only for -133 <= largest <= 261, since zeros, limbShift >= 0 and
 *             halving <= 1; `apart` excludes what is left below the floor. Terms with special codes are 3,346 and more
 *             away from others, and among themselves have a largest of 3,600 and more: no row.
 *          2. Lane: quotient < 2^16 / divisor and remainder < divisor, so quotient * divisor + remainder < 2^16, equal to
 *             |product| <= 65,025 over the integers; the sign is the product's (of a zero either will do). The term
 *             t = +-quotient * multiplier is the product truncated to its fractional bits.
 *          3. Accumulator: 4 (2^9 high + low) 2^-d = high * 2^(11-d) + low * 2^(2-d). Truncating each part truncates the
 *             sum: for d <= 11 the first is an integer, for d >= 11 the second is below the first's unit.
 *          4. Sum: |t| <= 65,025 * 2^11 < LIFT = 2033 * 2^16. Adding LIFT to negative lanes makes every term non-negative;
 *             8 of them are below 2^30. Of 16 lanes the first 8 are 2^16 highA + lowA with highA < 2^14, unique mod p. For
 *             the last 8 and the accumulator, lowA + rest - sign * low - 2^16 carry lies in (-1.62 * 10^9, 1.68 * 10^9), so
 *             it is 0 over the integers and not only mod p. With the equation of the high limbs, magnitude and sign are
 *             those of the sum.
 *          5. Normalising: limbs move up by `limbShift` limbs and `zeros` bits; top * power < 2^16 and bottom * power < 2^32
 *             lose no bit. `normal` has the top bit set, which fixes the shift; `subnormal` and `tiny` have it clear and
 *             the exponent -126, which fixes it too. `halving` (a shift by -1, exponent -127 to -126) is for largest = -133.
 *             Where the limbs are shifted, 2^16 moved + stayed * power is 0 mod p and below 2^32: 0, as p = 2^16 * 0x7f00 + 1
 *             and 2 p would take power <= 2 and so moved < 2.
 *             spill < 4 keeps 2^16 spill an integer; that it is below 2 (1 + halving) follows from low < 2^9.
 *          6. Without any of the three kinds the sum itself is zero: top and bottom are, and nothing is halved.
 * Padding  all zero with zero operands; ranges are of zeros. With active = 0 and other operands: quotient = product,
 *          divisor 1, multiplier 0, largest at the exponent of the first lane, and the lift of the accumulator as carry.
 */
import { array, below, bit, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import type { Sender } from '../../vm/chips/frame.ts';
import { COMPLEMENT_RANGE_BUS } from '../../vm/chips/range/air.ts';
import { ALIGN_BUS } from '../align/air.ts';
import { HOPPER, type TensorCore, WINDOW_BITS } from './core.ts';
import { type CellsOf, type Prefixed, withPrefix } from './prefix.ts';
import { RESULT_BUS } from './result-table.ts';
import { LOW_BITS } from './state.ts';

const HIGH_BITS = 15;
/** Lowest window that `bf16-result` has rows for. */
const LOWEST_WINDOW = -133;
/** Lanes whose lifted terms fit into one limb equation with an accumulator. */
const GROUP = 8;
/** LIFT = LIFT_LIMB * 2^16: the least multiple of 2^16 above 65,025 * 2^11. */
export const LIFT_LIMB = 2033;
/** The same for the accumulator, below 2^26. */
export const ACC_LIFT_LIMB = 2 ** 10;
/** carry lies in [0, 17408]; the range checked is [-2^13, 2^15 - 2^13). */
const CARRY_BIAS = 2 ** 13;

const ALIGNED = 'align';

export const kappaOf = (core: TensorCore): number => WINDOW_BITS - core.fractionBits;
/** Cells of `attained`: the first takes four distances, the others three each. */
export const numAttained = (core: TensorCore): number => Math.floor((core.products - 1) / 3);
/** Windows below the floor that have rows in `bf16-result`. */
export const windowsBelow = (core: TensorCore): readonly number[] =>
  Array.from({ length: core.floor + kappaOf(core) - LOWEST_WINDOW }, (_, i) => LOWEST_WINDOW + i);
/** Cells of `apart`: none where a distance may be 0. */
export const numApart = (core: TensorCore): number =>
  kappaOf(core) === 0 ? 0 : Math.floor((core.products + 1 + windowsBelow(core).length - 1) / 3);

function declarations(core: TensorCore) {
  const lanes = core.products;
  return {
    largest: given(
      'the distances to it, and bf16-result',
      'the window: largest exponent plus kappa, the floor included',
    ),
    attained: array(numAttained(core), given('a product by constraint', 'running product of the distances less kappa')),
    apart: array(numApart(core), given('a product by constraint', 'running product of the distances')),
    apartInverse: array(
      Math.min(1, numApart(core)),
      given('free: an inverse exists or not', 'inverse of that product'),
    ),
    isNegative: array(lanes, bit('1 if the product is negative')),
    quotient: array(lanes, given('the complement range', 'what is kept of |product|')),
    remainder: array(lanes, given(ALIGNED, 'what is truncated')),
    divisor: array(lanes, given(ALIGNED, '2^(shift - 11), or 1')),
    multiplier: array(lanes, given(ALIGNED, '2^(11 - shift), or 1, or 0')),
    highQuotient: given('the complement range', 'what is kept of the upper part of the accumulator'),
    highRemainder: given(ALIGNED, 'what is truncated of it'),
    highDivisor: given(ALIGNED, 'as of a lane'),
    highMultiplier: given(ALIGNED, 'as of a lane'),
    lowQuotient: given('the complement range', 'what is kept of the lower part of the accumulator'),
    lowRemainder: given(ALIGNED, 'what is truncated of it'),
    lowDivisor: given(ALIGNED, 'as of a lane'),
    lowMultiplier: given(ALIGNED, 'as of a lane'),

    lowA: below(16, 'low limb of the lifted sum of lanes 0 to 7'),
    highA: below(14, 'its high limb'),
    carry: given('a biased range check', 'carry of the sum into the high limb'),
    isNegativeSum: bit('1 if the sum is negative'),
    bottom: given('the shifted limbs: below 2^16', 'low limb of the magnitude of the sum'),
    top: given('the complement range', 'its high limb, or the low one if the limbs are shifted'),

    limbShift: bit('1 if the high limb is zero and the low one takes its place'),
    zeros: given('bf16-result: 0 to 16', 'further bits that the magnitude is shifted up'),
    power: given('bf16-result', '2^zeros'),
    moved: given('a range check on `zeros` bits', 'bits that move from the low limb to the high one'),
    stayed: given('the complement range', 'bits of the low limb that stay in it, before the shift'),
    halving: bit('1 if the shift is one less than limbShift and zeros say'),
    spill: given('below 4 by constraint', 'bits of the high limb that belong to the lower 9'),
    dropped: given('a range check on 8 + halving bits', 'bits that the result truncates'),
    high: given('a range check less the top bit', 'upper 15 bits of the significand of the result'),
    low: below(LOW_BITS, 'its lower 9 bits'),
    normal: given('bf16-result: a bit', '1 for a normal result, or an infinity'),
    subnormal: given('bf16-result: a bit', '1 for a subnormal result that is not zero'),
    tiny: given('bf16-result: a bit', '1 for a sum that truncates to zero'),
    inverse: given('free: an inverse exists or not', 'inverse of the significand of a subnormal result'),
    negative: given('the product of two bits, by constraint', 'sign of the result; that of a zero is +'),
    exponent: given('bf16-result', 'exponent of the result, or its code'),
  };
}

type Declared = ReturnType<typeof declarations>;
/** The columns of a sum; `lowA` and `highA` only of more than 8 lanes. */
export type SumCells = CellsOf<Declared>;

/** Columns of one sum, each name after `prefix`: `quotient`, or `firstQuotient`. */
export function sumColumns<const P extends string>(core: TensorCore, prefix: P): Prefixed<P, Declared> {
  const all = declarations(core);
  const { lowA, highA, ...others } = all;
  return withPrefix(prefix, (core.products > GROUP ? all : others) as Declared);
}

/** Names of a sum's columns without prefix. */
export const sumNames = Object.keys(declarations(HOPPER)) as readonly (keyof Declared)[];

/** Decoded operands of the lanes, and the accumulator. */
export interface SumOperands {
  readonly aSignificand: readonly Expr[];
  readonly aExponent: readonly Expr[];
  readonly bSignificand: readonly Expr[];
  readonly bExponent: readonly Expr[];
  readonly accNegative: Expr;
  readonly accHigh: Expr;
  readonly accLow: Expr;
  readonly accExponent: Expr;
}

/** States that the cells are those of the sum of the operands. `label` goes before every name, `active` is a bit. */
export function sumConstraints(
  builder: Sender,
  core: TensorCore,
  cells: SumCells,
  operands: SumOperands,
  active: Expr,
  label = '',
): void {
  const assertZero = (name: string, value: Expr): void => builder.assertZero(label + name, value);
  const send = (name: string, ...rest: [Parameters<Sender['send']>[1], Parameters<Sender['send']>[2], Expr]): void =>
    builder.send(label + name, ...rest);
  const sign = (negative: Expr): Expr => expr(1).minus(negative.times(2));
  const sum = (terms: readonly Expr[]): Expr => terms.reduce((total, term) => total.plus(term));
  const product = (factors: readonly Expr[]): Expr => factors.reduce((p, factor) => p.times(factor));
  const { largest } = cells;

  // 1. The window.
  const shifts = operands.aExponent.map((e, i) => largest.minus(e).minus(operands.bExponent[i]!));
  const accShift = largest.minus(operands.accExponent);
  const kappa = kappaOf(core);
  const last = cells.attained.length - 1;
  const less = (shift: Expr): Expr => shift.minus(active.times(kappa));
  cells.attained.forEach((cell, i) => {
    const factors = i === 0 ? shifts.slice(0, 4) : shifts.slice(3 * i + 1, 3 * i + 4);
    const before = i === 0 ? [] : [cells.attained[i - 1]!];
    assertZero(`attained[${i}] is the product so far`, cell.minus(product([...before, ...factors.map(less)])));
  });
  const others = [...shifts.slice(3 * last + 4), accShift, largest.minus(core.floor)];
  assertZero('some exponent is the largest', product([cells.attained[last]!, ...others.map(less)]));
  if (kappa > 0) {
    const distances = [...shifts, accShift, ...windowsBelow(core).map((window) => largest.minus(window))];
    const end = cells.apart.length - 1;
    cells.apart.forEach((cell, i) => {
      const factors = i === 0 ? distances.slice(0, 4) : [cells.apart[i - 1]!, ...distances.slice(3 * i + 1, 3 * i + 4)];
      assertZero(`apart[${i}] is the product so far`, cell.minus(product(factors)));
    });
    const all = product([cells.apart[end]!, ...distances.slice(3 * end + 4)]);
    assertZero('no exponent is the window', all.times(cells.apartInverse[0]!).minus(active));
  }

  // 2. and 3. Every term, aligned and truncated.
  const align = (
    name: string,
    shift: Expr,
    quotient: Expr,
    [remainder, divisor, multiplier]: readonly Expr[],
  ): void => {
    send(`${name} is shifted`, ALIGN_BUS, { given: [shift], claimed: [remainder!, divisor!, multiplier!] }, active);
    send(`${name} keeps its upper bits`, COMPLEMENT_RANGE_BUS, { claimed: [divisor!, quotient] }, active);
  };
  const terms = shifts.map((shift, i) => {
    const [quotient, remainder] = [cells.quotient[i]!, cells.remainder[i]!];
    const [divisor, multiplier, signOf] = [cells.divisor[i]!, cells.multiplier[i]!, sign(cells.isNegative[i]!)];
    align(`lane ${i}`, shift, quotient, [remainder, divisor, multiplier]);
    const magnitude = quotient.times(divisor).plus(remainder);
    const exact = operands.aSignificand[i]!.times(operands.bSignificand[i]!);
    assertZero(`lane ${i} is divided`, signOf.times(magnitude).minus(exact));
    return signOf.times(quotient).times(multiplier);
  });
  const { highQuotient, highRemainder, highDivisor, highMultiplier } = cells;
  const { lowQuotient, lowRemainder, lowDivisor, lowMultiplier } = cells;
  align('the upper part', accShift, highQuotient, [highRemainder, highDivisor, highMultiplier]);
  align('the lower part', accShift.plus(LOW_BITS), lowQuotient, [lowRemainder, lowDivisor, lowMultiplier]);
  const divided = (name: string, part: Expr, q: Expr, d: Expr, r: Expr): void =>
    assertZero(`the ${name} part is divided`, q.times(d).plus(r).minus(part));
  divided('upper', operands.accHigh, highQuotient, highDivisor, highRemainder);
  divided('lower', operands.accLow, lowQuotient, lowDivisor, lowRemainder);
  const accTerm = sign(operands.accNegative).times(
    highQuotient.times(highMultiplier).plus(lowQuotient.times(lowMultiplier)),
  );

  // 4. The sum, limb by limb.
  const { carry, top, bottom, limbShift } = cells;
  const lifted = terms.map((term, i) => term.plus(cells.isNegative[i]!.times(LIFT_LIMB * 2 ** 16)));
  const liftedAcc = accTerm.plus(operands.accNegative.times(ACC_LIFT_LIMB * 2 ** 16));
  const lifts = sum(cells.isNegative).times(LIFT_LIMB).plus(operands.accNegative.times(ACC_LIFT_LIMB));
  const signOfSum = sign(cells.isNegativeSum);
  const isSplit = core.products > GROUP;
  const [lowA, highA] = isSplit ? [cells.lowA, cells.highA] : [expr(0), expr(0)];
  if (isSplit) {
    assertZero(
      'lanes 0 to 7 add up',
      sum(lifted.slice(0, GROUP))
        .minus(highA.times(2 ** 16))
        .minus(lowA),
    );
  }
  assertZero(
    'the low limbs add up',
    sum([lowA, ...lifted.slice(isSplit ? GROUP : 0), liftedAcc])
      .minus(signOfSum.times(bottom))
      .minus(carry.times(2 ** 16)),
  );
  send('carry is in its range', RANGE_BUS, { claimed: [15, carry.plus(CARRY_BIAS)] }, active);
  const highLimb = expr(1).minus(limbShift).times(top);
  assertZero('the high limbs add up', highA.plus(carry).minus(lifts).minus(signOfSum.times(highLimb)));

  // 5. The magnitude, shifted so that its leading bit is the top one, or to the exponent of subnormals.
  const { zeros, power, moved, stayed, halving, spill, dropped, high, low, normal, subnormal, tiny } = cells;
  assertZero('the low limb takes the place of the high one', limbShift.times(top.minus(bottom)));
  send('top has room to be shifted', COMPLEMENT_RANGE_BUS, { claimed: [power, top] }, active);
  send('moved has `zeros` bits', RANGE_BUS, { claimed: [zeros, moved] }, active);
  send('stayed has the other bits', COMPLEMENT_RANGE_BUS, { claimed: [power, stayed] }, active);
  const shiftedBottom = stayed.times(power);
  assertZero(
    'the low limb is shifted',
    expr(1)
      .minus(limbShift)
      .times(bottom)
      .times(power)
      .minus(moved.times(2 ** 16))
      .minus(shiftedBottom),
  );
  const step = halving.plus(1); // 1, or 2 if the shift is one less
  assertZero('spill is below 4', product([0, 1, 2, 3].map((value) => spill.minus(value))));
  assertZero('the high limb is shifted', top.times(power).plus(moved).minus(step.times(high).times(2)).minus(spill));
  assertZero(
    'the lower bits follow the upper ones',
    spill
      .times(2 ** 16)
      .plus(shiftedBottom)
      .minus(step.times(low).times(2 ** 8))
      .minus(dropped),
  );
  send('dropped has 8 bits, or 9 with halving', RANGE_BUS, { claimed: [halving.plus(8), dropped] }, active);
  const belowTop = high.minus(normal.times(2 ** (HIGH_BITS - 1)));
  send('only a normal result has the top bit', RANGE_BUS, { claimed: [HIGH_BITS - 1, belowTop] }, active);

  // 6. Kind, exponent and sign of the result.
  const { exponent, inverse, negative } = cells;
  const shifted = largest.plus(6).minus(zeros).minus(limbShift.times(16)).plus(halving);
  send(
    'the exponent is that of the kind',
    RESULT_BUS,
    { given: [zeros, power, shifted], claimed: [exponent, normal, subnormal, tiny] },
    active,
  );
  const significand = high.times(2 ** LOW_BITS).plus(low);
  const zero = active.minus(normal).minus(subnormal).minus(tiny);
  assertZero('a sum of no other kind is zero', zero.times(top.plus(bottom).plus(halving)));
  assertZero('a subnormal result is not zero', subnormal.times(significand.times(inverse).minus(1)));
  assertZero('a tiny result is zero', tiny.times(significand));
  assertZero('a zero is positive', negative.minus(cells.isNegativeSum.times(normal.plus(subnormal))));
}
