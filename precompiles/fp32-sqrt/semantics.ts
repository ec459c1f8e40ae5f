/**
 * binary32 square root with all rounding modes and flags. IEEE 754-2019, 5.4.1; RISC-V Unprivileged ISA, 21.
 * Bit patterns only, no floating-point operation.
 */
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { roundToFp32 } from '../fp32-round/semantics.ts';
import { OPERATION } from '../fp32-special/outcome.ts';
import { specialResult } from '../fp32-special/semantics.ts';

/** Below this a significand is small: it is moved up by 12 bits more. */
const SMALL = 2 ** 12;

/**
 * root = floor(sqrt(2^(36 + 12 isSmall + isOdd) A)) for the significand A, in [2^24, 2^31), and what is left. isOdd makes
 * the exponent of the square even.
 */
export interface Root {
  isOdd: boolean;
  isSmall: boolean;
  root: number;
  remainder: number;
}

const shared: Root = { isOdd: false, isSmall: false, root: 0, remainder: 0 };

/** The square root of a word. Returns the word with its flags (`fp32-round/semantics.ts`). */
export function sqrtFp32(mode: number, a: number): number {
  const special = specialResult(OPERATION.sqrt, mode, 0, a, 0, 0);
  if (special >= 0) return special;
  const root = squareRoot(a);
  return roundToFp32(false, rootExponent(a, root), 0, root.root, root.remainder !== 0, mode);
}

/** Exponent of bit 63 of the root: 63 + (exponent of a - 150 - bits it is moved up) / 2. */
export const rootExponent = (a: number, { isOdd, isSmall }: Root): number =>
  (exponentOf(a) - (isOdd ? 1 : 0)) / 2 - (isSmall ? 36 : 30);

/**
 * The root of a positive finite word, two bits of the square at a time. The value returned is written over by the next
 * call.
 */
export function squareRoot(a: number): Root {
  const significand = significandOf(a);
  const isOdd = exponentOf(a) % 2 === 1;
  const isSmall = significand < SMALL;
  // The square is 2^(36 or 48) times this, below 2^25: its 13 pairs of bits come first, then 18 or 24 pairs of zeros.
  const radicand = isOdd ? 2 * significand : significand;
  let [root, remainder] = [0, 0];
  for (let pair = 12; pair >= (isSmall ? -24 : -18); pair--) {
    remainder = 4 * remainder + (pair >= 0 ? (radicand >>> (2 * pair)) & 3 : 0);
    const trial = 4 * root + 1; // < 2^33
    root *= 2;
    if (remainder >= trial) {
      remainder -= trial;
      root += 1;
    }
  }
  shared.isOdd = isOdd;
  shared.isSmall = isSmall;
  shared.root = root;
  shared.remainder = remainder;
  return shared;
}
