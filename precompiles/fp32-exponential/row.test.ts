import { expect, test } from 'vitest';
import { seeded } from '../../test/support/random.ts';
import { exponentialRow } from './row.ts';
import { FIRST_STEP, NUM_STEPS } from './tables.ts';

const BITS = 200n;
const ONE = 1n << BITS;
/** 2^-72. */
const UNIT = 1n << (BITS - 72n);

/** e^x, x with `BITS` bits below the point. */
function series(x: bigint): bigint {
  let [sum, term] = [0n, ONE];
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = (term * x) / (k * ONE);
  }
  return sum;
}
const fixed = (upper: number, middle: number, lower: number): bigint =>
  BigInt(upper) * 2n ** 48n + BigInt(middle) * 2n ** 24n + BigInt(lower);

/** M less e^U in units of 2^-72, to two places. */
function errorAt(upper: number, middle: number, lower: number): number {
  const { valueUpper, value36, value48, valueLower } = exponentialRow(upper, middle, lower);
  const value = fixed(valueUpper, value36 * 4096 + value48, valueLower);
  return Number(((value * UNIT - series(fixed(upper, middle, lower) * UNIT)) * 100n) / UNIT) / 100;
}

test('M of a row is e^U to 17 units of 2^-72', () => {
  const random = seeded(3);
  let worst = 0;
  for (let i = 0; i < 4000; i++) {
    const at = i < 20 ? [-10_066_329, 11_629_763][i % 2]! : random.below(21_696_092) - 10_066_329;
    const slack = (): number => random.below(2 ** 27) - 2 ** 26;
    worst = Math.max(
      worst,
      Math.abs(errorAt(at, random.below(2 ** 24), i % 2 === 0 ? slack() : random.below(2 ** 24))),
    );
    const { step, w, carry, digit } = exponentialRow(at, random.below(2 ** 24), random.below(2 ** 24));
    expect(step - FIRST_STEP >= 0 && step - FIRST_STEP < NUM_STEPS).toBe(true);
    expect(w[0]! >= -4096 && w[0]! < 4096).toBe(true);
    for (const k of [1, 2]) expect(w[k]! >= 0 && w[k]! < 4096).toBe(true);
    expect(w[3]! >= 0 && w[3]! < 8192).toBe(true);
    expect(digit.every((d, k) => d >= 0 && d < (k < 4 ? 4096 : 8192))).toBe(true);
    expect(carry.every((c, k) => Math.abs(c) < [4096, 16384, 32768, 32768, 32768][k]!)).toBe(true);
  }
  expect(worst).toBeLessThan(9);
});
