/** The exponential relation holds within the bounds that correct rounding needs. The oracle is Taylor's series. */
import { expect, test } from 'vitest';
import { seeded } from '../../test/support/random.ts';
import { exponential, type Fixed, logarithm, reduceByLn2, reduceByOne } from './semantics.ts';
import { FIRST_HEAD, FIRST_STEP, HEAD_LOGS, LN2, type LogTable, NUM_HEADS, NUM_STEPS, STEP_LOGS } from './tables.ts';

const BITS = 200n;
const ONE = 1n << BITS;
/** 2^-72. */
const UNIT = 1n << (BITS - 72n);
const SEED = 20_260_101;

const exact = ({ upper, middle, lower }: Fixed): bigint =>
  (BigInt(upper) * 2n ** 48n + BigInt(middle) * 2n ** 24n + BigInt(lower)) * UNIT;

/** e^x, x with `BITS` bits below the point, |x| < 1. */
function series(x: bigint): bigint {
  let [sum, term] = [0n, ONE];
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = (term * x) / (k * ONE);
  }
  return sum;
}

/** The distance of two numbers in units of 2^-72, to two places. */
const units = (a: bigint, b: bigint): number => Math.abs(Number(((a - b) * 100n) / UNIT)) / 100;
const entry = ({ upper, middle, lower }: LogTable, row: number): bigint =>
  exact({ upper: upper[row]!, middle: middle[row]!, lower: lower[row]! });

test('logarithms in the tables are nearest', () => {
  const random = seeded(SEED);
  const heads = [0, 1, NUM_HEADS - 1, 4096 - FIRST_HEAD, ...Array.from({ length: 300 }, () => random.below(NUM_HEADS))];
  const errors = heads.map((row) => {
    const factor = BigInt(FIRST_HEAD + row) << (BITS - 12n);
    return (units(series(entry(HEAD_LOGS, row)), factor) * 4096) / (FIRST_HEAD + row);
  });
  expect(Math.max(...errors)).toBeLessThan(0.52);
  const steps = [0, 1, NUM_STEPS - 1, -FIRST_STEP, ...Array.from({ length: 300 }, () => random.below(NUM_STEPS))];
  const stepErrors = steps.map((row) =>
    units(series(entry(STEP_LOGS, row)), ONE + (BigInt(FIRST_STEP + row) << (BITS - 24n))),
  );
  expect(Math.max(...stepErrors)).toBeLessThan(0.52);
  const ln2 = exact({ upper: LN2[0], middle: LN2[1], lower: LN2[2] }) + BigInt(LN2[3]) * (UNIT >> 24n);
  expect(units(series(ln2), 2n * ONE)).toBe(0);
});

test('M is e^U to less than 9 units of 2^-72', () => {
  const random = seeded(SEED);
  let worst = 0;
  for (let i = 0; i < 3000; i++) {
    const power = {
      upper: random.below(11_794_382) - 5_897_191,
      middle: random.u32() >>> 8,
      lower: random.u32() >>> 8,
    };
    const { value, rest, step } = exponential(power);
    expect(Math.abs(step)).toBeLessThan(3431);
    expect(rest.upper === 0 || rest.upper === -1).toBe(true);
    worst = Math.max(worst, units(exact(value), series(exact(power))));
  }
  expect(worst).toBeLessThan(9);
});

test('U is ln M to less than 5 units of 2^-72, and the row of a logarithm is one of the relation to 12', () => {
  const random = seeded(SEED);
  let [worst, slack] = [0, 0];
  for (let i = 0; i < 3000; i++) {
    const near = i % 3 === 0 ? 2 ** 24 - 4096 + random.below(8192) : 3 * 2 ** 22 + random.below(3 * 2 ** 22);
    const { power, value, step } = logarithm(near);
    expect(Math.abs(step)).toBeLessThan(2732);
    const numerator = BigInt(near) << (BITS - 24n);
    worst = Math.max(worst, (units(series(exact(power)), numerator) * 2 ** 24) / near);
    slack = Math.max(slack, units(exact(value), numerator));
  }
  expect(worst).toBeLessThan(5);
  expect(slack).toBeLessThan(12);
});

test('a reduction loses less than 1.1 units of 2^-72', () => {
  const random = seeded(SEED);
  const ln2 = exact({ upper: LN2[0], middle: LN2[1], lower: LN2[2] }) + BigInt(LN2[3]) * (UNIT >> 24n);
  for (let i = 0; i < 3000; i++) {
    const x = (random.below(2) === 0 ? 1 : -1) * (2 ** 23 + random.below(2 ** 23)) * 2 ** random.below(32);
    const byLn2 = reduceByLn2(x);
    const left = (BigInt(x) << (BITS - 48n)) - BigInt(byLn2.doublings) * ln2;
    expect(units(exact(byLn2.power), left)).toBeLessThan(1.1);
    expect(Math.abs(byLn2.power.upper)).toBeLessThan(0.3515 * 2 ** 24);
    const byOne = reduceByOne(x);
    const fraction = BigInt(x) - (BigInt(byOne.doublings) << 48n);
    expect(units(exact(byOne.power), (fraction * ln2) >> 48n)).toBeLessThan(1.1);
  }
});
