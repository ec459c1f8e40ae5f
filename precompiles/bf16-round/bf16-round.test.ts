import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { objections } from '../../test/support/forgery.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { fp32DecodeTable } from '../fp32-decode/air.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { roundingTable } from '../fp32-round/tables.ts';
import { bf16RoundAir } from './air.ts';
import { BF16_ROUND_INSTRUCTIONS } from './execute.ts';
import { boxed, roundToBf16, widenBf16 } from './semantics.ts';
import { bf16RoundChip } from './trace.ts';

const VECTORS = new URL('../../../shared/vectors/testfloat/', import.meta.url);
const vectors = (file: string): number[][] =>
  gunzipSync(readFileSync(new URL(file, VECTORS)))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map((field) => Number.parseInt(field, 16)));

const TABLES = Object.fromEntries(
  [fp32DecodeTable, roundingTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);
const round = (word: number, mode = 0, rd = 3): Step => ({
  mnemonic: 'fcvt.bf16.s',
  fields: { rd, rs1: 1, rm: mode },
  registers: { 33: word },
});
const run = (steps: readonly Step[]) => stepped(BF16_ROUND_INSTRUCTIONS, [bf16RoundChip], steps);

describe.skipIf(!existsSync(VECTORS))('Berkeley TestFloat 3 (skipped where shared/vectors is absent)', () => {
  test.each([
    ['near_even', 0],
    ['minMag', 1],
    ['min', 2],
    ['max', 3],
    ['near_maxMag', 4],
  ] as const)('f32_to_bf16 %s: result and flags of all cases, and the trace of each is accepted', (name, mode) => {
    const cases = vectors(`f32_to_bf16.${name}.txt.gz`);
    expect(cases.length).toBe(600);
    const wrong = cases.filter(([word, pattern, flags]) => {
      const result = roundToBf16(mode, word!);
      return wordOf(result) !== pattern || flagsOf(result) !== flags;
    });
    expect(wrong).toEqual([]);
    const { machine, trace } = run(cases.map(([word], i) => round(word!, mode, i % 32)));
    const rows = trace(bf16RoundChip);
    expect(violations(bf16RoundAir, rows)).toEqual([]);
    expect(objections(bf16RoundAir, rows, rows, TABLES)).toEqual([]);
    expect(machine.registers[32 + (599 % 32)]).toBe(boxed(cases[599]![1]!));
  });

  test('bf16_to_f32: result and flags of all cases', () => {
    const cases = vectors('bf16_to_f32.txt.gz');
    expect(cases.length).toBe(600);
    const wrong = cases.filter(([pattern, word, flags]) => {
      const result = widenBf16(boxed(pattern!));
      return wordOf(result) !== word || flagsOf(result) !== flags;
    });
    expect(wrong).toEqual([]);
  });
});

test('a register without its box reads as NaN', () => {
  expect(widenBf16(0x0000_3f80)).toBe(0x7fc0_0000);
});

test('an honest trace of any word is accepted, with padding too', () => {
  forAll(fc.tuple(f32(), fc.integer({ min: 0, max: 4 })), ([word, mode]) => {
    const { main } = run([round(word, mode), round(word, 7)]).trace(bf16RoundChip);
    const rows = { main: [...main, ...paddingRow(bf16RoundChip).main] };
    expect(violations(bf16RoundAir, rows)).toEqual([]);
    expect(objections(bf16RoundAir, rows, rows, TABLES)).toEqual([]);
  });
});
