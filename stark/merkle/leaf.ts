/**
 * Leaves of a commitment to several extensions of different heights, all lifted to the tallest: leaf i commits to row
 * i >> log2(N/n) of each extension of height n. With the matrices in ascending height, ties in the order given, and H the
 * leaf hash:
 *
 *   d := H(d || row) for each matrix in turn (first: H(row)); leaf = H(d || salt), 16 bytes, if salted.
 *
 * A row is hashed with its whole stride, words little-endian; the columns beyond the width are zero and not transmitted.
 * Rows of more than 248 words go piece by piece, so that every message is one chunk of BLAKE3 (1024 bytes). The shape of
 * all messages is fixed by the widths and heights, which are public: the chain is as collision resistant as BLAKE3.
 * Reference of `hashRows` and `saltLeaves` in `stark/kernels/assembly/blake3.ts`.
 */
import { DIGEST_BYTES, type HashDomain, hash } from '../hash/domains.ts';

export const SALT_BYTES = 16;
/** (1024 - 32) / 4. */
export const PIECE_WORDS = 248;

/** The words a row of `width` columns is hashed with: rounded up to a multiple of 4. */
export const strideOf = (width: number): number => Math.ceil(width / 4) * 4;

/** The order in which matrices of these heights enter the chain: ascending height, ties in the order given. */
export function chainOrder(heights: readonly number[]): number[] {
  return heights.map((_, i) => i).sort((i, j) => (heights[i] as number) - (heights[j] as number) || i - j);
}

/** The leaf of these rows, one of each matrix in the order of the chain; each is filled up with zeros to its stride. */
export function hashLeaf(
  rows: readonly ArrayLike<number>[],
  salt: Uint8Array | null,
  domain: HashDomain = 'leaf',
): Uint8Array {
  let digest = new Uint8Array(0);
  for (const row of rows) {
    const stride = strideOf(row.length);
    for (let from = 0; from < stride; from += PIECE_WORDS) {
      const to = Math.min(from + PIECE_WORDS, stride);
      const message = new Uint8Array(digest.length + 4 * (to - from));
      message.set(digest);
      const view = new DataView(message.buffer, digest.length);
      for (let i = from; i < Math.min(to, row.length); i++) view.setUint32(4 * (i - from), row[i] as number, true);
      digest = hash(domain, message) as Uint8Array<ArrayBuffer>;
    }
  }
  if (salt === null) return digest;
  const message = new Uint8Array(DIGEST_BYTES + SALT_BYTES);
  message.set(digest);
  message.set(salt, DIGEST_BYTES);
  return hash(domain, message);
}
