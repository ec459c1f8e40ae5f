import { fAddress, type Instruction } from '../../vm/executor/instruction.ts';
import { specOf } from '../../vm/isa/op.ts';
import { BF16_FUNCTION_NAMES } from './names.ts';
import { bf16FunctionWord } from './table.ts';

/** Logs of the chips by function id; one event per instruction. */
export const BF16_TABLE_CHIPS: readonly string[] = BF16_FUNCTION_NAMES.map((name) => `bf16-${name}`);
/** Event: pc, clk, fs1 | fd << 8, value of fs1, of fd before, time of the access before to fs1, to fd. */
export const BF16_TABLE_EVENT_WORDS = 7;

const spec = specOf('bf16.table');

export const BF16_TABLE_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    // An id without a function is no instruction.
    decode: ({ rd, rs1, imm }) =>
      imm < BF16_FUNCTION_NAMES.length ? { op: spec.op, rd: fAddress(rd), rs1: fAddress(rs1), immLo: imm } : undefined,
    execute(machine, { rd, rs1, immLo: id }) {
      const { registers, clk } = machine;
      const value = registers[rs1]!;
      const log = machine.log(BF16_TABLE_CHIPS[id]!);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = machine.pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rd << 8);
        words[at + 3] = value;
        words[at + 4] = registers[rd]!;
        words[at + 5] = machine.touchRegister(rs1, clk);
        words[at + 6] = machine.touchRegister(rd, clk + 3);
      }
      registers[rd] = bf16FunctionWord(id, value & 0xffff);
      machine.next();
    },
  },
];
