/** Zicsr 2.0, control and status registers. Source: RISC-V Unprivileged ISA, chapters 6 and 34; numbers: chapter 21.2. */

import type { InstructionSpec } from './instruction.ts';
import { SYSTEM } from './rv32i.ts';

export const ZICSR: readonly InstructionSpec[] = [
  row(112, 'csrrw', 1, 'rd, csr, rs1', 'rd = csr; csr = rs1'),
  row(113, 'csrrs', 2, 'rd, csr, rs1', 'rd = csr; csr |= rs1'),
  row(114, 'csrrc', 3, 'rd, csr, rs1', 'rd = csr; csr &= ~rs1'),
  row(115, 'csrrwi', 5, 'rd, csr, zimm', 'rd = csr; csr = zimm'),
  row(116, 'csrrsi', 6, 'rd, csr, zimm', 'rd = csr; csr |= zimm'),
  row(117, 'csrrci', 7, 'rd, csr, zimm', 'rd = csr; csr &= ~zimm'),
];

/** Those of the F extension, and the counters (Zicntr; chapter 7), which are read-only. A machine here has no others. */
export const CSR_NUMBERS: Readonly<Record<string, number>> = {
  fflags: 0x001,
  frm: 0x002,
  fcsr: 0x003,
  cycle: 0xc00,
  time: 0xc01,
  instret: 0xc02,
  cycleh: 0xc80,
  timeh: 0xc81,
  instreth: 0xc82,
};

function row(op: number, mnemonic: string, funct3: number, syntax: string, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'I', opcode: SYSTEM, funct3, syntax, summary };
}
