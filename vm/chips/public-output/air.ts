/**
 * PUBLIC-OUTPUT chip: ulp.out appends rs2 to the public output; rs1 + imm is the byte address of the word.
 *
 * Assumes  the frame (`frame.ts`); the statement receives every index below its length once, with its word.
 * Ensures  the statement's output is what the program wrote: every word once, none beyond the length.
 * Proof    the address is 4 index with index = indexLo + 2^14 addressHi; its low limb 4 indexLo is below 2^16
 *          (`address.ts`), so an address that is no multiple of 4 has no row, and index < 2^30 < p. Each row sends one
 *          word; a second write to an index, or one beyond the length, is received by nobody.
 * Padding  isReal = 0, all zero.
 */
import { below, defineAir } from '../../../stark/air/air.ts';
import { PUBLIC_OUTPUT_BUS } from '../../buses.ts';
import { opOf } from '../../isa/op.ts';
import { addressAddsUp, addressColumns } from '../address.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';

export const publicOutputAir = defineAir({
  name: 'public-output',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rs2'),
    ...addressColumns,
    indexLo: below(14, 'bits 2 to 15 of the address'),
  },
  define(builder) {
    const { local, send } = builder;
    const { isReal, pc, clk, indexLo, addressHi, rs2Lo, rs2Hi } = local;
    addressAddsUp(builder, local, indexLo.times(4));

    instruction(builder, {
      active: isReal,
      pc,
      clk,
      op: opOf('ulp.out'),
      rs1: local.rs1Address,
      rs2: local.rs2Address,
      immLo: local.immLo,
      immHi: local.immHi,
    });
    namedAccess(builder, local, 'rs1', { now: clk, active: isReal });
    namedAccess(builder, local, 'rs2', { now: clk.plus(1), active: isReal });
    send(
      'the word is in the public output',
      PUBLIC_OUTPUT_BUS,
      { given: [indexLo.plus(addressHi.times(2 ** 14)), rs2Lo, rs2Hi] },
      isReal,
    );
  },
});
