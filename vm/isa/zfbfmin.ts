/**
 * Zfbfmin 1.0, scalar BF16 conversions, with the loads, stores and moves it takes over from Zfh.
 * Source: RISC-V BF16 Extensions 1.0, chapter "Zfbfmin"; RISC-V Unprivileged ISA, chapters 24 and 34 (flh .. fmv.h.x).
 */

import { convert, LOAD_FP, STORE_FP, single } from './f.ts';
import type { InstructionSpec } from './instruction.ts';

export const ZFBFMIN: readonly InstructionSpec[] = [
  {
    mnemonic: 'flh',
    op: 120,
    format: 'I',
    opcode: LOAD_FP,
    funct3: 1,
    syntax: 'fd, imm(rs1)',
    summary: 'fd = halfword at rs1 + imm, NaN-boxed',
  },
  {
    mnemonic: 'fsh',
    op: 121,
    format: 'S',
    opcode: STORE_FP,
    funct3: 1,
    syntax: 'fs2, imm(rs1)',
    summary: 'halfword at rs1 + imm = low half of fs2',
  },
  single(122, 'fmv.x.h', 0x72, 0, 'rd, fs1', 'rd = low half of fs1, sign-extended'),
  single(123, 'fmv.h.x', 0x7a, 0, 'fd, rs1', 'fd = low half of rs1, NaN-boxed'),
  convert(124, 'fcvt.s.bf16', 0x20, 6, 'fd, fs1, rm', 'fd = BF16 fs1 as binary32 (exact, rm has no effect)'),
  convert(125, 'fcvt.bf16.s', 0x22, 8, 'fd, fs1, rm?', 'fd = binary32 fs1 rounded to BF16, NaN-boxed'),
];
