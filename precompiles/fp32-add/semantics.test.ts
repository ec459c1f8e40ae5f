import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { f32, forAll } from '../../test/support/property.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { addFp32 } from './semantics.ts';

const VECTORS = new URL('../../../shared/vectors/testfloat/', import.meta.url);
const MODES = [
  ['near_even', 0],
  ['minMag', 1],
  ['min', 2],
  ['max', 3],
  ['near_maxMag', 4],
] as const;

describe.skipIf(!existsSync(VECTORS))('Berkeley TestFloat 3 (skipped where shared/vectors is absent)', () => {
  const cases = (['add', 'sub'] as const).flatMap((op) => MODES.map(([name, mode]) => [op, name, mode] as const));
  test.each(cases)('f32_%s %s: word and flags of all cases', (op, name, mode) => {
    const lines = gunzipSync(readFileSync(new URL(`f32_${op}.${name}.txt.gz`, VECTORS)))
      .toString()
      .trim()
      .split('\n');
    expect(lines.length).toBe(46_464);
    const wrong = lines.filter((line) => {
      const [a, b, word, flags] = line.split(' ').map((field) => Number.parseInt(field, 16));
      const result = addFp32(mode, op === 'sub', a!, b!);
      return wordOf(result) !== word || flagsOf(result) !== flags;
    });
    expect(wrong).toEqual([]);
  });
});

test('agrees with the sum of the host in round to nearest', () => {
  const toNumber = (word: number): number => new Float32Array(Uint32Array.of(word).buffer)[0]!;
  const toWord = (x: number): number => new Uint32Array(Float32Array.of(x).buffer)[0]!;
  forAll(
    fc.tuple(f32(), f32()),
    ([a, b]) => {
      // A double has more than 2 * 24 + 2 bits: rounding its sum again gives the binary32 sum.
      const sum = toNumber(a) + toNumber(b);
      expect(wordOf(addFp32(0, false, a, b))).toBe(Number.isNaN(sum) ? 0x7fc0_0000 : toWord(sum));
    },
    2000,
  );
});
