/**
 * Random bytes and uniform field elements from a 32-byte seed: the extended output of BLAKE3, keyed with the seed, of the
 * 8-byte name of a stream (two little-endian u32, the stream and its part). Parts are what is made in parallel. This is
 * the reference of `xofBlocks` and `randomRows` in `stark/kernels/assembly/blake3.ts`. Source: the BLAKE3 paper, 2.6.
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { type Felt, P } from '../field/koala-bear.ts';

export const SEED_BYTES = 32;

/** The bytes [from, from + length) of part `part` of stream `stream`. @throws {RangeError} unless the seed is 32 bytes. */
export function xof(seed: Uint8Array, stream: number, part: number, from: number, length: number): Uint8Array {
  if (seed.length !== SEED_BYTES) throw new RangeError(`seed: expected 32 bytes, got ${seed.length}`);
  const name = new DataView(new ArrayBuffer(8));
  name.setUint32(0, stream, true);
  name.setUint32(4, part, true);
  return blake3(new Uint8Array(name.buffer), { key: seed, dkLen: from + length }).subarray(from);
}

/** `count` uniform elements: words of the output modulo 2^31, little-endian, in order, without those of at least p. */
export function xofElements(seed: Uint8Array, stream: number, part: number, count: number): Felt[] {
  const elements: Felt[] = [];
  // A word is refused with probability 2^-7; ask for more in the rare case that this was not enough.
  for (let words = count + (count >> 5) + 64; elements.length < count; words *= 2) {
    elements.length = 0;
    const bytes = xof(seed, stream, part, 0, 4 * words);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let i = 0; i < words && elements.length < count; i++) {
      const x = view.getUint32(4 * i, true) & 0x7fff_ffff;
      if (x < P) elements.push(x as Felt);
    }
  }
  return elements;
}
