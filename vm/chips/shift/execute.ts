import { type Instruction, xAddress, xTarget } from '../../executor/instruction.ts';
import { specOf } from '../../isa/op.ts';
import { operandInstruction, registerForm } from '../operand-event.ts';
import { shiftLeft, shiftRight, shiftRightArithmetic } from './semantics.ts';

/** Logs of the two chips. */
export const SHIFT_CHIP = 'shift';
export const SHIFT_IMMEDIATE_CHIP = 'shift-immediate';
/**
 * Event of a shift by a constant: pc, clk, rs1 | amount << 8 | rd << 16 | op << 24, value of rs1, of rd before, time of
 * the access before to rs1, to rd. (By a register: `operand-event.ts`.)
 */
export const SHIFT_IMMEDIATE_EVENT_WORDS = 7;

function immediateShift(mnemonic: string, isLeft: boolean, compute: (a: number, b: number) => number): Instruction {
  const spec = specOf(mnemonic);
  return {
    spec,
    decode({ rd, rs1, imm }) {
      const splitAt = isLeft ? 16 - (imm & 15) : imm & 15;
      const fields = { immLo: splitAt, immHi: imm >>> 4, target: 2 ** splitAt };
      return { op: spec.op, rd: xTarget(rd), rs1: xAddress(rs1), ...fields };
    },
    execute(machine, { op, rd, rs1, fields: { imm: amount } }) {
      const { registers, clk } = machine;
      const a = registers[rs1]!;
      const log = machine.log(SHIFT_IMMEDIATE_CHIP);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = machine.pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (amount << 8) | (rd << 16) | (op << 24);
        words[at + 3] = a;
        words[at + 4] = registers[rd]!;
        words[at + 5] = machine.touchRegister(rs1, clk);
        words[at + 6] = machine.touchRegister(rd, clk + 3);
      }
      registers[rd] = compute(a, amount);
      machine.next();
    },
  };
}

export const SHIFT_INSTRUCTIONS: readonly Instruction[] = [
  operandInstruction(SHIFT_CHIP, 'sll', registerForm('sll'), shiftLeft),
  operandInstruction(SHIFT_CHIP, 'srl', registerForm('srl'), shiftRight),
  operandInstruction(SHIFT_CHIP, 'sra', registerForm('sra'), shiftRightArithmetic),
  immediateShift('slli', true, shiftLeft),
  immediateShift('srli', false, shiftRight),
  immediateShift('srai', false, shiftRightArithmetic),
];
