import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { P } from '../../stark/field/koala-bear.ts';
import { permuteReference } from '../../test/support/permutation.ts';
import { anyFelt, forAll } from '../../test/support/property.ts';
import { compress, rootOf } from './semantics.ts';

const digest = fc.array(anyFelt(), { minLength: 9, maxLength: 9 }).map((felts) => Uint32Array.from(felts));
const leaves = (count: number): Uint32Array[] =>
  Array.from({ length: count }, (_, i) => Uint32Array.from({ length: 9 }, (_, k) => 9 * i + k));

test('a node is the last nine elements of the permuted children and tag', () => {
  forAll(
    fc.tuple(digest, digest),
    ([left, right]) => {
      const tag = Buffer.from('node').readUInt32BE();
      expect([...compress(left, right)]).toEqual(permuteReference([...left, ...right, tag, 0, 0, 0, 0, 0]).slice(15));
    },
    20,
  );
});

test('every leaf of a tree of depth 3 has its root, along the siblings of its own path', () => {
  let level = leaves(8);
  const levels = [level];
  while (level.length > 1) {
    level = Array.from({ length: level.length / 2 }, (_, i) => compress(level[2 * i]!, level[2 * i + 1]!));
    levels.push(level);
  }
  const [root] = level;
  leaves(8).forEach((leaf, index) => {
    const siblings = [0, 1, 2].flatMap((k) => [...levels[k]![(index >> k) ^ 1]!]);
    expect(rootOf(leaf, index, Uint32Array.from(siblings))).toEqual(root);
    expect(rootOf(leaf, index ^ 4, Uint32Array.from(siblings))).not.toEqual(root);
  });
});

test('children do not commute, and a tree of depth 0 is its leaf', () => {
  const [a, b] = leaves(2) as [Uint32Array, Uint32Array];
  expect(compress(a, b)).not.toEqual(compress(b, a));
  expect(rootOf(a, 0, new Uint32Array(0))).toEqual(a);
});

describe('rejects', () => {
  const leaf = new Uint32Array(9);

  test('an index that the depth does not have', () => {
    expect(() => rootOf(leaf, 4, new Uint32Array(18))).toThrow('index: expected an integer in [0, 2^2), got 4');
    expect(() => rootOf(leaf, 1, new Uint32Array(0))).toThrow('index: expected an integer in [0, 2^0), got 1');
  });

  test('siblings of no whole number of levels, or of more than 30', () => {
    expect(() => rootOf(leaf, 0, new Uint32Array(10))).toThrow('siblings: expected 9 field elements, got 10');
    expect(() => rootOf(leaf, 0, new Uint32Array(279))).toThrow('siblings: expected 270 field elements, got 279');
  });

  test('an element outside the field', () => {
    expect(() => compress(leaf.with(8, P), leaf)).toThrow('left: expected residues');
  });
});
