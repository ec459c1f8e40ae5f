import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyExt, anyFelt } from '../../test/support/felts.ts';
import { type Felt, P } from './koala-bear.ts';
import * as K from './quintic.ts';

const p = BigInt(P);
const modulo = (x: bigint): bigint => ((x % p) + p) % p;

/** The oracle: long division of polynomials over bigints by X^5 + X^2 - 1. */
function product(a: readonly number[], b: readonly number[]): number[] {
  const c = new Array<bigint>(9).fill(0n);
  for (let i = 0; i < 5; i++) for (let j = 0; j < 5; j++) c[i + j]! += BigInt(a[i]!) * BigInt(b[j]!);
  for (let k = 8; k >= 5; k--) {
    c[k - 3]! -= c[k]!;
    c[k - 5]! += c[k]!;
  }
  return c.slice(0, 5).map((x) => Number(modulo(x)));
}

describe('the quintic extension', () => {
  it('is a field: X^5 + X^2 - 1 is irreducible over F_p', () => {
    // Rabin's test for the prime degree 5: X^(p^5) = X, and X^p - X has no common factor with the polynomial. The
    // second holds because X^p - X has an inverse, which the oracle confirms.
    let power = K.X;
    for (let i = 0; i < 5; i++) power = K.pow(power, P);
    expect(power).toEqual(K.X);
    const difference = K.sub(K.pow(K.X, P), K.X);
    expect(product(difference, K.inverse(difference))).toEqual([1, 0, 0, 0, 0]);
  });

  it('multiplies as polynomials modulo X^5 + X^2 - 1 do', () => {
    fc.assert(
      fc.property(anyExt, anyExt, (a, b) => {
        expect(K.mul(a, b)).toEqual(product(a, b));
      }),
      { numRuns: 10_000 },
    );
    const largest = K.ext([P - 1, P - 1, P - 1, P - 1, P - 1]);
    expect(K.mul(largest, largest)).toEqual(product(largest, largest));
  });

  it('adds, subtracts, negates and scales coefficient by coefficient', () => {
    fc.assert(
      fc.property(anyExt, anyExt, anyFelt, (a, b, s) => {
        expect(K.add(a, b)).toEqual(a.map((x, i) => Number(modulo(BigInt(x) + BigInt(b[i]!)))));
        expect(K.sub(a, b)).toEqual(a.map((x, i) => Number(modulo(BigInt(x) - BigInt(b[i]!)))));
        expect(K.neg(a)).toEqual(a.map((x) => Number(modulo(-BigInt(x)))));
        expect(K.mulBase(a, s)).toEqual(product(a, [s, 0, 0, 0, 0]));
        expect(K.mulBase(a, s)).toEqual(K.mul(a, K.fromBase(s)));
      }),
    );
  });

  it('inverts, one at a time and in batches, and refuses zero', () => {
    fc.assert(
      fc.property(fc.array(anyExt, { maxLength: 6 }), (elements) => {
        const nonZero = elements.filter((a) => !K.isZero(a));
        const inverses = K.batchInverse(nonZero);
        nonZero.forEach((a, i) => {
          expect(inverses[i]).toEqual(K.inverse(a));
          expect(product(a, inverses[i]!)).toEqual([1, 0, 0, 0, 0]);
        });
      }),
    );
    expect(() => K.inverse(K.ZERO)).toThrow('inverse: zero has no inverse');
    expect(() => K.batchInverse([K.ONE, K.ZERO])).toThrow('batchInverse: zero has no inverse');
  });

  it('has the p-th power as its Frobenius map', () => {
    fc.assert(
      fc.property(anyExt, (a) => {
        expect(K.frobenius(a)).toEqual(K.pow(a, P));
      }),
    );
  });

  it('evaluates polynomials', () => {
    fc.assert(
      fc.property(fc.array(anyExt, { maxLength: 5 }), anyExt, (coefficients, point) => {
        const terms = coefficients.map((c, i) => K.mul(c, K.pow(point, i)));
        expect(K.evaluate(coefficients, point)).toEqual(terms.reduce(K.add, K.ZERO));
      }),
    );
  });

  it('accepts only five canonical coefficients', () => {
    expect(() => K.ext([1, 2, 3, 4])).toThrow('ext: expected 5 coefficients, got 4');
    expect(() => K.ext([1, 2, 3, 4, P as Felt])).toThrow(`felt: expected an integer in [0, ${P}), got ${P}`);
  });
});
