import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { roundStochastically } from './semantics.ts';

const patternOf = (word: number, threshold: number): number => roundStochastically(word, threshold) & 0xffff;
const word32 = new Uint32Array(1);
const float32 = new Float32Array(word32.buffer);
const floatOf = (word: number): number => {
  word32[0] = word;
  return float32[0]!;
};

test('what a B200 gives for cvt.rs.bf16x2.f32: 25,165,825 words, by the digest of its outputs', () => {
  // github.com/hibouwu/PTX-Instruction-Accuracy-Test, README.md and B200/: a from 0x33000000 to 0x34800000 in the upper
  // half, b = 0xdeadbeef in the lower one, 0x1fff random bits for each; d as little-endian words, SHA-256.
  const [first, last, b, threshold] = [0x3300_0000, 0x3480_0000, 0xdead_beef, 0x1fff];
  const hash = createHash('sha256');
  const words = new Uint32Array(2 ** 16);
  const lower = patternOf(b, threshold);
  let count = 0;
  for (let a = first; a <= last; a++) {
    words[count++] = patternOf(a, threshold) * 2 ** 16 + lower;
    if (count < words.length && a < last) continue;
    hash.update(new Uint8Array(words.buffer, 0, 4 * count));
    count = 0;
  }
  expect(hash.digest('hex')).toBe('93c6e6c45b3333ed85c0e69648ccaeae80e28000c5706485fcf0279f89506126');
});

test('of all thresholds exactly dropped / 2^16 round away from zero', () => {
  for (const upper of [0x0000, 0x007f, 0x3f80, 0xbfff, 0xff7f]) {
    for (const dropped of [0, 1, 2, 0x1234, 0x7fff, 0x8000, 0x8001, 0xfffe, 0xffff]) {
      let away = 0;
      for (let threshold = 0; threshold < 2 ** 16; threshold++) {
        away += patternOf(upper * 2 ** 16 + dropped, threshold) - upper;
      }
      expect(away, `${upper} ${dropped}`).toBe(dropped);
    }
  }
});

test('all upper halves: the result is one of the two BF16 around the number, and itself if it is a BF16', () => {
  for (let upper = 0; upper < 2 ** 16; upper++) {
    for (const dropped of [0, 1, 0x8000, 0xffff]) {
      const word = upper * 2 ** 16 + dropped;
      if (Number.isNaN(floatOf(word))) continue;
      for (const threshold of [0, 1, 0x7fff, 0x8000, 0xffff]) {
        const rounded = patternOf(word, threshold) * 2 ** 16;
        // Sign and magnitude: towards zero without the dropped bits, away from it one unit in the last place on.
        const away = dropped / 2 ** 16 + threshold / 2 ** 16 >= 1;
        const unit = floatOf(upper * 2 ** 16 + (away ? 2 ** 16 : 0));
        if (!Object.is(floatOf(rounded), unit)) expect.fail(`${word.toString(16)} ${threshold}`);
      }
    }
  }
});

test('of the threshold only the low half counts', () => {
  for (const high of [1, 0x8000, 0xffff]) {
    for (const threshold of [0, 0x7fff, 0x8000, 0xffff]) {
      expect(roundStochastically(0x3f80_8000, high * 2 ** 16 + threshold)).toBe(
        roundStochastically(0x3f80_8000, threshold),
      );
    }
  }
});

/** Flags as in fflags: NV 16, OF 4, UF 2, NX 1. */
test.each([
  ['1, whatever the threshold', 0x3f80_0000, 0xffff, 0x3f80, 0],
  ['a negative zero', 0x8000_0000, 0xffff, 0x8000, 0],
  ['the least subnormal, down', 0x0000_0001, 0xfffe, 0x0000, 3],
  ['the least subnormal, up', 0x0000_0001, 0xffff, 0x0001, 3],
  ['a negative subnormal keeps its sign', 0x8000_0001, 0, 0x8000, 3],
  ['a subnormal BF16 is exact', 0x0001_0000, 0xffff, 0x0001, 0],
  ['the largest subnormal carries to the least normal number', 0x007f_ffff, 1, 0x0080, 3],
  ['above the least normal number nothing is tiny', 0x0080_0001, 0, 0x0080, 1],
  ['a carry into the exponent', 0x3fff_ffff, 1, 0x4000, 1],
  ['the largest number stays', 0x7f7f_ffff, 0, 0x7f7f, 1],
  ['the largest number overflows', 0x7f7f_ffff, 1, 0x7f80, 5],
  ['the negative one as well', 0xff7f_8000, 0x8000, 0xff80, 5],
  ['infinity', 0x7f80_0000, 0xffff, 0x7f80, 0],
  ['-infinity', 0xff80_0000, 0xffff, 0xff80, 0],
  ['a signaling NaN', 0xff80_0001, 0xffff, 0x7fc0, 16],
  ['a quiet NaN', 0xffff_ffff, 0xffff, 0x7fc0, 0],
])('%s', (_, word, threshold, pattern, flags) => {
  const result = roundStochastically(word, threshold);
  expect([wordOf(result), flagsOf(result)]).toEqual([pattern, flags]);
});
