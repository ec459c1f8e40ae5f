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
    callClk: given(BY_BUS, 'time of the last access to a7'),
    callAgeLo: u16('low limb of the time between the accesses to a7, less one'),
    callAgeHi: below(13, 'high limb of the time between the accesses to a7, less one'),
    exitLo: given(`${BY_BUS}: limbs are checked where written`, 'low limb of the exit code'),
    exitHi: given(`${BY_BUS}: limbs are checked where written`, 'high limb of the exit code'),
    exitClk: given(BY_BUS, 'time of the last access to a0'),
    exitAgeLo: u16('low limb of the time between the accesses to a0, less one'),
    exitAgeHi: below(13, 'high limb of the time between the accesses to a0, less one'),
  },
  define(builder) {
    const { local, send, receive } = builder;
    const { isReal, pc, clk, exitLo, exitHi } = local;
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
      clk: local.callClk,
      ageLo: local.callAgeLo,
      ageHi: local.callAgeHi,
      now: clk,
    });
    access(builder, {
      ...register,
      name: 'a0',
      address: expr(A0),
      lo: exitLo,
      hi: exitHi,
      clk: local.exitClk,
      ageLo: local.exitAgeLo,
      ageHi: local.exitAgeHi,
      now: clk.plus(1),
    });
    send('the exit code is a0', EXIT_BUS, { given: [exitLo, exitHi] }, isReal);
  },
});
