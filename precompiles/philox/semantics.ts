/**
 * Philox4x32-10, a counter-based generator: four words from a counter of four and a key of two.
 *
 * Source: Salmon, Moraes, Dror, Shaw, "Parallel Random Numbers: As Easy as 1, 2, 3", SC 2011, section 4.3, and Random123,
 * include/Random123/philox.h, whose constants and order of words these are.
 */

import { KEY_STEPS, MULTIPLIERS, ROUNDS } from './constants.ts';

/** Upper and lower word of a product of u32. */
export function multiply(x: number, y: number): { readonly high: number; readonly low: number } {
  const product = BigInt(x) * BigInt(y);
  return { high: Number(product >> 32n), low: Number(product & 0xffff_ffffn) };
}

/** The key of round `index`, u32. */
export const roundKey = (key: number, word: 0 | 1, index: number): number =>
  (key + Math.imul(index, KEY_STEPS[word])) >>> 0;

/** One round. All words u32. */
export function round(counter: ArrayLike<number>, key: readonly [number, number]): [number, number, number, number] {
  const first = multiply(MULTIPLIERS[0], counter[0]!);
  const second = multiply(MULTIPLIERS[1], counter[2]!);
  return [(second.high ^ counter[1]! ^ key[0]) >>> 0, second.low, (first.high ^ counter[3]! ^ key[1]) >>> 0, first.low];
}

/** The four words for a counter and a key. */
export function philox4x32(counter: ArrayLike<number>, key: ArrayLike<number>): Uint32Array {
  let words = counter;
  for (let i = 0; i < ROUNDS; i++) words = round(words, [roundKey(key[0]!, 0, i), roundKey(key[1]!, 1, i)]);
  return Uint32Array.from(words);
}
