/** JALR of RV32I: where it goes, rs1 + imm with bit 0 cleared. RISC-V Unprivileged ISA, 2.5.1. All u32. */
export const jumpTarget = (rs1: number, imm: number): number => ((rs1 + imm) & ~1) >>> 0;
