import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rows } from '../../stark/air/check.ts';
import { inverse, mul, reduce } from '../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, messages, withCells } from '../../test/support/forgery.ts';
import { limbsOf, served } from '../../test/support/fp32.ts';
import { expectAccepted, FP32_EDGES, FP32_TABLES, type NanRows, nanForgeries } from '../../test/support/fp32-frame.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { paddingRow } from '../../test/support/step.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32MaxAir } from './air.ts';
import { maxFp32 } from './semantics.ts';
import { fp32MaxChip, recordMax } from './trace.ts';

type Choice = readonly [propagates: boolean, a: number, b: number];
const rowsOf = (choices: readonly Choice[]): Rows =>
  served([fp32MaxChip], (machine) => {
    for (const choice of choices) recordMax(machine, ...choice);
  }).get('fp32-max')!;

/** maximumNumber and maximum from the text of IEEE 754-2019, 9.6, in numbers of the host. */
function oracle(propagates: boolean, a: number, b: number): string {
  const [x, y] = new Float32Array(Uint32Array.of(a, b).buffer) as unknown as [number, number];
  const signals = (word: number): boolean => (word & 0x7fff_ffff) > 0x7f80_0000 && (word & 0x0040_0000) === 0;
  const flags = signals(a) || signals(b) ? 16 : 0;
  const nan = 0x7fc0_0000;
  const word = () => {
    if (Number.isNaN(x) || Number.isNaN(y))
      return propagates || (Number.isNaN(x) && Number.isNaN(y)) ? nan : Number.isNaN(x) ? b : a;
    return Object.is(Math.max(x, y), x) ? a : b; // Math.max has -0 less than +0
  };
  return `${word()} ${flags}`;
}

describe('semantics and trace', () => {
  test('all pairs of edges, and any others, are those of the standard; their rows are accepted and say so', () => {
    const edges = FP32_EDGES.flatMap((a) => FP32_EDGES.map((b) => [a, b] as const));
    const check = (a: number, b: number): void => {
      for (const propagates of [false, true]) {
        const result = maxFp32(propagates, a, b);
        expect(`${wordOf(result)} ${flagsOf(result)}`, `${a} ${b}`).toBe(oracle(propagates, a, b));
      }
    };
    for (const [a, b] of edges) check(a, b);
    forAll(fc.tuple(f32(), f32()), ([a, b]) => check(a, b));
    const choices = edges.flatMap(([a, b], i): Choice[] =>
      i % 3 === 0
        ? [
            [false, a, b],
            [true, a, b],
          ]
        : [],
    );
    const rows = rowsOf(choices);
    expectAccepted(fp32MaxChip, rows);
    const expected = choices.map(([p, a, b]) => {
      const result = maxFp32(p, a, b);
      return [p ? 1 : 0, ...limbsOf(a), ...limbsOf(b), ...limbsOf(wordOf(result)), flagsOf(result)];
    });
    expect(messages(fp32MaxAir, rows, 'the larger one was asked for')).toEqual(expected);
  });
});

describe('forgeries', () => {
  const [ONE, TWO, INFINITY, QUIET, SIGNALING] = [0x3f80_0001, 0x4000_0002, 0x7f80_0000, 0x7fc0_0001, 0x7fa0_0001];
  const one = (a: number, b: number, propagates = false): Rows => rowsOf([[propagates, a, b]]);
  const over = (value: number): number => inverse(reduce(value));
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(fp32MaxAir, honest, 0, changes),
    rejectedBy,
  });
  const less = one(ONE, TWO);
  const isOne = { outLo: 1, outHi: 0x3f80 };
  const operand = (name: 'a' | 'b'): Forgery[] => {
    const max = (word: number): Rows => (name === 'a' ? one(word, ONE) : one(ONE, word));
    const rows: NanRows = { number: max(TWO), infinity: max(INFINITY), signaling: max(SIGNALING), quiet: max(QUIET) };
    const other = name === 'a' ? 1 : 0; // takesB if this one is a NaN
    return nanForgeries(fp32MaxAir, name, rows, (claim) => {
      switch (claim) {
        case 'number is a NaN':
          return {
            [`${name}Inverse`]: over(2),
            [`${name}Signaling`]: 1,
            unordered: 1,
            takesB: other,
            ...isOne,
            invalid: 1,
          };
        case 'NaN is none':
          return { [`${name}Inverse`]: 0, unordered: 0, takesB: 1 - other, outLo: 1, outHi: 0x7fc0 };
        case 'infinity is a NaN':
          return { [`${name}Signaling`]: 1, unordered: 1, takesB: other, ...isOne, invalid: 1 };
        case 'signal is quiet':
          return { invalid: 0 };
        case 'quiet signals':
          return { invalid: 1 };
      }
    });
  };
  /** A carry of 1 + 2^-16 mixes both words. */
  const mixed = (1 + over(2 ** 16)) % 0x7f00_0001;
  const mix = (a: number, b: number): number => a + mul(reduce(mixed), reduce(b - a));
  const forgeries: Forgery[] = [
    ...operand('a'),
    ...operand('b'),
    {
      claim: 'another word was asked for',
      honest: less,
      forged: one(ONE, 0x4040_0000),
      rejectedBy: ['the larger one was asked for'],
    },
    {
      claim: 'a NaN propagates though fmax.s was asked for',
      honest: one(ONE, QUIET),
      forged: one(ONE, QUIET, true),
      rejectedBy: ['the larger one was asked for'],
    },
    {
      claim: 'one row of weight 2 stands for two',
      honest: { main: [less.main[0]!, less.main[0]!] },
      forged: { main: [withCells(fp32MaxAir, less, 0, { isReal: 2 }).main[0]!, paddingRow(fp32MaxChip).main[0]!] },
      rejectedBy: ['isReal is a bit'],
    },
    lie('2 comes before 1', less, { before: 0, takesB: 0, ...isOne }, 'a comes before b by sign and magnitude'),
    lie(
      '-1 is less than -2',
      one(0xbf80_0001, 0xc000_0002),
      { before: 1, takesB: 1, outLo: 2, outHi: 0xc000 },
      'a comes before b by sign and magnitude',
    ),
    lie(
      'a NaN is a number, the larger one',
      one(QUIET, ONE),
      { unordered: 0, takesB: 0, outLo: 1, outHi: 0x7fc0 },
      'a NaN is unordered',
    ),
    lie(
      'two numbers give NaN',
      less,
      { isNan: 1, outLo: 0, outHi: 0x7fc0 },
      'the result is NaN for two, or for one that propagates',
    ),
    lie(
      'a NaN does not propagate',
      one(ONE, QUIET, true),
      { isNan: 0, ...isOne },
      'the result is NaN for two, or for one that propagates',
    ),
    lie('the lesser one is taken', less, { takesB: 0, ...isOne }, 'b is taken if a is the NaN or comes before'),
    lie('a signaling NaN is valid', one(SIGNALING, ONE), { invalid: 0 }, 'a signaling NaN is invalid'),
    lie('another low limb', less, { outLo: 3 }, 'the low limb is that of the choice'),
    lie('another high limb', less, { outHi: 0x4001 }, 'the high limb is that of the choice'),
    lie(
      'a difference of -1 is the carry -1 / 2^16 = 0x7f00 of the high limbs',
      one(0xbf80_0005, 0x3f80_0001),
      { differenceLo: 3, differenceHi: 0x100 },
      'the low limbs add up',
    ),
    lie(
      'a carry that is no bit takes a word between both',
      less,
      {
        differenceHi: cells(fp32MaxAir, less, 'differenceHi')[0]! + 1,
        before: mixed,
        takesB: mixed,
        outLo: mix(1, 2),
        outHi: mix(0x3f80, 0x4000),
      },
      'the high limbs add up',
    ),
    lie(
      'a difference of 2^16 - 1 has the limbs -1 and 1',
      one(0x3f81_0000, 0x3f80_0001),
      { differenceLo: -1, differenceHi: 1 },
      'differenceLo is below 2^16',
    ),
    lie(
      '2 is not more than 1: the high limb of 1 - 2 is negative',
      less,
      { differenceHi: cells(fp32MaxAir, less, 'differenceHi')[0]! - 2 ** 16, before: 0, takesB: 0, ...isOne },
      'differenceHi is below 2^16',
    ),
  ];
  describeForgeries(fp32MaxAir, forgeries, {
    pastRanges: ['differenceLo is below 2^16', 'differenceHi is below 2^16'],
    tables: FP32_TABLES,
  });

  test('the search finds no second result, and finds one when a check is deleted', () => {
    for (const honest of [less, one(0xc000_0002, 0xbf80_0001), one(SIGNALING, ONE), one(QUIET, ONE, true)]) {
      const query = {
        honest,
        inputs: ['isReal', 'propagates', 'aLo', 'aHi', 'bLo', 'bHi'],
        outputs: ['outLo', 'outHi', 'invalid'],
        tables: FP32_TABLES,
      };
      expect(findSecondWitness(fp32MaxAir, query)).toBeUndefined();
      for (const name of ['the low limb is that of the choice', 'the high limb is that of the choice']) {
        expect(findSecondWitness(fp32MaxAir, { ...query, without: [name] }), name).toBeDefined();
      }
    }
  });
});
