import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import vectors from '../../test/oracles/fp32-reduce.vectors.json' with { type: 'json' };
import { reductionCases } from '../../test/oracles/reductions.ts';
import { FP32_EDGES } from '../../test/support/fp32-frame.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { REDUCTIONS, type Reduction } from '../../vm/isa/xulp.ts';
import { CANONICAL_NAN, flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { reduceFast } from './fast.ts';
import { reduceFp32 } from './semantics.ts';

const text = (result: number): string => `${wordOf(result).toString(16)} ${flagsOf(result)}`;

describe.each([reduceFp32, reduceFast])('$name', (reduce) => {
  test('has the words and flags of a C program, stored', () => {
    const results = reductionCases(vectors.seed, vectors.count).map((c) => text(reduce(c.reduction, c.acc, c.words)));
    expect(results.length).toBe(540);
    expect(results).toEqual(vectors.results);
  });

  test('sums integers in any order to the same', () => {
    const words = new Uint32Array(Float32Array.from({ length: 100 }, (_, i) => i + 1).buffer);
    for (const order of ['sum.sequential', 'sum.pairwise', 'sum.warp'] as const) {
      expect(text(reduce(order, 0, words)), order).toBe('459dd000 0'); // 5050
    }
  });
});

/** The orders on numbers, by `Math.fround`. */
const inNumbers: Record<'sum.sequential' | 'sum.pairwise' | 'sum.warp', (x: readonly number[]) => number> = {
  'sum.sequential': (x) => x.reduce((sum, next) => Math.fround(sum + next), 0),
  'sum.pairwise': (x) => {
    if (x.length <= 1) return x[0] ?? 0;
    const half = 2 ** Math.floor(Math.log2(x.length - 1));
    const { 'sum.pairwise': sum } = inNumbers;
    return Math.fround(sum(x.slice(0, half)) + sum(x.slice(half)));
  },
  'sum.warp': (x) => {
    let lanes = Array.from({ length: 32 }, (_, lane) =>
      x.filter((_, i) => i % 32 === lane).reduce((sum, next) => Math.fround(sum + next), 0),
    );
    for (const offset of [16, 8, 4, 2, 1]) lanes = lanes.map((v, lane) => Math.fround(v + lanes[lane ^ offset]!));
    expect(new Set(lanes.map((lane) => (Object.is(lane, -0) ? '-0' : `${lane}`))).size).toBe(1);
    return lanes[0]!;
  },
};

test.each(Object.keys(inNumbers) as (keyof typeof inNumbers)[])(
  '%s of random numbers is that of Math.fround',
  (order) => {
    forAll(fc.array(fc.float({ noNaN: true, min: -(2 ** 100), max: 2 ** 100 }), { maxLength: 90 }), (x) => {
      const words = new Uint32Array(Float32Array.from(x).buffer);
      const [expected] = new Uint32Array(Float32Array.of(inNumbers[order](x)).buffer);
      expect(wordOf(reduceFp32(order, 0, words))).toBe(expected);
    });
  },
);

test('any words: what runs without recording gives the words and flags of the reference', () => {
  const all = Object.keys(REDUCTIONS) as Reduction[];
  forAll(fc.tuple(fc.constantFrom(...all), f32(), fc.array(f32(), { maxLength: 70 })), ([reduction, acc, words]) => {
    const x = Uint32Array.from(words);
    expect(text(reduceFast(reduction, acc, x))).toBe(text(reduceFp32(reduction, acc, x)));
  });
});

describe('edges', () => {
  const NAN = 0x7f80_0001;
  test('without words: sequential folds keep even the payload of fd, the others are +0; no flags', () => {
    for (const reduction of Object.keys(REDUCTIONS) as Reduction[]) {
      const keeps = /sequential|max/.test(reduction);
      expect(reduceFp32(reduction, NAN, []), reduction).toBe(keeps ? NAN : 0);
    }
  });

  test('-0: kept by a pairwise sum, lost by lanes, which start as +0', () => {
    const zero = 0x8000_0000;
    expect(reduceFp32('sum.pairwise', 0, [zero, zero, zero])).toBe(zero);
    expect(reduceFp32('sum.sequential', zero, [zero, zero])).toBe(zero);
    expect(reduceFp32('sum.warp', 0, new Array<number>(32).fill(zero))).toBe(0);
  });

  test('one word of a pairwise sum stays as it is, a signaling NaN too', () => {
    for (const word of FP32_EDGES) expect(reduceFp32('sum.pairwise', 0, [word])).toBe(word);
  });

  test('max takes the number, maxm the NaN; both are invalid for a signaling one', () => {
    const words = [0xbf80_0000, 0x7fc0_0000, 0x3f80_0000, 0x8000_0000];
    expect(text(reduceFp32('max', 0xff80_0000, words))).toBe('3f800000 0');
    expect(text(reduceFp32('maxm', 0xff80_0000, words))).toBe(`${CANONICAL_NAN.toString(16)} 0`);
    expect(text(reduceFp32('max', NAN, words))).toBe('3f800000 16');
    expect(text(reduceFp32('maxm', NAN, words))).toBe('7fc00000 16');
    expect(text(reduceFp32('max', 0x8000_0000, [0]))).toBe('0 0');
    expect(text(reduceFp32('max', 0xffc0_1234, [0x7fc0_0001]))).toBe('7fc00000 0');
  });
});
