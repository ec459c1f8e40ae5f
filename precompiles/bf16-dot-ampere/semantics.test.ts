import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hasVectors, readVectors } from '../../test/support/bf16-dot.ts';
import { bf16, f32, forAll } from '../../test/support/property.ts';
import { exactDot } from '../../test/support/tensor-core-oracle.ts';
import { AMPERE, dotBlock, dotTensorCore, HOPPER, TENSOR_CORE_NAN } from '../bf16-dot/semantics.ts';

describe.skipIf(!hasVectors)('vectors from outside (skipped where shared/vectors is absent)', () => {
  test.each(['measured-A100.txt.gz', 'measured-L40S.txt.gz'])('%s: all 2500 outputs of 8 products', (file) => {
    const vectors = readVectors(file, 8);
    expect(vectors.length).toBe(2500);
    expect(vectors.filter(({ acc, a, b, expected }) => dotBlock(AMPERE, acc, a, 0, b, 0) !== expected)).toEqual([]);
  });

  test('model.txt.gz: all 11000 outputs of two times 8 products', () => {
    const vectors = readVectors('model.txt.gz', 16, 'ampere');
    expect(vectors.length).toBe(11000);
    const wrong = vectors.filter(({ acc, a, b, expected }) => dotTensorCore(AMPERE, acc, a, 0, b, 0, 1) !== expected);
    expect(wrong).toEqual([]);
  });

  test('the number of fractional bits is what the measurements decide: with 25 they differ', () => {
    const vectors = readVectors('measured-A100.txt.gz', 8);
    const other = { ...AMPERE, fractionBits: HOPPER.fractionBits };
    expect(
      vectors.filter(({ acc, a, b, expected }) => dotBlock(other, acc, a, 0, b, 0) !== expected).length,
    ).toBeGreaterThan(100);
  });
});

describe.each([
  ['hopper', HOPPER],
  ['ampere', AMPERE],
] as const)('%s', (_, core) => {
  test('is the exact rational definition', () => {
    const block = fc.array(bf16(), { minLength: 16, maxLength: 16 });
    forAll(
      fc.tuple(f32(), block, block, fc.integer({ min: 0, max: 3 })),
      ([acc, x, y, kind]) => {
        // Half of the draws are near one exponent, so that bits of every term count.
        const mild = (v: number): number => (kind === 0 ? v : kind === 3 ? v & 0x83ff : (v & 0x83ff) | 0x3c00);
        const [a, b] = [Uint16Array.from(x, mild), Uint16Array.from(y, mild)];
        expect(dotTensorCore(core, acc, a, 0, b, 0, 1)).toBe(exactDot(core, acc, a, b));
      },
      400,
    );
  });
});

test('an overflow of the first half is an infinity in the second', () => {
  const a = Uint16Array.from({ length: 16 }, (_, k) => (k === 0 ? 0x7f7f : k === 8 ? 0xff80 : 0));
  const b = Uint16Array.from({ length: 16 }, (_, k) => (k === 0 ? 0x7f7f : k === 8 ? 0x3f80 : 0));
  expect(dotTensorCore(AMPERE, 0, a, 0, b, 0, 1)).toBe(TENSOR_CORE_NAN);
  expect(dotTensorCore(HOPPER, 0, a, 0, b, 0, 1)).toBe(0xff80_0000);
});
