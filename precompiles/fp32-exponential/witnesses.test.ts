/** Every row of the relation that is accepted for a U has an M within the bound, and the power rounds the same with each. */
import { expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import vectors from '../../test/oracles/correctly-rounded.vectors.json' with { type: 'json' };
import { exponentialRows, forgeExponential, type PowerLimbs, unitsOf } from '../../test/support/exponential-forger.ts';
import { objections } from '../../test/support/forgery.ts';
import { exponentialOf, POWER_TABLES } from '../../test/support/fp32-power.ts';
import { seeded } from '../../test/support/random.ts';
import { isOrdinary } from '../fp32-exp/argument-tables.ts';
import { powerOf } from '../fp32-exp/power.ts';
import { expFp32 } from '../fp32-exp/semantics.ts';
import { exp2Fp32 } from '../fp32-exp2/semantics.ts';
import { ROUNDING, roundToFp32 } from '../fp32-round/semantics.ts';
import { fp32ExponentialAir as air } from './air.ts';
import { exponentialRow } from './row.ts';
import { FIRST_HEAD, FIRST_STEP, HEAD_LOGS, NUM_HEADS, NUM_STEPS } from './tables.ts';

/** 2^-72, with 200 bits below the point. */
const UNIT = 1n << 128n;

/** e^U with 200 bits below the point. */
const exactOf = ([upper, middle, lower]: PowerLimbs): bigint =>
  exponentialOf((BigInt(upper) << 48n) + (BigInt(middle) << 24n) + BigInt(lower));

/** All accepted rows: every head and step whose w0 fits, every way to leave something at 2^-85. */
function witnesses(power: PowerLimbs): Rows[] {
  const honest = exponentialRows([power]);
  const { head: nearest } = exponentialRow(...power);
  const found: Rows[] = [];
  const tried = (lies: Record<string, number>): number => {
    const rows = forgeExponential(power, lies);
    if (rows === undefined || objections(air, rows, honest, POWER_TABLES).length > 0) return 0;
    return found.push(rows);
  };
  const [upper, middle] = [power[0] + Math.floor(power[1] / 2 ** 24), power[1]];
  for (
    let head = Math.max(nearest - 3, FIRST_HEAD);
    head <= Math.min(nearest + 3, FIRST_HEAD + NUM_HEADS - 1);
    head++
  ) {
    const middleStep = upper - HEAD_LOGS.upper[head - FIRST_HEAD]! + (middle < 0 ? 1 : 0);
    for (let step = middleStep - 4; step <= middleStep + 4; step++) {
      if (step < FIRST_STEP || step >= FIRST_STEP + NUM_STEPS || tried({ head, step }) === 0) continue;
      const index = air.main.find(({ name }) => name === 'left')!.index;
      const left = found[found.length - 1]!.main[0]![index]!;
      for (let k = 1; k < 4; k++) tried({ head, step, left: left + k * 2 ** 13 });
    }
  }
  return found;
}

/** The distance of M from e^U in units of 2^-72, to two places. */
const errorOf = (rows: Rows, exact: bigint): number => Number(((unitsOf(rows) * UNIT - exact) * 100n) / UNIT) / 100;

const roundedOf = (units: bigint, doublings: number): number => {
  const high = units >> 48n;
  return roundToFp32(false, doublings + 7, Number(high), Number((units >> 36n) & 0xfffn) * 2 ** 20, true, ROUNDING.rne);
};

test.each(['exp', 'exp2'] as const)('%s: every witness of the hardest operands has the one result', (name) => {
  const compute = name === 'exp' ? expFp32 : exp2Fp32;
  const worst = { error: 0, fewest: 99 };
  for (const line of vectors.hard[name]) {
    const a = Number.parseInt(line, 16);
    if (!isOrdinary(name, a >>> 16)) continue;
    const { doublings, upper, middle, lower } = powerOf(name, a);
    const rows = witnesses([upper, middle, lower]);
    const exact = exactOf([upper, middle, lower]);
    const expected = compute(a);
    for (const row of rows) {
      worst.error = Math.max(worst.error, Math.abs(errorOf(row, exact)));
      expect(roundedOf(unitsOf(row), doublings)).toBe(expected);
    }
    worst.fewest = Math.min(worst.fewest, rows.length);
    // And so has every M that the bound admits, with the rounding of the operand's tables: 41 units on either side.
    for (const off of [-41n, 41n]) expect(roundedOf(exact / UNIT + off, doublings), line).toBe(expected);
  }
  expect(worst.error).toBeLessThan(37);
  expect(worst.fewest).toBeGreaterThan(1);
});

test('no witness of a random U is off by more than the bound', () => {
  const random = seeded(7);
  let worst = 0;
  for (let i = 0; i < 60; i++) {
    const power: PowerLimbs = [
      random.below(21_600_000) - 10_000_000,
      random.below(2 ** 24),
      random.below(i % 2 === 0 ? 2 ** 24 : 3 * 2 ** 24),
    ];
    const exact = exactOf(power);
    for (const row of witnesses(power)) worst = Math.max(worst, Math.abs(errorOf(row, exact)));
  }
  expect(worst).toBeGreaterThan(3);
  expect(worst).toBeLessThan(37);
});

test('where the digits of M do not settle, the row keeps the lower ones and is accepted', () => {
  const random = seeded(9);
  let saturated = 0;
  for (let i = 0; i < 300; i++) {
    const [upper, middle] = [random.below(21_600_000) - 10_000_000, random.below(2 ** 24)];
    // U less what M has below 2^-48: M is close to a multiple of that.
    const { valueLower, valueUpper } = exponentialRow(upper, middle, 2 ** 24);
    const lower = 2 ** 24 - Math.round((valueLower * 2 ** 24) / valueUpper);
    for (let offset = -9; offset <= 9; offset++) {
      const power: PowerLimbs = [upper, middle, lower + offset];
      const { digit } = exponentialRow(...power);
      if (digit[4]! < 2 ** 13) continue;
      saturated += 1;
      const rows = exponentialRows([power]);
      expect(violations(air, rows)).toEqual([]);
      expect(objections(air, rows, rows, POWER_TABLES)).toEqual([]);
      expect(Math.abs(errorOf(rows, exactOf(power)))).toBeLessThan(20);
    }
  }
  expect(saturated).toBeGreaterThan(10);
});
