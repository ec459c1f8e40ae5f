/**
 * BRANCH chip: beq, bne, blt, bge, bltu, bgeu.
 *
 * Assumes  the frame (`frame.ts`). The target is a constant of the program.
 * Ensures  the next pc is the target if the condition holds, else pc + 4.
 * Proof    op = beq + isNegated + 2 isOrder + 2 isUnsigned with bits: the six ids in order, each from one choice of them
 *          (isUnsigned without isOrder, which would be another blt, has isSigned = -1 and looks up a sign below 2^17,
 *          which is in no table). Order: `less-than.ts`. Equality: the limbs of a - b are in [0, 2^16), so their sum s is
 *          0 in F_p only if both are; s (1 - s inverse) = 0 makes s * inverse = [s != 0].
 * Padding  the zero row: isReal = 0 takes the place of the 1 in the condition of beq, so that nothing is taken, and
 *          nextPc is tied to nothing but read by nobody.
 */
import { bit, defineAir, given } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';
import { lessThan, lessThanColumns } from '../less-than.ts';
import { chooseOne } from '../limbs.ts';

export const branchAir = defineAir({
  name: 'branch',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rs2'),
    target: given('the program bus', 'pc of the instruction if the branch is taken'),
    nextPc: given('a constraint', 'pc of the next instruction'),
    isNegated: bit('1 for bne, bge and bgeu'),
    isOrder: bit('1 for blt, bge, bltu and bgeu, 0 for beq and bne'),
    isUnsigned: bit('1 for bltu and bgeu'),
    isTaken: given('a constraint: a combination of bits', '1 if the condition holds'),
    inverse: given('free: an inverse exists or not', 'inverse of the sum of the limbs of a - b'),
    ...lessThanColumns,
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isReal, pc, clk, target, nextPc, isNegated, isOrder, isUnsigned, isTaken, inverse } = local;
    const a = { lo: local.rs1Lo, hi: local.rs1Hi };
    const b = { lo: local.rs2Lo, hi: local.rs2Hi };
    const isLess = lessThan(builder, local, a, b, isOrder.minus(isUnsigned));
    const limbSum = local.differenceLo.plus(local.differenceHi);
    const isDifferent = limbSum.times(inverse);
    assertZero('operands with a difference are different', limbSum.times(isDifferent.not()));

    const holds = chooseOne(isOrder, isLess, isReal.minus(isDifferent));
    assertZero(
      'the branch is taken if its condition holds',
      isTaken.minus(chooseOne(isNegated, isReal.minus(holds), holds)),
    );
    assertZero(
      'the next instruction is the target if taken',
      isReal.times(nextPc.minus(chooseOne(isTaken, target, pc.plus(4)))),
    );

    const op = isNegated.plus(isOrder.times(2)).plus(isUnsigned.times(2)).plus(opOf('beq'));
    instruction(builder, {
      active: isReal,
      pc,
      clk,
      op,
      rs1: local.rs1Address,
      rs2: local.rs2Address,
      target,
      nextPc,
    });
    namedAccess(builder, local, 'rs1', { now: clk, active: isReal });
    namedAccess(builder, local, 'rs2', { now: clk.plus(1), active: isReal });
  },
});
