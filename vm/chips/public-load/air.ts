/**
 * PUBLIC-LOAD chip: rd = word of the public input at byte address rs1 + imm.
 *
 * Assumes  the frame (`frame.ts`); the public-input bus gives the statement's word for an index, as limbs.
 * Ensures  rd is the word whose index is a quarter of (rs1 + imm) mod 2^32.
 * Proof    the address is 4 index with index = indexLo + 2^14 addressHi; its low limb 4 indexLo is below 2^16
 *          (`address.ts`), so an address that is no multiple of 4 has no row, and index < 2^30 < p.
 * Padding  isReal = 0, all zero.
 */
import { below, defineAir, given } from '../../../stark/air/air.ts';
import { PUBLIC_INPUT_BUS } from '../../buses.ts';
import { opOf } from '../../isa/op.ts';
import { addressAddsUp, addressColumns } from '../address.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';

export const publicLoadAir = defineAir({
  name: 'public-load',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rd'),
    ...addressColumns,
    indexLo: below(14, 'bits 2 to 15 of the address'),
    valueLo: given('the public-input bus', 'low limb of the word'),
    valueHi: given('the public-input bus', 'high limb of the word'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, pc, clk, indexLo, addressHi, valueLo, valueHi } = local;
    addressAddsUp(builder, local, indexLo.times(4));

    instruction(builder, {
      active: isReal,
      pc,
      clk,
      op: opOf('ulp.pub.w'),
      rd: local.rdAddress,
      rs1: local.rs1Address,
      immLo: local.immLo,
      immHi: local.immHi,
    });
    namedAccess(builder, local, 'rs1', { now: clk, active: isReal });
    namedAccess(builder, local, 'rd', { now: clk.plus(3), active: isReal, written: { lo: valueLo, hi: valueHi } });
    send(
      'the word is in the public input',
      PUBLIC_INPUT_BUS,
      { given: [indexLo.plus(addressHi.times(2 ** 14))], claimed: [valueLo, valueHi] },
      isReal,
    );
  },
});
