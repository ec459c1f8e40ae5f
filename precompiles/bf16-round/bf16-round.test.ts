import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../test/support/frame-forgeries.ts';
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

describe('forgeries', () => {
  const one = (word: number, mode = 0): Rows => run([round(word, mode)]).trace(bf16RoundChip);
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(bf16RoundAir, honest, 0, changes),
    rejectedBy,
  });
  /** 1 + 2^-7 (exact), 1 + 2^-8 (a tie), 1 + 2^-8 + 2^-20, infinity, two NaN. */
  const exact = one(0x3f81_0000);
  const tie = one(0x3f80_8000);
  const above = one(0x3f80_8008);
  const infinity = one(0x7f80_0000);
  const nan = one(0x7fa0_0000);
  const code = (odd: number, guard: number, rest: number): Record<string, number> => {
    const index = (8 * odd + 4 * guard) * 2 + rest; // mode 0, positive
    const [increment, inexact, carries, infinite] = roundingTable.fixedRow(index).slice(4);
    return { increment: increment!, inexact: inexact!, carries: carries!, infinite: infinite! };
  };
  const half = inverse(felt(2));

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: bf16RoundAir, honest: exact, accesses: { rs1: 0, rd: 3 } }).filter(
      ({ claim }) => !claim.startsWith('one row of weight 2'),
    ),
    {
      claim: 'one row of weight 2 stands for two instructions',
      honest: { main: [exact.main[0]!, exact.main[0]!] },
      forged: {
        main: [
          withCells(bf16RoundAir, exact, 0, { isReal: 2 }).main[0]!,
          withCells(bf16RoundAir, exact, 0, { isReal: 0 }).main[0]!,
        ],
      },
      rejectedBy: ['isReal is a bit'],
    },
    lie('another mode than the program has', exact, { mode: 1, infinite: 0 }, 'the program has this instruction'),
    lie('another exponent', exact, { exponent: 126 }, 'the high limb is decoded'),
    lie('a number is a NaN', exact, { isNan: 1, nanInverse: inverse(felt(2 ** 16)), out: 0x7fc0 }, 'a NaN is special'),
    lie('a NaN is an infinity', nan, { isNan: 0, out: 0x7fa0 }, 'an infinity has no fraction'),
    lie('an infinity is a NaN', infinity, { isNan: 1, out: 0x7fc0 }, 'a NaN has a fraction'),
    lie('a tie is from an odd number', tie, { odd: 1, ...code(1, 1, 0), out: 0x3f81 }, 'odd is the last bit kept'),
    lie(
      '1 + 2^-7 is even: its last bit is in the half',
      one(0x3f81_8000),
      { half: 64 + half, odd: 0, ...code(0, 1, 0), out: 0x3f81 },
      'half is below 2^7',
    ),
    lie(
      'nothing is dropped of a tie',
      above,
      { guard: 0, ...code(0, 0, 1), out: 0x3f80 },
      'guard is the first bit dropped',
    ),
    lie(
      'the guard of a tie is among the other bits',
      tie,
      { guard: 0, dropped: 2 ** 15, rest: 1, restInverse: inverse(felt(2 ** 15)), ...code(0, 0, 1), out: 0x3f80 },
      'dropped is below 2^15',
    ),
    lie(
      'the guard of a tie is 1/2, which the table takes for the next bit',
      tie,
      { guard: half, dropped: 2 ** 14, rest: 1, restInverse: inverse(felt(2 ** 14)), ...code(0, 0, 1), out: 0x3f80 },
      'guard is a bit',
    ),
    lie(
      '1 + 2^-8 + 2^-20 is a tie',
      above,
      { rest: 0, restInverse: 0, ...code(0, 1, 0), out: 0x3f80 },
      'without rest no other bit is dropped',
    ),
    lie('a tie has a rest', tie, { rest: 1, ...code(0, 1, 1), out: 0x3f81 }, 'with rest some other bit is dropped'),
    lie('an exact number is incremented', exact, { increment: 1, out: 0x3f82 }, 'the mode decides'),
    lie('an exact number becomes another one', exact, { out: 0x3f80 }, 'a number is rounded'),
    lie('the payload of a NaN is kept', nan, { out: 0x7fa0 }, 'a NaN is the canonical one'),
  ];

  describeForgeries(bf16RoundAir, forgeries, {
    tables: TABLES,
    neverAlone: {
      ...frameNeverAlone(['rs1', 'rd']),
    },
  });
});
