/** M 2.0, integer multiplication and division. Source: RISC-V Unprivileged ISA, chapters 13 and 34. */

import type { InstructionSpec } from './instruction.ts';

export const M: readonly InstructionSpec[] = [
  row(64, 'mul', 0, 'rd = low word of rs1 * rs2'),
  row(65, 'mulh', 1, 'rd = high word of rs1 * rs2 (signed, signed)'),
  row(66, 'mulhsu', 2, 'rd = high word of rs1 * rs2 (signed, unsigned)'),
  row(67, 'mulhu', 3, 'rd = high word of rs1 * rs2 (unsigned, unsigned)'),
  row(68, 'div', 4, 'rd = rs1 / rs2 toward zero (signed); -1 if rs2 is 0'),
  row(69, 'divu', 5, 'rd = rs1 / rs2 (unsigned); 2^32 - 1 if rs2 is 0'),
  row(70, 'rem', 6, 'rd = remainder of div, with the sign of rs1; rs1 if rs2 is 0'),
  row(71, 'remu', 7, 'rd = remainder of divu; rs1 if rs2 is 0'),
];

function row(op: number, mnemonic: string, funct3: number, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'R', opcode: 0x33, funct3, funct7: 1, syntax: 'rd, rs1, rs2', summary };
}
