/**
 * HALT chip: ecall with a7 = 93 ends the run with exit code a0. Any other ecall has no row, so no proof.
 *
 * Assumes  the frame (`frame.ts`); the statement receives one exit code.
 * Ensures  the run ended at an ecall with a7 = 93, and a0 was the exit code of the statement.
 * Proof    the row takes the machine state and sends none on, so it is the last instruction; the execution bus carries
 *          one token, so there is one such row.
 * Padding  isReal = 0, all zero.
 */
import { below, defineAir, given, u16 } from '../../../stark/air/air.ts';
import { expr } from '../../../stark/air/expr.ts';
import { EXECUTION_BUS, EXIT_BUS, PROGRAM_BUS } from '../../buses.ts';
import { opOf } from '../../isa/op.ts';
import { SPACE } from '../../space.ts';
import { access, frameColumns } from '../frame.ts';
import { A0, A7, EXIT_CALL } from './call.ts';

const BY_BUS = 'the memory bus';

export const haltAir = defineAir({
  name: 'halt',
  columns: {
    ...frameColumns,
    a7Clk: given(BY_BUS, 'time of the last access to a7'),
    a7AgeLo: u16('low limb of the time between the accesses to a7, less one'),
    a7AgeHi: below(13, 'high limb of the time between the accesses to a7, less one'),
    a0Lo: given(`${BY_BUS}: limbs are checked where written`, 'low limb of the exit code'),
    a0Hi: given(`${BY_BUS}: limbs are checked where written`, 'high limb of the exit code'),
    a0Clk: given(BY_BUS, 'time of the last access to a0'),
    a0AgeLo: u16('low limb of the time between the accesses to a0, less one'),
    a0AgeHi: below(13, 'high limb of the time between the accesses to a0, less one'),
  },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal, pc, clk, a0Lo, a0Hi } = local;
    receive('the machine is at this instruction', EXECUTION_BUS, { given: [pc, clk] }, isReal);
    send(
      'the program has this instruction',
      PROGRAM_BUS,
      { given: [pc], claimed: [opOf('ecall'), 0, 0, 0, 0, 0, 0] },
      isReal,
    );
    const register = { space: SPACE.register, active: isReal };
    access(builder, {
      ...register,
      name: 'a7',
      address: expr(A7),
      lo: expr(EXIT_CALL),
      hi: expr(0),
      clk: local.a7Clk,
      ageLo: local.a7AgeLo,
      ageHi: local.a7AgeHi,
      now: clk,
    });
    access(builder, {
      ...register,
      name: 'a0',
      address: expr(A0),
      lo: a0Lo,
      hi: a0Hi,
      clk: local.a0Clk,
      ageLo: local.a0AgeLo,
      ageHi: local.a0AgeHi,
      now: clk.plus(1),
    });
    send('the exit code is a0', EXIT_BUS, { given: [a0Lo, a0Hi] }, isReal);
  },
});
