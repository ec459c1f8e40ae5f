import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { dotHopper, dotHopperBlock, TENSOR_CORE_NAN } from './semantics.ts';

const VECTORS = new URL('../../../shared/vectors/tensor-core/', import.meta.url);
const lines = (file: string): string[][] =>
  gunzipSync(readFileSync(new URL(file, VECTORS)))
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/));
const halves = (fields: string[]): Uint16Array => Uint16Array.from(fields, (field) => Number.parseInt(field, 16));

describe.skipIf(!existsSync(VECTORS))('vectors from outside (skipped where shared/vectors is absent)', () => {
  test.each(['measured-H100.txt.gz', 'measured-B200.txt.gz'])('%s: all 2500 outputs of the hardware', (file) => {
    const cases = lines(file);
    expect(cases.length).toBe(2500);
    const wrong = cases.filter((f) => {
      const got = dotHopperBlock(Number.parseInt(f[32]!, 16), halves(f.slice(0, 16)), 0, halves(f.slice(16, 32)), 0);
      return got !== Number.parseInt(f[33]!, 16);
    });
    expect(wrong).toEqual([]);
  });

  test('model.txt: all 11000 outputs of the published models, every class', () => {
    const cases = lines('model.txt.gz');
    expect(cases.length).toBe(11000);
    const wrong = cases.filter((f) => {
      const got = dotHopperBlock(Number.parseInt(f[33]!, 16), halves(f.slice(1, 17)), 0, halves(f.slice(17, 33)), 0);
      return got !== Number.parseInt(f[34]!, 16);
    });
    expect(wrong).toEqual([]);
  });
});

describe('the rules of a block', () => {
  const [ZERO, ONE, MINUS_ONE, INF, NAN, TINY] = [0, 0x3f80, 0xbf80, 0x7f80, 0x7fc0, 0x0001];
  const block = (...head: number[]): Uint16Array => Uint16Array.from({ length: 16 }, (_, k) => head[k] ?? ZERO);
  const dot = (acc: number, a: number[], b: number[]): number => dotHopperBlock(acc, block(...a), 0, block(...b), 0);

  test.each([
    ['1 * 1 is 1', 0, [ONE], [ONE], 0x3f80_0000],
    ['an exact cancellation is +0', 0, [ONE, ONE], [ONE, MINUS_ONE], 0],
    ['-0 on top of zero products is +0', 0x8000_0000, [], [], 0],
    ['a negative sum below the least subnormal is +0', 0, [TINY], [0xbf80 - 0x80 * 17], 0],
    ['a NaN operand', 0, [NAN], [ONE], TENSOR_CORE_NAN],
    ['infinity times zero', 0, [INF], [ZERO], TENSOR_CORE_NAN],
    ['infinity times a subnormal', 0, [INF], [TINY], 0x7f80_0000],
    ['an infinite accumulator and its opposite', 0xff80_0000, [INF], [ONE], TENSOR_CORE_NAN],
    ['an infinite accumulator stays', 0xff80_0000, [ONE], [ONE], 0xff80_0000],
    ['a NaN accumulator', 0xffc0_0001, [ONE], [ONE], TENSOR_CORE_NAN],
    ['an overflow is infinity', 0, [0x7f7f], [0xff7f], 0xff80_0000],
  ] as const)('%s', (_, acc, a, b, expected) => expect(dot(acc, [...a], [...b])).toBe(expected));

  test('no block leaves the accumulator as it is', () => {
    expect(dotHopper(0xffc0_0001, new Uint16Array(0), 0, new Uint16Array(0), 0, 0)).toBe(0xffc0_0001);
  });

  test('an operand that is too short', () => {
    expect(() => dotHopper(0, new Uint16Array(32), 17, new Uint16Array(16), 0, 1)).toThrow(
      'a: expected elements 17 to 32, got 32 in all',
    );
  });
});
