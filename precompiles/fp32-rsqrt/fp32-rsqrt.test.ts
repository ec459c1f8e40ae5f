import { expect, test } from 'vitest';
import { edgesOf } from '../../test/oracles/functions.ts';
import { referenceOf } from '../../test/oracles/reference.ts';
import { drawWord, randomOf } from '../../test/support/fp32.ts';
import { expectFunction, flagsOfRoot } from '../../test/support/fp32-function.ts';
import { opOf } from '../../vm/isa/op.ts';
import { fp32FunctionSpecialChip } from '../fp32-function-special/trace.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { recordRsqrt } from './execute.ts';
import { reciprocalRoot, rsqrtFp32 } from './semantics.ts';
import { fp32RsqrtChip } from './trace.ts';

const flags = (a: number): number => flagsOfRoot('rsqrt', a);
/** Powers of two among the subnormals, where the way to move up changes, and one beside them. */
const subnormals = Array.from({ length: 23 }, (_, i) => [2 ** i - 1, 2 ** i, 2 ** i + 1]).flat();

test('agrees with exact integers, flags included', () => {
  const random = randomOf(11);
  const words = [...subnormals, ...Array.from({ length: 4000 }, () => drawWord(random))];
  const wrong = words.filter((a) => {
    const result = rsqrtFp32(a);
    return wordOf(result) !== referenceOf('rsqrt', a) || flagsOf(result) !== flags(a);
  });
  expect(wrong).toEqual([]);
});

test('the root is between the numbers half way to its neighbours', () => {
  const random = randomOf(12);
  const wrong = Array.from({ length: 2000 }, () => 1 + random.below(0x7f7f_ffff)).filter((a) => {
    const { factor, root, below, above } = reciprocalRoot(a);
    const [f, q] = [BigInt(factor), BigInt(root)];
    const isExact =
      BigInt(below) === 2n ** 73n - (2n * q - 1n) ** 2n * f && BigInt(above) === (2n * q + 1n) ** 2n * f - 2n ** 73n;
    return !isExact || below < 0 || above < 0 || below + above >= 2 ** 51;
  });
  expect(wrong).toEqual([]);
});

test('the traces of edges and of any operands are accepted and answer with the result', () => {
  const random = randomOf(13);
  const words = [...edgesOf('rsqrt', 2), ...subnormals, ...Array.from({ length: 200 }, () => drawWord(random))];
  const chips = [fp32RsqrtChip, fp32FunctionSpecialChip];
  expectFunction('rsqrt', opOf('fp32.rsqrt'), chips, recordRsqrt, words, flags);
});
