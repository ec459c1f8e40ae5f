import type { Instruction } from '../../executor/instruction.ts';
import { immediateForm, operandInstruction, registerForm } from '../operand-event.ts';
import { andU32, orU32, xorU32 } from './semantics.ts';

/** Log of the chip. */
export const BITWISE_CHIP = 'bitwise';

export const BITWISE_INSTRUCTIONS: readonly Instruction[] = [
  operandInstruction(BITWISE_CHIP, 'and', registerForm('and'), andU32),
  operandInstruction(BITWISE_CHIP, 'or', registerForm('or'), orU32),
  operandInstruction(BITWISE_CHIP, 'xor', registerForm('xor'), xorU32),
  operandInstruction(BITWISE_CHIP, 'andi', immediateForm('and'), andU32),
  operandInstruction(BITWISE_CHIP, 'ori', immediateForm('or'), orU32),
  operandInstruction(BITWISE_CHIP, 'xori', immediateForm('xor'), xorU32),
];
