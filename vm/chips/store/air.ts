/**
 * STORE chip: sw, and by decoding fsw. Halfwords and bytes: `narrow-air.ts`.
 *
 * Assumes  the frame (`frame.ts`).
 * Ensures  the word at rs1 + imm mod 2^32, a multiple of 4 below 2^28, holds rs2.
 * Proof    `ram-access.ts` with low2 = 0; the limbs written to RAM are those received from rs2.
 * Padding  isReal = 0, all zero.
 */
import { defineAir } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';
import { immediateColumns } from '../operands.ts';
import { ramAccess, ramColumns } from '../ram-access.ts';

export const storeAir = defineAir({
  name: 'store',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...accessColumns('rs2'),
    ...ramColumns,
    ...immediateColumns,
  },
  define(builder) {
    const { local } = builder;
    const { isReal: active, pc, clk, rs1Address: rs1, rs2Address: rs2, immLo, immHi } = local;
    instruction(builder, { active, pc, clk, op: opOf('sw'), rs1, rs2, immLo, immHi });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    namedAccess(builder, local, 'rs2', { now: clk.plus(1), active });
    ramAccess(builder, local, {
      active,
      now: clk.plus(2),
      base: { lo: local.rs1Lo, hi: local.rs1Hi },
      offset: { lo: immLo, hi: immHi },
      low2: 0,
      written: { lo: local.rs2Lo, hi: local.rs2Hi },
    });
  },
});
