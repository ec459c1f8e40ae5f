import { type Instruction, xAddress } from '../../executor/instruction.ts';
import { specOf } from '../../isa/op.ts';
import { isTaken } from './semantics.ts';

/** Log of the chip. */
export const BRANCH_CHIP = 'branch';
/** pc, clk, rs1 | rs2 << 8 | op << 24, target, value of rs1, of rs2, time of the access before to rs1, to rs2. */
export const BRANCH_EVENT_WORDS = 8;

export const BRANCH_INSTRUCTIONS: readonly Instruction[] = (
  Object.entries(isTaken) as [keyof typeof isTaken, (a: number, b: number) => boolean][]
).map(([mnemonic, condition]): Instruction => {
  const spec = specOf(mnemonic);
  return {
    spec,
    decode: ({ rs1, rs2, imm }, pc) => ({ op: spec.op, rs1: xAddress(rs1), rs2: xAddress(rs2), target: pc + imm }),
    execute(machine, { rs1, rs2, op, target }) {
      const { registers, pc, clk } = machine;
      const [a, b] = [registers[rs1]!, registers[rs2]!];
      const log = machine.log(BRANCH_CHIP);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rs2 << 8) | (op << 24);
        words[at + 3] = target;
        words[at + 4] = a;
        words[at + 5] = b;
        words[at + 6] = machine.touchRegister(rs1, clk);
        words[at + 7] = machine.touchRegister(rs2, clk + 1);
      }
      if (condition(a, b)) machine.goto(target);
      else machine.next();
    },
  };
});
