import { describe, expect, test } from 'vitest';
import { blockRows, edgeBlocks } from '../../test/support/bf16-dot.ts';
import { accepted, candidates, stateSent } from '../../test/support/bf16-dot-forger.ts';
import { PRODUCTS, termsOf } from '../../test/support/bf16-dot-lane.ts';
import { seeded } from '../../test/support/random.ts';

describe('every witness of a lane gives the same term', () => {
  test('for the extreme products and one in 97, both signs, shifts 0 to 28, all remainders', () => {
    expect(PRODUCTS.length).toBe(17_578);
    const sample = PRODUCTS.filter((m, i) => i % 97 === 0 || m < 4 || m > 65_000);
    for (const magnitude of sample) {
      for (let shift = 0; shift <= 28; shift++) {
        const truncated = shift < 27 ? Math.floor(magnitude * 2 ** (11 - shift)) : 0;
        const expected = shift < 12 ? magnitude * 2 ** (11 - shift) : truncated;
        expect([...termsOf(magnitude, shift)], `${magnitude} at ${shift}`).toEqual([expected]);
        if (magnitude > 0)
          expect([...termsOf(-magnitude, shift)], `-${magnitude} at ${shift}`).toEqual([-expected + 0]);
      }
    }
  });
});

test('alternative exponents, signs, magnitudes, shifts and kinds: nothing else is accepted, on a sample', () => {
  const random = seeded(7);
  let tried = 0;
  for (const block of edgeBlocks(11, 24)) {
    const largest = candidates(block).slice(0, 6);
    const honest = stateSent(blockRows([block]));
    for (const state of accepted(block, largest, () => random.below(16) === 0 && ++tried > 0))
      expect(state).toEqual(honest);
  }
  expect(tried).toBeGreaterThan(4000);
});
