/** AND, OR and XOR of RV32I, bit by bit. RISC-V Unprivileged ISA, 2.4.1 and 2.4.2. Operands and results are u32. */
export const andU32 = (a: number, b: number): number => (a & b) >>> 0;
export const orU32 = (a: number, b: number): number => (a | b) >>> 0;
export const xorU32 = (a: number, b: number): number => (a ^ b) >>> 0;
