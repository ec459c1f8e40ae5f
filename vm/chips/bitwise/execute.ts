import { fAddress, type Instruction, immediate, xAddress } from '../../executor/instruction.ts';
import type { Fields } from '../../isa/instruction.ts';
import { opOf } from '../../isa/op.ts';
import { immediateForm, operandInstruction, registerForm } from '../operand-event.ts';
import { andU32, orU32, xorU32 } from './semantics.ts';

/** Log of the chip. */
export const BITWISE_CHIP = 'bitwise';

/** fmv.h.x sets the upper half of its register (NaN boxing): rs1 | 0xffff0000. RISC-V Unprivileged ISA, chapter 24. */
const box = ({ rd, rs1 }: Fields) => ({
  op: opOf('or'),
  rd: fAddress(rd),
  rs1: xAddress(rs1),
  rs2: xAddress(0),
  ...immediate(0xffff_0000),
});

export const BITWISE_INSTRUCTIONS: readonly Instruction[] = [
  operandInstruction(BITWISE_CHIP, 'and', registerForm('and'), andU32),
  operandInstruction(BITWISE_CHIP, 'or', registerForm('or'), orU32),
  operandInstruction(BITWISE_CHIP, 'xor', registerForm('xor'), xorU32),
  operandInstruction(BITWISE_CHIP, 'andi', immediateForm('and'), andU32),
  operandInstruction(BITWISE_CHIP, 'ori', immediateForm('or'), orU32),
  operandInstruction(BITWISE_CHIP, 'xori', immediateForm('xor'), xorU32),
  operandInstruction(BITWISE_CHIP, 'fmv.h.x', box, orU32),
];
