import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chacha20Block } from './chacha20.ts';
import { fiatShamirSeed, keyStream, SAMPLING_NONCE, sampleEntries, seedWords, uniformBelow } from './challenge.ts';
import { CLAIM, rootFrom } from './claim.fixture.ts';

const hexOf = (words: Uint32Array): string => Buffer.from(words.buffer).toString('hex');
const words = (hex: string): Uint32Array => new Uint32Array(Uint8Array.from(Buffer.from(hex, 'hex')).buffer);
const u32 = fc.oneof(fc.constantFrom(0, 1, 0x7fffffff, 0x80000000, 0xffffffff), fc.nat(0xffffffff));

describe('the ChaCha20 block function', () => {
  it.each([
    // RFC 8439 section 2.3.2
    [
      '000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f',
      1,
      '000000090000004a00000000',
      '10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e',
    ],
    // RFC 8439 appendix A.1, test vectors 1 and 2
    [
      '00'.repeat(32),
      0,
      '00'.repeat(12),
      '76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586',
    ],
    [
      '00'.repeat(32),
      1,
      '00'.repeat(12),
      '9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f',
    ],
  ])('gives the key stream of RFC 8439 for key %s, counter %i', (key, counter, nonce, stream) => {
    expect(hexOf(chacha20Block(words(key), counter, words(nonce)))).toBe(stream);
  });

  it('agrees with OpenSSL on any key, counter and nonce', () => {
    const array = (n: number) => fc.array(u32, { minLength: n, maxLength: n }).map((a) => Uint32Array.from(a));
    fc.assert(
      fc.property(array(8), u32, array(3), (key, counter, nonce) => {
        const iv = Buffer.from(Uint32Array.of(counter, ...nonce).buffer);
        const cipher = createCipheriv('chacha20', Buffer.from(key.buffer as ArrayBuffer), iv);
        expect(hexOf(chacha20Block(key, counter, nonce))).toBe(cipher.update(Buffer.alloc(64)).toString('hex'));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the challenge', () => {
  const seed = words('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f');

  it('reads the words of successive blocks in state order, nonce `ulp linear 1`, counter from 0', () => {
    expect(Buffer.from(SAMPLING_NONCE.buffer).toString()).toBe('ulp linear 1');
    const next = keyStream(seed);
    const stream = Uint32Array.from({ length: 40 }, next);
    const iv = Buffer.concat([Buffer.alloc(4), Buffer.from('ulp linear 1')]);
    const cipher = createCipheriv('chacha20', Buffer.from(seed.buffer as ArrayBuffer), iv);
    expect(hexOf(stream)).toBe(cipher.update(Buffer.alloc(160)).toString('hex'));
  });

  it('maps a word to its number and rejects exactly the words that the definition by big integers rejects', () => {
    const n = fc.oneof(
      fc.constantFrom(1, 2, 3, 48, 255, 256, 512, 2 ** 24 - 1, 2 ** 24),
      fc.integer({ min: 1, max: 2 ** 24 }),
    );
    // words near the multiples of 2^32 / n are those that may be rejected
    const near = fc.tuple(n, fc.nat(), fc.integer({ min: -2, max: 2 }));
    const draw = fc.oneof(
      fc.tuple(n, u32),
      near.map(
        ([m, h, d]) => [m, Number((BigInt(h % m) * 2n ** 32n) / BigInt(m) + BigInt(d)) >>> 0] as [number, number],
      ),
    );
    fc.assert(
      fc.property(draw, ([m, w]) => {
        const product = BigInt(w) * BigInt(m);
        const accepted = product % 2n ** 32n >= 2n ** 32n % BigInt(m);
        const source = [w, 0x80000001].values();
        let taken = 0;
        const drawn = uniformBelow(m, () => {
          taken++;
          return source.next().value ?? 0xffffffff;
        });
        expect(taken === 1).toBe(accepted);
        if (accepted) expect(drawn).toBe(Number(product / 2n ** 32n));
        expect(drawn).toBeLessThan(m);
      }),
      { numRuns: 2000 },
    );
  });

  it('computes the rejection threshold by the 32 doublings that the guest uses', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 24 }), (n) => {
        let t = n === 1 ? 0 : 1;
        for (let i = 0; i < 32; i++) t = 2 * t >= n ? 2 * t - n : 2 * t;
        expect(t).toBe(2 ** 32 % n);
      }),
    );
  });

  it('draws the row first, then the column, from the same stream', () => {
    const shape = { rows: 7, columns: 1000, inner: 16 };
    const word = keyStream(seed);
    const expected = Array.from({ length: 50 }, () => {
      const row = uniformBelow(7, word);
      return { row, column: uniformBelow(1000, word) };
    });
    expect(sampleEntries(seed, shape, 50)).toEqual(expected);
    expect(sampleEntries(seed, { rows: 1, columns: 1, inner: 1 }, 2)).toEqual([
      { row: 0, column: 0 },
      { row: 0, column: 0 },
    ]);
  });

  it('changes with every word of the claim', () => {
    const seeds = [
      CLAIM,
      { ...CLAIM, rows: 255 },
      { ...CLAIM, columns: 511 },
      { ...CLAIM, inner: 511 },
      { ...CLAIM, samples: 63 },
      { ...CLAIM, rootX: rootFrom(2) },
      { ...CLAIM, rootW: rootFrom(12) },
      { ...CLAIM, rootY: rootFrom(22) },
      { ...CLAIM, rootBias: rootFrom(31) },
    ].map((c) => hexOf(fiatShamirSeed(c)));
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('refuses a seed that is not 32 bytes', () => {
    expect(() => seedWords(new Uint8Array(31))).toThrow('seed: expected 32 bytes, got 31');
  });
});
