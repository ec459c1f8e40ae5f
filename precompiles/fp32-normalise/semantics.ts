/** A positive subnormal word as significand 2^(exponent - 150), the significand in [2^23, 2^24). IEEE 754-2019, 3.4. */
export function normaliseFp32(a: number): { exponent: number; significand: number } {
  const doublings = Math.clz32(a) - 8; // 1 to 23
  return { exponent: 1 - doublings, significand: a * 2 ** doublings };
}
