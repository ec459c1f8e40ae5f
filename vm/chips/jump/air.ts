/**
 * JUMP chip: jalr. (jal goes to a constant: `upper`.)
 *
 * Assumes  the frame (`frame.ts`); `decode` gives the low limb of pc + 4 as the target field of the program.
 * Ensures  rd = pc + 4, and the machine goes on at rs1 + imm mod 2^32 with bit 0 cleared, which is below 2^28.
 * Proof    `addUp`: 2 half + bit0 is a limb and high below 2^12, so they are the limbs of rs1 + imm mod 2^32 or there is
 *          no such row. The next pc 2 half + 2^16 high < 2^28 < p does not wrap, so no pc of the program is reached
 *          through another address. The high limb of the link is (pc + 4 - linkLo) / 2^16: pc and linkLo are constants
 *          of the program, so the quotient is exact.
 * Padding  the zero row: 0 + 0 = 0.
 */
import { below, bit, defineAir, given } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';
import { addUp, INVERSE_2_16 } from '../limbs.ts';

export const jumpAir = defineAir({
  name: 'jump',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rd'),
    immLo: given('the program bus', 'low limb of the immediate'),
    immHi: given('the program bus', 'high limb of the immediate'),
    linkLo: given('the program bus', 'low limb of pc + 4'),
    bit0: bit('bit 0 of rs1 + imm'),
    half: below(15, 'bits 1 to 15 of rs1 + imm'),
    high: below(12, 'bits 16 to 31 of rs1 + imm'),
  },
  define(builder) {
    const { local } = builder;
    const { isReal: active, pc, clk, immLo, immHi, linkLo, bit0, half, high } = local;
    const low = half.times(2);
    addUp(builder, { lo: local.rs1Lo, hi: local.rs1Hi }, { lo: immLo, hi: immHi }, { lo: low.plus(bit0), hi: high });

    instruction(builder, {
      active,
      pc,
      clk,
      op: opOf('jalr'),
      rd: local.rdAddress,
      rs1: local.rs1Address,
      immLo,
      immHi,
      target: linkLo,
      nextPc: low.plus(high.times(2 ** 16)),
    });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    namedAccess(builder, local, 'rd', {
      now: clk.plus(3),
      active,
      written: { lo: linkLo, hi: pc.plus(4).minus(linkLo).times(INVERSE_2_16) },
    });
  },
});
