import { describe, expect, test } from 'vitest';
import {
  drawWord,
  expectServed,
  hasVectors,
  limbsOf,
  MODE_NAMES,
  oracle,
  randomOf,
  vectorsOf,
} from '../../test/support/fp32.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { recordSquareRoot } from './execute.ts';
import { sqrtFp32, squareRoot } from './semantics.ts';
import { fp32SqrtChip } from './trace.ts';

const REQUESTS = ['the square root was asked for', 'the square root was asked for'] as const;
const answer = (mode: number, a: number, word: number, flags: number): number[] => [
  ...[mode, ...limbsOf(a), ...limbsOf(word), flags],
];

describe.skipIf(!hasVectors)('Berkeley TestFloat 3 (skipped where shared/vectors is absent)', () => {
  test.each(MODE_NAMES.map((name, mode) => [name, mode] as const))('f32_sqrt %s: all cases', (name, mode) => {
    const cases = vectorsOf(`f32_sqrt.${name}`);
    expect(cases.length).toBe(600);
    const wrong = cases.filter(([a, word, flags]) => {
      const result = sqrtFp32(mode, a!);
      return wordOf(result) !== word || flagsOf(result) !== flags;
    });
    expect(wrong).toEqual([]);
    const some = cases.filter((_, i) => i % 7 === mode);
    const record = (machine: Machine): void => {
      for (const [a] of some) recordSquareRoot(machine, mode, a!);
    };
    expectServed(
      fp32SqrtChip,
      REQUESTS,
      record,
      some.map(([a, word, flags]) => answer(mode, a!, word!, flags!)),
    );
  });
});

const drawn = (seed: number, count: number): [number, number][] => {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => [random.below(5), drawWord(random)]);
};

test('agrees with exact arithmetic in all modes', () => {
  const wrong = drawn(1, 40_000).filter(([mode, a]) => {
    const result = sqrtFp32(mode, a);
    const [word, flags] = oracle.sqrt(mode, a);
    return wordOf(result) !== word || flagsOf(result) !== flags;
  });
  expect(wrong).toEqual([]);
});

/** The header of `Root`, in exact integers, for both parities of the exponent. */
function expectRoots(significands: Iterable<number>): void {
  for (const significand of significands) {
    for (const exponent of significand < 2 ** 23 ? [0] : [126, 127]) {
      const { isOdd, isSmall, root, remainder } = squareRoot(exponent * 2 ** 23 + (significand % 2 ** 23));
      const moved = 36n + (isSmall ? 12n : 0n) + (isOdd ? 1n : 0n);
      const square = BigInt(significand) << moved;
      const r = BigInt(root);
      if (r * r + BigInt(remainder) === square && 0 <= remainder && remainder <= 2 * root) continue;
      expect.fail(`the square root of ${significand} * 2^${moved} is not ${root} and ${remainder}`);
    }
  }
}

test('roots and what is left are exact, next to squares and powers of two and of any significand', () => {
  const edges = new Set<number>();
  for (let root = 1; root < 2 ** 12; root++) for (const d of [-2, -1, 0, 1, 2]) edges.add(root * root + d);
  for (let log = 0; log <= 24; log++) for (let d = -40; d <= 40; d++) edges.add(2 ** log + d);
  const random = randomOf(3);
  for (let i = 0; i < 20_000; i++) edges.add(2 ** 23 + random.below(2 ** 23));
  expectRoots([...edges].filter((significand) => significand > 0 && significand < 2 ** 24));
});

test('the traces of any operands are accepted and answer with the result', () => {
  const cases = drawn(2, 400);
  const record = (machine: Machine): void => {
    for (const [mode, a] of cases) recordSquareRoot(machine, mode, a);
  };
  expectServed(
    fp32SqrtChip,
    REQUESTS,
    record,
    cases.map(([mode, a]) => answer(mode, a, ...oracle.sqrt(mode, a))),
  );
});
