import { createCipheriv } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chacha20Block } from './chacha20.ts';
import {
  fiatShamirSeed,
  keyStream,
  SAMPLING_NONCE,
  sampleEntries,
  seedWords,
  tileAround,
  tileEntries,
  uniformBelow,
} from './challenge.ts';
import { CLAIM, rootFrom } from './claim.fixture.ts';
import type { LinearClaim, TileSide } from './statement.ts';

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
    const claims: readonly LinearClaim[] = [
      CLAIM,
      { ...CLAIM, rows: 255 },
      { ...CLAIM, columns: 511 },
      { ...CLAIM, inner: 511 },
      { ...CLAIM, samples: 63 },
      { ...CLAIM, tile: 2 },
      { ...CLAIM, tile: 4 },
      { ...CLAIM, rootX: rootFrom(2) },
      { ...CLAIM, rootW: rootFrom(12) },
      { ...CLAIM, rootY: rootFrom(22) },
      { ...CLAIM, rootBias: rootFrom(31) },
    ];
    const seeds = claims.map((c) => hexOf(fiatShamirSeed(c)));
    expect(new Set(seeds).size).toBe(seeds.length);
  });

  it('refuses a seed that is not 32 bytes', () => {
    expect(() => seedWords(new Uint8Array(31))).toThrow('seed: expected 32 bytes, got 31');
  });
});

describe('the tile around a sample', () => {
  const shape = { rows: 6, columns: 7, inner: 16 };

  it('is the aligned square that holds it', () => {
    expect(tileAround({ row: 3, column: 4 }, shape, 2)).toEqual({ rows: [2, 3], columns: [4, 5] });
    expect(tileAround({ row: 2, column: 5 }, shape, 2)).toEqual({ rows: [2, 3], columns: [4, 5] });
    expect(tileAround({ row: 3, column: 2 }, shape, 4)).toEqual({ rows: [0, 1, 2, 3], columns: [0, 1, 2, 3] });
    expect(tileAround({ row: 3, column: 2 }, shape, 1)).toEqual({ rows: [3], columns: [2] });
  });

  it('has the last row or column again where it ends', () => {
    expect(tileAround({ row: 5, column: 6 }, shape, 2)).toEqual({ rows: [4, 5], columns: [6, 6] });
    expect(tileAround({ row: 4, column: 6 }, shape, 4)).toEqual({ rows: [4, 5, 5, 5], columns: [4, 5, 6, 6] });
    expect(tileAround({ row: 0, column: 0 }, { rows: 1, columns: 1, inner: 1 }, 2)).toEqual({
      rows: [0, 0],
      columns: [0, 0],
    });
  });

  it('is checked square by square', () => {
    const entries = (side: TileSide): string =>
      tileEntries(tileAround({ row: 0, column: 0 }, { rows: 4, columns: 4, inner: 1 }, side))
        .map(({ row, column }) => `${row}${column}`)
        .join(' ');
    expect(entries(1)).toBe('00');
    expect(entries(2)).toBe('00 01 10 11');
    expect(entries(4)).toBe('00 01 10 11 02 03 12 13 20 21 30 31 22 23 32 33');
  });

  it('holds the sample, lies within one leaf of Y, and is that of each of its entries', () => {
    const dimension = fc.integer({ min: 1, max: 200 });
    fc.assert(
      fc.property(
        dimension,
        dimension,
        fc.nat(199),
        fc.nat(199),
        fc.constantFrom(2, 4),
        (rows, columns, i, j, side) => {
          const sample = { row: i % rows, column: j % columns };
          const shape = { rows, columns, inner: 1 };
          const tile = tileAround(sample, shape, side as TileSide);
          const entries = tileEntries(tile);
          expect(entries).toHaveLength(side * side);
          expect(entries).toContainEqual(sample);
          expect(new Set(tile.columns.map((column) => Math.floor(column / 48))).size).toBe(1);
          for (const entry of entries) expect(tileAround(entry, shape, side as TileSide)).toEqual(tile);
        },
      ),
    );
  });
});
