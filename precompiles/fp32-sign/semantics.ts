/**
 * Sign injection: a with the sign of b, the opposite one, or the product of both. RISC-V Unprivileged ISA, 21.7. Words are
 * u32; a NaN is a word like any other.
 */
const SIGN = 0x8000_0000;
const withSign = (a: number, sign: number): number => ((a & ~SIGN) | (sign & SIGN)) >>> 0;

export const SIGN_INJECTIONS: Readonly<Record<string, (a: number, b: number) => number>> = {
  'fsgnj.s': (a, b) => withSign(a, b),
  'fsgnjn.s': (a, b) => withSign(a, ~b),
  'fsgnjx.s': (a, b) => withSign(a, a ^ b),
};
