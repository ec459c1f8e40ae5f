/**
 * FP32-ADD-SPECIAL chip: a + b or a - b where a or b is an infinity or NaN. One row an addition.
 *
 * Assumes  the sender's part of `fp32-add/bus.ts`.
 * Ensures  lo, hi, flags are those of `fp32-add/semantics.ts`, and the only ones; one operand is special.
 * Proof    With special = 1 the significand is 2^7 + fraction over 2^16: a NaN is told from an infinity by its fraction,
 *          below 2^23 and so not 0 mod p; its quiet bit is the uppermost of the fraction. The result is the canonical NaN
 *          for a NaN or opposed infinities, else the infinity there is. Invalid: a signaling NaN, or opposed infinities.
 * Padding  all zero: isReal = 0 silences buses and tables; ranges are of zeros.
 */
import { below, bit, type Declaration, defineAir, given } from '../../stark/air/air.ts';
import { type Expr, expr } from '../../stark/air/expr.ts';
import { chooseOne } from '../../vm/chips/limbs.ts';
import { FP32_ADD_BUS, FP32_ADD_SPECIAL_CHIP } from '../fp32-add/bus.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';

const SENDER = 'the sender on fp32-add';
const RESULT = 'the constraints of the result';

type Part =
  | 'Lo'
  | 'Hi'
  | 'Sign'
  | 'Exponent'
  | 'Upper'
  | 'Special'
  | 'Nan'
  | 'Inverse'
  | 'Quiet'
  | 'Payload'
  | 'Signaling';

const operandColumns = <const N extends string>(name: N) =>
  ({
    [`${name}Lo`]: given(SENDER, `low limb of ${name}`),
    [`${name}Hi`]: given(SENDER, `high limb of ${name}`),
    [`${name}Sign`]: given('fp32-decode: a bit', `sign of ${name}`),
    [`${name}Exponent`]: given('fp32-decode: unused', `biased exponent of ${name}`),
    [`${name}Upper`]: given('fp32-decode: below 2^8', `upper 8 bits of the significand of ${name}`),
    [`${name}Special`]: given('fp32-decode: a bit', `1 if ${name} is an infinity or NaN`),
    [`${name}Nan`]: given('three constraints: 1 or 0', `1 if ${name} is a NaN`),
    [`${name}Inverse`]: given('free: an inverse exists or not', `inverse of the fraction of a NaN`),
    [`${name}Quiet`]: bit(`quiet bit of ${name}, if special`),
    [`${name}Payload`]: below(6, `next 6 bits of the fraction of ${name}, if special`),
    [`${name}Signaling`]: given('a product of bits', `1 if ${name} is a signaling NaN`),
  }) as { readonly [K in `${N}${Part}`]: Declaration<undefined> };

export const fp32AddSpecialAir = defineAir({
  name: FP32_ADD_SPECIAL_CHIP,
  columns: {
    isReal: bit('1 on the row of an addition'),
    mode: given(`${SENDER}: without effect`, 'rounding mode'),
    subtract: given(SENDER, '1 for a - b'),
    ...operandColumns('a'),
    ...operandColumns('b'),
    bTermSign: given('a sum of bits mod 2, by constraint', 'sign of the term b or -b'),
    clash: given('a product of bits', '1 if both are infinities of opposed signs'),
    isNan: given('a product of bits', '1 if the result is a NaN'),
    invalid: given('a product of bits', '1 if the operation is invalid'),
    outHi: given(RESULT, 'high limb of the result'),
  },
  define({ local, assertZero, send, receive }) {
    const { isReal, mode, subtract, bTermSign, clash, isNan, invalid, outHi } = local;
    const xor = (a: Expr, b: Expr): Expr => a.plus(b).minus(a.times(b).times(2));
    const none = (...bits: readonly Expr[]): Expr => bits.reduce((all, x) => all.times(x.not()), expr(1));
    receive(
      'the addition was asked for',
      FP32_ADD_BUS,
      { given: [mode, subtract, local.aLo, local.aHi, local.bLo, local.bHi], claimed: [0, outHi, invalid.times(16)] },
      isReal,
    );
    for (const name of ['a', 'b'] as const) {
      const part = (p: Part): Expr => local[`${name}${p}`];
      const [special, nan, upper, quiet] = [part('Special'), part('Nan'), part('Upper'), part('Quiet')];
      const claimed = [part('Sign'), part('Exponent'), upper, special];
      send(`${name} is decoded`, FP32_DECODE_BUS, { given: [part('Hi')], claimed }, isReal);
      const fraction = upper
        .minus(2 ** 7)
        .times(2 ** 16)
        .plus(part('Lo'));
      assertZero(`${name} is a NaN only if special`, nan.times(special.not()));
      assertZero(`${name} has no fraction as an infinity`, special.times(nan.not()).times(fraction));
      assertZero(`${name} has a fraction as a NaN`, nan.times(fraction.times(part('Inverse')).minus(1)));
      const bits = quiet.times(2 ** 6).plus(part('Payload'));
      assertZero(`${name} has this quiet bit`, special.times(upper.minus(2 ** 7).minus(bits)));
      assertZero(`${name} signals as a NaN that is not quiet`, part('Signaling').minus(nan.times(quiet.not())));
    }
    assertZero('a or b is special', isReal.times(none(local.aSpecial, local.bSpecial)));
    assertZero('a subtraction turns the sign of b', bTermSign.minus(xor(local.bSign, subtract)));
    const aInfinite = local.aSpecial.minus(local.aNan);
    const bInfinite = local.bSpecial.minus(local.bNan);
    const opposed = xor(local.aSign, bTermSign);
    assertZero('opposed infinities clash', clash.minus(aInfinite.times(bInfinite).times(opposed)));
    assertZero('a NaN or a clash gives a NaN', isNan.not().minus(none(local.aNan, local.bNan, clash)));
    assertZero('a signal or a clash is invalid', invalid.not().minus(none(local.aSignaling, local.bSignaling, clash)));
    assertZero('a NaN is the canonical one', isNan.times(outHi.minus(0x7fc0)));
    const sign = chooseOne(aInfinite, local.aSign, bTermSign);
    assertZero(
      'an infinity has the sign of the infinite operand',
      isReal.minus(isNan).times(outHi.minus(sign.times(2 ** 15)).minus(0x7f80)),
    );
  },
});
