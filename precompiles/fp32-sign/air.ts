/**
 * FP32-SIGN chip: fsgnj.s, fsgnjn.s, fsgnjx.s. One row an instruction.
 *
 * Assumes  the frame (`fp32-frame/air.ts`): limbs of registers are below 2^16.
 * Ensures  fd = fs1 with the sign of fs2, the opposite one, or the product of both signs. No flag is raised.
 * Proof    high - 2^15 sign in [0, 2^15) leaves one value of the bit. The high limb of fs1 changes by 2^15 times the
 *          difference of the signs, and stays a limb. At most one selector is set, and op is the id of the operation.
 * Padding  all zero: 0 with the sign of 0; ranges are of zeros.
 */
import { bit, defineAir, given } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { expr } from '../../stark/air/expr.ts';
import { accessColumns } from '../../vm/chips/frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { fp32Columns, fp32Frame } from '../fp32-frame/air.ts';

export const fp32SignAir = defineAir({
  name: 'fp32-sign',
  columns: {
    ...fp32Columns,
    ...accessColumns('rs2'),
    isOpposite: bit('1 for fsgnjn.s'),
    isProduct: bit('1 for fsgnjx.s'),
    signA: bit('sign of fs1'),
    signB: bit('sign of fs2'),
    outHi: given('a constraint: a limb', 'high limb of the result'),
  },
  define(builder) {
    const { local, assertZero, send } = builder;
    const { isOpposite, isProduct, signA, signB, outHi, rs1Hi, rs2Hi } = local;
    assertZero('one operation is selected', isOpposite.times(isProduct));
    const op = isOpposite.plus(isProduct.times(2)).plus(opOf('fsgnj.s'));
    fp32Frame(builder, local, { op, result: { lo: local.rs1Lo, hi: outHi } });
    send('the sign of a is its top bit', RANGE_BUS, { claimed: [15, rs1Hi.minus(signA.times(2 ** 15))] }, 1);
    send('the sign of b is its top bit', RANGE_BUS, { claimed: [15, rs2Hi.minus(signB.times(2 ** 15))] }, 1);
    const product = signA.plus(signB).minus(signA.times(signB).times(2));
    const sign = signB.plus(isOpposite.times(signB.not().minus(signB))).plus(isProduct.times(product.minus(signB)));
    assertZero(
      'the high limb has the sign of the operation',
      outHi.minus(rs1Hi).minus(sign.minus(signA).times(expr(2 ** 15))),
    );
  },
});
