/** The six conditional branches of RV32I: whether each is taken. RISC-V Unprivileged ISA, 2.5.2. Operands are u32. */
export const isTaken: Readonly<
  Record<'beq' | 'bne' | 'blt' | 'bge' | 'bltu' | 'bgeu', (a: number, b: number) => boolean>
> = {
  beq: (a, b) => a === b,
  bne: (a, b) => a !== b,
  blt: (a, b) => (a | 0) < (b | 0),
  bge: (a, b) => (a | 0) >= (b | 0),
  bltu: (a, b) => a < b,
  bgeu: (a, b) => a >= b,
};
