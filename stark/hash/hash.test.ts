import { blake3 } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { P } from '../field/koala-bear.ts';
import { DOMAIN_KEYS, HASH_DOMAINS, hash } from './domains.ts';
import { isProofOfWork, powDigest, startsWithZeroBits } from './grinding.ts';
import { xof, xofElements } from './xof.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

describe('hash domains', () => {
  it('use a BLAKE3 that meets the published vectors (BLAKE3 1.5, test_vectors.json)', () => {
    const key = new TextEncoder().encode('whats the Elvish word for friend');
    const input = (length: number) => Uint8Array.from({ length }, (_, i) => i % 251);
    expect(hex(blake3(input(0), { key }))).toBe('92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26');
    expect(hex(blake3(input(1024), { key }))).toBe('75c46f6f3d9eb4f55ecaaee480db732e6c2105546f1e675003687c31719c7ba4');
    const context = new TextEncoder().encode('BLAKE3 2019-12-27 16:29:52 test vectors context');
    expect(hex(blake3(input(0), { context }))).toBe('2cc39783c223154fea8dfb7c1b1660f2ac2dcbd1c1de8277b0b0dd39b7e50d7d');
  });

  it('have five different keys', () => {
    expect(new Set(HASH_DOMAINS.map((domain) => hex(DOMAIN_KEYS[domain]))).size).toBe(5);
    expect(new Set(HASH_DOMAINS.map((domain) => hex(hash(domain, new Uint8Array(64))))).size).toBe(5);
  });
});

describe('proof of work', () => {
  it('counts zero bits from the most significant bit of the first byte', () => {
    fc.assert(
      fc.property(bytes(32), fc.integer({ min: 0, max: 50 }), (digest, zeros) => {
        const big = (1n << 255n) | BigInt(`0x${hex(digest)}`);
        const shifted = Buffer.from((big >> BigInt(zeros)).toString(16).padStart(64, '0'), 'hex');
        expect(startsWithZeroBits(shifted, zeros)).toBe(true);
        expect(startsWithZeroBits(shifted, zeros + 1)).toBe(false);
      }),
    );
  });

  it('is not vacuous at 31, 32, 33 or 40 bits', () => {
    const ones = new Uint8Array(32).fill(0xff);
    for (const bits of [1, 8, 31, 32, 33, 40]) expect(startsWithZeroBits(ones, bits)).toBe(false);
    const last = new Uint8Array(32);
    last[4] = 1; // 39 zero bits
    expect([32, 33, 39, 40].map((bits) => startsWithZeroBits(last, bits))).toEqual([true, true, true, false]);
  });

  it('binds all 64 bits of the nonce and all of the state', () => {
    fc.assert(
      fc.property(bytes(32), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.nat(63), (state, nonce, bit) => {
        expect(powDigest(state, nonce)).not.toEqual(powDigest(state, nonce ^ (1n << BigInt(bit))));
        const other = state.slice();
        other[bit >> 1]! ^= 1;
        expect(powDigest(state, nonce)).not.toEqual(powDigest(other, nonce));
      }),
    );
    expect(() => powDigest(new Uint8Array(31), 0n)).toThrow('state: expected 32 bytes, got 31');
    expect(() => powDigest(new Uint8Array(32), 1n << 64n)).toThrow('nonce: expected 64 bits, got 18446744073709551616');
  });

  it('of 0 bits is the nonce 0 alone', () => {
    expect(isProofOfWork(new Uint8Array(32), 0n, 0)).toBe(true);
    expect(isProofOfWork(new Uint8Array(32), 1n, 0)).toBe(false);
  });
});

describe('random elements', () => {
  const seed = Uint8Array.from({ length: 32 }, (_, i) => i);

  it('are the accepted words of the stream', () => {
    const words = new Uint32Array(xof(seed, 1, 2, 0, 4 * 4000).slice().buffer);
    const accepted = [...words].map((w) => w % 2 ** 31).filter((w) => w < P);
    expect(accepted.length).toBeLessThan(4000);
    expect(xofElements(seed, 1, 2, 3500)).toEqual(accepted.slice(0, 3500));
  });

  it('differ by seed, stream and part', () => {
    const draws = [
      xof(seed, 1, 2, 0, 16),
      xof(seed, 2, 1, 0, 16),
      xof(seed, 1, 3, 0, 16),
      xof(seed.toReversed(), 1, 2, 0, 16),
    ];
    expect(new Set(draws.map(hex)).size).toBe(4);
    expect(xof(seed, 1, 2, 40, 8)).toEqual(xof(seed, 1, 2, 0, 48).slice(40));
    expect(() => xof(seed.subarray(1), 0, 0, 0, 1)).toThrow('seed: expected 32 bytes, got 31');
  });
});
