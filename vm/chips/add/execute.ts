import { fAddress, type Instruction, xAddress, xTarget } from '../../executor/instruction.ts';
import type { Fields } from '../../isa/instruction.ts';
import { opOf } from '../../isa/op.ts';
import { immediateForm, operandInstruction, registerForm } from '../operand-event.ts';
import { addU32, subU32 } from './semantics.ts';

/** Log of the chip. */
export const ADD_CHIP = 'add';

const move = (rd: number, rs1: number) => ({ op: opOf('add'), rd, rs1, rs2: xAddress(0) });

export const ADD_INSTRUCTIONS: readonly Instruction[] = [
  operandInstruction(ADD_CHIP, 'add', registerForm('add'), addU32),
  operandInstruction(ADD_CHIP, 'sub', registerForm('sub'), subU32),
  operandInstruction(ADD_CHIP, 'addi', immediateForm('add'), addU32),
  operandInstruction(ADD_CHIP, 'fmv.w.x', ({ rd, rs1 }: Fields) => move(fAddress(rd), xAddress(rs1)), addU32),
  operandInstruction(ADD_CHIP, 'fmv.x.w', ({ rd, rs1 }: Fields) => move(xTarget(rd), fAddress(rs1)), addU32),
];
