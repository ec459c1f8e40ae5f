/**
 * UPPER chip: lui, auipc and jal. Nothing depends on the state: the program row holds the constant for rd (as its
 * immediate) and the next pc (as its target, pc + 4 but for a jal), so all three are decoded to one op, that of lui.
 *
 * Assumes  the frame (`frame.ts`). Immediates of the program are limbs in [0, 2^16), targets are below 2^28.
 * Ensures  rd holds the constant, and the machine goes on at the target.
 * Proof    both are read off the program bus.
 * Padding  isReal = 0, all zero.
 */
import { defineAir, given } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';

export const upperAir = defineAir({
  name: 'upper',
  columns: {
    ...frameColumns,
    ...accessColumns('rd'),
    immLo: given('the program bus', 'low limb of the constant'),
    immHi: given('the program bus', 'high limb of the constant'),
    target: given('the program bus', 'pc of the next instruction'),
  },
  define(builder) {
    const { isReal, pc, clk, rdAddress, immLo, immHi, target } = builder.local;
    const op = opOf('lui');
    instruction(builder, { active: isReal, pc, clk, op, rd: rdAddress, immLo, immHi, target, nextPc: target });
    namedAccess(builder, builder.local, 'rd', {
      now: clk.plus(3),
      active: isReal,
      written: { lo: immLo, hi: immHi },
    });
  },
});
