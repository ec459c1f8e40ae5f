/** What the default and the slow suite compare with `bf16-exact.ts`: one pair, one word; the first difference in words. */
import { dotBf16 } from '../../precompiles/bf16-dot-call/semantics.ts';
import { roundToBf16 } from '../../precompiles/bf16-round/semantics.ts';
import { roundStochastically } from '../../precompiles/bf16-round-stochastic/semantics.ts';
import { mulFp32 } from '../../precompiles/fp32-mul/semantics.ts';
import { flagsOf, wordOf } from '../../precompiles/fp32-round/semantics.ts';
import { fusedOntoZero, productRne, roundedBf16, stochasticBf16, tensorCoreProduct } from './bf16-exact.ts';

const hex = (value: number): string => value.toString(16);
const [a16, b16] = [new Uint16Array(16), new Uint16Array(16)];
const CORES = ['hopper', 'ampere', 'blackwell'] as const;

/**
 * The product by fmul.s and as the only one of a block in every model, in lane `lane`; undefined if all agree.
 */
export function productDifference(a: number, b: number, lane: number): string | undefined {
  const wide = mulFp32(0, a * 2 ** 16, b * 2 ** 16);
  const [word, flags] = productRne(a, b);
  if (wordOf(wide) !== word || flagsOf(wide) !== flags) {
    return `fmul.s ${hex(a)} ${hex(b)}: ${hex(wordOf(wide))} ${flagsOf(wide)}, expected ${hex(word)} ${flags}`;
  }
  [a16[lane], b16[lane]] = [a, b];
  const dot = (model: (typeof CORES)[number] | 'fma'): number => dotBf16(model, 0, a16, 0, b16, 0, 1) >>> 0;
  const expected = tensorCoreProduct(a, b);
  const different = CORES.find((model) => dot(model) !== expected);
  // The zero products after it turn a -0, of a product that underflows, into +0.
  const product = fusedOntoZero(a, b);
  const [fused, expectedFused] = [dot('fma'), product === 0x8000_0000 && lane < 15 ? 0 : product];
  [a16[lane], b16[lane]] = [0, 0];
  if (different !== undefined) return `${different} ${hex(a)} ${hex(b)}, expected ${hex(expected)}`;
  if (fused !== expectedFused) return `fma ${hex(a)} ${hex(b)}: ${hex(fused)}, expected ${hex(expectedFused)}`;
  return undefined;
}

/** The word rounded in every mode and by a threshold; undefined if all agree. */
export function roundingDifference(word: number, threshold: number): string | undefined {
  for (let mode = 0; mode < 5; mode++) {
    const [result, [pattern, flags]] = [roundToBf16(mode, word), roundedBf16(mode, word)];
    if (wordOf(result) !== pattern || flagsOf(result) !== flags) {
      return `mode ${mode} ${hex(word)}: ${hex(wordOf(result))} ${flagsOf(result)}, expected ${hex(pattern)} ${flags}`;
    }
  }
  const [result, [pattern, flags]] = [roundStochastically(word, threshold), stochasticBf16(word, threshold)];
  if (wordOf(result) === pattern && flagsOf(result) === flags) return undefined;
  return `${hex(word)} by ${hex(threshold)}: ${hex(wordOf(result))} ${flagsOf(result)}, expected ${hex(pattern)} ${flags}`;
}
