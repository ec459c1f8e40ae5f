/** What the tests of exp and exp2 share: the chips that prove them together, and whether they agree. */
import { expect } from 'vitest';
import { imbalance } from '../../kit/balance.ts';
import { paddingRow } from '../../kit/step.ts';
import { fp32DecodeTable } from '../../precompiles/fp32-decode/air.ts';
import { exp2Tables, expTables, type PowerFunction } from '../../precompiles/fp32-exp/argument-tables.ts';
import { recordPower } from '../../precompiles/fp32-exp/execute.ts';
import { fp32ExpChip } from '../../precompiles/fp32-exp/trace.ts';
import { fp32ExpSpecialChip } from '../../precompiles/fp32-exp-special/trace.ts';
import { fp32Exp2Chip } from '../../precompiles/fp32-exp2/trace.ts';
import { EXPONENTIAL_BUS } from '../../precompiles/fp32-exponential/bus.ts';
import { headLogTable, stepLogTable } from '../../precompiles/fp32-exponential/log-tables.ts';
import { fp32ExponentialChip } from '../../precompiles/fp32-exponential/trace.ts';
import { FP32_ROUND_BUS } from '../../precompiles/fp32-round/bus.ts';
import { fp32RoundChip } from '../../precompiles/fp32-round/trace.ts';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { centred } from '../../stark/field/koala-bear.ts';
import type { FixedTable } from '../../vm/chips/table.ts';
import { opOf } from '../../vm/isa/op.ts';
import { messages, objections, type Tables } from './forgery.ts';
import { FP32_TABLES, limbsOf, served } from './fp32.ts';

export const POWER_CHIPS = [fp32ExpChip, fp32Exp2Chip, fp32ExpSpecialChip, fp32ExponentialChip];

/** Membership in the fixed tables of the chips. */
export const POWER_TABLES: Tables = {
  ...FP32_TABLES,
  ...Object.fromEntries(
    [fp32DecodeTable, headLogTable, stepLogTable, ...expTables, ...exp2Tables].map(({ provider }: FixedTable) => [
      provider.bus.name,
      (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
    ]),
  ),
};

/** A function, an operand, the word and flags of the result. */
export type PowerCase = readonly [of: PowerFunction, a: number, word: number, flags: number];

/** Expects that the traces of the operands are accepted, agree with one another, and answer with the results. */
export function expectPowers(cases: readonly PowerCase[]): void {
  const traces = served(POWER_CHIPS, (machine) => {
    for (const [of, a] of cases) recordPower(machine, of, a);
  });
  const tables = [...POWER_CHIPS, fp32RoundChip].map((chip): [Air, Rows] => [
    chip.air,
    { main: [...traces.get(chip.air.name)!.main, ...paddingRow(chip).main] },
  ]);
  for (const [air, rows] of tables) {
    expect(violations(air, rows), air.name).toEqual([]);
    expect(objections(air, rows, rows, POWER_TABLES), air.name).toEqual([]);
  }
  for (const bus of [EXPONENTIAL_BUS, FP32_ROUND_BUS]) expect(imbalance(bus, tables), bus.name).toEqual([]);
  const answers = [fp32ExpChip, fp32Exp2Chip, fp32ExpSpecialChip].flatMap(({ air }) =>
    messages(air, traces.get(air.name)!, 'the power was asked for'),
  );
  const expected = cases.map(([of, a, word, flags]) => [opOf(`fp32.${of}`), ...limbsOf(a), ...limbsOf(word), flags]);
  const inOrder = (tuples: readonly (readonly number[])[]): string[] => tuples.map((t) => t.join(' ')).sort();
  expect(inOrder(answers)).toEqual(inOrder(expected));
}

/** e^U with 200 bits below the point, U in units of 2^-72. */
export function exponentialOf(power: bigint): bigint {
  const x = power << 128n;
  let [sum, term] = [0n, 1n << 200n];
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = (term * x) / (k << 200n);
  }
  return sum;
}

/**
 * Whether the relation may answer so (`fp32-exponential/bus.ts`): M within 37 units of e^U and its limbs in their ranges if
 * the sender keeps its part, anything if not.
 */
export function isExponential(tuple: readonly number[]): boolean {
  const [upper, middle, lower] = tuple.slice(0, 3).map(centred) as [number, number, number];
  const [valueUpper, value36, value48, valueLower] = tuple.slice(3) as [number, number, number, number];
  if (Math.abs(upper) >= 2 ** 27 || Math.abs(middle) >= 2 ** 29 || lower < 0 || lower >= 3 * 2 ** 24) return true;
  if (valueUpper >= 2 ** 26 || value36 >= 2 ** 12 || value48 >= 2 ** 12 || valueLower >= 2 ** 24) return false;
  if (Math.abs(upper) > 2 ** 24) return false;
  const exact = exponentialOf((BigInt(upper) << 48n) + (BigInt(middle) << 24n) + BigInt(lower));
  const value = (BigInt(valueUpper) << 48n) + (BigInt(value36 * 4096 + value48) << 24n) + BigInt(valueLower);
  const error = (value << 128n) - exact;
  return (error < 0n ? -error : error) <= 37n << 128n;
}
