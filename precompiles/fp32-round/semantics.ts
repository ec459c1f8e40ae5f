/**
 * Rounding of an exact magnitude to binary32 with its exception flags. IEEE 754-2019, 4.3 and 7; RISC-V Unprivileged ISA,
 * 21.2 (rounding modes, flags; tininess is detected after rounding). Bit patterns only, no floating-point operation.
 */

/** `rm` of an instruction. */
export const ROUNDING = { rne: 0, rtz: 1, rdn: 2, rup: 3, rmm: 4 } as const;
/** Accrued exceptions, the bits of fflags. */
export const FLAG = { inexact: 1, underflow: 2, overflow: 4, divideByZero: 8, invalid: 16 } as const;

/** What every invalid operation and every operation on a NaN gives. */
export const CANONICAL_NAN = 0x7fc0_0000;
const INFINITY = 0x7f80_0000;
const SIGN = 0x8000_0000;

/** A word with flags, in one number: flags * 2^32 + word. Made by `withFlags`, taken apart by `wordOf` and `flagsOf`. */
export const withFlags = (word: number, flags: number): number => flags * 2 ** 32 + word;
export const wordOf = (result: number): number => result % 2 ** 32;
export const flagsOf = (result: number): number => Math.floor(result / 2 ** 32);

/** Whether the magnitude is incremented: `guard` is the first bit dropped, `rest` tells whether any further one is set. */
export function increments(mode: number, negative: boolean, odd: boolean, guard: boolean, rest: boolean): boolean {
  switch (mode) {
    case ROUNDING.rne:
      return guard && (rest || odd);
    case ROUNDING.rdn:
      return negative && (guard || rest);
    case ROUNDING.rup:
      return !negative && (guard || rest);
    case ROUNDING.rmm:
      return guard;
    default:
      return false;
  }
}

/** Whether a magnitude too large for binary32 becomes infinity rather than the largest finite number. */
export const overflowsToInfinity = (mode: number, negative: boolean): boolean =>
  mode === ROUNDING.rne || mode === ROUNDING.rmm || mode === (negative ? ROUNDING.rdn : ROUNDING.rup);

/**
 * Rounds (-1)^negative * (2^32 high + low + s) * 2^(exponent - 63) with 0 < s < 1 if `sticky`, else s = 0; high and low
 * are u32, not both zero. Returns the word with its flags.
 */
export function roundToFp32(
  negative: boolean,
  exponent: number,
  high: number,
  low: number,
  sticky: boolean,
  mode: number,
): number {
  const leadingZeros = high !== 0 ? Math.clz32(high) : 32 + Math.clz32(low);
  const isNormal = exponent - leadingZeros >= -126;
  const [window, rest] = shifted(high, low, isNormal ? leadingZeros : exponent + 126, sticky);
  const significand = window >>> 8;
  const guard = (window & 0x80) !== 0;
  const below = (window & 0x7f) !== 0 || rest;
  const increment = increments(mode, negative, (significand & 1) === 1, guard, below) ? 1 : 0;
  const magnitude = (isNormal ? exponent - leadingZeros + 126 : 0) * 2 ** 23 + significand + increment;
  const sign = negative ? SIGN : 0;
  if (magnitude >= INFINITY) {
    const word = overflowsToInfinity(mode, negative) ? INFINITY : INFINITY - 1;
    return withFlags(sign + word, FLAG.overflow | FLAG.inexact);
  }
  const isInexact = guard || below;
  // Tiny unless the result with an unbounded exponent, which keeps the guard bit, carries up to 2^-126.
  const carries = guard && increments(mode, negative, guard, (window & 0x40) !== 0, (window & 0x3f) !== 0 || rest);
  const isTiny = !isNormal && !(magnitude === 2 ** 23 && carries);
  return withFlags(sign + magnitude, (isInexact ? FLAG.inexact : 0) | (isInexact && isTiny ? FLAG.underflow : 0));
}

/** The upper 32 bits of (2^32 high + low) * 2^shift, and whether anything is below them. No set bit is shifted out above. */
function shifted(high: number, low: number, shift: number, sticky: boolean): [window: number, rest: boolean] {
  if (shift >= 32) return [shift === 32 ? low : (low << (shift - 32)) >>> 0, sticky];
  if (shift > 0) return [((high << shift) | (low >>> (32 - shift))) >>> 0, sticky || (low << shift) >>> 0 !== 0];
  if (shift > -32) {
    const dropped = shift === 0 ? 0 : (high << (32 + shift)) >>> 0;
    return [high >>> -shift, sticky || low !== 0 || dropped !== 0];
  }
  return [0, sticky || high !== 0 || low !== 0];
}
