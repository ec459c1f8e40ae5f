/**
 * Comparison of two words, signed or unsigned, and their difference. Used by `compare` and `branch`.
 *
 * Assumes  a and b are words in 16-bit limbs; `isSigned` is a bit.
 * Ensures  the returned expression is 1 if a < b and 0 if not, as two's complement or as unsigned numbers; the
 *          difference columns are a - b mod 2^32.
 * Proof    b + difference = a mod 2^32 with limbs in range: the carry out of it is the borrow of a - b, that is [a < b]
 *          unsigned. The sign of a word is 0 if `isSigned` is 0; else high - 2^15 sign in [0, 2^15) leaves one value of
 *          the bit. A signed number is the unsigned one less 2^32 sign, so [a < b] changes by sign a - sign b: equal
 *          signs leave it; a negative and b not has borrow 0 and gives 1; b negative and a not has borrow 1 and gives 0.
 * Padding  zeros are equal, and 0 is in every range.
 */
import { given, u16 } from '../../stark/air/air.ts';
import { RANGE_BUS } from '../../stark/air/bus.ts';
import type { Expr } from '../../stark/air/expr.ts';
import type { Sender } from './frame.ts';
import { addUp, type Limbs } from './limbs.ts';

const SIGN_DOMAIN = 'a constraint: 0 or isSigned';

export const lessThanColumns = {
  differenceLo: u16('low limb of a - b mod 2^32'),
  differenceHi: u16('high limb of a - b mod 2^32'),
  signA: given(SIGN_DOMAIN, '1 if the comparison is signed and a negative'),
  signB: given(SIGN_DOMAIN, '1 if the comparison is signed and b negative'),
};

export type LessThanCells = { readonly [K in keyof typeof lessThanColumns]: Expr };

export function lessThan(builder: Sender, cells: LessThanCells, a: Limbs, b: Limbs, isSigned: Expr): Expr {
  const { differenceLo, differenceHi, signA, signB } = cells;
  const borrow = addUp(builder, { lo: differenceLo, hi: differenceHi }, b, a);
  for (const [name, word, sign] of [
    ['a', a, signA],
    ['b', b, signB],
  ] as const) {
    builder.assertZero(`the sign of ${name} is a bit, and 0 unless signed`, sign.times(sign.minus(isSigned)));
    builder.send(
      `the sign of ${name} is its top bit`,
      RANGE_BUS,
      { claimed: [isSigned.times(-1).plus(16), word.hi.minus(sign.times(2 ** 15))] },
      1,
    );
  }
  return borrow.plus(signA).minus(signB);
}

/** Writes the four cells, contiguous from `at`. a and b are u32. */
export function writeLessThan(cells: Uint32Array, at: number, a: number, b: number, isSigned: boolean): void {
  const difference = (a - b) >>> 0;
  cells[at] = difference & 0xffff;
  cells[at + 1] = difference >>> 16;
  cells[at + 2] = isSigned ? a >>> 31 : 0;
  cells[at + 3] = isSigned ? b >>> 31 : 0;
}
