import { describe, expect, test } from 'vitest';
import { FAST, numBlindingRows, STRONG } from './parameters.ts';
import { securityOf } from './security.ts';

/** T = 2^29: 500 interactions at 2^20 rows, the wide shape of the published tables. */
const shape = (logHeight: number) => ({ logHeight, numFractions: 2 ** 29, numConstraints: 4000 });
const floorBits = (rounds: readonly { name: string; bits: number }[], name: string): number =>
  Math.floor(rounds.find((round) => round.name === name)!.bits);

describe('the bits agree with numbers computed with the public soundcalc formulas', () => {
  test('fast at 2^22 rows: total 101, query 101, batching 106, fold 106', () => {
    const { bits, rounds } = securityOf(shape(22), FAST);
    expect(Math.floor(bits)).toBe(101);
    expect(floorBits(rounds, 'queries')).toBe(101);
    expect(floorBits(rounds, 'batching')).toBe(106);
    expect(floorBits(rounds, 'fold 0')).toBe(106);
  });

  test('strong at 2^21 rows: total 128, batching 132, first fold 129, lookup 134', () => {
    const { bits, rounds } = securityOf(shape(21), STRONG);
    expect(Math.floor(bits)).toBe(128);
    expect(floorBits(rounds, 'batching')).toBe(132);
    expect(floorBits(rounds, 'fold 0')).toBe(129);
    expect(floorBits(rounds, 'lookup')).toBe(134);
  });

  // Table "bits per round without proof of work", N = 2^20, rho = 1/4, d = 5, to the printed tenth.
  test.each([
    ['m = 20', { ...FAST, multiplicity: 20 }, 'johnson' as const, [119.6, 137.6, 127.3, 108.7]],
    ['m = 5', { ...FAST, multiplicity: 5 }, 'johnson' as const, [121.5, 139.5, 129.2, 118.2]],
    ['unique decoding', FAST, 'unique' as const, [125.0, 143.0, 132.6, 134.4]],
  ])('rounds at 2^20 rows, %s', (_, parameters, regime, expected) => {
    const { rounds } = securityOf(shape(20), parameters, regime);
    const got = ['lookup', 'constraints', 'out-of-domain', 'batching'].map(
      (name) => rounds.find((round) => round.name === name)!.bits,
    );
    // Our log2 |K| is rounded down in the sixth digit, the table's constants in the last printed one.
    for (const [i, bits] of got.entries()) expect(Math.abs(bits - expected[i]!)).toBeLessThan(0.07);
  });
});

test('fewer queries or less work lower the bits', () => {
  const base = securityOf(shape(20), FAST).bits;
  expect(securityOf(shape(20), { ...FAST, numQueries: 83 }).bits).toBeLessThan(base);
  expect(securityOf(shape(20), { ...FAST, powBits: { ...FAST.powBits, query: 19 } }).bits).toBeLessThan(base);
});

test('the bits are reported rounded down', () => {
  const { bits, rounds } = securityOf(shape(20), FAST);
  expect(bits).toBeLessThanOrEqual(Math.min(...rounds.map((round) => round.bits)));
});

test('blinding rows cover every opened point', () => {
  expect(numBlindingRows(FAST)).toBe(180);
  expect(numBlindingRows(STRONG)).toBe(172);
});
