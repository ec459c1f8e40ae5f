import type { Instruction } from '../../executor/instruction.ts';
import { operandInstruction, registerForm } from '../operand-event.ts';
import { divideSigned, divideUnsigned, remainderSigned, remainderUnsigned } from './semantics.ts';

/** Log of the chip. */
export const DIVIDE_CHIP = 'divide';

export const DIVIDE_INSTRUCTIONS: readonly Instruction[] = [
  operandInstruction(DIVIDE_CHIP, 'div', registerForm('div'), divideSigned),
  operandInstruction(DIVIDE_CHIP, 'divu', registerForm('divu'), divideUnsigned),
  operandInstruction(DIVIDE_CHIP, 'rem', registerForm('rem'), remainderSigned),
  operandInstruction(DIVIDE_CHIP, 'remu', registerForm('remu'), remainderUnsigned),
];
