import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expNegative, logarithm, softmax } from './elementary.ts';

describe('the elementary functions of the trainer', () => {
  it('exp agrees with the engine to 1e-13', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 0, noNaN: true }), (x) => {
        expect(Math.abs(expNegative(x) / Math.exp(x) - 1)).toBeLessThan(1e-13);
      }),
      { numRuns: 2000 },
    );
    expect([expNegative(0), expNegative(-701), expNegative(Number.NEGATIVE_INFINITY)]).toEqual([1, 0, 0]);
  });

  it('log agrees with the engine to 1e-13', () => {
    fc.assert(
      fc.property(fc.double({ min: -60, max: 60, noNaN: true }), (power) => {
        const x = 2 ** power;
        expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThan(1e-13 * Math.max(1, Math.abs(Math.log(x))));
      }),
      { numRuns: 2000 },
    );
    expect(logarithm(1)).toBe(0);
  });

  it('softmax gives probabilities that do not depend on a shift', () => {
    const logits = Float64Array.of(1, 2, 3, -1000);
    const shifted = logits.map((x) => x + 512);
    softmax(logits);
    softmax(shifted);
    expect(Array.from(logits)).toEqual(Array.from(shifted));
    expect(logits[0]! + logits[1]! + logits[2]! + logits[3]!).toBeCloseTo(1, 14);
    expect(logits[2]! / logits[1]!).toBeCloseTo(Math.E, 12);
    expect(logits[3]).toBe(0);
  });
});
