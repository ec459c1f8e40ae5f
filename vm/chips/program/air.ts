/**
 * PROGRAM table: the decoded text, one row per instruction slot, and how often each ran.
 *
 * Assumes  the known columns are the statement's program, pc ascending by 4; ids, addresses and limbs are below 2^16,
 *          pc and target below 2^28.
 * Ensures  whatever is sent on the program bus is an instruction of the program.
 * Proof    every receive is a row of known columns with isReal = 1. Multiplicities are free: a false one only
 *          unbalances the bus.
 * Padding  isReal = 0, also on slots that hold no instruction: nothing is provided. Without that, a row of zeros would
 *          be an instruction with id 0 at pc 0.
 */
import { defineAir, given, known } from '../../../stark/air/air.ts';
import { PROGRAM_BUS } from '../../buses.ts';

export const programAir = defineAir({
  name: 'program',
  columns: {
    isReal: known('1 where the text has an instruction'),
    pc: known('address of the instruction'),
    op: known('id of the instruction in the ISA table'),
    rd: known('address of the target register'),
    rs1: known('address of the first source register'),
    rs2: known('address of the second source register'),
    immLo: known('low limb of the immediate'),
    immHi: known('high limb of the immediate'),
    target: known('pc + immediate of a branch or jump'),
    multiplicity: given('free: the bus balances only for the true count', 'times the instruction was executed'),
  },
  define({ local, assertZero, receive }) {
    const { isReal, pc, op, rd, rs1, rs2, immLo, immHi, target, multiplicity } = local;
    assertZero('only instructions are executed', multiplicity.times(isReal.not()));
    receive(
      'the instruction was looked up',
      PROGRAM_BUS,
      { given: [pc, op, rd, rs1, rs2, immLo, immHi, target] },
      multiplicity,
    );
  },
});
