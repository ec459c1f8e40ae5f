/** SLT and SLTU of RV32I: 1 if a < b, else 0. RISC-V Unprivileged ISA, 2.4.1 and 2.4.2. Operands are u32. */
export const lessThanSigned = (a: number, b: number): number => ((a | 0) < (b | 0) ? 1 : 0);
export const lessThanUnsigned = (a: number, b: number): number => (a < b ? 1 : 0);
