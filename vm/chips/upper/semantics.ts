/**
 * LUI, AUIPC and JAL of RV32I: what they write to rd, a constant of the instruction and its address. RISC-V Unprivileged
 * ISA, 2.4.1 and 2.5.1. `imm` is signed (a multiple of 4096 for the upper immediates), pc and results are u32.
 */
export const luiResult = (imm: number): number => imm >>> 0;
export const auipcResult = (imm: number, pc: number): number => (pc + imm) >>> 0;
export const linkOf = (pc: number): number => (pc + 4) >>> 0;
