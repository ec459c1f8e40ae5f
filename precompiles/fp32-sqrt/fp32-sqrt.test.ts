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
import { sqrtFp32 } from './semantics.ts';
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
