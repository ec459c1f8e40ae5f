/**
 * Every witness of one lane of the dot product: all signs and all rows of the alignment table for a product and a shift,
 * the quotient being what the division constraint leaves.
 */
import { alignTable } from '../../precompiles/align/air.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';

const P = 0x7f00_0001;

/** Rows of the table by shift: divisor, multiplier, and the number of remainders, which are 0, 1, ... */
const ROWS = new Map<number, { divisor: number; multiplier: number; remainders: number }>();
for (let row = 0; row < alignTable.fixedRows; row++) {
  const cells = alignTable.fixedRow(row);
  for (let entry = 0; entry < 3; entry++) {
    const [shift, remainder, divisor, multiplier] = [0, 3, 6, 9].map((field) => cells[field + entry]!);
    const remainders = Math.max(ROWS.get(shift!)?.remainders ?? 0, remainder! + 1);
    ROWS.set(shift!, { divisor: divisor!, multiplier: multiplier!, remainders });
  }
}

/** Distinct magnitudes of products of two BF16 significands. */
export const PRODUCTS: readonly number[] = [
  ...new Set(Array.from({ length: 256 * 256 }, (_, i) => (i >>> 8) * (i & 255))),
].sort((a, b) => a - b);

/** The terms that some witness gives for a product at a shift: one, if the lane is sound. */
export function termsOf(product: number, shift: number): Set<number> {
  const { divisor, multiplier, remainders } = ROWS.get(shift)!;
  const step = inverse(felt(divisor));
  const terms = new Set<number>();
  for (const sign of [1, -1]) {
    // sign * (quotient * divisor + remainder) = product: the quotient falls by 1 / divisor with every remainder.
    let quotient = Number((BigInt(((sign * product) % P) + P) * BigInt(step)) % BigInt(P));
    for (let remainder = 0; remainder < remainders; remainder++) {
      if (quotient * divisor < 2 ** 16 && quotient < 2 ** 16) terms.add(sign * quotient * multiplier + 0);
      quotient -= step;
      if (quotient < 0) quotient += P;
    }
  }
  return terms;
}
