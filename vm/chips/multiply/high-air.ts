/**
 * MULTIPLY-HIGH chip: mulh, mulhsu, mulhu.
 *
 * Assumes  `operands.ts`; limbs of a and b are in [0, 2^16).
 * Ensures  rd = floor(a b / 2^32) mod 2^32, a and b read as two's complement if isSignedA and isSignedB.
 * Proof    the bytes and signs of a and b are unique (`product.ts`). A negative word is the unsigned one less 2^32, so
 *          the signed product is the unsigned one less 2^32 (signA b + signB a), plus 2^64 if both are negative, which
 *          does not show. Limb by limb as in `air.ts`, from limb 2 on with signed carries: carry2 in [-2, 511] and
 *          carry3 in [-2, 1] by the bounds of `product.ts`, checked as carry + 2. All sides are below 2^27 in absolute
 *          value. op = mulhu - isSignedA - isSignedB is one of three ids, each from one choice of the bits, as b is
 *          signed only if a is.
 * Padding  the zero row: the lookups of the signed carries are (10, 2) and (2, 2).
 */
import { array, below, bit, defineAir, given, u16 } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import { opOf } from '../../isa/op.ts';
import { operandColumns, operands, operandsOf } from '../operands.ts';
import { bytesOf, productLimbs } from '../product.ts';

const SIGN_DOMAIN = 'a constraint: 0 or 1, and 0 unless signed';

export const multiplyHighAir = defineAir({
  name: 'multiply-high',
  columns: {
    ...operandColumns,
    isSignedA: bit('1 for mulh and mulhsu'),
    isSignedB: bit('1 for mulh'),
    signA: given(SIGN_DOMAIN, '1 if a is signed and negative'),
    signB: given(SIGN_DOMAIN, '1 if b is signed and negative'),
    aLow: array(2, below(8, 'low byte of each limb of a')),
    bLow: array(2, below(8, 'low byte of each limb of b')),
    product: array(2, u16('the limbs of the low word of the product')),
    outLo: u16('low limb of the result'),
    outHi: u16('high limb of the result'),
    carry0: below(9, 'carry out of limb 0: at most 509'),
    carry1: below(10, 'carry out of limb 1: at most 1,018'),
    carry2: given('a lookup: in [-2, 2^10 - 2)', 'carry out of limb 2'),
    carry3: given('a lookup: in [-2, 2)', 'carry out of limb 3'),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isSignedA, isSignedB, signA, signB, product, carry0, carry1, carry2, carry3 } = local;
    assertZero('b is signed only if a is', isSignedB.times(isSignedA.not()));
    const { a, b } = operandsOf(local);
    const sums = productLimbs(
      bytesOf(builder, 'a', a, local.aLow, { isSigned: isSignedA, sign: signA }),
      bytesOf(builder, 'b', b, local.bLow, { isSigned: isSignedB, sign: signB }),
    );
    const correction = [signA.times(b.lo).plus(signB.times(a.lo)), signA.times(b.hi).plus(signB.times(a.hi))];
    const limbs = [
      [sums[0]!, product[0]!, carry0],
      [sums[1]!.plus(carry0), product[1]!, carry1],
      [sums[2]!.plus(carry1).minus(correction[0]!), local.outLo, carry2],
      [sums[3]!.plus(carry2).minus(correction[1]!), local.outHi, carry3],
    ] as const;
    for (const [i, [total, limb, carry]] of limbs.entries()) {
      assertZero(`limb ${i} of the product adds up`, total.minus(limb).minus(carry.times(2 ** 16)));
    }
    builder.send('carry2 is at least -2 and below 2^10 - 2', RANGE_BUS, { claimed: [10, carry2.plus(2)] }, 1);
    builder.send('carry3 is at least -2 and below 2', RANGE_BUS, { claimed: [2, carry3.plus(2)] }, 1);

    const op = isSignedA.plus(isSignedB).times(-1).plus(opOf('mulhu'));
    operands(builder, local, { op, result: { lo: local.outLo, hi: local.outHi } });
  },
});
