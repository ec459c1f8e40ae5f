/** RV32I 2.1, the base integer instructions. Source: RISC-V Unprivileged ISA, chapters 2 and 34. */

import type { InstructionSpec } from './instruction.ts';

const LOAD = 0x03;
const MISC_MEM = 0x0f;
const OP_IMM = 0x13;
const AUIPC = 0x17;
const STORE = 0x23;
const OP = 0x33;
const LUI = 0x37;
const BRANCH = 0x63;
const JALR = 0x67;
const JAL = 0x6f;
/** Shared with Zicsr. */
export const SYSTEM = 0x73;

export const RV32I: readonly InstructionSpec[] = [
  { mnemonic: 'lui', op: 1, format: 'U', opcode: LUI, syntax: 'rd, uimm', summary: 'rd = uimm << 12' },
  { mnemonic: 'auipc', op: 2, format: 'U', opcode: AUIPC, syntax: 'rd, uimm', summary: 'rd = pc + (uimm << 12)' },
  { mnemonic: 'jal', op: 3, format: 'J', opcode: JAL, syntax: 'rd, target', summary: 'rd = pc + 4; pc = target' },
  {
    mnemonic: 'jalr',
    op: 4,
    format: 'I',
    opcode: JALR,
    funct3: 0,
    syntax: 'rd, imm(rs1)',
    summary: 'rd = pc + 4; pc = (rs1 + imm) & ~1',
  },
  branch(5, 'beq', 0, 'rs1 == rs2'),
  branch(6, 'bne', 1, 'rs1 != rs2'),
  branch(7, 'blt', 4, 'rs1 < rs2 (signed)'),
  branch(8, 'bge', 5, 'rs1 >= rs2 (signed)'),
  branch(9, 'bltu', 6, 'rs1 < rs2 (unsigned)'),
  branch(10, 'bgeu', 7, 'rs1 >= rs2 (unsigned)'),
  load(11, 'lb', 0, 'rd = sign-extended byte at rs1 + imm'),
  load(12, 'lh', 1, 'rd = sign-extended halfword at rs1 + imm'),
  load(13, 'lw', 2, 'rd = word at rs1 + imm'),
  load(14, 'lbu', 4, 'rd = zero-extended byte at rs1 + imm'),
  load(15, 'lhu', 5, 'rd = zero-extended halfword at rs1 + imm'),
  store(16, 'sb', 0, 'byte at rs1 + imm = rs2 mod 2^8'),
  store(17, 'sh', 1, 'halfword at rs1 + imm = rs2 mod 2^16'),
  store(18, 'sw', 2, 'word at rs1 + imm = rs2'),
  immediate(19, 'addi', 0, 'rd = rs1 + imm'),
  immediate(20, 'slti', 2, 'rd = rs1 < imm (signed)'),
  immediate(21, 'sltiu', 3, 'rd = rs1 < imm (unsigned, after sign extension)'),
  immediate(22, 'xori', 4, 'rd = rs1 ^ imm'),
  immediate(23, 'ori', 6, 'rd = rs1 | imm'),
  immediate(24, 'andi', 7, 'rd = rs1 & imm'),
  shift(25, 'slli', 1, 0x00, 'rd = rs1 << shamt'),
  shift(26, 'srli', 5, 0x00, 'rd = rs1 >> shamt (zeros enter)'),
  shift(27, 'srai', 5, 0x20, 'rd = rs1 >> shamt (sign enters)'),
  register(28, 'add', 0, 0x00, 'rd = rs1 + rs2'),
  register(29, 'sub', 0, 0x20, 'rd = rs1 - rs2'),
  register(30, 'sll', 1, 0x00, 'rd = rs1 << (rs2 mod 32)'),
  register(31, 'slt', 2, 0x00, 'rd = rs1 < rs2 (signed)'),
  register(32, 'sltu', 3, 0x00, 'rd = rs1 < rs2 (unsigned)'),
  register(33, 'xor', 4, 0x00, 'rd = rs1 ^ rs2'),
  register(34, 'srl', 5, 0x00, 'rd = rs1 >> (rs2 mod 32) (zeros enter)'),
  register(35, 'sra', 5, 0x20, 'rd = rs1 >> (rs2 mod 32) (sign enters)'),
  register(36, 'or', 6, 0x00, 'rd = rs1 | rs2'),
  register(37, 'and', 7, 0x00, 'rd = rs1 & rs2'),
  {
    // rd and rs1 are reserved and ignored, fm too: every combination decodes to a fence (chapter 2.7).
    mnemonic: 'fence',
    op: 38,
    format: 'I',
    opcode: MISC_MEM,
    funct3: 0,
    syntax: 'pred, succ',
    summary: 'order memory accesses (no effect on one hart)',
  },
  system(39, 'ecall', 0, 'environment call: a7 = 93 halts with exit code a0'),
  system(40, 'ebreak', 1, 'breakpoint (a trap)'),
];

function branch(op: number, mnemonic: string, funct3: number, condition: string): InstructionSpec {
  const summary = `if ${condition}: pc = target`;
  return { mnemonic, op, format: 'B', opcode: BRANCH, funct3, syntax: 'rs1, rs2, target', summary };
}

function load(op: number, mnemonic: string, funct3: number, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'I', opcode: LOAD, funct3, syntax: 'rd, imm(rs1)', summary };
}

function store(op: number, mnemonic: string, funct3: number, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'S', opcode: STORE, funct3, syntax: 'rs2, imm(rs1)', summary };
}

function immediate(op: number, mnemonic: string, funct3: number, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'I', opcode: OP_IMM, funct3, syntax: 'rd, rs1, imm', summary };
}

function shift(op: number, mnemonic: string, funct3: number, funct7: number, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'shift', opcode: OP_IMM, funct3, funct7, syntax: 'rd, rs1, shamt', summary };
}

function register(op: number, mnemonic: string, funct3: number, funct7: number, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'R', opcode: OP, funct3, funct7, syntax: 'rd, rs1, rs2', summary };
}

function system(op: number, mnemonic: string, imm: number, summary: string): InstructionSpec {
  return { mnemonic, op, format: 'I', opcode: SYSTEM, funct3: 0, fixed: { rd: 0, rs1: 0, imm }, syntax: '', summary };
}
