import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addF32, fromBf16, fromF32, roundToBf16, toF32 } from './float32.ts';
import { linearLayer } from './linear.ts';

const f32 = fc.oneof(
  fc.nat(0xffffffff),
  fc.tuple(fc.nat(0xffff), fc.constantFrom(0x7fff, 0x8000, 0x8001, 0, 0xffff)).map(([h, l]) => h * 0x10000 + l),
  fc.constantFrom(0x7f7fffff, 0x7f7f8000, 0x7f800000, 0xff800000, 0x7f800001, 0x007fffff, 0x80000000),
);

const vectors = '../shared/vectors/testfloat';
const hasVectors = existsSync(vectors);
/** Operands, result and flags of each case. */
const testFloat = (name: string): number[][] =>
  gunzipSync(readFileSync(`${vectors}/${name}.txt.gz`))
    .toString()
    .trim()
    .split('\n')
    .map((line) => line.split(' ').map((word) => Number.parseInt(word, 16)));

describe('binary32 to BF16', () => {
  it.skipIf(!hasVectors)('agrees with Berkeley TestFloat (needs ../shared/vectors)', () => {
    for (const [x, rounded] of testFloat('f32_to_bf16.near_even')) {
      if (roundToBf16(x!) !== rounded) expect([x, roundToBf16(x!)]).toEqual([x, rounded]);
    }
  });

  it('takes the nearer neighbour, and the even one of two equally near', () => {
    fc.assert(
      fc.property(f32, (pattern) => {
        const x = fromF32(pattern);
        const rounded = roundToBf16(pattern);
        if (Number.isNaN(x)) {
          expect(rounded).toBe(0x7fc0);
          return;
        }
        expect(rounded >>> 15).toBe(pattern >>> 31);
        // The candidates are the truncated pattern and the next one; infinity counts as 2^128 here.
        const value = (bf16: number): number => ((bf16 & 0x7fff) === 0x7f80 ? 2 ** 128 : Math.abs(fromBf16(bf16)));
        if (!Number.isFinite(x)) {
          expect(fromBf16(rounded)).toBe(x);
          return;
        }
        const [low, high] = [pattern >>> 16, (pattern >>> 16) + 1];
        const [below, above] = [Math.abs(x) - value(low), value(high) - Math.abs(x)];
        expect(rounded).toBe(below < above ? low : above < below ? high : low % 2 === 0 ? low : high);
      }),
      { numRuns: 5000 },
    );
  });
});

describe('binary32 addition', () => {
  it.skipIf(!hasVectors)('agrees with Berkeley TestFloat (needs ../shared/vectors)', () => {
    for (const [a, b, sum] of testFloat('f32_add.near_even')) {
      if (addF32(a!, b!) !== sum) expect([a, b, addF32(a!, b!)]).toEqual([a, b, sum]);
    }
  });

  it('rounds once, to nearest even, and has one NaN', () => {
    expect(addF32(toF32(1), toF32(2 ** -24))).toBe(toF32(1));
    expect(addF32(toF32(1 + 2 ** -23), toF32(2 ** -24))).toBe(toF32(1 + 2 ** -22));
    expect(addF32(toF32(2 ** 127), toF32(2 ** 127))).toBe(0x7f800000);
    expect(addF32(0x7f800000, 0xff800000)).toBe(0x7fc00000);
    expect(addF32(0xffffffff, 0)).toBe(0x7fc00000);
    expect(addF32(0x80000000, 0x80000000)).toBe(0x80000000);
  });
});

describe('the linear layer', () => {
  const bf16 = (x: number): number => roundToBf16(toF32(x));

  it('is the matrix product where every partial sum is exact', () => {
    const small = fc.integer({ min: -8, max: 8 });
    const shape = fc.tuple(
      fc.integer({ min: 1, max: 3 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 40 }),
    );
    const layer = shape.chain(([rows, columns, inner]) => {
      const matrix = (n: number) => fc.array(small, { minLength: n, maxLength: n });
      return fc.tuple(
        fc.constant([rows, columns, inner] as const),
        matrix(rows * inner),
        matrix(columns * inner),
        matrix(columns),
      );
    });
    fc.assert(
      fc.property(layer, ([[rows, columns, inner], x, w, bias]) => {
        const patterns = (values: number[]) => Uint16Array.from(values, bf16);
        const operands = { x: patterns(x), w: patterns(w), rows, columns, inner };
        const product = (withBias: boolean) =>
          Uint16Array.from({ length: rows * columns }, (_, at) => {
            const [i, j] = [Math.floor(at / columns), at % columns];
            let sum = withBias ? bias[j]! : 0;
            for (let k = 0; k < inner; k++) sum += x[i * inner + k]! * w[j * inner + k]!;
            return bf16(sum);
          });
        expect(linearLayer(operands)).toEqual(product(false));
        expect(linearLayer({ ...operands, bias: patterns(bias) })).toEqual(product(true));
      }),
    );
  });

  it('adds the bias before the one rounding to BF16', () => {
    // 256 + 1 rounds to 256 as a BF16; with a bias of 1 the sum 258 is a BF16. Rounded twice it would be 256.
    const x = Uint16Array.of(bf16(256), bf16(1));
    const w = Uint16Array.of(bf16(1), bf16(1));
    const shape = { rows: 1, columns: 1, inner: 2 };
    expect(fromBf16(linearLayer({ x, w, ...shape })[0]!)).toBe(256);
    expect(fromBf16(linearLayer({ x, w, bias: Uint16Array.of(bf16(1)), ...shape })[0]!)).toBe(258);
  });

  it('truncates in the Hopper order: a product below 25 fractional bits of the largest vanishes, in another block it does not', () => {
    const x = new Uint16Array(32).fill(0);
    const w = new Uint16Array(32).fill(bf16(1));
    x[0] = bf16(1);
    x[1] = bf16(-(2 ** -26));
    // exact: 1 - 2^-26; the model truncates -2^-26 to 0 against 1
    expect(linearLayer({ x, w, rows: 1, columns: 1, inner: 32 })[0]).toBe(bf16(1));
    x[2] = bf16(-1);
    x[1] = 0;
    x[16] = bf16(-(2 ** -26));
    expect(linearLayer({ x, w, rows: 1, columns: 1, inner: 32 })[0]).toBe(bf16(-(2 ** -26)));
  });

  it('refuses operands that do not fit the shape', () => {
    const operands = { x: new Uint16Array(31), w: new Uint16Array(32), rows: 1, columns: 1, inner: 32 };
    expect(() => linearLayer(operands)).toThrow('x: expected 32 elements, got 31');
    expect(() => linearLayer({ ...operands, x: new Uint16Array(32), bias: new Uint16Array(2) })).toThrow(
      'bias: expected 1 elements, got 2',
    );
  });
});
