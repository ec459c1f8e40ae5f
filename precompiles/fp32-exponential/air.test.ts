import { expect, test } from 'vitest';
import { paddingRow, traceOf } from '../../kit/step.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { P } from '../../stark/field/koala-bear.ts';
import { lookupLayout } from '../../stark/logup/layout.ts';
import { messages, objections, type Tables } from '../../test/support/forgery.ts';
import { seeded } from '../../test/support/random.ts';
import { EventLog } from '../../vm/chip.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { fp32ExponentialAir as air } from './air.ts';
import { recordExponential } from './execute.ts';
import { headLogTable, stepLogTable } from './log-tables.ts';
import { exponentialRow } from './row.ts';
import { fp32ExponentialChip as chip } from './trace.ts';

const TABLES: Tables = Object.fromEntries(
  [headLogTable, stepLogTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]) => provider.positionOf(tuple) !== undefined,
  ]),
);

type Power = readonly [upper: number, middle: number, lower: number];
function traced(powers: readonly Power[]): Rows {
  const log = new EventLog(chip.eventWords);
  for (const power of powers) recordExponential({ log: () => log } as unknown as Machine, ...power);
  return traceOf(chip, { logs: new Map([[air.name, log]]) } as unknown as Execution);
}

test('the rows of any U are accepted, a padding row too, and answer with the M of the row', () => {
  const random = seeded(5);
  const powers = Array.from({ length: 400 }, (_, i): Power => {
    const upper = i < 4 ? [-10_066_329, 11_629_763, 0, -1][i]! : random.below(21_696_092) - 10_066_329;
    const middle = i % 2 === 0 ? random.below(2 ** 26) - 2 ** 25 : random.below(2 ** 29 + 2 ** 24);
    return [upper, i === 2 ? 0 : middle, i === 2 ? 0 : random.below(3 * 2 ** 24)];
  });
  const rows = { main: [...traced(powers).main, ...paddingRow(chip).main] };
  expect(violations(air, rows)).toEqual([]);
  expect(objections(air, rows, rows, TABLES)).toEqual([]);
  const residue = (value: number): number => (value < 0 ? value + P : value);
  const expected = powers.map((power) => {
    const { valueUpper, value36, value48, valueLower } = exponentialRow(...power);
    return [...power.map(residue), valueUpper, value36, value48, valueLower];
  });
  expect(messages(air, rows, 'the exponential was asked for').slice(0, powers.length)).toEqual(expected);
});

test('a row takes 55 cells', () => {
  expect([air.main.length, air.interactions.length]).toEqual([25, 18]);
  expect(air.main.length + lookupLayout([air]).tables[0]!.auxWidth).toBe(55);
});
