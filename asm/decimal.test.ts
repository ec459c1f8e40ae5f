import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BFLOAT16_PRECISION, BINARY32_PRECISION, floatBits } from './decimal.ts';

/** The exact value of finite bits times 2^149 (binary32) or 2^133 (BF16), the formats' least subnormals. */
function scaledValue(bits: number, precision: number): bigint {
  const exponent = Math.floor(bits / 2 ** (precision - 1));
  const fraction = BigInt(bits % 2 ** (precision - 1));
  if (exponent === 0) return fraction;
  return (fraction + (1n << BigInt(precision - 1))) << BigInt(exponent - 1);
}

describe('binary32', () => {
  test.each([
    ['1', 0x3f800000],
    ['0.1', 0x3dcccccd],
    ['3.4028235e38', 0x7f7fffff],
    ['1.17549435e-38', 0x00800000],
    ['1.4e-45', 0x00000001],
    ['7.006492321624085e-46', 0x00000000], // just below half of the least subnormal
    ['7.006492321624086e-46', 0x00000001], // just above
    ['16777217', 0x4b800000], // halfway: to even
    ['16777219', 0x4b800002],
    ['0x1.8p3', 0x41400000],
    ['0x1p-149', 0x00000001],
    ['0x1p-150', 0x00000000],
    ['0x1.000001p0', 0x3f800000], // halfway: to even
    ['0x1.0000010000000000001p0', 0x3f800001],
    ['0x1.fffffefffffffp127', 0x7f7fffff],
    // Halfway between two floats, plus what a double drops: rounding twice gives 0x3f800001 and 0x3f800002.
    ['1.00000005960464477539062499999', 0x3f800000],
    ['1.00000017881393432617187499', 0x3f800001],
    ['1e-400', 0],
    ['0e999999999', 0],
    [`0.${'0'.repeat(500)}1e501`, 0x3f800000],
    [`1${'0'.repeat(400)}e-400`, 0x3f800000],
  ])('%s', (text, bits) => {
    expect(floatBits(text, BINARY32_PRECISION)?.toString(16)).toBe(bits.toString(16));
  });

  test.each(['3.4028236e38', '0x1.ffffffp127', '1e39', '1e999999999'])('%s is too large', (text) => {
    expect(floatBits(text, BINARY32_PRECISION)).toBeUndefined();
  });
});

describe('BF16', () => {
  test.each([
    ['1', 0x3f80],
    ['1.00390625', 0x3f80], // 1 + 2^-8, halfway: to even
    ['1.01171875', 0x3f82], // 1 + 3 * 2^-8
    ['1.0039062500001', 0x3f81],
    ['3.3895314e38', 0x7f7f],
    ['9.2e-41', 0x0001],
  ])('%s', (text, bits) => {
    expect(floatBits(text, BFLOAT16_PRECISION)?.toString(16)).toBe(bits.toString(16));
  });
});

test.each(['', '.', 'e5', '0x', '1.2.3', '-1', '1e'])('%j is no literal', (text) => {
  expect(() => floatBits(text, BINARY32_PRECISION)).toThrow(RangeError);
});

test.each([
  ['binary32', BINARY32_PRECISION, 149],
  ['BF16', BFLOAT16_PRECISION, 133],
])('no other %s is nearer, and of two as near the even one is taken', (_name, precision, least) => {
  const literal = fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 30n }), fc.integer({ min: -75, max: 8 }));
  // Exact halves between neighbours as well: an odd multiple of half a unit.
  const half = fc.integer({ min: 0, max: 254 * 2 ** (precision - 1) }).map((bits): [bigint, number] => {
    const doubled = scaledValue(bits, precision) + scaledValue(bits + 1, precision);
    // doubled / 2^(least + 1) = doubled * 5^(least + 1) / 10^(least + 1)
    return [doubled * 5n ** BigInt(least + 1), -(least + 1)];
  });
  fc.assert(
    fc.property(fc.oneof(literal, half), ([digits, exponent]) => {
      const bits = floatBits(`${digits}e${exponent}`, precision);
      if (bits === undefined || bits >= 255 * 2 ** (precision - 1) - 1) return;
      // Everything times 2^least * 10^max(0, -exponent).
      const power = 10n ** BigInt(Math.max(0, -exponent));
      const value = (digits << BigInt(least)) * 10n ** BigInt(Math.max(0, exponent));
      const distance = (candidate: number) => {
        const difference = scaledValue(candidate, precision) * power - value;
        return difference < 0n ? -difference : difference;
      };
      for (const neighbour of [bits - 1, bits + 1].filter((candidate) => candidate >= 0)) {
        expect(distance(bits) <= distance(neighbour)).toBe(true);
        if (distance(bits) === distance(neighbour)) expect(bits % 2).toBe(0);
      }
    }),
    { numRuns: 1000 },
  );
});
