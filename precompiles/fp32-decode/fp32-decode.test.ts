import { expect, test } from 'vitest';
import { fp32DecodeTable } from './air.ts';

/** The value of an FP32 pattern by the host's binary32. */
const hostValue = (pattern: number): number => new Float32Array(new Uint32Array([pattern]).buffer)[0]!;

const { fixedRow, fixedRows, provider } = fp32DecodeTable;
const tuples = Array.from({ length: fixedRows }, (_, row) => fixedRow(row))
  .flatMap((cells) => [0, 1, 2].map((entry) => [0, 1, 2, 3, 4].map((field) => cells[field * 3 + entry]!)))
  .slice(0, 2 ** 16);

test.each([0x0000, 0x0001, 0xffff])('gives the value of every word with low limb %i', (low) => {
  const wrong = tuples.filter(([high, sign, exponent, significand, special]) => {
    const value = hostValue(high! * 2 ** 16 + low);
    if (!Number.isFinite(value)) return special !== 1;
    return special !== 0 || (sign === 1 ? -1 : 1) * (significand! * 2 ** 16 + low) * 2 ** (exponent! - 150) !== value;
  });
  expect(wrong).toEqual([]);
});

test('holds every limb where it finds it, and no other decoding', () => {
  expect(tuples.filter((tuple, place) => tuple[0] !== place || provider.positionOf(tuple) !== place)).toEqual([]);
  expect(provider.positionOf([0x3f80, 0, 127, 128, 0])).toBe(0x3f80);
  expect(provider.positionOf([0x3f80, 1, 127, 128, 0])).toBeUndefined();
  expect(provider.positionOf([0x3f80, 0, 127, 0, 0])).toBeUndefined();
  expect(provider.positionOf([0x0001, 0, 0, 1, 0])).toBeUndefined();
  expect(provider.positionOf([0x7f80, 0, 255, 128, 0])).toBeUndefined();
  expect(provider.positionOf([0x1_3f80, 0, 127, 128, 0])).toBeUndefined();
});

test('leaves room for 180 blinding rows in 2^15', () => {
  expect(fixedRows).toBeLessThanOrEqual(2 ** 15 - 180);
});
