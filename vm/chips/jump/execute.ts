import { type Instruction, immediate, xAddress, xTarget } from '../../executor/instruction.ts';
import { specOf } from '../../isa/op.ts';
import { jumpTarget } from './semantics.ts';

/** Log of the chip. */
export const JUMP_CHIP = 'jump';
/** pc, clk, rs1 | rd << 16, immediate, value of rs1, of rd before, time of the access before to rs1, to rd. */
export const JUMP_EVENT_WORDS = 8;

const spec = specOf('jalr');

export const JUMP_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rd, rs1, imm }, pc) => ({
      op: spec.op,
      rd: xTarget(rd),
      rs1: xAddress(rs1),
      ...immediate(imm),
      target: (pc + 4) & 0xffff,
    }),
    execute(machine, { rd, rs1, imm }) {
      const { registers, pc, clk } = machine;
      const base = registers[rs1]!;
      const log = machine.log(JUMP_CHIP);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rd << 16);
        words[at + 3] = imm;
        words[at + 4] = base;
        words[at + 5] = registers[rd]!;
        words[at + 6] = machine.touchRegister(rs1, clk);
        words[at + 7] = machine.touchRegister(rd, clk + 3);
      }
      registers[rd] = pc + 4;
      machine.goto(jumpTarget(base, imm));
    },
  },
];
