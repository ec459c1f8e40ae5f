import { type Instruction, xAddress } from '../../executor/instruction.ts';
import { specOf } from '../../isa/op.ts';
import { assertionHolds } from './semantics.ts';

/** Log of the chip; one event per assertion. */
export const ASSERT_CHIP = 'assert';
/** Event: pc, clk, rs1 address, rs2 address, the word both hold, time of the access before to rs1, to rs2. */
export const ASSERT_EVENT_WORDS = 7;

const spec = specOf('ulp.assert.eq');

export const ASSERT_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rs1, rs2 }) => ({ op: spec.op, rs1: xAddress(rs1), rs2: xAddress(rs2) }),
    execute(machine, { rs1, rs2, fields }) {
      const [left, right] = [machine.registers[rs1]!, machine.registers[rs2]!];
      if (!assertionHolds(left, right)) {
        const message = machine.program.assertions.get(fields.imm) ?? `assertion ${fields.imm}`;
        machine.trap('assertion-failed', `${message}: ${left} is not ${right}`);
      }
      const log = machine.log(ASSERT_CHIP);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = machine.pc;
        words[at + 1] = machine.clk;
        words[at + 2] = rs1;
        words[at + 3] = rs2;
        words[at + 4] = left;
        words[at + 5] = machine.touchRegister(rs1, machine.clk);
        words[at + 6] = machine.touchRegister(rs2, machine.clk + 1);
      }
      machine.next();
    },
  },
];
