import { describe, expect, it } from 'vitest';
import { escapeProbability, escapeTable, samplesFor } from './sampling.ts';

describe('sampling', () => {
  it('gives the sample counts of the tables in arXiv 2606.05433 B.4.1, exactly computed', () => {
    // ln tau / ln(1 - f) for tau = 1e-20 at 10 %, 1 %, 0.1 %, and for 2^-128
    expect([0.1, 0.01, 0.001].map((f) => samplesFor(f, 1e-20))).toEqual([438, 4583, 46029]);
    expect([0.1, 0.01, 0.001].map((f) => samplesFor(f, 2 ** -128))).toEqual([843, 8828, 88679]);
    expect([samplesFor(0.1, 1e-2), samplesFor(0.1, 1e-6), samplesFor(0.01, 1e-6)]).toEqual([44, 132, 1375]);
  });

  it('asks for more samples when the committer can grind', () => {
    // (40 + 70) ln 2 / -ln(0.99)
    expect(samplesFor(0.01, 2 ** -40, 70)).toBe(7587);
    expect(samplesFor(0.01, 2 ** -40, 70)).toBeGreaterThan(samplesFor(0.01, 2 ** -40));
  });

  it('counts samples minimally: one fewer is not enough', () => {
    for (const [f, tau] of [
      [0.1, 1e-2],
      [0.01, 1e-6],
      [0.25, 1e-9],
    ] as const) {
      const k = samplesFor(f, tau);
      expect(escapeProbability(f, k)).toBeLessThanOrEqual(tau);
      expect(escapeProbability(f, k - 1)).toBeGreaterThan(tau);
    }
  });

  it('computes (1 - f)^k, never 0 for a deviation that can escape', () => {
    expect(escapeProbability(0.5, 10)).toBe(2 ** -10);
    expect(escapeProbability(0.01, 100)).toBeCloseTo(0.366, 3);
    expect(escapeProbability(0.1, 2 ** 20)).toBe(2 ** -1022);
    expect(escapeProbability(1, 1)).toBe(0);
    expect(escapeProbability(0, 64)).toBe(1);
    expect(escapeTable(64).map((line) => line.fraction)).toEqual([0.5, 0.2, 0.1, 0.05, 0.02, 0.01, 0.001]);
  });

  it('refuses numbers that are no probability', () => {
    expect(() => escapeProbability(1.5, 1)).toThrow('fraction: expected a number in [0, 1], got 1.5');
    expect(() => samplesFor(0, 0.5)).toThrow('fraction: expected a number in (0, 1], got 0');
    expect(() => samplesFor(0.1, 1)).toThrow('tau: expected a number in (0, 1), got 1');
  });
});
