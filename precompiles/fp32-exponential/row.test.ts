import { expect, test } from 'vitest';
import { exponentialOf } from '../../test/support/fp32-power.ts';
import { seeded } from '../../test/support/random.ts';
import { CARRY_BITS, CARRY_OFFSETS } from './air.ts';
import { exponentialRow } from './row.ts';
import { FIRST_STEP, NUM_STEPS } from './tables.ts';

/** 2^-72, with 200 bits below the point. */
const UNIT = 1n << 128n;
const fixed = (upper: number, middle: number, lower: number): bigint =>
  BigInt(upper) * 2n ** 48n + BigInt(middle) * 2n ** 24n + BigInt(lower);

/** M less e^U in units of 2^-72, to two places. */
function errorAt(upper: number, middle: number, lower: number): number {
  const { valueUpper, value36, value48, valueLower } = exponentialRow(upper, middle, lower);
  const value = fixed(valueUpper, value36 * 4096 + value48, valueLower);
  return Number(((value * UNIT - exponentialOf(fixed(upper, middle, lower))) * 100n) / UNIT) / 100;
}

test('M of a row is e^U to 37 units of 2^-72, to 20 for canonical limbs', () => {
  const random = seeded(3);
  const worst = [0, 0];
  for (let i = 0; i < 4000; i++) {
    const upper = i < 20 ? [-10_066_329, 11_629_763][i % 2]! : random.below(21_696_092) - 10_066_329;
    const isCanonical = i % 2;
    const middle = isCanonical === 1 ? random.below(2 ** 24) : random.below(2 ** 26) - 2 ** 25;
    const lower = random.below(isCanonical === 1 ? 2 ** 24 : 3 * 2 ** 24);
    worst[isCanonical] = Math.max(worst[isCanonical]!, Math.abs(errorAt(upper, middle, lower)));
    const { step, w, carry, digit, powerCarry } = exponentialRow(upper, middle, lower);
    expect(step - FIRST_STEP >= 0 && step - FIRST_STEP < NUM_STEPS).toBe(true);
    expect(w[0]! >= -4096 && w[0]! < 4096).toBe(true);
    expect([...w.subarray(1)].every((d, k) => d >= 0 && d < [4096, 32768, 8192][k]!)).toBe(true);
    expect(digit.every((d, k) => d >= 0 && d < (k < 4 ? 4096 : 32768))).toBe(true);
    expect(carry.every((c, k) => c + CARRY_OFFSETS[k]! >= 0 && c + CARRY_OFFSETS[k]! < 2 ** CARRY_BITS[k]!)).toBe(true);
    expect(Math.abs(powerCarry)).toBeLessThan(16);
  }
  expect(worst[0]).toBeLessThan(37);
  expect(worst[1]).toBeLessThan(20);
});
