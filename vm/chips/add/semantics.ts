/** ADD and SUB of RV32I: modulo 2^32. RISC-V Unprivileged ISA, 2.4.1 and 2.4.2. Operands and results are u32. */
export const addU32 = (a: number, b: number): number => (a + b) >>> 0;
export const subU32 = (a: number, b: number): number => (a - b) >>> 0;
