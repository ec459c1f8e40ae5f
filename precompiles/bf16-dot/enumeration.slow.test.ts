import { expect, test } from 'vitest';
import { blockRows, edgeBlocks } from '../../test/support/bf16-dot.ts';
import { accepted, candidates, stateSent } from '../../test/support/bf16-dot-forger.ts';
import { PRODUCTS, termsOf } from '../../test/support/bf16-dot-lane.ts';

test('every witness of a lane gives the same term: all products, both signs, shifts 0 to 28, all remainders', () => {
  for (const magnitude of PRODUCTS) {
    for (let shift = 0; shift <= 28; shift++) {
      const expected =
        shift < 12 ? magnitude * 2 ** (11 - shift) : shift < 27 ? Math.floor(magnitude / 2 ** (shift - 11)) : 0;
      const terms = termsOf(magnitude, shift);
      if (terms.size !== 1 || !terms.has(expected)) expect.fail(`${magnitude} at ${shift}: ${[...terms]}`);
      const negated = termsOf(-magnitude, shift);
      if (negated.size !== 1 || !negated.has(-expected + 0)) expect.fail(`-${magnitude} at ${shift}: ${[...negated]}`);
    }
  }
});

test('alternative exponents, signs, magnitudes, shifts and kinds: nothing else is accepted', () => {
  for (const block of edgeBlocks(12, 24)) {
    const honest = stateSent(blockRows([block]));
    const states = accepted(block, candidates(block), () => true);
    expect(states.length).toBeGreaterThan(0);
    for (const state of states) expect(state).toEqual(honest);
  }
});
