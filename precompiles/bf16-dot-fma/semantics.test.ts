import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bf16, f32, forAll } from '../../test/support/property.ts';
import { seeded } from '../../test/support/random.ts';
import { dotFma, fastMac, fmaBf16, slowMac } from './semantics.ts';

/** A binary32 as an exact fraction of 2^-266: significand * 2^exponent. */
const exact = (word: number): bigint => {
  const biased = Math.floor(word / 2 ** 23) % 256;
  const magnitude = BigInt((word % 2 ** 23) + (biased === 0 ? 0 : 2 ** 23)) << BigInt(Math.max(biased, 1) - 150 + 266);
  return word >= 2 ** 31 ? -magnitude : magnitude;
};
/** x * y + c for finite operands by exact integers, to nearest even; zeros by 6.3 of the standard. */
function oracle(x: number, y: number, c: number): number {
  const [a, b] = [x * 2 ** 16, y * 2 ** 16];
  // a and b have no bit below 2^-133: the product is a multiple of 2^-266.
  const product = (exact(a) * exact(b)) >> 266n;
  const sum = product + exact(c);
  if (sum === 0n) return product === 0n && (x ^ y) >= 2 ** 15 && c === 2 ** 31 ? 2 ** 31 : 0;
  const magnitude = sum < 0n ? -sum : sum;
  const last = BigInt(Math.max(magnitude.toString(2).length - 24, 266 - 149));
  const [quotient, remainder] = [magnitude >> last, magnitude & ((1n << last) - 1n)];
  const half = 1n << (last - 1n);
  const rounded = quotient + (remainder > half || (remainder === half && quotient % 2n === 1n) ? 1n : 0n);
  const word = Math.min(Number(last - 117n) * 2 ** 23 + Number(rounded), 0x7f80_0000);
  return word + (sum < 0n ? 2 ** 31 : 0);
}

const isFinite32 = (word: number): boolean => (word & 0x7f80_0000) !== 0x7f80_0000;
const isFinite16 = (x: number): boolean => (x & 0x7f80) !== 0x7f80;

describe('one product', () => {
  test('is the exact rational definition', () => {
    forAll(
      fc.tuple(bf16(), bf16(), f32()),
      ([x, y, c]) => {
        if (!isFinite16(x) || !isFinite16(y) || !isFinite32(c)) return;
        expect(fmaBf16(x, y, c)).toBe(oracle(x, y, c));
      },
      2000,
    );
  });

  test('is the exact definition where terms are near each other', () => {
    const random = seeded(1);
    for (let i = 0; i < 30_000; i++) {
      const [x, y] = [random.u32() & 0xffff, random.u32() & 0xffff].map(
        (v) => (v & 0x807f) | ((0x20 + (v >> 10)) << 7),
      );
      const exponent = ((x! >> 7) & 0xff) + ((y! >> 7) & 0xff) - 127 + random.below(64) - 32;
      if (exponent < 0 || exponent > 254) continue;
      const tail = random.pick([0, 1, 0x7f_ffff, random.below(2 ** 23), random.below(2 ** 12) << 11]);
      const c = random.below(2) * 2 ** 31 + exponent * 2 ** 23 + tail;
      if (fmaBf16(x!, y!, c) !== oracle(x!, y!, c)) expect.fail(`${x} ${y} ${c}`);
    }
  });

  test('is the exact definition for subnormal operands', () => {
    const random = seeded(4);
    for (let i = 0; i < 30_000; i++) {
      const x = random.pick([1, 2, 3, 0x7f, random.below(128)]) + 0x8000 * random.below(2);
      const y = random.below(0x7f80) + 0x8000 * random.below(2);
      const exponent = Math.min(254, Math.max(0, ((y >> 7) % 256) - 126 + random.below(64) - 40));
      const c = random.below(2) * 2 ** 31 + exponent * 2 ** 23 + random.pick([0, 1, random.below(2 ** 23)]);
      if (fmaBf16(x, y, c) !== oracle(x, y, c)) expect.fail(`${x} ${y} ${c}`);
    }
  });

  test('the fast way is the slow one wherever it goes, and goes for ordinary operands', () => {
    const random = seeded(2);
    let fast = 0;
    for (let i = 0; i < 30_000; i++) {
      const x = random.u32() & 0xffff;
      const y = random.u32() & 0xffff;
      const c = random.pick([
        0,
        0x8000_0000,
        random.u32(),
        (((x + y - 0x3f80) & 0x7fff) * 2 ** 16 + random.below(2 ** 16)) >>> 0,
      ]);
      const word = fastMac(x, y, c);
      if (word >= 0 && word !== slowMac(x, y, c)) expect.fail(`${x} ${y} ${c}`);
      if (word >= 0) fast++;
    }
    expect(fast).toBeGreaterThan(10_000);
  });

  test.each([
    ['-0 stays on top of a negative zero', 0x8000, 0x3f80, 0x8000_0000, 0x8000_0000],
    ['-0 on top of a positive zero is +0', 0x0000, 0x3f80, 0x8000_0000, 0],
    ['infinity times zero', 0x7f80, 0x0000, 0x3f80_0000, 0x7fc0_0000],
    ['a NaN accumulator', 0x3f80, 0x3f80, 0xff80_0001, 0x7fc0_0000],
    ['opposed infinities', 0x7f80, 0x3f80, 0xff80_0000, 0x7fc0_0000],
    ['an overflow', 0x7f7f, 0xff7f, 0, 0xff80_0000],
    ['a negative product below every subnormal is -0', 0x0001, 0x8001, 0, 0x8000_0000],
    ['a subnormal result', 0x0080, 0x3f00, 0, 0x0040_0000],
  ] as const)('%s', (_, x, y, c, expected) => expect(fmaBf16(x, y, c)).toBe(expected));
});

test('products are added in order', () => {
  const one = new Uint16Array(16).fill(0x3f80);
  // 2^24 + 1 + 1 + ..: each one is lost.
  expect(dotFma(0x4b80_0000, one, 0, one, 0, 1)).toBe(0x4b80_0000);
  expect(dotFma(0, one, 0, one, 0, 1)).toBe(0x4180_0000);
});

test('10^6 products take less than 0.3 s', () => {
  const random = seeded(3);
  const values = Uint16Array.from({ length: 16 * 1024 }, () => 0x3f00 + random.below(0x180) + 0x8000 * random.below(2));
  dotFma(0, values, 0, values, 16, 1000);
  // The least of 64 times: what else the machine does is not counted.
  const times = Array.from({ length: 64 }, () => {
    const start = performance.now();
    dotFma(0, values, 0, values, 16, 1000);
    return performance.now() - start;
  });
  expect(64 * Math.min(...times)).toBeLessThan(300);
});
