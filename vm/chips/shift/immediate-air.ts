/**
 * SHIFT-IMMEDIATE chip: slli, srli, srai. The amount is a constant, so `decode` puts what follows from it into the
 * program: where limbs are split (as immLo), whether a limb is passed over (as immHi), and the power (as target).
 *
 * Assumes  the frame (`frame.ts`); the program's constants are those of `decode`.
 * Ensures  rd = rs1 shifted by the amount.
 * Proof    `limb-shift.ts`. op = srli - isLeft + isArithmetic is one of three ids; both bits together, the id of srli
 *          again, are excluded there.
 * Padding  the zero row.
 */
import { defineAir, given } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';
import { limbShift, limbShiftColumns } from './limb-shift.ts';

const [SLLI, SRLI, SRAI] = [opOf('slli'), opOf('srli'), opOf('srai')];

export const shiftImmediateAir = defineAir({
  name: 'shift-immediate',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rd'),
    splitAt: given('the program bus', 'k: amount mod 16 to the right, 16 less that to the left'),
    byLimb: given('the program bus: a bit', 'bit 4 of the amount'),
    power: given('the program bus', '2^k'),
    ...limbShiftColumns,
  },
  define(builder) {
    const { local } = builder;
    const { isReal: active, pc, clk, splitAt, byLimb, power, isLeft, isArithmetic } = local;
    limbShift(builder, local, { isReal: active, a: { lo: local.rs1Lo, hi: local.rs1Hi }, splitAt, power, byLimb });

    instruction(builder, {
      active,
      pc,
      clk,
      op: isLeft
        .times(SLLI - SRLI)
        .plus(isArithmetic.times(SRAI - SRLI))
        .plus(SRLI),
      rd: local.rdAddress,
      rs1: local.rs1Address,
      immLo: splitAt,
      immHi: byLimb,
      target: power,
    });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    namedAccess(builder, local, 'rd', {
      now: clk.plus(3),
      active,
      written: { lo: local.outLo, hi: local.outHi },
    });
  },
});
