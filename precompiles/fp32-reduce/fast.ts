/**
 * The reductions of `semantics.ts` in the arithmetic of the host, for runs that are not recorded. The same words and flags;
 * whatever meets an infinity, a NaN or an underflow is left to the reference.
 */
import type { Reduction } from '../../vm/isa/xulp.ts';
import { FLAG, flagsOf, withFlags, wordOf } from '../fp32-round/semantics.ts';
import { LANES } from './constants.ts';
import { reduceFp32, STEPS } from './semantics.ts';

const word = new Uint32Array(1);
const number = new Float32Array(word.buffer);
const fromWord = (pattern: number): number => {
  word[0] = pattern;
  return number[0]!;
};
const toWord = (x: number): number => {
  number[0] = x;
  return word[0]!;
};

/** As `reduceFp32`. */
export function reduceFast(reduction: Reduction, acc: number, words: Uint32Array): number {
  const x = new Float32Array(words.buffer, words.byteOffset, words.length);
  if (x.length === 0) return reduceFp32(reduction, acc, words);
  const result = inHost(reduction, fromWord(acc), x);
  // An infinity or NaN anywhere stays one to the end, but for the lesser infinity of a maximum.
  const isDone = reduction === 'max' || reduction === 'maxm' ? !Number.isNaN(result) : Number.isFinite(result);
  return isDone ? withFlags(toWord(result), flags) : reduceFp32(reduction, acc, words);
}

/** Flags of what runs, besides those that only infinities and NaN have. */
let flags = 0;

function inHost(reduction: Reduction, acc: number, x: Float32Array): number {
  flags = 0;
  switch (reduction) {
    case 'sum.sequential':
      return sequential(acc, x);
    case 'squares.sequential': {
      let sum = acc;
      for (let i = 0; i < x.length; i++) sum = fma(x[i]!, sum);
      return sum;
    }
    case 'max':
    case 'maxm': {
      let most = acc;
      for (let i = 0; i < x.length; i++) most = Math.max(most, x[i]!); // +0 is larger than -0
      return most;
    }
    case 'sum.warp':
    case 'squares.warp': {
      const lanes = new Float32Array(LANES);
      if (reduction === 'sum.warp') for (let i = 0; i < x.length; i++) lanes[i % LANES] = add(lanes[i % LANES]!, x[i]!);
      else for (let i = 0; i < x.length; i++) lanes[i % LANES] = fma(x[i]!, lanes[i % LANES]!);
      for (let offset = LANES / 2; offset >= 1; offset /= 2) {
        for (let lane = 0; lane < offset; lane++) lanes[lane] = add(lanes[lane]!, lanes[lane + offset]!);
      }
      return lanes[0]!;
    }
    case 'sum.pairwise':
    case 'squares.pairwise': {
      const level = x.slice();
      if (reduction === 'squares.pairwise') for (let i = 0; i < x.length; i++) level[i] = fma(x[i]!, 0);
      for (let size = level.length; size > 1; size = Math.ceil(size / 2)) {
        for (let i = 0; 2 * i + 1 < size; i++) level[i] = add(level[2 * i]!, level[2 * i + 1]!);
        if (size % 2 === 1) level[(size - 1) / 2] = level[size - 1]!;
      }
      return level[0]!;
    }
  }
}

function sequential(acc: number, x: Float32Array): number {
  let [sum, i] = [acc, 0];
  while (i < x.length && flags === 0) sum = add(sum, x[i++]!);
  while (i < x.length) sum = Math.fround(sum + x[i++]!);
  return sum;
}

/**
 * The sum of two binary32. The double sum has 53 >= 2 * 24 + 2 bits, so rounding it again is exact (Figueroa 1995); it is
 * exact itself if both terms can be taken out of it again (Knuth, TAOCP 2, 4.2.2, theorem B). A sum does not underflow.
 */
function add(a: number, b: number): number {
  const sum = a + b;
  const result = Math.fround(sum);
  if (flags === 0) {
    const part = sum - a;
    if (result !== sum || part !== b || sum - part !== a) flags = FLAG.inexact;
  }
  return result;
}

/** Below this the sum may underflow: twice the least normal binary32. */
const TINY = 2 ** -125;

/**
 * x * x + acc, rounded once. x * x is exact in a double, and the double sum with its error (Knuth) is the exact one. Rounding
 * the double sum is right unless it is half way between two binary32 and the error says which one is nearer.
 */
function fma(x: number, acc: number): number {
  const square = x * x;
  const sum = square + acc;
  if (sum !== 0 && Math.abs(sum) < TINY) {
    const result = STEPS.squares(toWord(acc), toWord(x));
    flags |= flagsOf(result);
    return fromWord(wordOf(result));
  }
  const result = Math.fround(sum);
  const part = sum - square;
  const error = square - (sum - part) + (acc - part);
  if (result === sum && error === 0) return result;
  flags |= FLAG.inexact;
  if (result === sum || error === 0) return result;
  const other = sum + (sum - result); // as far from the sum, on its other side
  if (Math.fround(other) !== other) return result;
  return error > 0 ? Math.max(result, other) : Math.min(result, other);
}
