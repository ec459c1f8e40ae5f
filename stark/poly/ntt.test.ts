import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFelt } from '../../test/support/felts.ts';
import { type Felt, mul, P, pow, rootOfUnity } from '../field/koala-bear.ts';
import { bitReverse, cosetShift, domainPoint, log2Exact } from './domain.ts';
import { evaluate, interpolate, lde, ldeFromCoefficients } from './ntt.ts';

/** The oracle: a polynomial at a point, over bigints. */
function value(coefficients: readonly Felt[], point: Felt): number {
  const p = BigInt(P);
  return Number(coefficients.reduceRight((sum, c) => (sum * BigInt(point) + BigInt(c)) % p, 0n));
}

const polynomial = (logSize: number) => fc.array(anyFelt, { minLength: 2 ** logSize, maxLength: 2 ** logSize });

describe('evaluation domains', () => {
  it('have lifts that are domains: x -> x^(N/n) takes point i of D_N to point i >> log2(N/n) of D_n', () => {
    for (const [logTall, logShort, logBlowup] of [
      [7, 5, 2],
      [8, 3, 1],
      [5, 5, 3],
    ] as const) {
      for (let i = 0; i < 2 ** (logTall + logBlowup); i++) {
        const lifted = pow(domainPoint(logTall, logBlowup, i), 2 ** (logTall - logShort));
        expect(lifted).toBe(domainPoint(logShort, logBlowup, i >> (logTall - logShort)));
      }
    }
  });

  it('are disjoint from every group of order 2^k', () => {
    for (let logHeight = 0; logHeight <= 22; logHeight++) {
      // x lies in the group of order 2^24 exactly when x^(2^24) = 1; D_n is a coset of a subgroup of it.
      expect(pow(cosetShift(logHeight), 2 ** 24)).not.toBe(1);
    }
  });

  it('come in bit-reversed order', () => {
    expect([0, 1, 2, 3, 4, 5, 6, 7].map((i) => bitReverse(i, 3))).toEqual([0, 4, 2, 6, 1, 5, 3, 7]);
    expect(domainPoint(4, 2, 0)).toBe(cosetShift(4));
    expect(domainPoint(4, 2, 1)).toBe(P - cosetShift(4));
    expect(domainPoint(4, 2, 32)).toBe(mul(cosetShift(4), rootOfUnity(6)));
  });

  it('refuse what is no power of two, and shifts of heights that do not exist', () => {
    expect(() => log2Exact(12, 'height')).toThrow('height: expected a power of two, got 12');
    expect(() => cosetShift(25)).toThrow('cosetShift: expected logHeight in [0, 24], got 25');
  });
});

describe('scalar transforms', () => {
  it('extend a polynomial to its values at each point of D_n', () => {
    fc.assert(
      fc.property(polynomial(3), (c) => {
        expect(ldeFromCoefficients(c, 2)).toEqual(
          c.flatMap((_, i) => [0, 1, 2, 3].map((j) => 4 * i + j)).map((i) => value(c, domainPoint(3, 2, i))),
        );
      }),
      { numRuns: 20 },
    );
  });

  it('interpolate the polynomial that has the given values on H', () => {
    fc.assert(
      fc.property(polynomial(4), (values) => {
        const c = interpolate(values);
        values.forEach((v, i) => {
          const point = pow(rootOfUnity(4), i);
          expect(value(c, point)).toBe(v + 0);
          expect(evaluate(c, point)).toBe(v + 0);
        });
        expect(lde(values, 1)).toEqual(ldeFromCoefficients(c, 1));
      }),
      { numRuns: 20 },
    );
  });
});
