/**
 * Stores of RV32I: the word at the address afterwards, from the word before and rs2. RISC-V Unprivileged ISA, 2.6; memory
 * is little-endian. `address` is aligned for the store; all u32. FSW is `sw` from an f register (ISA, 21.5).
 */
export const stored: Readonly<Record<'sw' | 'sh' | 'sb', (before: number, rs2: number, address: number) => number>> = {
  sw: (_, rs2) => rs2,
  sh: (before, rs2, address) => replace(before, rs2, 0xffff, 8 * (address & 2)),
  sb: (before, rs2, address) => replace(before, rs2, 0xff, 8 * (address & 3)),
};

const replace = (before: number, value: number, mask: number, shift: number): number =>
  ((before & ~(mask << shift)) | ((value & mask) << shift)) >>> 0;
