/**
 * LOAD chip: lw, and by decoding flw. Halfwords and bytes: `narrow-air.ts`.
 *
 * Assumes  the frame (`frame.ts`).
 * Ensures  rd holds the word at rs1 + imm mod 2^32, which is a multiple of 4 below 2^28.
 * Proof    `ram-access.ts` with low2 = 0; the limbs written to rd are those received from RAM.
 * Padding  isReal = 0, all zero.
 */
import { defineAir } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';
import { immediateColumns } from '../operands.ts';
import { ramAccess, ramColumns } from '../ram-access.ts';

export const loadAir = defineAir({
  name: 'load',
  columns: {
    ...frameColumns,
    ...accessColumns('rs1'),
    ...ramColumns,
    ...accessColumns('rd'),
    ...immediateColumns,
  },
  define(builder) {
    const { local } = builder;
    const { isReal: active, pc, clk, rs1Address: rs1, rdAddress: rd, immLo, immHi } = local;
    instruction(builder, { active, pc, clk, op: opOf('lw'), rd, rs1, immLo, immHi });
    namedAccess(builder, local, 'rs1', { now: clk, active });
    const base = { lo: local.rs1Lo, hi: local.rs1Hi };
    ramAccess(builder, local, { active, now: clk.plus(2), base, offset: { lo: immLo, hi: immHi }, low2: 0 });
    namedAccess(builder, local, 'rd', { now: clk.plus(3), active, written: { lo: local.ramLo, hi: local.ramHi } });
  },
});
