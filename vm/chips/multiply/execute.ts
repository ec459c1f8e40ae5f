import type { Instruction } from '../../executor/instruction.ts';
import { operandInstruction, registerForm } from '../operand-event.ts';
import { multiplyHighMixed, multiplyHighSigned, multiplyHighUnsigned, multiplyLow } from './semantics.ts';

/** Logs of the two chips. */
export const MULTIPLY_CHIP = 'multiply';
export const MULTIPLY_HIGH_CHIP = 'multiply-high';

export const MULTIPLY_INSTRUCTIONS: readonly Instruction[] = [
  operandInstruction(MULTIPLY_CHIP, 'mul', registerForm('mul'), multiplyLow),
  operandInstruction(MULTIPLY_HIGH_CHIP, 'mulh', registerForm('mulh'), multiplyHighSigned),
  operandInstruction(MULTIPLY_HIGH_CHIP, 'mulhsu', registerForm('mulhsu'), multiplyHighMixed),
  operandInstruction(MULTIPLY_HIGH_CHIP, 'mulhu', registerForm('mulhu'), multiplyHighUnsigned),
];
