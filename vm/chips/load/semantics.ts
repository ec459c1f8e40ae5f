/**
 * Loads of RV32I: what rd receives, from the word that holds the address. RISC-V Unprivileged ISA, 2.6; memory is
 * little-endian. `address` is aligned for the load; all u32. FLW is `lw` into an f register (ISA, 21.5); FLH sets the upper
 * half of its register (NaN boxing; ISA, chapter 24).
 */
export const loaded: Readonly<
  Record<'lw' | 'lh' | 'lhu' | 'lb' | 'lbu' | 'flh', (word: number, address: number) => number>
> = {
  lw: (word) => word,
  lh: (word, address) => ((half(word, address) << 16) >> 16) >>> 0,
  lhu: (word, address) => half(word, address),
  flh: (word, address) => (0xffff_0000 | half(word, address)) >>> 0,
  lb: (word, address) => ((byte(word, address) << 24) >> 24) >>> 0,
  lbu: (word, address) => byte(word, address),
};

const half = (word: number, address: number): number => (word >>> (8 * (address & 2))) & 0xffff;
const byte = (word: number, address: number): number => (word >>> (8 * (address & 3))) & 0xff;
