import { blake3 } from '@noble/hashes/blake3.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DOMAIN_KEYS } from '../hash/domains.ts';
import { chainOrder, hashLeaf } from './leaf.ts';
import { merkleLayers, rootFromOpening, siblingPositions } from './tree.ts';

const bytesOf = (words: readonly number[]): Uint8Array => new Uint8Array(Uint32Array.from(words).buffer);
const keyed = (...parts: Uint8Array[]): Uint8Array => blake3(Buffer.concat(parts), { key: DOMAIN_KEYS.leaf });
const numbers = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

describe('leaves', () => {
  it('chain the rows, filled up to a multiple of four words, and end with the salt', () => {
    const salt = Uint8Array.from({ length: 16 }, (_, i) => i);
    const first = keyed(bytesOf([1, 2, 3, 0]));
    const second = keyed(first, bytesOf([4, 5, 6, 7, 8, 0, 0, 0]));
    expect(hashLeaf([[1, 2, 3]], null)).toEqual(first);
    expect(
      hashLeaf(
        [
          [1, 2, 3],
          [4, 5, 6, 7, 8],
        ],
        null,
      ),
    ).toEqual(second);
    expect(
      hashLeaf(
        [
          [1, 2, 3],
          [4, 5, 6, 7, 8],
        ],
        salt,
      ),
    ).toEqual(keyed(second, salt));
  });

  it('take rows of more than 248 words in pieces', () => {
    const row = numbers(1, 600);
    const first = keyed(bytesOf(row.slice(0, 248)));
    const second = keyed(first, bytesOf(row.slice(248, 496)));
    expect(hashLeaf([row], null)).toEqual(keyed(second, bytesOf(row.slice(496))));
    expect(hashLeaf([row.slice(0, 248)], null)).toEqual(first);
  });

  it('order matrices by height, ties as given', () => {
    expect(chainOrder([8, 2, 8, 4, 2])).toEqual([1, 4, 3, 0, 2]);
  });
});

const DEPTH = 6;
const LEAVES = numbers(0, 2 ** DEPTH).map((i) => new Uint8Array(32).fill(i + 1));
const LAYERS = merkleLayers(LEAVES);
const ROOT = LAYERS[DEPTH]![0]!;
const anyIndexes = fc
  .uniqueArray(fc.nat(2 ** DEPTH - 1), { minLength: 1, maxLength: 20 })
  .map((indexes) => indexes.sort((a, b) => a - b));
const siblingsOf = (indexes: readonly number[]) =>
  siblingPositions(DEPTH, indexes).map(({ layer, index }) => LAYERS[layer]![index]!);
const digestsOf = (indexes: readonly number[]) => indexes.map((i) => LEAVES[i]!);

describe('openings of many leaves', () => {
  it('lead to the root', () => {
    fc.assert(
      fc.property(anyIndexes, (indexes) => {
        expect(rootFromOpening(DEPTH, indexes, digestsOf(indexes), siblingsOf(indexes))).toEqual(ROOT);
      }),
    );
  });

  it('carry each node that is needed once, and none that follows from others', () => {
    fc.assert(
      fc.property(anyIndexes, (indexes) => {
        const positions = siblingPositions(DEPTH, indexes);
        // The definition: the sibling of a known node, unless it is itself above an opened leaf.
        const known = (layer: number) => new Set(indexes.map((i) => i >> layer));
        const expected = numbers(0, DEPTH).flatMap((layer) =>
          [...known(layer)]
            .map((i) => i ^ 1)
            .filter((i) => !known(layer).has(i))
            .map((index) => ({ layer, index })),
        );
        expect(positions).toEqual(expected);
      }),
    );
    expect(siblingPositions(DEPTH, numbers(0, 64))).toEqual([]);
    expect(siblingPositions(3, [2])).toEqual([
      { layer: 0, index: 3 },
      { layer: 1, index: 0 },
      { layer: 2, index: 1 },
    ]);
  });

  it('are refused with a sibling too many or too few, without an exception', () => {
    fc.assert(
      fc.property(anyIndexes, fc.nat(), (indexes, which) => {
        const siblings = siblingsOf(indexes);
        const digests = digestsOf(indexes);
        expect(rootFromOpening(DEPTH, indexes, digests, [...siblings, ROOT])).toBeNull();
        expect(rootFromOpening(DEPTH, indexes, digests.slice(1), siblings)).toBeNull();
        if (siblings.length === 0) return;
        const without = siblings.filter((_, i) => i !== which % siblings.length);
        expect(rootFromOpening(DEPTH, indexes, digests, without)).toBeNull();
      }),
    );
    expect(rootFromOpening(DEPTH, [], [], [])).toBeNull();
    const siblings = siblingsOf([5]);
    for (const length of [0, 31, 33]) {
      const odd = [new Uint8Array(length), ...siblings.slice(1)];
      expect(rootFromOpening(DEPTH, [5], digestsOf([5]), odd)).toBeNull();
    }
  });

  it('lead elsewhere when any digest or index changes', () => {
    fc.assert(
      fc.property(anyIndexes, fc.nat(), (indexes, which) => {
        const siblings = siblingsOf(indexes);
        const digests = digestsOf(indexes);
        const changed = (list: Uint8Array[]) =>
          list.map((digest, i) =>
            i === which % list.length ? digest.map((b, j) => (j === 31 ? b ^ 128 : b)) : digest,
          );
        expect(rootFromOpening(DEPTH, indexes, changed(digests), siblings)).not.toEqual(ROOT);
        if (siblings.length > 0) expect(rootFromOpening(DEPTH, indexes, digests, changed(siblings))).not.toEqual(ROOT);
        if (indexes.length !== 1) return;
        const moved = [indexes[0]! ^ (1 << (which % DEPTH))];
        expect(rootFromOpening(DEPTH, moved, digests, siblings)).not.toEqual(ROOT);
      }),
    );
  });

  it('do not take an inner node for a leaf: a tree less deep leads to the same root only from other digests', () => {
    const pair = rootFromOpening(1, [0], [LEAVES[0]!], [LEAVES[1]!]);
    expect(pair).toEqual(LAYERS[1]![0]);
    // A leaf with the bytes of two children hashes under another key than the node above them.
    const words = [...LEAVES[0]!, ...LEAVES[1]!];
    const row = numbers(0, 16).map((i) => new DataView(Uint8Array.from(words).buffer).getUint32(4 * i, true));
    expect(hashLeaf([row], null)).not.toEqual(pair);
  });
});
