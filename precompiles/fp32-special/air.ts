/**
 * FP32-SPECIAL chip: multiplications, divisions, square roots and fused multiply-adds whose result takes no arithmetic.
 * One row an operation; it answers on the bus of the operation, as the chip of its arithmetic does.
 *
 * Assumes  the sender's part of the bus of each operation.
 * Ensures  lo, hi, flags are those of `semantics.ts`, and the only ones: the chips of arithmetic have no row for these
 *          operands, and this one has none for others.
 * Proof    1. At most one operation is chosen, and one bus asked for it.
 *          2. With special = infinite + quiet + signaling, from `fp32-decode` 0 or 1, the significand less 2^23 special is
 *             the fraction of an infinity or NaN, or the significand of a finite word: an integer below 2^24, zero for
 *             zeros and infinities only. The upper bit of a fraction tells quiet from signaling NaN. So a word has one class,
 *             and Zero, which is 0 if special, is 1 - infinite = 1 for a zero and -infinite = 0 for any other finite word.
 *          3. `fp32-special` has one result for a case, or none. An operand that an operation lacks has class zero in all of
 *             them, and its sign decides nothing: neither opposed for `mul` and `div`, nor any sign but that of a for
 *             `sqrt`. The product of all but `fma` is not negated.
 * Padding  all zero: no operation is chosen, which silences buses and tables.
 */
import { bit, type Declaration, defineAir, given } from '../../stark/air/air.ts';
import { type Bus, RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, sum } from '../../stark/air/expr.ts';
import { FP32_DECODE_BUS } from '../fp32-decode/air.ts';
import { FP32_DIV_BUS } from '../fp32-div/bus.ts';
import { FP32_FMA_BUS } from '../fp32-fma/bus.ts';
import { FP32_MUL_BUS } from '../fp32-mul/bus.ts';
import { FP32_SQRT_BUS } from '../fp32-sqrt/bus.ts';
import { FP32_SPECIAL_CHIP } from './bus.ts';
import { OPERATION } from './outcome.ts';
import { SPECIAL_BUS } from './table.ts';

const SENDER = 'the sender of the request';
const DECODED = 'fp32-decode';
const CASE = 'fp32-special';
const RDN = 2;

type Part = 'Lo' | 'Hi' | 'Sign' | 'Exponent' | 'Upper' | 'Zero' | 'Infinite' | 'Quiet' | 'Signaling' | 'Inverse';

const operandColumns = <const N extends string>(name: N) =>
  ({
    [`${name}Lo`]: given(`${SENDER}, or without effect`, `low limb of ${name}`),
    [`${name}Hi`]: given(`${SENDER}, or without effect`, `high limb of ${name}`),
    [`${name}Sign`]: given(`${DECODED}: a bit`, `sign of ${name}`),
    [`${name}Exponent`]: given(`${DECODED}: unused`, `biased exponent of ${name}`),
    [`${name}Upper`]: given(`${DECODED}: below 2^8`, `upper 8 bits of the significand of ${name}`),
    [`${name}Zero`]: given('constraints: 1 or 0', `1 if ${name} is a zero`),
    [`${name}Infinite`]: bit(`1 if ${name} is an infinity`),
    [`${name}Quiet`]: bit(`1 if ${name} is a quiet NaN`),
    [`${name}Signaling`]: bit(`1 if ${name} is a signaling NaN`),
    [`${name}Inverse`]: given('free: an inverse exists or not', 'inverse of its fraction or significand'),
  }) as { readonly [K in `${N}${Part}`]: Declaration<undefined> };

export const fp32SpecialAir = defineAir({
  name: FP32_SPECIAL_CHIP,
  columns: {
    isMul: bit('1 for a * b'),
    isDiv: bit('1 for a / b'),
    isSqrt: bit('1 for the square root of a'),
    isFma: bit('1 for a * b + c, with negations'),
    mode: given(SENDER, 'rounding mode'),
    negateProduct: given(`${SENDER}: a bit; 0 unless isFma, by constraint`, '1 for -(a * b)'),
    negateAddend: given(`${SENDER}: a bit; without effect unless isFma`, '1 for -c'),
    ...operandColumns('a'),
    ...operandColumns('b'),
    ...operandColumns('c'),
    productSign: given('a sum of bits mod 2, by constraint', 'sign of the product or quotient'),
    opposed: given('a sum of bits mod 2, by constraint', '1 if product and addend have different signs'),
    limb: given(CASE, 'high limb of the result but for signs'),
    productSigned: given(`${CASE}: a bit`, '1 if the sign of the product is added'),
    addendSigned: given(`${CASE}: a bit`, '1 if the sign of the addend is added'),
    modeSigned: given(`${CASE}: a bit`, '1 if the result is negative in mode RDN'),
    copies: given(`${CASE}: a bit`, '1 if the result is the addend'),
    flags: given(CASE, 'flags of the result'),
    isDown: given('constraints: 1 or 0', '1 in mode RDN'),
    modeInverse: given('free: an inverse exists or not', 'inverse of the distance of the mode to RDN'),
    outLo: given('the constraints of the result', 'low limb of the result'),
    outHi: given('the constraints of the result', 'high limb of the result'),
  },
  define({ local, assertZero, send, receive }) {
    const { isMul, isDiv, isSqrt, isFma, mode, negateProduct, negateAddend, isDown, outLo, outHi, flags } = local;
    const xor = (a: Expr, b: Expr): Expr => a.plus(b).minus(a.times(b).times(2));
    const isReal = sum([isMul, isDiv, isSqrt, isFma]);
    const a = [local.aLo, local.aHi];
    const b = [local.bLo, local.bHi];
    const c = [local.cLo, local.cHi];

    // 1. The request.
    assertZero('at most one operation is chosen', isReal.times(isReal.minus(1)));
    const answer = (name: string, bus: Bus, operands: readonly Expr[], active: Expr): void =>
      receive(`the ${name} was asked for`, bus, { given: operands, claimed: [outLo, outHi, flags] }, active);
    answer('product', FP32_MUL_BUS, [mode, ...a, ...b], isMul);
    answer('quotient', FP32_DIV_BUS, [mode, ...a, ...b], isDiv);
    answer('square root', FP32_SQRT_BUS, [mode, ...a], isSqrt);
    answer('fused sum', FP32_FMA_BUS, [mode, negateProduct, negateAddend, ...a, ...b, ...c], isFma);
    assertZero('only a fused product is negated', isReal.minus(isFma).times(negateProduct));

    // 2. The classes.
    const classOf = (name: 'a' | 'b' | 'c'): Expr => {
      const part = (p: Part): Expr => local[`${name}${p}`];
      const [upper, zero, infinite, quiet, signaling] = [
        part('Upper'),
        part('Zero'),
        part('Infinite'),
        part('Quiet'),
        part('Signaling'),
      ];
      const special = sum([infinite, quiet, signaling]);
      const claimed = [part('Sign'), part('Exponent'), upper, special];
      send(`${name} is decoded`, FP32_DECODE_BUS, { given: [part('Hi')], claimed }, isReal);
      const fraction = upper
        .minus(special.times(2 ** 7))
        .times(2 ** 16)
        .plus(part('Lo'));
      assertZero(`${name} is not special as a zero`, zero.times(special));
      assertZero(`${name} has no fraction as a zero or infinity`, zero.plus(infinite).times(fraction));
      assertZero(
        `${name} has one otherwise`,
        fraction.times(part('Inverse')).minus(isReal.minus(zero).minus(infinite)),
      );
      const payload = upper.minus(2 ** 7).minus(quiet.times(2 ** 6));
      send(`${name} has its quiet bit`, RANGE_BUS, { claimed: [6, payload] }, quiet.plus(signaling));
      // zero 0, finite 1, infinite 2, quiet 3, signaling 4
      return isReal.minus(zero).plus(infinite).plus(quiet.times(2)).plus(signaling.times(3));
    };
    const classes = [classOf('a'), classOf('b'), classOf('c')];

    // 3. The case.
    const { productSign, opposed, limb, productSigned, addendSigned, modeSigned, copies } = local;
    const addendSign = xor(local.cSign, negateAddend);
    assertZero('the product has this sign', productSign.minus(xor(xor(local.aSign, local.bSign), negateProduct)));
    assertZero('opposed tells whether the signs differ', opposed.minus(xor(productSign, addendSign)));
    const operation = sum([
      isMul.times(OPERATION.mul),
      isDiv.times(OPERATION.div),
      isSqrt.times(OPERATION.sqrt),
      isFma.times(OPERATION.fma),
    ]);
    send(
      'the case has this outcome',
      SPECIAL_BUS,
      {
        given: [operation, ...classes, local.aSign, opposed],
        claimed: [limb, productSigned, addendSigned, modeSigned, copies, flags],
      },
      isReal,
    );
    assertZero('isDown tells the mode RDN', isDown.times(mode.minus(RDN)));
    assertZero('another mode is not RDN', mode.minus(RDN).times(local.modeInverse).minus(isReal.minus(isDown)));
    const sign = sum([productSigned.times(productSign), addendSigned.times(addendSign), modeSigned.times(isDown)]);
    const copied = copies.times(local.cHi.minus(local.cSign.times(2 ** 15)));
    assertZero(
      'the high limb is that of the outcome',
      outHi
        .minus(limb)
        .minus(sign.times(2 ** 15))
        .minus(copied),
    );
    assertZero('the low limb is 0 or that of the addend', outLo.minus(copies.times(local.cLo)));
  },
});
