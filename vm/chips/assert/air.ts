/**
 * ASSERT chip: ulp.assert.eq rs1, rs2, id.
 *
 * Assumes  the frame (`frame.ts`).
 * Ensures  both registers hold the same word.
 * Proof    both accesses receive from the memory bus with the same two cells as limbs, so the values last written to
 *          both registers are equal limb by limb. The id is not part of the proof: an assertion that fails has none.
 * Padding  isReal = 0, all zero.
 */
import { defineAir } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { access, accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';

const { rs2Lo: _lo, rs2Hi: _hi, ...rs2Columns } = accessColumns('rs2');

export const assertAir = defineAir({
  name: 'assert',
  columns: { ...frameColumns, ...accessColumns('rs1'), ...rs2Columns },
  define(builder) {
    const { local } = builder;
    const { isReal, pc, clk } = local;
    instruction(builder, {
      active: isReal,
      pc,
      clk,
      op: opOf('ulp.assert.eq'),
      rs1: local.rs1Address,
      rs2: local.rs2Address,
    });
    namedAccess(builder, local, 'rs1', { now: clk, active: isReal });
    access(builder, {
      name: 'rs2',
      space: 0,
      address: local.rs2Address,
      lo: local.rs1Lo,
      hi: local.rs1Hi,
      clk: local.rs2Clk,
      ageLo: local.rs2AgeLo,
      ageHi: local.rs2AgeHi,
      now: clk.plus(1),
      active: isReal,
    });
  },
});
