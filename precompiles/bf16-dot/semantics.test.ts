import { describe, expect, test } from 'vitest';
import { hasVectors, readVectors } from '../../test/support/bf16-dot.ts';
import { dotBlock, dotTensorCore, HOPPER, TENSOR_CORE_NAN } from './semantics.ts';

describe.skipIf(!hasVectors)('vectors from outside (skipped where shared/vectors is absent)', () => {
  test.each([
    ['measured-H100.txt.gz', 2500],
    ['measured-B200.txt.gz', 2500],
    ['model.txt.gz', 11000],
  ] as const)('%s: all %i outputs', (file, count) => {
    const vectors = readVectors(file);
    expect(vectors.length).toBe(count);
    expect(vectors.filter(({ acc, a, b, expected }) => dotBlock(HOPPER, acc, a, 0, b, 0) !== expected)).toEqual([]);
  });
});

describe('the rules of a block', () => {
  const [ZERO, ONE, MINUS_ONE, INF, NAN, TINY] = [0, 0x3f80, 0xbf80, 0x7f80, 0x7fc0, 0x0001];
  const block = (...head: number[]): Uint16Array => Uint16Array.from({ length: 16 }, (_, k) => head[k] ?? ZERO);
  const dot = (acc: number, a: number[], b: number[]): number => dotBlock(HOPPER, acc, block(...a), 0, block(...b), 0);

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
    expect(dotTensorCore(HOPPER, 0xffc0_0001, new Uint16Array(0), 0, new Uint16Array(0), 0, 0)).toBe(0xffc0_0001);
  });
});
