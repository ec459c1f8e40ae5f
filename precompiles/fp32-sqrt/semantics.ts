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
 * The root of a positive finite word. `Math.sqrt` is trusted for a first guess only: a root is right if what is left of
 * the square is in [0, 2 root]. The value returned is written over by the next call.
 */
export function squareRoot(a: number): Root {
  const significand = significandOf(a);
  const isOdd = exponentOf(a) % 2 === 1;
  const isSmall = significand < SMALL;
  // 2^-32 of the square, an integer below 2^30.
  const upper = significand * (isSmall ? 2 ** 16 : 2 ** 4) * (isOdd ? 2 : 1);
  let root = Math.floor(2 ** 16 * Math.sqrt(upper));
  while (remainderOf(upper, root) < 0) root -= 1;
  while (remainderOf(upper, root) > 2 * root) root += 1;
  shared.isOdd = isOdd;
  shared.isSmall = isSmall;
  shared.root = root;
  shared.remainder = remainderOf(upper, root);
  return shared;
}

/** 2^32 upper - root^2, in integers below 2^53: a root within 2^20 of the right one has a difference below 2^53. */
function remainderOf(upper: number, root: number): number {
  const [high, low] = [root >>> 16, root & 0xffff];
  return (upper - high * high) * 2 ** 32 - 2 ** 17 * high * low - low * low;
}
