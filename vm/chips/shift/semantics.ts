/** SLL, SRL and SRA of RV32I by the low 5 bits of b. RISC-V Unprivileged ISA, 2.4.1 and 2.4.2. All u32. */
export const shiftLeft = (a: number, b: number): number => (a << (b & 31)) >>> 0;
export const shiftRight = (a: number, b: number): number => a >>> (b & 31);
export const shiftRightArithmetic = (a: number, b: number): number => (a >> (b & 31)) >>> 0;
