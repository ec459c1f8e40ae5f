/**
 * Words as 32 bit columns, least significant first, and the functions of FIPS 180-4 on them. All functions have degree at
 * most 3 and cost no column. Limbs of a function's value are sums of 16 bits with their weights, so below 2^16.
 */
import { compose, constant, type Expr, sum } from '../../stark/air/expr.ts';

export const WORD_BITS = 32;
/** Bits of a limb. */
const LIMB_BITS = 16;

export type Bits = readonly Expr[];

/** Word `index` of an array of bit columns. */
export const wordOf = (columns: Bits, index: number): Bits => columns.slice(index * WORD_BITS, (index + 1) * WORD_BITS);

/** The limb `half` (0 low, 1 high) of a word. */
export const limbOf = (word: Bits, half: number): Expr =>
  compose(word.slice(half * LIMB_BITS, (half + 1) * LIMB_BITS), 2);

const xor = (x: Expr, y: Expr): Expr => x.plus(y).minus(x.times(y).times(2));

type Amounts = readonly [number, number, number];
const rotated = (x: Bits, i: number, n: number): Expr => x[(i + n) % WORD_BITS]!;

/** XOR of three rotations. */
export const bigSigma = (x: Bits, [a, b, c]: Amounts): Bits =>
  x.map((_, i) => xor(xor(rotated(x, i, a), rotated(x, i, b)), rotated(x, i, c)));

/** XOR of two rotations and a shift. */
export const smallSigma = (x: Bits, [a, b, c]: Amounts): Bits =>
  x.map((_, i) => {
    const both = xor(rotated(x, i, a), rotated(x, i, b));
    return i + c < WORD_BITS ? xor(both, x[i + c]!) : both;
  });

/** x ? y : z. */
export const choose = (x: Bits, y: Bits, z: Bits): Bits => x.map((bit, i) => z[i]!.plus(bit.times(y[i]!.minus(z[i]!))));

/** xy + xz + yz - 2xyz. */
export const majority = (x: Bits, y: Bits, z: Bits): Bits =>
  x.map((bit, i) => {
    const both = y[i]!.times(z[i]!);
    return both.plus(bit.times(y[i]!.plus(z[i]!).minus(both.times(2))));
  });

/** Zero exactly for the integers from `low` on, four of them. */
export const oneOfFour = (x: Expr, low = 0): Expr =>
  [0, 1, 2, 3].map((i) => x.minus(low + i)).reduce((product, factor) => product.times(factor));

/** The two bits of a value in [0, 4), as polynomials of degree 3 through its four points. */
export function bitsOfFour(z: Expr, half: Expr, sixth: Expr): readonly [low: Expr, high: Expr] {
  const one = z.times(z.minus(2)).times(z.minus(3)).times(half);
  const two = z.times(z.minus(1)).times(constant(3).minus(z)).times(half);
  const three = z.times(z.minus(1)).times(z.minus(2)).times(sixth);
  return [sum([one, three]), sum([two, three])];
}
