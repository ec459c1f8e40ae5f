import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paddingRow, type Step, stepped } from '../../kit/step.ts';
import type { Rows } from '../../stark/air/check.ts';
import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { hasVectors, vectorsOf } from '../../test/support/fp32.ts';
import {
  expectAccepted,
  FP32_EDGES,
  FP32_TABLES,
  fp32FrameForgeries,
  fp32NeverAlone,
  type NanRows,
  nanForgeries,
} from '../../test/support/fp32-frame.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32CompareAir } from './air.ts';
import { FP32_COMPARE_INSTRUCTIONS } from './execute.ts';
import { COMPARISONS } from './semantics.ts';
import { fp32CompareChip } from './trace.ts';

const MNEMONICS = ['feq.s', 'flt.s', 'fle.s', 'fmin.s', 'fmax.s'] as const;
const step = (mnemonic: string, a: number, b: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rs2: 2 },
  registers: { 33: a, 34: b, 66: 0 },
});
const run = (steps: readonly Step[]) => stepped(FP32_COMPARE_INSTRUCTIONS, [fp32CompareChip], steps);

describe.skipIf(!hasVectors)('Berkeley TestFloat 3 (skipped where shared/vectors is absent)', () => {
  test.each(['eq', 'lt', 'le'])(
    'f32_%s: truth and flags of all cases, and the trace of one in 37 is accepted',
    (name) => {
      const lines = vectorsOf(`f32_${name}`);
      expect(lines.length).toBe(46_464);
      const mnemonic = `f${name}.s`;
      const wrong = lines.filter(([a, b, truth, flags]) => {
        const result = COMPARISONS[mnemonic]!(a!, b!);
        return wordOf(result) !== truth || flagsOf(result) !== flags;
      });
      expect(wrong).toEqual([]);
      const steps = lines.filter((_, i) => i % 37 === 0).map(([a, b]) => step(mnemonic, a!, b!));
      expectAccepted(fp32CompareChip, run(steps).trace(fp32CompareChip));
    },
  );
});

/**
 * minimumNumber and maximumNumber from the text of IEEE 754-2019, 9.6, on exact values: a number as an integer multiple of
 * 2^-149 (infinities beyond all of them), with the sign of a zero apart.
 */
function oracle(isMin: boolean, a: number, b: number): { word: number; flags: number } {
  const fraction = (x: number): bigint => BigInt(x) & 0x7f_ffffn;
  const biased = (x: number): bigint => (BigInt(x) >> 23n) & 0xffn;
  const nan = (x: number): boolean => biased(x) === 255n && fraction(x) !== 0n;
  const quiet = (x: number): boolean => fraction(x) >> 22n === 1n;
  const value = (x: number): bigint => {
    const magnitude = biased(x) === 0n ? fraction(x) : (fraction(x) | 0x80_0000n) << (biased(x) - 1n);
    return BigInt(x) >> 31n === 1n ? -magnitude : magnitude;
  };
  const flags = [a, b].some((x) => nan(x) && !quiet(x)) ? 16 : 0;
  if (nan(a) || nan(b)) return { word: nan(a) ? (nan(b) ? 0x7fc0_0000 : b) : a, flags };
  const aIsLess = value(a) === value(b) ? a >>> 31 > b >>> 31 : value(a) < value(b);
  return { word: aIsLess === isMin ? a : b, flags };
}

test('fmin.s and fmax.s are those of an oracle on exact values, for all pairs of edges and any others', () => {
  const check = (a: number, b: number): void => {
    for (const isMin of [true, false]) {
      const result = COMPARISONS[isMin ? 'fmin.s' : 'fmax.s']!(a, b);
      expect({ word: wordOf(result), flags: flagsOf(result) }, `${isMin} ${a} ${b}`).toEqual(oracle(isMin, a, b));
    }
  };
  for (const a of FP32_EDGES) for (const b of FP32_EDGES) check(a, b);
  forAll(fc.tuple(f32(), f32()), ([a, b]) => check(a, b), 1000);
});

test('an honest trace of any words is accepted', () => {
  const few = FP32_EDGES.filter((_, i) => i % 3 === 0);
  const steps = few.flatMap((a) => few.flatMap((b) => MNEMONICS.map((mnemonic) => step(mnemonic, a, b))));
  expectAccepted(fp32CompareChip, run(steps).trace(fp32CompareChip));
  forAll(
    fc.tuple(f32(), f32()),
    ([a, b]) => {
      const all = MNEMONICS.flatMap((mnemonic) => [step(mnemonic, a, b), step(mnemonic, a, a)]);
      expectAccepted(fp32CompareChip, run(all).trace(fp32CompareChip));
    },
    50,
  );
});

describe('forgeries', () => {
  const one = (mnemonic: string, a: number, b: number): Rows => run([step(mnemonic, a, b)]).trace(fp32CompareChip);
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(fp32CompareAir, honest, 0, changes),
    rejectedBy,
  });
  const asked = (claim: string, rows: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => {
    const forged = withCells(fp32CompareAir, rows, 0, changes);
    return { claim, honest: forged, forged, rejectedBy };
  };
  const over = (value: number): number => inverse(reduce(value));
  const [ONE, TWO, INFINITY, QUIET, SIGNALING] = [0x3f80_0001, 0x4000_0002, 0x7f80_0000, 0x7fc0_0001, 0x7fa0_0001];
  const less = one('flt.s', ONE, TWO);
  const negative = one('flt.s', 0xc000_0002, 0xbf80_0001);
  const equal = one('feq.s', ONE, ONE);
  const zeros = one('flt.s', 0x8000_0000, 0);
  const smaller = one('fmin.s', ONE, TWO);
  const larger = one('fmax.s', ONE, TWO);
  const padding = paddingRow(fp32CompareChip);
  const NV = { invalid: 1, accrued: 16 };
  /** fmax with the operand and another NaN or number. */
  const rowsOf = (name: 'a' | 'b'): NanRows => {
    const max = (word: number): Rows => (name === 'a' ? one('fmax.s', word, ONE) : one('fmax.s', ONE, word));
    return { number: max(TWO), infinity: max(INFINITY), signaling: max(SIGNALING), quiet: max(QUIET) };
  };
  const operand = (name: 'a' | 'b'): Forgery[] =>
    nanForgeries(fp32CompareAir, name, rowsOf(name), (claim) => {
      const other = name === 'a' ? 0 : 1; // takesA if this one is a NaN
      const taken = { unordered: 1, takesA: other, outLo: 1, outHi: 0x3f80 };
      switch (claim) {
        case 'number is a NaN':
          return { [`${name}Inverse`]: over(2), [`${name}Signaling`]: 1, ...taken, ...NV };
        case 'NaN is none':
          return { [`${name}Inverse`]: 0, unordered: 0, takesA: 1 - other, outLo: 1, outHi: 0x7fc0 };
        case 'infinity is a NaN':
          return { [`${name}Signaling`]: 1, ...taken, ...NV };
        case 'signal is quiet':
          return { invalid: 0, accrued: 0 };
        case 'quiet signals':
          return NV;
      }
    });
  /** Another low limb of the difference. */
  const differs = (by: number): Record<string, number> => {
    const [low, high] = ['differenceLo', 'differenceHi'].map((name) => cells(fp32CompareAir, less, name)[0]!);
    return { differenceLo: low! + by, sameInverse: over(low! + by + high!) };
  };
  const sames = { same: 1, sameInverse: 0, before: 0, holds: 1, outLo: 1 };
  const forgeries: Forgery[] = [
    ...fp32FrameForgeries(fp32CompareAir, less).filter(({ claim }) => !claim.startsWith('one row of weight 2')),
    asked(
      'a row of weight 2 is both of two comparisons',
      less,
      {
        isReal: 2,
        isEqual: 1,
        sameInverse: 2 * cells(fp32CompareAir, less, 'sameInverse')[0]!,
        zerosInverse: 2 * cells(fp32CompareAir, less, 'zerosInverse')[0]!,
      },
      'isReal is a bit',
    ),
    ...operand('a'),
    ...operand('b'),
    lie('1 < 2 does not hold', less, { holds: 0, outLo: 0 }, 'the comparison holds if ordered and true'),
    lie('1 < 2 gives 2', less, { outLo: 2 }, 'the low limb is the truth or the choice'),
    lie('1 < 2 gives 2^16 + 1', less, { outHi: 1 }, 'the high limb is that of the choice'),
    lie('a less-than is a less-or-equal', less, { isLess: 0, isLessEqual: 1 }, 'the program has this instruction'),
    asked('no comparison at all', less, { isLess: 0, holds: 0, outLo: 0 }, 'one operation is selected'),
    lie(
      '-2 is not less than -1',
      negative,
      { before: 0, holds: 0, outLo: 0 },
      'a comes before b by sign and magnitude',
    ),
    lie('1 is not 1', equal, { same: 0, holds: 0, outLo: 0 }, 'other words have one'),
    lie(
      '1 is 2',
      one('feq.s', ONE, TWO),
      { same: 1, sameInverse: 0, holds: 1, outLo: 1 },
      'the same words have no difference',
    ),
    lie('-0 is less than 0', zeros, { zeros: 0, holds: 1, outLo: 1 }, 'anything else has'),
    lie('1 and 2 are zeros', less, { zeros: 1, zerosInverse: 0, holds: 0, outLo: 0 }, 'zeros have no magnitude'),
    lie(
      '2 is the smaller one',
      smaller,
      { takesA: 0, outLo: 2, outHi: 0x4000 },
      'the choice falls on the number, or on the one before',
    ),
    lie(
      '1 is the larger one',
      larger,
      { takesA: 1, outLo: 1, outHi: 0x3f80 },
      'the choice falls on the number, or on the one before',
    ),
    lie('a NaN is ordered', one('flt.s', QUIET, ONE), { unordered: 0, invalid: 0, accrued: 0 }, 'a NaN is unordered'),
    lie(
      'a signaling NaN is valid to a choice',
      rowsOf('a').signaling,
      { invalid: 0, accrued: 0 },
      'a signaling NaN is invalid, and to an order any',
    ),
    lie('two NaN are one', one('fmin.s', QUIET, QUIET + 1), { allNan: 0, outLo: 1 }, 'both may be NaN'),
    lie(
      'rs1 held another value',
      less,
      { rs1Lo: 0, ...differs(-1), zerosInverse: over(0x3f80 + 0x4000 + 2) },
      'rs1 holds the value last written',
    ),
    lie(
      'rs2 held another value',
      less,
      { rs2Lo: 3, ...differs(-1), zerosInverse: over(0x3f80 + 0x4000 + 4) },
      'rs2 holds the value last written',
    ),
    lie(
      'a difference of -1 is the carry -1 / 2^16 = 0x7f00 of the high limbs',
      one('flt.s', 0xbf80_0005, 0x3f80_0001),
      { differenceLo: 3, differenceHi: 0x100, sameInverse: over(0x103) },
      'the low limbs add up',
    ),
    lie(
      '1 is not 1: the difference is 2^16',
      equal,
      { differenceHi: 1, same: 0, sameInverse: 1, before: over(2 ** 16), holds: 0, outLo: 0 },
      'the high limbs add up',
    ),
    lie(
      'words with a difference of 2^16 - 1 are the same: its limbs are 1 and -1',
      one('feq.s', 0x3f81_0000, 0x3f80_0001),
      { differenceLo: -1, differenceHi: 1, ...sames },
      'differenceLo is below 2^16',
    ),
    lie(
      'words with a difference of 1 - 2^16 are the same: its limbs are -1 and 1',
      one('feq.s', 0x3f80_0002, 0x3f81_0001),
      { differenceLo: 1, differenceHi: -1, ...sames },
      'differenceHi is below 2^16',
    ),
    // On padding a selector of -1 makes room for another one.
    ...['isLess', 'isLessEqual', 'isMin'].map((selector) =>
      lie(`${selector} is -1 on padding`, padding, { [selector]: -1, isEqual: 1 }, `${selector} is a bit`),
    ),
    lie('isEqual is -1 on padding', padding, { isEqual: -1, isLess: 1 }, 'isEqual is a bit'),
    lie('isMax is -1 on padding', padding, { isMax: -1, isEqual: 1, takesA: -1 }, 'isMax is a bit'),
  ];
  describeForgeries(fp32CompareAir, forgeries, {
    pastRanges: ['differenceLo is below 2^16', 'differenceHi is below 2^16'],
    tables: FP32_TABLES,
    neverAlone: fp32NeverAlone(fp32CompareAir),
  });

  test('the search finds no second result, and finds one when a check is deleted', () => {
    const selectors = ['isEqual', 'isLess', 'isLessEqual', 'isMin', 'isMax'];
    for (const honest of [less, negative, smaller, rowsOf('a').quiet]) {
      const query = {
        honest,
        inputs: ['isReal', 'pc', 'clk', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi', 'fflagsLo', ...selectors],
        outputs: ['outLo', 'outHi', 'invalid', 'accrued'],
        tables: FP32_TABLES,
      };
      expect(findSecondWitness(fp32CompareAir, query)).toBeUndefined();
      for (const name of ['the low limb is the truth or the choice', 'the high limb is that of the choice']) {
        expect(findSecondWitness(fp32CompareAir, { ...query, without: [name] }), name).toBeDefined();
      }
    }
  });
});
