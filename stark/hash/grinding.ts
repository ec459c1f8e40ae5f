/**
 * Proof of work: a nonce whose hash with the transcript's state begins with `bits` zero bits. Bits are counted from the
 * most significant bit of the first byte on, that is, the digest as a big-endian number is below 2^(256 - bits).
 * Reference of `grind` in `stark/kernels/assembly/blake3.ts`.
 */
import { DIGEST_BYTES, hash } from './domains.ts';

/** No protocol grinds more; at 2 x 30 million hashes a second this already takes hours. */
export const MAX_POW_BITS = 40;

/** Whether the first `bits` bits are zero. No shift by 32 or more is involved: JavaScript takes shifts modulo 32. */
export function startsWithZeroBits(digest: Uint8Array, bits: number): boolean {
  const whole = Math.floor(bits / 8);
  for (let i = 0; i < whole; i++) if (digest[i] !== 0) return false;
  return bits % 8 === 0 || (digest[whole] as number) >>> (8 - (bits % 8)) === 0;
}

/** H_proof-of-work(state || nonce as 8 little-endian bytes). @throws {RangeError} on a state that is not 32 bytes or a nonce not of 64 bits. */
export function powDigest(state: Uint8Array, nonce: bigint): Uint8Array {
  if (state.length !== DIGEST_BYTES) throw new RangeError(`state: expected 32 bytes, got ${state.length}`);
  if (nonce < 0n || nonce >= 1n << 64n) throw new RangeError(`nonce: expected 64 bits, got ${nonce}`);
  const message = new Uint8Array(DIGEST_BYTES + 8);
  message.set(state);
  new DataView(message.buffer).setBigUint64(DIGEST_BYTES, nonce, true);
  return hash('proof-of-work', message);
}

/** Whether the nonce is a proof of `bits` bits of work. With 0 bits only nonce 0 is: every proof has one encoding. */
export function isProofOfWork(state: Uint8Array, nonce: bigint, bits: number): boolean {
  return bits === 0 ? nonce === 0n : startsWithZeroBits(powDigest(state, nonce), bits);
}
