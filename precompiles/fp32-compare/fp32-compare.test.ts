import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasVectors, vectorsOf } from '../../test/support/fp32.ts';
import { expectAccepted, FP32_EDGES } from '../../test/support/fp32-frame.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { type Step, stepped } from '../../test/support/step.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
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
