import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { expect, test } from 'vitest';
import { CHUNK_BYTES, hashChunk, keyWords } from './blake3.ts';

const key = utf8ToBytes('whats the Elvish word for friend');
const input = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i % 251);

// BLAKE3 repository, test_vectors/test_vectors.json, keyed_hash, first 32 bytes.
test.each([
  [0, '92b2b75604ed3c761f9d6f62392c8a9227ad0ea3f09573e783f1498a4ed60d26'],
  [1, '6d7878dfff2f485635d39013278ae14f1454b8c0a3a2d34bc1ab38228a80c95b'],
  [1024, '75c46f6f3d9eb4f55ecaaee480db732e6c2105546f1e675003687c31719c7ba4'],
])('the published digest of %i bytes', (length, digest) => {
  expect(bytesToHex(hashChunk(keyWords(key), input(length)))).toBe(digest);
});

test('every length up to a chunk has the digest of @noble/hashes, at any alignment', () => {
  const other = blake3(utf8ToBytes('another key'));
  for (let length = 0; length <= CHUNK_BYTES; length++) {
    const message = input(length + 3).subarray(length % 4 === 0 ? 0 : 3, length + (length % 4 === 0 ? 0 : 3));
    for (const k of [key, other]) expect(hashChunk(keyWords(k), message)).toEqual(blake3(message, { key: k }));
  }
});

test('a longer message is refused', () => {
  expect(() => hashChunk(keyWords(key), input(1025))).toThrow('message: expected at most 1024 bytes, got 1025');
});
