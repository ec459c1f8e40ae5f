import { expect, test } from 'vitest';
import { P } from '../../../stark/field/koala-bear.ts';
import { bf16DecodeTable } from './air.ts';
import { decodeBf16 } from './decode.ts';

/** The value of a BF16 pattern by the host's binary32. */
const hostValue = (pattern: number): number => new Float32Array(new Uint32Array([pattern << 16]).buffer)[0]!;

test('decodes every finite pattern to its exact value', () => {
  const wrong: number[] = [];
  for (let pattern = 0; pattern < 2 ** 16; pattern++) {
    const value = hostValue(pattern);
    const { significand, exponent } = decodeBf16(pattern);
    if (Number.isFinite(value) ? significand * 2 ** (exponent - 7) !== value : exponent !== 4000) wrong.push(pattern);
  }
  expect(wrong).toEqual([]);
});

test('tells infinities and NaN apart', () => {
  expect(decodeBf16(0x7f80)).toEqual({ significand: 1, exponent: 4000 });
  expect(decodeBf16(0xff80)).toEqual({ significand: -1, exponent: 4000 });
  for (const nan of [0x7f81, 0x7fc0, 0xffff]) expect(decodeBf16(nan)).toEqual({ significand: 0, exponent: 4000 });
});

test('does not normalise a subnormal and gives zero its own exponent', () => {
  expect(decodeBf16(0x8001)).toEqual({ significand: -1, exponent: -126 });
  for (const zero of [0x0000, 0x8000]) expect(decodeBf16(zero)).toEqual({ significand: 0, exponent: -400 });
});

test('holds every pattern where it finds it, and no other decoding', () => {
  const { fixedRow, fixedRows, provider } = bf16DecodeTable;
  for (let row = 0; row < fixedRows; row++) {
    const cells = fixedRow(row);
    for (let entry = 0; entry < 3 && row * 3 + entry < 2 ** 16; entry++) {
      const tuple = [cells[entry]!, cells[3 + entry]!, cells[6 + entry]!];
      if (tuple[0] !== row * 3 + entry || provider.positionOf(tuple) !== tuple[0]) expect.fail(`row ${row}: ${tuple}`);
    }
  }
  expect(provider.positionOf([0x3f80, 127, 0])).toBeUndefined();
  expect(provider.positionOf([0x3f80, 128, P - 1])).toBeUndefined();
  expect(provider.positionOf([0x1_0000, 0, P - 400])).toBeUndefined();
});

test('leaves room for 180 blinding rows in 2^15', () => {
  expect(bf16DecodeTable.fixedRows).toBeLessThanOrEqual(2 ** 15 - 180);
});
