/**
 * FP32-MAX chip: the larger of two binary32, as fmax.s or as fmaxm.s. One row a choice.
 *
 * Assumes  the sender's part of `bus.ts`.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones.
 * Proof    1. Classes are those of `fp32-decode/nan.ts`.
 *          2. b + difference = a mod 2^32 (`addUp`): the carry is [a < b] as unsigned words. Of two words with sign 0 the
 *             lesser comes before, of two with sign 1 the greater, else the one with sign 1, which is the greater word:
 *             before = carry + aSign - bSign + aSign bSign (1 - 2 carry) is a bit in each case. Equal words may be taken
 *             either way. -0 comes before +0.
 *          3. Without a NaN the one is taken that is not before; with one NaN the other word; with two, or with one where
 *             NaN propagate, the canonical NaN.
 * Padding  all zero: silent on every bus but the ranges of zeros.
 */
import { bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { addUp, chooseOne } from '../../vm/chips/limbs.ts';
import { decodeNan, nanColumns } from '../fp32-decode/nan.ts';
import { FP32_MAX_BUS, FP32_MAX_CHIP } from './bus.ts';

const SENDER = 'the sender on fp32-max';
const RESULT = 'the constraints of the result: a limb';

export const fp32MaxAir = defineAir({
  name: FP32_MAX_CHIP,
  columns: {
    isReal: bit('1 on the row of a choice'),
    propagates: given(`${SENDER}: a bit`, '1 if one NaN makes the result NaN'),
    aLo: given(SENDER, 'low limb of a'),
    aHi: given(SENDER, 'high limb of a'),
    bLo: given(SENDER, 'low limb of b'),
    bHi: given(SENDER, 'high limb of b'),
    ...nanColumns('a'),
    ...nanColumns('b'),
    differenceLo: u16('low limb of a - b mod 2^32'),
    differenceHi: u16('high limb of a - b mod 2^32'),
    before: given('a constraint: a bit', '1 if a comes before b as a word with sign'),
    unordered: given('a product of bits', '1 if a or b is a NaN'),
    isNan: given('a constraint: a bit', '1 if the result is NaN'),
    takesB: given('a constraint: a bit', '1 if b is taken'),
    invalid: given('a product of bits', '1 if a or b is a signaling NaN'),
    outLo: given(RESULT, 'low limb of the result'),
    outHi: given(RESULT, 'high limb of the result'),
  },
  define(builder) {
    const { local, assertZero, receive } = builder;
    const { isReal, propagates, before, unordered, isNan, takesB, invalid, outLo, outHi } = local;
    const [a, b] = [
      { lo: local.aLo, hi: local.aHi },
      { lo: local.bLo, hi: local.bHi },
    ];
    const either = (x: Expr, y: Expr): Expr => x.not().times(y.not()).not();
    receive(
      'the larger one was asked for',
      FP32_MAX_BUS,
      { given: [propagates, a.lo, a.hi, b.lo, b.hi], claimed: [outLo, outHi, invalid.times(16)] },
      isReal,
    );
    decodeNan(builder, local, 'a', a, isReal);
    decodeNan(builder, local, 'b', b, isReal);

    const { aSign, bSign, aNan, bNan } = local;
    const borrow = addUp(builder, { lo: local.differenceLo, hi: local.differenceHi }, b, a);
    const reversed = aSign.times(bSign).times(expr(1).minus(borrow.times(2)));
    assertZero('a comes before b by sign and magnitude', before.minus(borrow.plus(aSign).minus(bSign).plus(reversed)));

    assertZero('a NaN is unordered', unordered.minus(either(aNan, bNan)));
    assertZero(
      'the result is NaN for two, or for one that propagates',
      isNan.minus(chooseOne(propagates, unordered, aNan.times(bNan))),
    );
    assertZero('b is taken if a is the NaN or comes before', takesB.minus(chooseOne(unordered, aNan, before)));
    assertZero('a signaling NaN is invalid', invalid.minus(either(local.aSignaling, local.bSignaling)));
    assertZero('the low limb is that of the choice', outLo.minus(isNan.not().times(chooseOne(takesB, b.lo, a.lo))));
    assertZero(
      'the high limb is that of the choice',
      outHi.minus(chooseOne(isNan, expr(0x7fc0), chooseOne(takesB, b.hi, a.hi))),
    );
  },
});
