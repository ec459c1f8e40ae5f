import { type Instruction, immediate, xAddress, xTarget } from '../../executor/instruction.ts';
import { hex } from '../../executor/machine.ts';
import { specOf } from '../../isa/op.ts';
import { IO_EVENT_WORDS, pushIo } from '../io-event.ts';

export const PUBLIC_LOAD_CHIP = 'public-load';
/** Event: the operands (`io-event.ts`, the second is rd at clk + 3). */
export const PUBLIC_LOAD_EVENT_WORDS = IO_EVENT_WORDS;

const spec = specOf('ulp.pub.w');

export const PUBLIC_LOAD_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rd, rs1, imm }) => ({ op: spec.op, rd: xTarget(rd), rs1: xAddress(rs1), ...immediate(imm) }),
    execute(machine, row) {
      const address = (machine.registers[row.rs1]! + row.imm) >>> 0;
      if (address % 4 !== 0) machine.trap('misaligned-access', `public input at ${hex(address)}`);
      if (address / 4 >= machine.publicInput.length) {
        machine.trap('public-input-out-of-range', `${hex(address)} of ${machine.publicInput.length * 4} bytes`);
      }
      const value = machine.publicInput[address / 4]!;
      const log = machine.log(PUBLIC_LOAD_CHIP);
      if (log !== undefined) pushIo(log, machine, row, row.rd, 3);
      machine.registers[row.rd] = value;
      machine.next();
    },
  },
];
