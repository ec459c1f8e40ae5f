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
import { recordDivision } from './execute.ts';
import { divFp32 } from './semantics.ts';
import { fp32DivChip } from './trace.ts';

const REQUESTS = ['the division was asked for', 'the quotient was asked for'] as const;
const answer = (mode: number, a: number, b: number, word: number, flags: number): number[] => [
  ...[mode, ...limbsOf(a), ...limbsOf(b), ...limbsOf(word), flags],
];

describe.skipIf(!hasVectors)('Berkeley TestFloat 3 (skipped where shared/vectors is absent)', () => {
  test.each(MODE_NAMES.map((name, mode) => [name, mode] as const))('f32_div %s: all cases', (name, mode) => {
    const cases = vectorsOf(`f32_div.${name}`);
    expect(cases.length).toBe(46_464);
    const wrong = cases.filter(([a, b, word, flags]) => {
      const result = divFp32(mode, a!, b!);
      return wordOf(result) !== word || flagsOf(result) !== flags;
    });
    expect(wrong).toEqual([]);
    const some = cases.filter((_, i) => i % 499 === mode);
    const record = (machine: Machine): void => {
      for (const [a, b] of some) recordDivision(machine, mode, a!, b!);
    };
    expectServed(
      fp32DivChip,
      REQUESTS,
      record,
      some.map(([a, b, word, flags]) => answer(mode, a!, b!, word!, flags!)),
    );
  });
});

const drawn = (seed: number, count: number): [number, number, number][] => {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => [random.below(5), drawWord(random), drawWord(random)]);
};

test('agrees with exact arithmetic in all modes', () => {
  const wrong = drawn(1, 40_000).filter(([mode, a, b]) => {
    const result = divFp32(mode, a, b);
    const [word, flags] = oracle.div(mode, a, b);
    return wordOf(result) !== word || flagsOf(result) !== flags;
  });
  expect(wrong).toEqual([]);
});

test('the traces of any operands are accepted and answer with the result', () => {
  const cases = drawn(2, 400);
  const record = (machine: Machine): void => {
    for (const [mode, a, b] of cases) recordDivision(machine, mode, a, b);
  };
  expectServed(
    fp32DivChip,
    REQUESTS,
    record,
    cases.map(([mode, a, b]) => answer(mode, a, b, ...oracle.div(mode, a, b))),
  );
});
