import { describe, expect, test } from 'vitest';
import {
  drawAddend,
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
import { recordFused } from './execute.ts';
import { fmaFp32 } from './semantics.ts';
import { fp32FmaChip } from './trace.ts';

type Case = readonly [mode: number, negations: number, a: number, b: number, c: number];

const REQUESTS = ['the fused sum was asked for', 'the fused sum was asked for'] as const;
const answer = ([mode, negations, a, b, c]: Case, word: number, flags: number): number[] => [
  ...[mode, negations & 1, negations >>> 1, ...limbsOf(a), ...limbsOf(b), ...limbsOf(c), ...limbsOf(word), flags],
];
const recordAll =
  (cases: readonly Case[]) =>
  (machine: Machine): void => {
    for (const one of cases) recordFused(machine, ...one);
  };
const oracleOf = ([mode, negations, a, b, c]: Case): [number, number] =>
  oracle.fma(mode, negations & 1, negations >>> 1, a, b, c);

describe.skipIf(!hasVectors)('Berkeley TestFloat 3 (skipped where shared/vectors is absent)', () => {
  test.each(MODE_NAMES.map((name, mode) => [name, mode] as const))('f32_mulAdd %s: all of the sample', (name, mode) => {
    const cases = vectorsOf(`f32_mulAdd.${name}.sample`);
    expect(cases.length).toBe(30_065);
    const wrong = cases.filter(([a, b, c, word, flags]) => {
      const result = fmaFp32(mode, 0, a!, b!, c!);
      return wordOf(result) !== word || flagsOf(result) !== flags;
    });
    expect(wrong).toEqual([]);
    const some = cases.filter((_, i) => i % 311 === mode);
    const asked = some.map(([a, b, c]): Case => [mode, 0, a!, b!, c!]);
    const expected = some.map(([, , , word, flags], i) => answer(asked[i]!, word!, flags!));
    expectServed(fp32FmaChip, REQUESTS, recordAll(asked), expected);
  });
});

const drawn = (seed: number, count: number): Case[] => {
  const random = randomOf(seed);
  return Array.from({ length: count }, () => {
    const [a, b] = [drawWord(random), drawWord(random)];
    return [random.below(5), random.below(4), a, b, drawAddend(random, a, b)];
  });
};

test('agrees with exact arithmetic in all modes', () => {
  const wrong = drawn(1, 60_000).filter((one) => {
    const result = fmaFp32(...one);
    const [word, flags] = oracleOf(one);
    return wordOf(result) !== word || flagsOf(result) !== flags;
  });
  expect(wrong).toEqual([]);
});

test('agrees at every distance of product and addend', () => {
  const significands = [0x80_0000, 0x80_0001, 0xff_ffff, 0xc0_0000];
  const words = (biased: number, significand: number): number => biased * 2 ** 23 + (significand - 0x80_0000);
  const wrong: Case[] = [];
  for (let distance = -120; distance <= 120; distance++) {
    for (const [i, m] of significands.entries()) {
      for (const n of significands) {
        const one: Case = [
          (distance + 120) % 5,
          (i + n) % 4,
          words(127, m),
          words(120, n),
          words(127 + distance, significands[(i + distance + 120) % 4]!),
        ];
        const [word, flags] = oracleOf(one);
        const result = fmaFp32(...one);
        if (wordOf(result) !== word || flagsOf(result) !== flags) wrong.push(one);
      }
    }
  }
  expect(wrong).toEqual([]);
});

test('the traces of any operands are accepted and answer with the result', () => {
  const cases = drawn(2, 400);
  expectServed(
    fp32FmaChip,
    REQUESTS,
    recordAll(cases),
    cases.map((one) => answer(one, ...oracleOf(one))),
  );
});
