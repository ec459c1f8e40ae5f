import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { seeded } from '../../test/support/random.ts';
import { amxAdd, amxFma } from '../amx-fma/semantics.ts';
import { addAmx, dotAmx, fastAdd, stepAmx, tileDot } from './semantics.ts';

const MEASURED = new URL('../../../shared/vectors/amx/tdpbf16ps.txt.gz', import.meta.url);
const MEASURED_PAIRS = new URL('../../../shared/vectors/amx/vdpbf16ps.txt.gz', import.meta.url);
const linesOf = (file: URL): string[][] =>
  gunzipSync(readFileSync(file))
    .toString()
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.trim().split(/\s+/));
const hex = (field: string): number => Number.parseInt(field, 16);

describe.skipIf(!existsSync(MEASURED))('outputs of hardware (skipped where shared/vectors is absent)', () => {
  test('TDPBF16PS: all 3200, NaN payloads included', () => {
    const lines = linesOf(MEASURED);
    expect(lines.length).toBe(3200);
    const wrong = lines.filter((fields) => {
      const pairs = Number(fields[1]);
      const values = fields.slice(2).map(hex);
      const [a, b] = [values.slice(0, 2 * pairs), values.slice(2 * pairs, 4 * pairs)].map((v) => Uint16Array.from(v));
      return tileDot(values[4 * pairs]!, a!, 0, b!, 0, pairs) !== values[4 * pairs + 1];
    });
    expect(wrong).toEqual([]);
  });

  test('VDPBF16PS: all 3200 by the same steps, the odd element first', () => {
    const lines = linesOf(MEASURED_PAIRS);
    expect(lines.length).toBe(3200);
    const wrong = lines.filter((fields) => {
      const [a0, a1, b0, b1, c, d] = fields.slice(1).map(hex) as [number, number, number, number, number, number];
      return amxFma(a0, b0 * 2 ** 16, amxFma(a1, b1 * 2 ** 16, c)) !== d;
    });
    expect(wrong).toEqual([]);
  });
});

/** A finite binary32 as a multiple of 2^-149; subnormals are zeros. */
const exact = (word: number): bigint => {
  const biased = Math.floor(word / 2 ** 23) % 256;
  if (biased === 0) return 0n;
  const magnitude = BigInt((word % 2 ** 23) + 2 ** 23) << BigInt(biased - 1);
  return word >= 2 ** 31 ? -magnitude : magnitude;
};
const SIGN = 2 ** 31;
/** An exact multiple of 2^-298 to 24 bits, to nearest even with an unbounded exponent; then overflow, and FTZ. */
function rounded(value: bigint, zero: number): number {
  if (value === 0n) return zero;
  const sign = value < 0n ? SIGN : 0;
  let magnitude = value < 0n ? -value : value;
  const bits = magnitude.toString(2).length;
  let exponent = bits - 1 - 298;
  if (bits > 24) {
    const drop = BigInt(bits - 24);
    const [kept, rest, half] = [magnitude >> drop, magnitude & ((1n << drop) - 1n), 1n << (drop - 1n)];
    magnitude = kept + (rest > half || (rest === half && kept % 2n === 1n) ? 1n : 0n);
  } else magnitude <<= BigInt(24 - bits);
  if (magnitude === 2n ** 24n) [magnitude, exponent] = [2n ** 23n, exponent + 1];
  if (exponent < -126) return sign;
  if (exponent > 127) return sign + 0x7f80_0000;
  return sign + (exponent + 127) * 2 ** 23 + Number(magnitude) - 2 ** 23;
}
/** x * y + z of finite operands by exact integers. */
function oracle(x: number, y: number, z: number): number {
  const product = exact(x * 2 ** 16) * exact(y * 2 ** 16);
  const negativeProduct = (x ^ y) >= 2 ** 15;
  return rounded(
    product + (exact(z) << 149n),
    product === 0n && exact(z) === 0n && negativeProduct && z >= SIGN ? SIGN : 0,
  );
}
const isFinite16 = (x: number): boolean => (x & 0x7f80) !== 0x7f80;
const isFinite32 = (word: number): boolean => (word & 0x7f80_0000) !== 0x7f80_0000;

describe('a step', () => {
  test('is the exact definition with a result flushed if it is tiny after rounding', () => {
    const random = seeded(21);
    for (let i = 0; i < 40_000; i++) {
      const kind = random.below(4);
      // Products around 2^-126, around z, subnormal operands, any.
      const exponent = kind === 0 ? 60 + random.below(8) : kind === 1 ? 0x60 + random.below(0x40) : random.below(256);
      const x = random.below(2) * 0x8000 + (exponent % 256) * 128 + random.pick([0, 127, random.below(128)]);
      const other = kind === 0 ? 130 - exponent + random.below(4) - 2 : random.below(256);
      const y = random.below(2) * 0x8000 + Math.max(0, kind === 2 ? 0 : other % 256) * 128 + random.below(128);
      const near = ((x >> 7) % 256) + ((y >> 7) % 256) - 127 + random.below(56) - 28;
      const z =
        random.below(2) * SIGN +
        Math.min(255, Math.max(0, near)) * 2 ** 23 +
        random.pick([0, 1, 0x7f_ffff, random.below(2 ** 23)]);
      if (!isFinite16(x) || !isFinite16(y) || !isFinite32(z)) continue;
      const expected = oracle(x, y, z);
      if (amxFma(x, y * 2 ** 16, z) !== expected) expect.fail(`${x} ${y} ${z}`);
      if (exact(z) === 0n ? z % SIGN !== 0 : false) continue; // A chain is never subnormal.
      if (stepAmx(x, y, z) !== expected) expect.fail(`fast: ${x} ${y} ${z}`);
    }
  });

  test.each([
    ['2^-126 is kept', 0x3f80, 0x0080_0000, 0, 0x0080_0000],
    ['an exact subnormal is flushed', 0x3f00, 0x0080_0000, 0, 0],
    ['a negative one to -0', 0xbf00, 0x0080_0000, 0, 0x8000_0000],
    ['a subnormal operand is a zero', 0x0001, 0x7f00_0000, 0, 0],
    ['infinity times a subnormal is invalid', 0x7f80, 0x0001_0000, 0, 0xffc0_0000],
    ['infinity less infinity is invalid', 0x7f80, 0x3f80_0000, 0xff80_0000, 0xffc0_0000],
    ['the first NaN comes out quiet', 0x7f81, 0xffc2_0000, 0x7f80_0001, 0x7fc1_0000],
    ['the second before the third', 0x3f80, 0xff82_0000, 0x7f80_0001, 0xffc2_0000],
    ['a NaN is before an invalid operation', 0x7f80, 0, 0x7f80_0001, 0x7fc0_0001],
    ['an exact cancellation is +0', 0x3f80, 0x3f80_0000, 0xbf80_0000, 0],
    ['-0 on top of -0', 0x8000, 0x3f80_0000, 0x8000_0000, 0x8000_0000],
  ] as const)('%s', (_, x, y, z, expected) => expect(amxFma(x, y, z)).toBe(expected));

  test('tininess is that after rounding to 24 bits', () => {
    const least = 0x0080_0000; // 2^-126
    const power = (exponent: number): number => (127 + exponent) * 128;
    const less = (exponent: number): number => amxFma(0x8000 | power(-75), power(exponent + 75) * 2 ** 16, least);
    expect([-149, -150, -151, -152].map(less)).toEqual([0, 0, least, least]);
  });
});

describe('an addition', () => {
  test('is the exact definition, and takes the fast way for ordinary operands', () => {
    const random = seeded(22);
    let fast = 0;
    for (let i = 0; i < 40_000; i++) {
      const exponent = random.pick([random.below(255), 1 + random.below(3), 253 + random.below(2)]);
      const tail = (): number => random.pick([0, 1, 0x7f_ffff, random.below(2 ** 23), random.below(2 ** 4)]);
      const x = random.below(2) * SIGN + exponent * 2 ** 23 + tail();
      const other = Math.min(254, Math.max(0, exponent + random.pick([0, 1, -1, random.below(60) - 30])));
      const y = random.pick([0, SIGN, random.below(2) * SIGN + other * 2 ** 23 + tail()]);
      const [p, q] = [exact(x), exact(y)];
      const expected = rounded((p + q) << 149n, p === 0n && q === 0n && x >= SIGN && y >= SIGN ? SIGN : 0);
      if (amxAdd(x, y) !== expected) expect.fail(`${x} ${y}`);
      const word = fastAdd(x, y);
      if (word >= 0) fast++;
      if (word >= 0 && word !== expected) expect.fail(`fast: ${x} ${y}`);
      expect(addAmx(x, y)).toBe(expected);
    }
    expect(fast).toBeGreaterThan(25_000);
  });
});

describe('a dot product', () => {
  const random = seeded(23);
  const values = (count: number): Uint16Array =>
    Uint16Array.from({ length: count }, () => random.below(2) * 0x8000 + 0x3e00 + random.below(0x180));

  test('is a tile instruction for two blocks, the last block of an odd number one of its own', () => {
    const [a, b] = [values(80), values(80)];
    const first = tileDot(0x3f80_0000, a, 0, b, 0, 16);
    expect(dotAmx(0x3f80_0000, a, 0, b, 0, 2)).toBe(first);
    const second = tileDot(first, a, 32, b, 32, 16);
    expect(dotAmx(0x3f80_0000, a, 0, b, 0, 5)).toBe(tileDot(second, a, 64, b, 64, 8));
    expect(dotAmx(0x8000_0000, a, 0, b, 0, 0)).toBe(0x8000_0000);
  });

  test('10^6 products take less than 0.4 s', () => {
    const data = values(16 * 1024);
    dotAmx(0, data, 0, data, 16, 1000);
    // The least of 64 times: what else the machine does is not counted.
    const times = Array.from({ length: 64 }, () => {
      const start = performance.now();
      dotAmx(0, data, 0, data, 16, 1000);
      return performance.now() - start;
    });
    expect(64 * Math.min(...times)).toBeLessThan(400);
  });
});
