/**
 * exp, exp2, log, rsqrt and tanh are correctly rounded: against the series in exact integers, and against what MPFR gave
 * (stored). `correctly-rounded.slow.test.ts` asks MPFR itself.
 */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { FLAG, flagsOf } from '../../precompiles/fp32-round/semantics.ts';
import { seeded } from '../support/random.ts';
import vectors from './correctly-rounded.vectors.json' with { type: 'json' };
import { edgesOf, FUNCTION_NAMES, FUNCTIONS, resultOf } from './functions.ts';
import { type FunctionName, referenceOf } from './reference.ts';

const SAMPLES = 3000;
const hex = (word: number): string => word.toString(16).padStart(8, '0');
const results = (name: FunctionName, words: readonly number[], of: (name: FunctionName, word: number) => number) =>
  words.map((word) => `${name} ${hex(word)} ${hex(of(name, word))}`);

/** Words of which most are in the range where the function takes arithmetic. */
function sampled(seed: number, least: number, limit: number): number[] {
  const random = seeded(seed);
  return Array.from({ length: SAMPLES }, (_, i) =>
    i % 4 === 0 ? random.u32() : random.below(2) * 2 ** 31 + least + random.below(limit - least),
  );
}
const RANGE: Readonly<Record<FunctionName, readonly [number, number]>> = {
  exp: [0x3300_0000, 0x42d0_0000],
  exp2: [0x3300_0000, 0x4318_0000],
  log: [0, 0x7f80_0000],
  rsqrt: [0, 0x7f80_0000],
  tanh: [0x3900_0000, 0x4120_0000],
};

describe.each(FUNCTION_NAMES)('%s', (name) => {
  test('is the rounded value of the series at edges', () => {
    const words = edgesOf(name, 4);
    expect(results(name, words, resultOf)).toEqual(results(name, words, referenceOf));
  });

  test('is the rounded value of the series on random words', () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 2 ** 31);
    const words = sampled(seed, ...RANGE[name]);
    expect(results(name, words, resultOf), `SEED=${seed}`).toEqual(results(name, words, referenceOf));
  });

  test('has the digest of what MPFR gave on a stride', () => {
    const { first, stride, count, sha256 } = vectors.sample[name];
    const bytes = Buffer.alloc(4 * count);
    for (let i = 0; i < count; i++) bytes.writeUInt32LE(resultOf(name, (first + i * stride) % 2 ** 32), 4 * i);
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256);
  });
});

test.each(['exp', 'exp2', 'log', 'tanh'] as const)('%s is what MPFR gave on the operands hardest to round', (name) => {
  const rows = vectors.hard[name].map((row) => row.split(' '));
  const found = rows.map(([operand]) => `${operand} ${hex(resultOf(name, Number.parseInt(operand!, 16)))}`);
  expect(found).toEqual(rows.map(([operand, result]) => `${operand} ${result}`));
  const words = rows.map(([operand]) => Number.parseInt(operand!, 16));
  expect(results(name, words, resultOf)).toEqual(results(name, words, referenceOf));
});

test('flags are those of IEEE 754-2019, 7 and 9.2', () => {
  const { inexact, underflow, overflow, divideByZero, invalid } = FLAG;
  const cases: [FunctionName, number, number][] = [
    ['exp', 0x0000_0000, 0],
    ['exp', 0x8000_0000, 0],
    ['exp', 0x0000_0001, inexact],
    ['exp', 0x7f80_0000, 0],
    ['exp', 0xff80_0000, 0],
    ['exp', 0x7fc0_0001, 0],
    ['exp', 0x7f80_0001, invalid],
    ['exp', 0x42b2_0000, overflow | inexact],
    ['exp', 0x7f7f_ffff, overflow | inexact],
    ['exp', 0xc2b0_0000, underflow | inexact],
    ['exp', 0xff7f_ffff, underflow | inexact],
    ['exp2', 0xc315_0000, 0],
    ['exp2', 0xc316_0000, underflow | inexact],
    ['exp2', 0x42fe_0000, 0],
    ['exp2', 0x4300_0000, overflow | inexact],
    ['exp2', 0x3f00_0000, inexact],
    ['log', 0x0000_0000, divideByZero],
    ['log', 0x8000_0000, divideByZero],
    ['log', 0xbf80_0000, invalid],
    ['log', 0xff80_0000, invalid],
    ['log', 0x7f80_0000, 0],
    ['log', 0x3f80_0000, 0],
    ['log', 0x4000_0000, inexact],
    ['log', 0xffc0_0000, 0],
    ['rsqrt', 0x0000_0000, divideByZero],
    ['rsqrt', 0x8000_0000, divideByZero],
    ['rsqrt', 0x8000_0001, invalid],
    ['rsqrt', 0x7f80_0000, 0],
    ['rsqrt', 0x4080_0000, 0],
    ['rsqrt', 0x4000_0000, inexact],
    ['rsqrt', 0x7fa0_0000, invalid],
    ['tanh', 0x8000_0000, 0],
    ['tanh', 0x0000_0001, underflow | inexact],
    ['tanh', 0x0080_0000, inexact],
    ['tanh', 0x7f80_0000, 0],
    ['tanh', 0x4200_0000, inexact],
    ['tanh', 0xff80_0001, invalid],
  ];
  const found = cases.map(([name, a]) => [name, hex(a), flagsOf(FUNCTIONS[name](a))]);
  expect(found).toEqual(cases.map(([name, a, flags]) => [name, hex(a), flags]));
});
