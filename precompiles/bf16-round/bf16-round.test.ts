import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../test/support/frame-forgeries.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { FLAGS_BUS } from '../../vm/chips/csr/flags-table.ts';
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
  /** `stepped` makes frm and fflags older than the source, by their place in the instruction. */
  const one = (word: number, mode = 0): Rows => {
    const rows = run([round(word, mode)]).trace(bf16RoundChip);
    const at = (name: string): number => cells(bf16RoundAir, rows, name)[0]!;
    return withCells(bf16RoundAir, rows, 0, {
      frmClk: at('frmClk') + at('frmAgeLo'),
      frmAgeLo: 0,
      fflagsClk: at('fflagsClk') + at('fflagsAgeLo'),
      fflagsAgeLo: 0,
    });
  };
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(bf16RoundAir, honest, 0, changes),
    rejectedBy,
  });
  /** 1 + 2^-7, a tie with 1, more than it, what rounds down; infinity and two NaN; ends of the classes. */
  const [exact, tie, above, below] = [0x3f81_0000, 0x3f80_8000, 0x3f80_8008, 0x3f80_0008].map((word) => one(word)) as [
    Rows,
    Rows,
    Rows,
    Rows,
  ];
  const [infinity, signaling, quiet] = [one(0x7f80_0000), one(0x7fa0_0000), one(0x7fc1_0000)];
  const [largest, subnormal, almostNormal] = [one(0x7f7f_ffff), one(0x0012_3456), one(0x007f_ff00)];
  /** What the table says of these bits in mode 0 of a positive number. */
  const decided = (odd: number, guard: number, second: number, further: number): Record<string, number> => {
    const row = roundingTable.fixedRow((8 * odd + 4 * guard + 2 * second + further) * 2);
    return { increment: row[4]!, inexact: row[5]!, carries: row[6]!, infinite: row[7]! };
  };
  const inverseOf = (value: number): number => inverse(reduce(value));
  const half = inverseOf(2);
  /** Distance to infinity of 1, and inverses that follow from an increment. */
  const room = (magnitude: number): Record<string, number> => ({ roomInverse: inverseOf(0x7f80 - magnitude) });
  const accrues = (flags: number): Record<string, number> => ({ flags, accrued: flags });

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: bf16RoundAir, honest: exact, accesses: { rs1: 0, rd: 3, frm: 4, fflags: 5 } }).filter(
      ({ claim }) => !claim.startsWith('one row of weight 2'),
    ),
    {
      claim: 'one row of weight 2 stands for two instructions',
      honest: { main: [exact.main[0]!, exact.main[0]!] },
      forged: {
        main: [
          withCells(bf16RoundAir, exact, 0, { isReal: 2, becameInverse: 1 }).main[0]!,
          exact.main[0]!.map(() => 0),
        ],
      },
      rejectedBy: ['isReal is a bit'],
    },
    lie(
      'another mode than the program has',
      exact,
      { immLo: 1, mode: 1, infinite: 0 },
      'the program has this instruction',
    ),
    lie(
      'another mode than the instruction has',
      exact,
      { mode: 1, infinite: 0 },
      'the mode is that of the instruction or of frm',
    ),
    lie('an exact result accrues a flag', exact, { accrued: 1 }, 'the flags accrue'),
    lie(
      'mode 5 is reserved',
      exact,
      { mode: 5 },
      'the mode is that of the instruction or of frm',
      'the mode is not reserved',
      'the mode decides',
    ),

    // 1. A NaN or not.
    lie('another exponent', exact, { biased: 126, ...room(0x3f81 - 0x80) }, 'the high limb is decoded'),
    lie(
      'a number is a NaN',
      exact,
      { isNan: 1, nanInverse: inverseOf(2 ** 16), out: 0x7fc0, ...accrues(16) },
      'a NaN is special',
    ),
    lie('a NaN is an infinity', signaling, { isNan: 0, out: 0x7fa0, ...accrues(0) }, 'an infinity has no fraction'),
    lie('an infinity is a NaN', infinity, { isNan: 1, out: 0x7fc0, ...accrues(16) }, 'a NaN has a fraction'),

    // 2. The rounded pattern.
    lie(
      'a tie is from an odd number',
      tie,
      { odd: 1, ...decided(1, 1, 0, 0), out: 0x3f81, ...room(0x3f81) },
      'the bits kept are those of the significand',
    ),
    lie(
      '1 is twice its quiet bit',
      exact,
      { hidden: 0, quiet: 2, becameInverse: inverseOf(1), becameNormal: 0 },
      'quiet is a bit',
    ),
    lie(
      '2^-7 of 1 + 2^-7 is a half of the middle',
      one(0x3f81_8000),
      { middle: half, odd: 0, ...decided(0, 1, 0, 0), out: 0x3f81, ...room(0x3f81) },
      'middle is below 2^5',
    ),
    lie(
      'the hidden bit of a signaling NaN is 1/2, and the quiet one set',
      one(0x7f81_0000),
      { hidden: half, quiet: 1, becameNormal: 0, becameInverse: inverseOf(1), ...accrues(0) },
      'hidden is a bit',
    ),
    lie(
      'nothing is dropped of a number above a tie',
      above,
      { guard: 0, ...decided(0, 0, 0, 1), out: 0x3f80, ...room(0x3f80) },
      'the bits dropped are those of the low limb',
    ),
    lie(
      'the guard of a tie is 1/2, and the next bit is set',
      tie,
      { guard: half, second: 1, ...decided(0, 1, 0, 0), out: 0x3f80 },
      'guard is a bit',
    ),
    lie('the second bit is 2, as the guard', tie, { guard: 0, second: 2, ...decided(0, 1, 0, 0) }, 'second is a bit'),
    lie(
      'the guard of a tie is among the other bits',
      tie,
      { guard: 0, dropped: 2 ** 15, further: 1, furtherInverse: inverseOf(2 ** 15), ...decided(0, 0, 0, 1) },
      'dropped is below 2^14',
    ),
    lie(
      'the second bit of 1 + 2^-9 is among the other bits',
      one(0x3f80_4000),
      { second: 0, dropped: 2 ** 14, further: 1, furtherInverse: inverseOf(2 ** 14), ...decided(0, 0, 0, 1) },
      'dropped is below 2^14',
    ),
    lie(
      '1 + 2^-8 + 2^-20 is a tie',
      above,
      { further: 0, furtherInverse: 0, ...decided(0, 1, 0, 0), out: 0x3f80, ...room(0x3f80) },
      'without further no other bit is dropped',
    ),
    lie(
      'a tie has further bits',
      tie,
      { further: 1, ...decided(0, 1, 0, 1), out: 0x3f81, ...room(0x3f81) },
      'with further some other bit is dropped',
    ),
    lie('an exact number is incremented', exact, { increment: 1, out: 0x3f82, ...room(0x3f82) }, 'the mode decides'),
    lie('an exact number becomes another one', exact, { out: 0x3f80 }, 'a number is rounded'),
    lie('the payload of a NaN is kept', quiet, { out: 0x7fc1 }, 'a NaN is the canonical one'),

    // 3. The flags.
    lie('1 overflows', below, { overflow: 1, roomInverse: 0, ...accrues(5) }, 'an overflow leaves no room'),
    lie('an infinity overflows', infinity, { overflow: 1, ...accrues(4) }, 'an infinity or NaN does not overflow'),
    lie('the largest number does not overflow', largest, { overflow: 0, ...accrues(1) }, 'any other number has room'),
    lie('a subnormal became normal', subnormal, { becameNormal: 1, becameInverse: 0 }, 'a subnormal became normal'),
    lie(
      '2^-126 is subnormal',
      almostNormal,
      { becameNormal: 0, underflow: 1, ...accrues(3) },
      'a subnormal did not become normal',
    ),
    lie('a subnormal does not underflow', subnormal, { underflow: 0, ...accrues(1) }, 'underflow is tiny and inexact'),
    lie('a signaling NaN is valid', signaling, accrues(0), 'the flags are those of the case'),
  ];

  describeForgeries(bf16RoundAir, forgeries, {
    pastRanges: ['middle is below 2^5'],
    tables: { ...TABLES, [FLAGS_BUS.name]: ([before, raised, after]) => after === (before! | raised!) },
    neverAlone: {
      ...frameNeverAlone(['rs1', 'rd', 'frm', 'fflags']),
      'the mode is not reserved': 'the program and frm fix the mode, and a reserved one has no honest row',
    },
  });
});
