import { type Instruction, immediate, xTarget } from '../../executor/instruction.ts';
import { opOf, specOf } from '../../isa/op.ts';
import { auipcResult, linkOf, luiResult } from './semantics.ts';

/** Log of the chip. */
export const UPPER_CHIP = 'upper';
/** pc, clk, rd, constant, target, value of rd before, time of the access before to rd. */
export const UPPER_EVENT_WORDS = 7;

const LUI = opOf('lui');

function constantInstruction(
  mnemonic: string,
  constant: (imm: number, pc: number) => number,
  target: (imm: number, pc: number) => number,
): Instruction {
  return {
    spec: specOf(mnemonic),
    decode: ({ rd, imm }, pc) => ({
      op: LUI,
      rd: xTarget(rd),
      ...immediate(constant(imm, pc)),
      target: target(imm, pc),
    }),
    execute(machine, { rd, imm, target }) {
      const log = machine.log(UPPER_CHIP);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = machine.pc;
        words[at + 1] = machine.clk;
        words[at + 2] = rd;
        words[at + 3] = imm;
        words[at + 4] = target;
        words[at + 5] = machine.registers[rd]!;
        words[at + 6] = machine.touchRegister(rd, machine.clk + 3);
      }
      machine.registers[rd] = imm;
      machine.goto(target);
    },
  };
}

const following = (_imm: number, pc: number): number => pc + 4;

export const UPPER_INSTRUCTIONS: readonly Instruction[] = [
  constantInstruction('lui', luiResult, following),
  constantInstruction('auipc', auipcResult, following),
  constantInstruction(
    'jal',
    (_imm, pc) => linkOf(pc),
    (imm, pc) => pc + imm,
  ),
  // Orders nothing on one hart: a constant for the sink, whatever the reserved fields rd and rs1 hold.
  {
    ...constantInstruction('fence', () => 0, following),
    decode: (_, pc) => ({ op: LUI, rd: xTarget(0), target: pc + 4 }),
  },
];
