/**
 * STORE-NARROW chip: sh, sb. They write a whole word, the old one with a halfword or byte replaced.
 *
 * Assumes  the frame (`frame.ts`); limbs of registers and RAM words are in [0, 2^16).
 * Ensures  the halfword or byte at rs1 + imm mod 2^32 holds the low bits of rs2, the rest of its word is unchanged; a
 *          halfword is aligned.
 * Proof    low2 = isOdd + 2 isUpper are the low bits of the address (`ram-access.ts`). rs2Lo and the old limb that
 *          isUpper chooses are each split into two bytes in one way (256 times the high byte is what is left of a limb:
 *          a byte, so the quotient is exact). The new limb is rs2Lo, or the old one with the byte that isOdd chooses
 *          replaced: a limb again. The other limb stays. op = sb + isHalf is one of two ids.
 * Padding  the zero row.
 */
import { below, bit, defineAir, given } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import { opOf } from '../../isa/op.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';
import { chooseOne, INVERSE_2_8 } from '../limbs.ts';
import { immediateColumns } from '../operands.ts';
import { ramAccess, ramColumns } from '../ram-access.ts';

export const storeNarrowAir = defineAir({
  name: 'store-narrow',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rs2'),
    ...ramColumns,
    ...immediateColumns,
    isHalf: bit('1 for sh, 0 for sb'),
    isOdd: bit('bit 0 of the address'),
    isUpper: bit('bit 1 of the address: the high limb of the word'),
    byte: below(8, 'low byte of rs2'),
    replaced: below(8, 'old byte at bit 0 of the address in the limb addressed'),
    kept: below(8, 'the other old byte of that limb'),
    newLo: given('a constraint: a limb', 'low limb of the word afterwards'),
    newHi: given('a constraint: a limb', 'high limb of the word afterwards'),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isReal: active, pc, clk, rs1Address: rs1, rs2Address: rs2, immLo, immHi } = local;
    const { isHalf, isOdd, isUpper, byte, replaced, kept, newLo, newHi, rs2Lo, ramLo, ramHi } = local;
    assertZero('a halfword is aligned', isHalf.times(isOdd));

    const highByte = rs2Lo.minus(byte).times(INVERSE_2_8);
    builder.send('the rest of the low limb of rs2 is a byte', RANGE_BUS, { claimed: [8, highByte] }, 1);
    const weight = isOdd.times(2 ** 8 - 1).plus(1); // of the byte replaced: 1 or 2^8
    const limb = replaced.plus(kept.times(2 ** 8)).plus(isOdd.times(replaced.minus(kept)).times(2 ** 8 - 1));
    assertZero('the old bytes make up the limb addressed', limb.minus(chooseOne(isUpper, ramHi, ramLo)));

    const byteChange = weight.times(byte.minus(replaced));
    const changeOf = (old: typeof ramLo) => chooseOne(isHalf, rs2Lo.minus(old), byteChange);
    assertZero(
      'the low limb changes only if addressed',
      newLo.minus(ramLo).minus(isUpper.not().times(changeOf(ramLo))),
    );
    assertZero('the high limb changes only if addressed', newHi.minus(ramHi).minus(isUpper.times(changeOf(ramHi))));

    instruction(builder, { active, pc, clk, op: isHalf.plus(opOf('sb')), rs1, rs2, immLo, immHi });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    namedAccess(builder, local, 'rs2', { now: clk.plus(1), active });
    ramAccess(builder, local, {
      active,
      now: clk.plus(2),
      base: { lo: local.rs1Lo, hi: local.rs1Hi },
      offset: { lo: immLo, hi: immHi },
      low2: isOdd.plus(isUpper.times(2)),
      written: { lo: newLo, hi: newHi },
    });
  },
});
