/**
 * FP32-COMPARE chip: feq.s, flt.s, fle.s, fmin.s, fmax.s. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16.
 * Ensures  rd and the flags are those of `semantics.ts`.
 * Proof    1. Exactly one selector is set on a real row, and op is its id: the program says which.
 *          2. b + difference = a mod 2^32 (`addUp`): the carry is [a < b] as unsigned words, and the words are equal
 *             exactly if both limbs of the difference, whose sum is below p, are 0. Both are zeros exactly if the sum
 *             of the four limbs without signs, below 2^18, is 0.
 *          3. Signs are those of the decoding. Of two words with sign 0 the lesser comes before, of two with sign 1 the
 *             greater, else the one with sign 1, which is the greater word. `before` puts -0 before +0.
 *          4. Without a NaN: equal or both zeros; before and not both zeros; any of the three. Choices take the one
 *             that is before, or the other one. With a NaN no comparison holds, and a choice takes the other operand or,
 *             if both are NaN, the canonical one.
 * Padding  all zero: no selector, silent on every bus but the ranges of zeros.
 */
import { bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { type Expr, expr, sum } from '../../stark/air/expr.ts';
import { accessColumns } from '../../vm/chips/frame.ts';
import { addUp, chooseOne } from '../../vm/chips/limbs.ts';
import { opOf } from '../../vm/isa/op.ts';
import { decodeNan, nanColumns } from '../fp32-decode/nan.ts';
import { flagsColumns, fp32Columns, fp32Frame } from '../fp32-frame/air.ts';

const INVERSE = 'free: an inverse exists or not';
const RESULT = 'the constraints of the result: a limb';

export const fp32CompareAir = defineAir({
  name: 'fp32-compare',
  columns: {
    ...fp32Columns,
    ...accessColumns('rs2'),
    ...flagsColumns,
    isEqual: bit('1 for feq.s'),
    isLess: bit('1 for flt.s'),
    isLessEqual: bit('1 for fle.s'),
    isMin: bit('1 for fmin.s'),
    isMax: bit('1 for fmax.s'),
    ...nanColumns('a'),
    ...nanColumns('b'),
    differenceLo: u16('low limb of a - b mod 2^32'),
    differenceHi: u16('high limb of a - b mod 2^32'),
    same: given('two constraints: 1 or 0', '1 if a and b are the same word'),
    sameInverse: given(INVERSE, 'inverse of the sum of the limbs of the difference'),
    zeros: given('two constraints: 1 or 0', '1 if a and b are zeros'),
    zerosInverse: given(INVERSE, 'inverse of the sum of the limbs of a and b without signs'),
    before: given('a constraint: a bit', '1 if a comes before b as a word with sign'),
    unordered: given('a product of bits', '1 if a or b is a NaN'),
    allNan: given('a product of bits', '1 if a and b are NaN'),
    holds: given('a constraint: a bit', '1 if the comparison holds'),
    takesA: given('a constraint: a bit', '1 if the choice falls on a'),
    invalid: given('a constraint: a bit', '1 if the operation is invalid'),
    outLo: given(RESULT, 'low limb of the result'),
    outHi: given(RESULT, 'high limb of the result'),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isReal, isEqual, isLess, isLessEqual, isMin, isMax, same, zeros, before, unordered, allNan } = local;
    const { holds, takesA, invalid, outLo, outHi } = local;
    const [a, b] = [
      { lo: local.rs1Lo, hi: local.rs1Hi },
      { lo: local.rs2Lo, hi: local.rs2Hi },
    ];
    const either = (x: Expr, y: Expr): Expr => x.not().times(y.not()).not();
    const selected: readonly (readonly [Expr, string])[] = [
      [isEqual, 'feq.s'],
      [isLess, 'flt.s'],
      [isLessEqual, 'fle.s'],
      [isMin, 'fmin.s'],
      [isMax, 'fmax.s'],
    ];
    assertZero('one operation is selected', sum(selected.map(([selector]) => selector)).minus(isReal));
    fp32Frame(builder, local, {
      op: sum(selected.map(([selector, mnemonic]) => selector.times(opOf(mnemonic)))),
      result: { lo: outLo, hi: outHi },
      raised: invalid.times(16),
    });

    decodeNan(builder, local, 'a', a, isReal);
    decodeNan(builder, local, 'b', b, isReal);
    const { aSign, bSign } = local;
    const difference = { lo: local.differenceLo, hi: local.differenceHi };
    const borrow = addUp(builder, difference, b, a);
    const distance = difference.lo.plus(difference.hi);
    assertZero('the same words have no difference', same.times(distance));
    assertZero('other words have one', distance.times(local.sameInverse).minus(isReal).plus(same));
    const signs = aSign.plus(bSign).times(2 ** 15);
    const magnitudes = sum([a.lo, a.hi, b.lo, b.hi]).minus(signs);
    assertZero('zeros have no magnitude', zeros.times(magnitudes));
    assertZero('anything else has', magnitudes.times(local.zerosInverse).minus(isReal).plus(zeros));
    const reversed = aSign.times(bSign).times(expr(1).minus(borrow.times(2)).minus(same));
    assertZero('a comes before b by sign and magnitude', before.minus(borrow.plus(aSign).minus(bSign).plus(reversed)));

    assertZero('a NaN is unordered', unordered.minus(either(local.aNan, local.bNan)));
    const truth = sum([
      isEqual.times(either(same, zeros)),
      isLess.times(before).times(zeros.not()),
      isLessEqual.times(either(before.plus(same), zeros)),
    ]);
    assertZero('the comparison holds if ordered and true', holds.minus(unordered.not().times(truth)));
    const chosen = isMin.times(before).plus(isMax.times(before.not()));
    const isChoice = isMin.plus(isMax);
    assertZero(
      'the choice falls on the number, or on the one before',
      takesA.minus(chooseOne(unordered, local.bNan, chosen)),
    );
    assertZero('both may be NaN', allNan.minus(local.aNan.times(local.bNan)));
    const choiceOf = (x: Expr, y: Expr, nan: number): Expr =>
      isChoice.times(chooseOne(allNan, expr(nan), chooseOne(takesA, x, y)));
    assertZero('the low limb is the truth or the choice', outLo.minus(holds).minus(choiceOf(a.lo, b.lo, 0)));
    assertZero('the high limb is that of the choice', outHi.minus(choiceOf(a.hi, b.hi, 0x7fc0)));

    const signal = either(local.aSignaling, local.bSignaling);
    assertZero(
      'a signaling NaN is invalid, and to an order any',
      invalid.minus(chooseOne(isLess.plus(isLessEqual), unordered, signal)),
    );
  },
});
