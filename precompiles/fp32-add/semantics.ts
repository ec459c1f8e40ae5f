/**
 * binary32 addition and subtraction with all rounding modes and flags. IEEE 754-2019, 5.4.1; RISC-V Unprivileged ISA, 21.
 * Bit patterns only, no floating-point operation.
 */
import { CANONICAL_NAN, FLAG, ROUNDING, roundToFp32, withFlags } from '../fp32-round/semantics.ts';

const SIGN = 0x8000_0000;
const INFINITY = 0x7f80_0000;
const QUIET = 0x0040_0000;

export const isNan = (word: number): boolean => (word & 0x7fff_ffff) > INFINITY;
export const isSignalingNan = (word: number): boolean => isNan(word) && (word & QUIET) === 0;
const isInfinity = (word: number): boolean => (word & 0x7fff_ffff) === INFINITY;

/** a + b, or a - b if `subtract`; words are u32. Returns the word with its flags (`fp32-round/semantics.ts`). */
export function addFp32(mode: number, subtract: boolean, a: number, b: number): number {
  const other = subtract ? (b ^ SIGN) >>> 0 : b;
  if (isNan(a) || isNan(b)) {
    return withFlags(CANONICAL_NAN, isSignalingNan(a) || isSignalingNan(b) ? FLAG.invalid : 0);
  }
  if (isInfinity(a)) {
    return isInfinity(b) && a !== other ? withFlags(CANONICAL_NAN, FLAG.invalid) : withFlags(a, 0);
  }
  if (isInfinity(b)) return withFlags(other, 0);
  return addFinite(mode, a, other);
}

function addFinite(mode: number, a: number, b: number): number {
  const [x, y] = exponentOf(a) >= exponentOf(b) ? [a, b] : [b, a];
  const distance = exponentOf(x) - exponentOf(y);
  const opposed = x >>> 31 !== y >>> 31;
  // In units of 2^(exponent of x - 153): three more bits than x has. The rest of y is only known to be there.
  const aligned = distance < 27 ? (8 * significandOf(y)) >>> distance : 0;
  const sticky = aligned * 2 ** distance !== 8 * significandOf(y);
  const term = opposed ? -aligned - (sticky ? 1 : 0) : aligned;
  const sum = 8 * significandOf(x) + term;
  if (sum === 0) {
    const negative = opposed ? mode === ROUNDING.rdn : x >>> 31 === 1;
    return withFlags(negative ? SIGN : 0, 0);
  }
  const negative = (x >>> 31 === 1) !== sum < 0;
  return roundToFp32(negative, exponentOf(x) - 122, Math.abs(sum), 0, sticky, mode);
}

/** max(biased exponent, 1). */
const exponentOf = (word: number): number => Math.max((word >>> 23) & 0xff, 1);
/** With the hidden bit, 24 bits. */
const significandOf = (word: number): number => (word & 0x7f_ffff) + (((word >>> 23) & 0xff) === 0 ? 0 : 0x80_0000);
