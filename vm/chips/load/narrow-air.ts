/**
 * LOAD-NARROW chip: lh, lhu, lb, lbu, flh.
 *
 * Assumes  the frame (`frame.ts`); limbs of RAM words are in [0, 2^16).
 * Ensures  rd holds the halfword or byte at rs1 + imm mod 2^32, extended by its sign or by zeros, or for flh by ones; a
 *          halfword is aligned.
 * Proof    low2 = isOdd + 2 isUpper are the low bits of the address (`ram-access.ts`). The limb of the word that isUpper
 *          chooses is split into two bytes in one way; `top` is the higher one of a halfword or odd byte, else the
 *          lower one, and `other` the one left. `top` is a byte by the lookup of its sign: with isUnsigned the sign is 0
 *          and top in [0, 2^8), else top - 2^7 sign in [0, 2^7), which leaves one value of the bit. op = lb + isHalf +
 *          3 isUnsigned takes the ids of lb, lh, lbu and lhu, each from one choice of the bits; flh is lhu with isBoxed, and
 *          nothing else has that bit: flh - lhu above another of them is the id of some other instruction.
 * Padding  the zero row: the lookup of top is (7, 0).
 */
import { below, bit, defineAir, given } from '../../../stark/air/air.ts';
import { RANGE_BUS } from '../../../stark/air/bus.ts';
import { opOf } from '../../isa/op.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';
import { chooseOne } from '../limbs.ts';
import { immediateColumns } from '../operands.ts';
import { ramAccess, ramColumns } from '../ram-access.ts';

export const loadNarrowAir = defineAir({
  name: 'load-narrow',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...ramColumns,
    ...accessColumns('rd'),
    ...immediateColumns,
    isHalf: bit('1 for lh, lhu and flh, 0 for lb and lbu'),
    isUnsigned: bit('1 for lhu, lbu and flh'),
    isBoxed: bit('1 for flh: the upper half of the register is set'),
    isOdd: bit('bit 0 of the address'),
    isUpper: bit('bit 1 of the address: the high limb of the word'),
    top: given('the lookup of its sign: a byte', 'the byte loaded, or the high byte of the halfword'),
    other: below(8, 'the other byte of that limb'),
    sign: given('a constraint: 0 or 1 - isUnsigned', 'bit 7 of top if the load is signed'),
    outLo: given('a constraint: made of bytes', 'low limb of the result'),
  },
  define(builder) {
    const { local, assertZero } = builder;
    const { isReal: active, pc, clk, rs1Address: rs1, rdAddress: rd, immLo, immHi } = local;
    const { isHalf, isUnsigned, isBoxed, isOdd, isUpper, top, other, sign, outLo } = local;
    assertZero('a halfword is aligned', isHalf.times(isOdd));
    assertZero('what is boxed is an unsigned halfword', isBoxed.times(isHalf.not().plus(isUnsigned.not())));

    const low = top.plus(other.times(2 ** 8)); // top is the low byte
    const topIsHigh = isHalf.plus(isOdd);
    const limb = low.plus(topIsHigh.times(top.minus(other)).times(2 ** 8 - 1));
    assertZero('the bytes make up the limb addressed', limb.minus(chooseOne(isUpper, local.ramHi, local.ramLo)));

    assertZero('the sign is a bit, and 0 if unsigned', sign.times(sign.minus(isUnsigned.not())));
    builder.send(
      'the sign is the top bit',
      RANGE_BUS,
      { claimed: [isUnsigned.plus(7), top.minus(sign.times(2 ** 7))] },
      1,
    );
    const half = top.times(2 ** 8).plus(other);
    const byte = top.plus(sign.times(0xff00));
    assertZero('the low limb of rd is the halfword or the extended byte', outLo.minus(chooseOne(isHalf, half, byte)));

    const boxed = isBoxed.times(opOf('flh') - opOf('lhu'));
    const op = isHalf.plus(isUnsigned.times(3)).plus(boxed).plus(opOf('lb'));
    instruction(builder, { active, pc, clk, op, rd, rs1, immLo, immHi });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    ramAccess(builder, local, {
      active,
      now: clk.plus(2),
      base: { lo: local.rs1Lo, hi: local.rs1Hi },
      offset: { lo: immLo, hi: immHi },
      low2: isOdd.plus(isUpper.times(2)),
    });
    const written = { lo: outLo, hi: sign.plus(isBoxed).times(0xffff) };
    namedAccess(builder, local, 'rd', { now: clk.plus(3), active, written });
  },
});
