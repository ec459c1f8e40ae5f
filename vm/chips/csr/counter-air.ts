/**
 * COUNTER chip: reads of cycle, time and instret, all of which count the instructions completed. One row an instruction.
 *
 * Assumes  the frame (`frame.ts`): every instruction advances the time by CLK_STEP, from CLK_START on; times are below 2^29.
 * Ensures  rd is the number of instructions before this one.
 * Proof    CLK_STEP count = clk - CLK_START with count = lo + 2^16 hi < 2^26: both sides are below 2^29 < p, so this is an
 *          equation of integers. The upper half of the counter is 0, for which the program has an addition (`execute.ts`).
 * Padding  all zero: the constraint is off where isReal is 0.
 */
import { below, defineAir, u16 } from '../../../stark/air/air.ts';
import { opOf } from '../../isa/op.ts';
import { CLK_START, CLK_STEP } from '../../space.ts';
import { accessColumns, frameColumns, instruction, namedAccess } from '../frame.ts';

export const counterAir = defineAir({
  name: 'counter',
  columns: {
    ...frameColumns,
    ...accessColumns('rd'),
    countLo: u16('low limb of the number of instructions completed'),
    countHi: below(10, 'high limb of it'),
  },
  define(builder) {
    const { isReal: active, pc, clk, rdAddress: rd, countLo, countHi } = builder.local;
    instruction(builder, { active, pc, clk, op: opOf('csrrs'), rd });
    namedAccess(builder, builder.local, 'rd', { now: clk.plus(3), active, written: { lo: countLo, hi: countHi } });
    const count = countLo.plus(countHi.times(2 ** 16));
    builder.assertZero('the time counts instructions', active.times(clk.minus(CLK_START).minus(count.times(CLK_STEP))));
  },
});
