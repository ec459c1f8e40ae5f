/** F 2.2, binary32 floating point. Source: RISC-V Unprivileged ISA, chapters 21 and 34. */

import type { InstructionSpec } from './instruction.ts';

/** Shared with the other floating-point extensions. */
export const LOAD_FP = 0x07;
export const STORE_FP = 0x27;
export const OP_FP = 0x53;

export const F: readonly InstructionSpec[] = [
  {
    mnemonic: 'flw',
    op: 80,
    format: 'I',
    opcode: LOAD_FP,
    funct3: 2,
    syntax: 'fd, imm(rs1)',
    summary: 'fd = word at rs1 + imm',
  },
  {
    mnemonic: 'fsw',
    op: 81,
    format: 'S',
    opcode: STORE_FP,
    funct3: 2,
    syntax: 'fs2, imm(rs1)',
    summary: 'word at rs1 + imm = fs2',
  },
  fused(82, 'fmadd.s', 0x43, 'fd = fs1 * fs2 + fs3, rounded once'),
  fused(83, 'fmsub.s', 0x47, 'fd = fs1 * fs2 - fs3, rounded once'),
  fused(84, 'fnmsub.s', 0x4b, 'fd = -(fs1 * fs2) + fs3, rounded once'),
  fused(85, 'fnmadd.s', 0x4f, 'fd = -(fs1 * fs2) - fs3, rounded once'),
  rounded(86, 'fadd.s', 0x00, 'fd = fs1 + fs2'),
  rounded(87, 'fsub.s', 0x04, 'fd = fs1 - fs2'),
  rounded(88, 'fmul.s', 0x08, 'fd = fs1 * fs2'),
  rounded(89, 'fdiv.s', 0x0c, 'fd = fs1 / fs2'),
  convert(90, 'fsqrt.s', 0x2c, 0, 'fd, fs1, rm?', 'fd = square root of fs1'),
  exact(91, 'fsgnj.s', 0x10, 0, 'fd, fs1, fs2', 'fd = fs1 with the sign of fs2'),
  exact(92, 'fsgnjn.s', 0x10, 1, 'fd, fs1, fs2', 'fd = fs1 with the opposite sign of fs2'),
  exact(93, 'fsgnjx.s', 0x10, 2, 'fd, fs1, fs2', 'fd = fs1 with the product of both signs'),
  exact(94, 'fmin.s', 0x14, 0, 'fd, fs1, fs2', 'fd = the smaller (minimumNumber)'),
  exact(95, 'fmax.s', 0x14, 1, 'fd, fs1, fs2', 'fd = the larger (maximumNumber)'),
  convert(96, 'fcvt.w.s', 0x60, 0, 'rd, fs1, rm?', 'rd = fs1 as a signed integer'),
  convert(97, 'fcvt.wu.s', 0x60, 1, 'rd, fs1, rm?', 'rd = fs1 as an unsigned integer'),
  single(98, 'fmv.x.w', 0x70, 0, 'rd, fs1', 'rd = bits of fs1'),
  exact(99, 'feq.s', 0x50, 2, 'rd, fs1, fs2', 'rd = fs1 == fs2 (quiet)'),
  exact(100, 'flt.s', 0x50, 1, 'rd, fs1, fs2', 'rd = fs1 < fs2 (signaling)'),
  exact(101, 'fle.s', 0x50, 0, 'rd, fs1, fs2', 'rd = fs1 <= fs2 (signaling)'),
  single(102, 'fclass.s', 0x70, 1, 'rd, fs1', 'rd = one bit of ten: the class of fs1'),
  convert(103, 'fcvt.s.w', 0x68, 0, 'fd, rs1, rm?', 'fd = signed rs1, rounded'),
  convert(104, 'fcvt.s.wu', 0x68, 1, 'fd, rs1, rm?', 'fd = unsigned rs1, rounded'),
  single(105, 'fmv.w.x', 0x78, 0, 'fd, rs1', 'fd = bits of rs1'),
];

function fused(op: number, mnemonic: string, opcode: number, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'R4', opcode, funct2: 0, syntax: 'fd, fs1, fs2, fs3, rm?', summary };
}

function rounded(op: number, mnemonic: string, funct7: number, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'R', opcode: OP_FP, funct7, syntax: 'fd, fs1, fs2, rm?', summary };
}

/** One source and a rounding mode; rs2 tells the variants apart. */
export function convert(
  op: number,
  mnemonic: string,
  funct7: number,
  rs2: number,
  syntax: string,
  summary: string,
): InstructionSpec {
  return { mnemonic, op, format: 'R', opcode: OP_FP, funct7, fixed: { rs2 }, syntax, summary };
}

/** Two sources, no rounding; funct3 tells the variants apart. */
function exact(
  op: number,
  mnemonic: string,
  funct7: number,
  funct3: number,
  syntax: string,
  summary: string,
): InstructionSpec {
  return { mnemonic, op, format: 'R', opcode: OP_FP, funct3, funct7, syntax, summary };
}

/** One source, no rounding. */
export function single(
  op: number,
  mnemonic: string,
  funct7: number,
  funct3: number,
  syntax: string,
  summary: string,
): InstructionSpec {
  return { mnemonic, op, format: 'R', opcode: OP_FP, funct3, funct7, fixed: { rs2: 0 }, syntax, summary };
}
