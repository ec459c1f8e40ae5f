/**
 * MULTIPLY chip: mul. The high word: `high-air.ts`.
 *
 * Assumes  `operands.ts`; limbs of a and b are in [0, 2^16).
 * Ensures  rd = a b mod 2^32.
 * Proof    the bytes of a and b are unique (`product.ts`). Limb by limb, sum of byte products + carry in = out +
 *          2^16 carry: the left side is below 2^26, the right one below 2^26 + 2^16 by the ranges of out and carry, so
 *          it is an equation of integers, with one solution. A carry checked as a quotient mod p could be anything.
 * Padding  the zero row.
 */
import { array, below, defineAir, u16 } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { operandColumns, operands, operandsOf } from '../operands.ts';
import { bytesOf, productLimbs } from '../product.ts';

export const multiplyAir = defineAir({
  name: 'multiply',
  columns: {
    ...operandColumns,
    aLow: array(2, below(8, 'low byte of each limb of a')),
    bLow: array(2, below(8, 'low byte of each limb of b')),
    outLo: u16('low limb of the result'),
    outHi: u16('high limb of the result'),
    carry0: below(9, 'carry out of limb 0: at most 509'),
    carry1: below(10, 'carry out of limb 1: at most 1,018'),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { aLow, bLow, outLo, outHi, carry0, carry1 } = local;
    const { a, b } = operandsOf(local);
    const product = productLimbs(bytesOf(builder, 'a', a, aLow), bytesOf(builder, 'b', b, bLow));
    assertZero('limb 0 of the product adds up', product[0]!.minus(outLo).minus(carry0.times(2 ** 16)));
    assertZero(
      'limb 1 of the product adds up',
      product[1]!
        .plus(carry0)
        .minus(outHi)
        .minus(carry1.times(2 ** 16)),
    );
    operands(builder, local, { op: opOf('mul'), result: { lo: outLo, hi: outHi } });
  },
});
