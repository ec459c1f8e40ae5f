/**
 * Products of words by bytes: 16-bit limbs would not do, since (2^16 - 1)^2 > p. Used by `multiply` and `divide`.
 *
 * Bounds: a byte product is at most 255^2 = 65,025, so the limb sums below are at most 65,025 + 2^8 * 130,050 =
 * 33,357,825 (limb 0), 195,075 + 2^8 * 260,100 = 66,780,675 (limb 1), 195,075 + 2^8 * 130,050 = 33,487,875 (limb 2) and
 * 65,025 (limb 3): all far below p.
 */
import { RANGE_BUS } from '../../stark/air/bus.ts';
import { type Expr, sum } from '../../stark/air/expr.ts';
import type { Sender } from './frame.ts';
import { INVERSE_2_8, type Limbs } from './limbs.ts';

/** The sign of a word: `isSigned` a bit, `sign` 0 or `isSigned` (stated here), the top bit if signed. */
export interface SignOf {
  readonly isSigned: Expr;
  readonly sign: Expr;
}

/**
 * The four bytes of a word, least significant first, from columns with the low byte of each limb (declared
 * `below(8, ..)`). The high byte is what is left of the limb, checked here: limb = low + 2^8 high with two bytes has one
 * solution.
 */
export function bytesOf(builder: Sender, name: string, word: Limbs, low: readonly Expr[], signOf?: SignOf): Expr[] {
  const high = [word.lo, word.hi].map((limb, i) => limb.minus(low[i]!).times(INVERSE_2_8));
  builder.send(`byte 1 of ${name} is a byte`, RANGE_BUS, { claimed: [8, high[0]!] }, 1);
  if (signOf === undefined) {
    builder.send(`byte 3 of ${name} is a byte`, RANGE_BUS, { claimed: [8, high[1]!] }, 1);
  } else {
    const { isSigned, sign } = signOf;
    builder.assertZero(`the sign of ${name} is a bit, and 0 unless signed`, sign.times(sign.minus(isSigned)));
    builder.send(
      `byte 3 of ${name} is a byte with its sign on top`,
      RANGE_BUS,
      { claimed: [isSigned.times(-1).plus(8), high[1]!.minus(sign.times(2 ** 7))] },
      1,
    );
  }
  return [low[0]!, high[0]!, low[1]!, high[1]!];
}

/** Per 16-bit limb of the 64-bit product, the sum of the byte products that belong to it, carries not yet passed on. */
export function productLimbs(x: readonly Expr[], y: readonly Expr[]): Expr[] {
  const convolution = (k: number): Expr =>
    sum(x.flatMap((xi, i) => (y[k - i] === undefined ? [] : [xi.times(y[k - i]!)])));
  return [0, 1, 2, 3].map((limb) => {
    const low = convolution(2 * limb);
    return limb === 3 ? low : low.plus(convolution(2 * limb + 1).times(2 ** 8));
  });
}

/** The same sums as numbers, for traces. x and y are u32. */
export function productLimbValues(x: number, y: number): [number, number, number, number] {
  const [x0, x1, x2, x3] = [x & 0xff, (x >>> 8) & 0xff, (x >>> 16) & 0xff, x >>> 24];
  const [y0, y1, y2, y3] = [y & 0xff, (y >>> 8) & 0xff, (y >>> 16) & 0xff, y >>> 24];
  return [
    x0 * y0 + 256 * (x0 * y1 + x1 * y0),
    x0 * y2 + x1 * y1 + x2 * y0 + 256 * (x0 * y3 + x1 * y2 + x2 * y1 + x3 * y0),
    x1 * y3 + x2 * y2 + x3 * y1 + 256 * (x2 * y3 + x3 * y2),
    x3 * y3,
  ];
}
