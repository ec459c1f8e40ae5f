/**
 * Reductions of binary32 words, bit for bit. All additions round to nearest, ties to even; flags are the OR of those of
 * every step. Words are u32, results words with flags (`fp32-round/semantics.ts`).
 *
 * - `sum.sequential`: acc + x0, then + x1, .. It starts with an accumulator, so that a sum can go on.
 * - `squares.sequential`: acc = fma(x, x, acc), rounded once, as compilers for CUDA make of acc += x * x (nvcc has
 *   --fmad=true by default) and so kernels of norms have it.
 * - `max`, `maxm`: acc = fmax.s(acc, x), or fmaxm.s (`fp32-max/semantics.ts`).
 * - `sum.warp`: 32 lanes start as +0; lane j adds x_j, x_(j+32), .., in order, as many as there are, which is one less for
 *   lanes from n mod 32 on. Then five times every lane adds that of the lane with number xor 16, 8, 4, 2, 1:
 *   `for (offset = 16; offset > 0; offset /= 2) val += __shfl_xor_sync(0xffffffff, val, offset)`. The result is that of
 *   lane 0. Source: warpReduceSum of llm.c, llmc/cuda_utils.cuh, and its layer norm kernels.
 * - `squares.warp`: the same, where lane j does acc = fma(x, x, acc).
 * - `sum.pairwise`: x0 + x1, x2 + x3, .., where the last of an odd number stays as it is, and so on with these until one is
 *   left. Source: Higham, "Accuracy and Stability of Numerical Algorithms", 2nd ed., section 4.1, pairwise summation. (The
 *   same tree as splitting n words after the largest power of two below n.) No word: +0; one word: that word, as it is.
 * - `squares.pairwise`: the same of the squares, each rounded: x0 * x0 + x1 * x1, .. without fused steps.
 */
import type { Reduction } from '../../vm/isa/xulp.ts';
import { addFp32 } from '../fp32-add/semantics.ts';
import { fmaFp32 } from '../fp32-fma/semantics.ts';
import { maxFp32 } from '../fp32-max/semantics.ts';
import { flagsOf, ROUNDING, withFlags, wordOf } from '../fp32-round/semantics.ts';
import { type FoldName, LANES } from './constants.ts';

const { rne } = ROUNDING;

/** One step of a fold: the accumulator and the next word. */
export const STEPS: Readonly<Record<FoldName, (acc: number, x: number) => number>> = {
  sum: (acc, x) => addFp32(rne, false, acc, x),
  squares: (acc, x) => fmaFp32(rne, 0, x, x, acc),
  max: (acc, x) => maxFp32(false, acc, x),
  maxm: (acc, x) => maxFp32(true, acc, x),
};

/** `acc` is what a sequential reduction starts with; the others do without. */
export function reduceFp32(reduction: Reduction, acc: number, words: ArrayLike<number>): number {
  switch (reduction) {
    case 'sum.sequential':
      return sequential('sum', acc, words);
    case 'squares.sequential':
      return sequential('squares', acc, words);
    case 'max':
      return sequential('max', acc, words);
    case 'maxm':
      return sequential('maxm', acc, words);
    case 'sum.warp':
      return warp('sum', words);
    case 'squares.warp':
      return warp('squares', words);
    case 'sum.pairwise':
      return pairwise(words);
    case 'squares.pairwise': {
      // x * x + 0 is the rounded square, with its flags: no square is -0.
      const squares = Array.from(words, (x) => STEPS.squares(0, x));
      const flags = squares.reduce((all, square) => all | flagsOf(square), 0);
      const result = pairwise(squares.map(wordOf));
      return withFlags(wordOf(result), flags | flagsOf(result));
    }
  }
}

function sequential(fold: FoldName, start: number, words: ArrayLike<number>): number {
  let [acc, flags] = [start, 0];
  for (let i = 0; i < words.length; i++) {
    const result = STEPS[fold](acc, words[i]!);
    acc = wordOf(result);
    flags |= flagsOf(result);
  }
  return withFlags(acc, flags);
}

function warp(fold: FoldName, words: ArrayLike<number>): number {
  const lanes = new Array<number>(LANES).fill(0);
  let flags = 0;
  for (let i = 0; i < words.length; i++) {
    const result = STEPS[fold](lanes[i % LANES]!, words[i]!);
    lanes[i % LANES] = wordOf(result);
    flags |= flagsOf(result);
  }
  // Of the lanes only those that lane 0 depends on.
  for (let offset = LANES / 2; offset >= 1; offset /= 2) {
    for (let lane = 0; lane < offset; lane++) {
      const result = addFp32(rne, false, lanes[lane]!, lanes[lane ^ offset]!);
      lanes[lane] = wordOf(result);
      flags |= flagsOf(result);
    }
  }
  return withFlags(lanes[0]!, flags);
}

function pairwise(words: ArrayLike<number>): number {
  const level = Array.from(words);
  let flags = 0;
  while (level.length > 1) {
    const odd = level.length % 2 === 1 ? [level.at(-1)!] : [];
    const pairs = Math.floor(level.length / 2);
    for (let i = 0; i < pairs; i++) {
      const result = addFp32(rne, false, level[2 * i]!, level[2 * i + 1]!);
      level[i] = wordOf(result);
      flags |= flagsOf(result);
    }
    level.length = pairs;
    level.push(...odd);
  }
  return withFlags(level[0] ?? 0, flags);
}
