import type { Instruction } from '../../executor/instruction.ts';
import { immediateForm, operandInstruction, registerForm } from '../operand-event.ts';
import { lessThanSigned, lessThanUnsigned } from './semantics.ts';

/** Log of the chip. */
export const COMPARE_CHIP = 'compare';

export const COMPARE_INSTRUCTIONS: readonly Instruction[] = [
  operandInstruction(COMPARE_CHIP, 'slt', registerForm('slt'), lessThanSigned),
  operandInstruction(COMPARE_CHIP, 'sltu', registerForm('sltu'), lessThanUnsigned),
  operandInstruction(COMPARE_CHIP, 'slti', immediateForm('slt'), lessThanSigned),
  operandInstruction(COMPARE_CHIP, 'sltiu', immediateForm('sltu'), lessThanUnsigned),
];
