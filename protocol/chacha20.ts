/**
 * The ChaCha20 block function, RFC 8439 section 2.3: 256-bit key, 32-bit counter, 96-bit nonce, 16 words of key stream.
 * Words are unsigned 32-bit; the RFC's byte strings are their little-endian serialisation.
 */
const CONSTANTS = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574] as const; // 'expand 32-byte k'

const rotl = (x: number, n: number): number => (x << n) | (x >>> (32 - n));

function quarterRound(s: Int32Array, a: number, b: number, c: number, d: number): void {
  s[a] = s[a]! + s[b]!;
  s[d] = rotl(s[d]! ^ s[a]!, 16);
  s[c] = s[c]! + s[d]!;
  s[b] = rotl(s[b]! ^ s[c]!, 12);
  s[a] = s[a]! + s[b]!;
  s[d] = rotl(s[d]! ^ s[a]!, 8);
  s[c] = s[c]! + s[d]!;
  s[b] = rotl(s[b]! ^ s[c]!, 7);
}

/**
 * One block of key stream, 16 words.
 * @throws {RangeError} unless `key` has 8 words, `nonce` 3, and `counter` is below 2^32.
 */
export function chacha20Block(key: ArrayLike<number>, counter: number, nonce: ArrayLike<number>): Uint32Array {
  if (key.length !== 8) throw new RangeError(`key: expected 8 words, got ${key.length}`);
  if (nonce.length !== 3) throw new RangeError(`nonce: expected 3 words, got ${nonce.length}`);
  if (!Number.isInteger(counter) || counter < 0 || counter >= 2 ** 32) {
    throw new RangeError(`counter: expected an integer in [0, 2^32), got ${counter}`);
  }
  const initial = Uint32Array.of(...CONSTANTS, ...Array.from(key), counter, ...Array.from(nonce));
  const s = Int32Array.from(initial, (word) => word | 0);
  for (let round = 0; round < 10; round++) {
    quarterRound(s, 0, 4, 8, 12);
    quarterRound(s, 1, 5, 9, 13);
    quarterRound(s, 2, 6, 10, 14);
    quarterRound(s, 3, 7, 11, 15);
    quarterRound(s, 0, 5, 10, 15);
    quarterRound(s, 1, 6, 11, 12);
    quarterRound(s, 2, 7, 8, 13);
    quarterRound(s, 3, 4, 9, 14);
  }
  return Uint32Array.from(initial, (word, i) => word + s[i]!);
}
