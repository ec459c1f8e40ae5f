/**
 * SHIFT chip: sll, srl, sra, by the amount in a register. Constant amounts: `immediate-air.ts`.
 *
 * Assumes  `operands.ts`.
 * Ensures  rd = rs1 shifted by the low 5 bits of rs2.
 * Proof    rs2Lo = r + 16 byLimb + 32 rest with r in four bits and rest in [0, 2^11): both sides are below 2^16, so the
 *          bits are unique; rest, an exact quotient by 32, needs no column. splitAt and power follow from r, and
 *          `limb-shift.ts` has the rest. op = srl - 4 isLeft + isArithmetic is one of three ids; both bits together, the
 *          id of slt, are excluded there.
 * Padding  the zero row; isReal is in the product of power so that it is 0 there, as power is.
 */
import { array, bit, defineAir, given } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import { compose } from '../../../stark/air/expr.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { opOf } from '../../isa/op.ts';
import { chooseOne } from '../limbs.ts';
import { operandColumns, operands, operandsOf } from '../operands.ts';
import { limbShift, limbShiftColumns } from './limb-shift.ts';

const [SLL, SRL, SRA] = [opOf('sll'), opOf('srl'), opOf('sra')];
const INVERSE_32 = inverse(felt(32));

export const shiftAir = defineAir({
  name: 'shift',
  columns: {
    ...operandColumns,
    amountBits: array(4, bit('bits 0 to 3 of the amount, r')),
    byLimb: bit('bit 4 of the amount'),
    splitAt: given('a constraint', 'k: r to the right, 16 - r to the left'),
    power: given('a constraint', '2^k'),
    ...limbShiftColumns,
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isReal, amountBits, byLimb, splitAt, power, isLeft, isArithmetic, cofactor } = local;
    const { a, b } = operandsOf(local);

    const r = compose(amountBits, 2);
    const rest = b.lo.minus(r).minus(byLimb.times(16)).times(INVERSE_32);
    builder.send('the rest of the low limb of b has 11 bits', RANGE_BUS, { claimed: [11, rest] }, 1);
    assertZero('the limbs are split at r, or at 16 - r', splitAt.minus(chooseOne(isLeft, r.times(-1).plus(16), r)));
    const powerOfR = amountBits
      .map((bitOf, i) => bitOf.times(2 ** (2 ** i) - 1).plus(i === 0 ? isReal : 1))
      .reduce((product, factor) => product.times(factor)); // 2^r = the product of 2^(2^i) over its bits
    assertZero('power or cofactor is 2^r', chooseOne(isLeft, cofactor, power).minus(powerOfR));
    limbShift(builder, local, { isReal, a, splitAt, power, byLimb });

    const op = isLeft
      .times(SLL - SRL)
      .plus(isArithmetic.times(SRA - SRL))
      .plus(SRL);
    operands(builder, local, { op, result: { lo: local.outLo, hi: local.outHi } });
  },
});
