/**
 * Near 1 logarithms are small, and their distances to the middles between binary32 numbers too: the bound of `air.ts`
 * rests on every operand there, by the series of the area tangent.
 */
import { expect, test } from 'vitest';
import { NEAR_ONE, ONE } from '../fp32-function-special/semantics.ts';

const BITS = 160n;
/** Words from 1 - 2^-12 to 1 + 2^-12. */
const [FIRST, LAST] = [0x3f7f_f000, 0x3f80_0800];

/** |ln a| in units of 2^-160, to 10 of them. */
function logarithm(word: number): bigint {
  const scaled = BigInt((word & 0x7f_ffff) + 2 ** 23) << BigInt((word >>> 23) - 127 + 1); // a in units of 2^-24
  const [numerator, denominator] = [scaled - 2n ** 24n, scaled + 2n ** 24n];
  const z = ((numerator < 0n ? -numerator : numerator) << BITS) / denominator;
  const square = (z * z) >> BITS;
  let sum = 0n;
  for (let power = z, k = 1n; power > 0n; power = (power * square) >> BITS, k += 2n) sum += power / k;
  return 2n * sum;
}

/** Distance to the nearest middle of two neighbouring binary32 numbers, in units of 2^-72 as a number. */
function distance(value: bigint): number {
  const ulp = 1n << BigInt(value.toString(2).length - 24);
  const fromMiddle = (value % ulp) - ulp / 2n;
  return Number((fromMiddle < 0n ? -fromMiddle : fromMiddle) >> (BITS - 92n)) / 2 ** 20;
}

test('of the operands within 2^-12 of 1 only 1 - 2^-23 is within 575 units of 2^-72 of a middle', () => {
  const near: [string, number][] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let word = FIRST; word <= LAST; word++) {
    if (word === ONE) continue;
    const units = distance(logarithm(word));
    if (units < 575) near.push([word.toString(16), units]);
    else least = Math.min(least, units);
  }
  expect(near).toEqual([[NEAR_ONE.toString(16), expect.closeTo(2 ** (72 - 70.58), 1)]]);
  expect(Math.log2(least) - 72).toBeCloseTo(-62.83, 2);
});
