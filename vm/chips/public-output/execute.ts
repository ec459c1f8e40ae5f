import { type Instruction, immediate, xAddress } from '../../executor/instruction.ts';
import { hex } from '../../executor/machine.ts';
import { specOf } from '../../isa/op.ts';
import { IO_EVENT_WORDS, pushIo } from '../io-event.ts';

export const PUBLIC_OUTPUT_CHIP = 'public-output';
/** Event: the operands (`io-event.ts`, the second is rs2 at clk + 1). */
export const PUBLIC_OUTPUT_EVENT_WORDS = IO_EVENT_WORDS;

const spec = specOf('ulp.out');

export const PUBLIC_OUTPUT_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rs1, rs2, imm }) => ({ op: spec.op, rs1: xAddress(rs1), rs2: xAddress(rs2), ...immediate(imm) }),
    execute(machine, row) {
      const address = (machine.registers[row.rs1]! + row.imm) >>> 0;
      const expected = machine.publicOutput.length * 4;
      if (address !== expected) {
        machine.trap('public-output-out-of-order', `word at ${hex(address)}, expected ${hex(expected)}`);
      }
      const value = machine.registers[row.rs2]!;
      const log = machine.log(PUBLIC_OUTPUT_CHIP);
      if (log !== undefined) pushIo(log, machine, row, row.rs2, 1);
      machine.publicOutput.push(value);
      machine.next();
    },
  },
];
