import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { P } from '../../stark/field/koala-bear.ts';
import { permuteReference } from '../../test/support/permutation.ts';
import { anyFelt, forAll, u16 } from '../../test/support/property.ts';
import { CHECK_BASE, PAIR_BASE, ROW_HALFWORDS, ROW_SALTS, STEP_PAIRS } from '../poseidon2/format.ts';
import { sponge } from './semantics.ts';

/** The definition of the file head over bigint, with Plonky3's permutation in its plain form. */
function spongeReference(halfwords: readonly number[], salts: readonly number[]): number[] {
  const rows = halfwords.length / 48;
  let capacity = [rows, 0, 0, Buffer.from('leaf').readUInt32BE(), 0, 0, 0, 0, 0];
  for (let step = 0; step < 2 * rows; step++) {
    const halves = halfwords.slice(24 * step, 24 * step + 24).map(BigInt);
    const pairs = Array.from({ length: 12 }, (_, i) => halves[2 * i]! + 24576n * halves[2 * i + 1]!);
    const check = Array.from({ length: 12 }, (_, i) => 3n ** BigInt(i) * halves[2 * i + 1]!).reduce((a, b) => a + b);
    const rate = [...pairs, check].map((x) => Number(x % BigInt(P)));
    capacity = permuteReference([...rate, ...salts.slice(2 * step, 2 * step + 2), ...capacity]).slice(15);
  }
  return capacity;
}

const leaf = fc
  .integer({ min: 0, max: 3 })
  .chain((rows) =>
    fc.tuple(
      fc.array(u16(), { minLength: rows * ROW_HALFWORDS, maxLength: rows * ROW_HALFWORDS }),
      fc.array(anyFelt(), { minLength: rows * ROW_SALTS, maxLength: rows * ROW_SALTS }),
    ),
  );

test('agrees with the definition over bigint', () => {
  forAll(
    leaf,
    ([halfwords, salts]) => {
      const digest = sponge(Uint16Array.from(halfwords), Uint32Array.from(salts));
      expect([...digest]).toEqual(spongeReference(halfwords, salts));
    },
    20,
  );
});

test('a leaf is not the same leaf with a row of zeros, and a salt counts', () => {
  const one = sponge(new Uint16Array(48), new Uint32Array(4));
  expect(sponge(new Uint16Array(96), new Uint32Array(8))).not.toEqual(one);
  for (let i = 0; i < 4; i++) expect(sponge(new Uint16Array(48), new Uint32Array(4).with(i, 1))).not.toEqual(one);
});

describe('the packing of 24 halfwords is injective', () => {
  /** All differences d of the high halfwords of a pair that leave the pair as it is. */
  const unseen = Array.from({ length: 2 ** 17 - 1 }, (_, i) => i - 65535).filter(
    (d) => Math.abs(PAIR_BASE * d) < 65536,
  );

  test('a pair does not wrap modulo p, and leaves only differences up to 2 unseen', () => {
    expect(65535 * (1 + PAIR_BASE)).toBeLessThan(P);
    expect(unseen).toEqual([-2, -1, 0, 1, 2]);
  });

  test('the check sees all their combinations: of 5^12, only zero has the check of zero', () => {
    const sums = (weights: readonly number[]): number[] =>
      weights.reduce<number[]>(
        (all, weight) => all.flatMap((s) => unseen.map((d) => (((s + weight * d) % P) + P) % P)),
        [0],
      );
    const weights = Array.from({ length: STEP_PAIRS }, (_, i) => CHECK_BASE ** i);
    const left = sums(weights.slice(0, 6));
    const right = sums(weights.slice(6)).map((s) => (P - s) % P);
    const negated = new Set(right);
    expect(left.filter((s) => negated.has(s))).toEqual([0]);
    expect([left, right].map((side) => side.filter((s) => s === 0).length)).toEqual([1, 1]);
  });

  test('with 2^16 in place of 0x6000 it would not be: two blocks with equal pairs and equal check', () => {
    const pack = (halves: readonly number[]): number[] => [
      ...Array.from({ length: 12 }, (_, i) => (halves[2 * i]! + 2 ** 16 * halves[2 * i + 1]!) % P),
      Array.from({ length: 12 }, (_, i) => 3 ** i * halves[2 * i + 1]!).reduce((a, b) => a + b) % P,
    ];
    // Multiples k of p that a pair is moved by, and whether its low half carries.
    const moves = [
      [0, 0],
      [1, 1],
      [-1, 0],
      [1, 0],
      [0, 0],
      [-1, 0],
      [0, 0],
      [0, 0],
      [0, 0],
      [1, 0],
      [0, 0],
      [1, 0],
    ];
    const one = moves.flatMap(([k, carry]) => (k === -1 ? [1, 32512] : carry === 1 ? [65535, 0] : [0, 0]));
    const other = moves.flatMap(([k, carry]) => (k === 0 || k === -1 ? [0, 0] : carry === 1 ? [0, 32513] : [1, 32512]));
    expect(pack(one)).toEqual(pack(other));
    expect(one).not.toEqual(other);
    const salts = new Uint32Array(4);
    const digests = [one, other].map((half) => sponge(Uint16Array.from([...half, ...half]), salts));
    expect(digests[0]).not.toEqual(digests[1]);
  });
});

describe('rejects', () => {
  test('a leaf that is not whole rows', () => {
    expect(() => sponge(new Uint16Array(47), new Uint32Array(4))).toThrow('halfwords: expected a multiple of 48');
    expect(() => sponge(new Uint16Array(48 * 2 ** 16), new Uint32Array(4 * 2 ** 16))).toThrow('halfwords: expected');
  });

  test('salts of another number or outside the field', () => {
    expect(() => sponge(new Uint16Array(48), new Uint32Array(3))).toThrow('salts: expected 4 field elements, got 3');
    expect(() => sponge(new Uint16Array(48), Uint32Array.of(0, 0, P, 0))).toThrow('salts: expected residues');
  });
});
