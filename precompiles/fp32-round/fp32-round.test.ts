import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import { messages, objections } from '../../test/support/forgery.ts';
import { forAll, u32 } from '../../test/support/property.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import { fp32RoundAir } from './air.ts';
import { FP32_ROUND_CHIP, ROUND_EVENT_WORDS } from './bus.ts';
import { flagsOf, roundToFp32, wordOf } from './semantics.ts';
import { powerTable, roundingTable, tailTable } from './tables.ts';
import { fp32RoundChip } from './trace.ts';

/** Everything that is rounded: sign, exponent, upper and lower 32 bits, sticky, mode. */
type Rounding = readonly [
  negative: boolean,
  exponent: number,
  high: number,
  low: number,
  sticky: boolean,
  mode: number,
];

const TABLES = Object.fromEntries(
  [powerTable, tailTable, roundingTable, complementRangeTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);

function rowsOf(roundings: readonly Rounding[]): Rows {
  const log = new EventLog(ROUND_EVENT_WORDS);
  for (const [negative, exponent, high, low, sticky, mode] of roundings) {
    const at = log.push();
    log.words.set([high, low, exponent, (negative ? 1 : 0) | (sticky ? 2 : 0) | (mode << 2)], at);
  }
  return traceOf(fp32RoundChip, { logs: new Map([[FP32_ROUND_CHIP, log]]) } as unknown as Execution);
}

/** Exponents around the ends of every class, magnitudes with few or many set bits. */
const rounding = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.integer({ min: -300, max: 300 }),
      fc.integer({ min: -165, max: -60 }),
      fc.integer({ min: 120, max: 192 }),
    ),
    fc.oneof(
      u32(),
      fc.integer({ min: 0, max: 31 }).map((i) => (0xffff_ffff >>> i) >>> 0),
      fc.constant(0),
    ),
    fc.oneof(u32(), fc.constantFrom(0, 0x8000_0000, 0x0080_0000, 0x7fff_ffff)),
    fc.boolean(),
    fc.integer({ min: 0, max: 4 }),
  )
  .filter(([, , high, low]) => high !== 0 || low !== 0);

test('an honest trace of any rounding is accepted and answers with the word and flags', () => {
  forAll(
    fc.array(rounding, { minLength: 1, maxLength: 4 }),
    (roundings) => {
      const { main } = rowsOf(roundings);
      const rows = { main: [...main, ...paddingRow(fp32RoundChip).main] };
      expect(violations(fp32RoundAir, rows)).toEqual([]);
      expect(objections(fp32RoundAir, rows, rows, TABLES)).toEqual([]);
      expect(messages(fp32RoundAir, rows, 'the rounding was asked for').map((tuple) => tuple.slice(8))).toEqual(
        roundings.map((r) => {
          const result = roundToFp32(...r);
          return [wordOf(result) >>> 16, wordOf(result) & 0xffff, flagsOf(result)];
        }),
      );
    },
    1000,
  );
});

describe.skip('later', () => {});
