import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyFelt } from '../../test/support/felts.ts';
import * as F from './koala-bear.ts';
import { type Felt, P } from './koala-bear.ts';

const p = BigInt(P);
const modulo = (x: bigint): number => Number(((x % p) + p) % p);
const powModulo = (base: bigint, exponent: bigint): bigint => {
  let result = 1n;
  for (let square = base % p, e = exponent; e > 0n; e >>= 1n, square = (square * square) % p) {
    if (e & 1n) result = (result * square) % p;
  }
  return result;
};

describe('KoalaBear', () => {
  it('has the prime 127 * 2^24 + 1, and 3 generates its multiplicative group', () => {
    expect(p).toBe(127n * 2n ** 24n + 1n);
    expect(p).toBe(2n ** 31n - 2n ** 24n + 1n);
    for (let d = 2n; d * d <= p; d++) if (p % d === 0n) expect.fail(`p has the divisor ${d}`);
    // The order p - 1 = 127 * 2^24 has the prime factors 2 and 127.
    expect(powModulo(3n, (p - 1n) / 2n)).not.toBe(1n);
    expect(powModulo(3n, (p - 1n) / 127n)).not.toBe(1n);
  });

  it('adds, subtracts, negates and multiplies as integers modulo p do', () => {
    fc.assert(
      fc.property(anyFelt, anyFelt, (a, b) => {
        expect(F.add(a, b)).toBe(modulo(BigInt(a) + BigInt(b)));
        expect(F.sub(a, b)).toBe(modulo(BigInt(a) - BigInt(b)));
        expect(F.mul(a, b)).toBe(modulo(BigInt(a) * BigInt(b)));
        expect(F.neg(a)).toBe(modulo(-BigInt(a)));
      }),
      { numRuns: 20_000 },
    );
  });

  it('multiplies exactly where the product is next to a multiple of p', () => {
    fc.assert(
      fc.property(anyFelt, fc.integer({ min: -3, max: 3 }), (a, delta) => {
        if (a === 0) return;
        const b = modulo(powModulo(BigInt(a), p - 2n) * BigInt(delta)) as Felt;
        expect(F.mul(a, b)).toBe(modulo(BigInt(delta)));
      }),
      { numRuns: 5_000 },
    );
  });

  it('inverts what is not zero and refuses zero', () => {
    fc.assert(
      fc.property(anyFelt, (a) => {
        if (a === 0) expect(() => F.inverse(a)).toThrow(new RangeError('inverse: zero has no inverse'));
        else expect(F.mul(a, F.inverse(a))).toBe(1);
      }),
    );
  });

  it('raises to powers beyond 32 bits', () => {
    fc.assert(
      fc.property(anyFelt, fc.maxSafeNat(), (a, e) => {
        expect(F.pow(a, e)).toBe(Number(powModulo(BigInt(a), BigInt(e))));
      }),
    );
    expect(F.pow(F.ZERO, 0)).toBe(1);
  });

  it('reduces safe integers of either sign and refuses others', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (n) => {
        expect(F.reduce(n)).toBe(modulo(BigInt(n)));
      }),
    );
    expect(() => F.reduce(2 ** 53)).toThrow('reduce: expected a safe integer, got 9007199254740992');
    for (const n of [-1, P, 0.5, Number.NaN]) {
      expect(() => F.felt(n)).toThrow(`felt: expected an integer in [0, ${P}), got ${n}`);
    }
  });

  it('has roots of unity of exactly the order 2^k, each the square of the next', () => {
    expect(F.rootOfUnity(0)).toBe(1);
    expect(F.rootOfUnity(1)).toBe(P - 1);
    for (let k = 1; k <= F.TWO_ADICITY; k++) {
      const root = F.rootOfUnity(k);
      expect(F.mul(root, root)).toBe(F.rootOfUnity(k - 1));
      expect(powModulo(BigInt(root), 2n ** BigInt(k - 1))).toBe(p - 1n);
    }
    expect(() => F.rootOfUnity(25)).toThrow('rootOfUnity: expected logOrder in [0, 24], got 25');
  });
});

it('a negative multiple of p reduces to 0, not to -0', () => {
  expect(Object.is(F.reduce(-P), 0)).toBe(true);
});
