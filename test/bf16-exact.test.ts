/** BF16 operations against binary64 arithmetic of the host; `bf16-exact.slow.test.ts` takes larger samples. */
import { expect, test } from 'vitest';
import { boxed, widenBf16 } from '../precompiles/bf16-round/semantics.ts';
import { flagsOf, wordOf } from '../precompiles/fp32-round/semantics.ts';
import { BF16_EDGES, drawOperands, drawRounded, LOWER_EDGES, productRne } from './support/bf16-exact.ts';
import { productDifference, roundingDifference } from './support/bf16-exact-cases.ts';
import { seeded } from './support/random.ts';

const SAMPLE = 100_000;
const seed = Number(process.env['SEED'] ?? 1);

test('fcvt.s.bf16: all 65,536 BF16, as their product with 1', () => {
  for (let pattern = 0; pattern < 2 ** 16; pattern++) {
    const result = widenBf16(wordOf(boxed(pattern)));
    const [word, flags] = productRne(pattern, 0x3f80);
    if (wordOf(result) !== word || flagsOf(result) !== flags) expect.fail(pattern.toString(16));
  }
});

test('products of all pairs of edges, in every lane: fmul.s with flags, and one product of bf16.dot', () => {
  let lane = 0;
  const different = BF16_EDGES.flatMap((a) => BF16_EDGES.flatMap((b) => productDifference(a, b, lane++ % 16) ?? []));
  expect(lane).toBe(7396);
  expect(different).toEqual([]);
});

test(`products of ${SAMPLE} seeded pairs, seed ${seed}`, () => {
  const random = seeded(seed);
  for (let i = 0; i < SAMPLE; i++) {
    const [a, b] = drawOperands(random);
    const difference = productDifference(a, b, i % 16);
    if (difference !== undefined) expect.fail(`seed ${seed}: ${difference}`);
  }
});

test('rounding to BF16: all pairs of an upper and a lower edge, in all modes and by thresholds, with flags', () => {
  const words = BF16_EDGES.flatMap((upper) => LOWER_EDGES.map((lower) => upper * 2 ** 16 + lower));
  const different = words.flatMap((word) => LOWER_EDGES.flatMap((t) => roundingDifference(word, t) ?? []));
  expect(different).toEqual([]);
});

test(`rounding of ${SAMPLE} seeded words, in all modes and by thresholds, seed ${seed}`, () => {
  const random = seeded(seed);
  for (let i = 0; i < SAMPLE; i++) {
    const difference = roundingDifference(drawRounded(random), random.u32());
    if (difference !== undefined) expect.fail(`seed ${seed}: ${difference}`);
  }
});
