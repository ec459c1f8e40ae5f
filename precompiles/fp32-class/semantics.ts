/** fclass.s: one bit of ten for the class of a binary32. RISC-V Unprivileged ISA, 21.9. `word` is a u32. */
export function classOf(word: number): number {
  const [biased, fraction, negative] = [(word >>> 23) & 0xff, word & 0x7f_ffff, word >>> 31 === 1];
  if (biased === 255 && fraction !== 0) return (word & 0x0040_0000) === 0 ? 1 << 8 : 1 << 9;
  if (biased === 255) return negative ? 1 << 0 : 1 << 7;
  if (biased !== 0) return negative ? 1 << 1 : 1 << 6;
  if (fraction !== 0) return negative ? 1 << 2 : 1 << 5;
  return negative ? 1 << 3 : 1 << 4;
}
