/** SHA-256 compression on words. Source: FIPS 180-4, 4.1.2 and 6.2.2; the steps are numbered as there. */
import {
  BIG_SIGMA_0,
  BIG_SIGMA_1,
  MESSAGE_WORDS,
  ROUND_CONSTANTS,
  ROUNDS,
  SMALL_SIGMA_0,
  SMALL_SIGMA_1,
  STATE_WORDS,
} from './constants.ts';

type Amounts = readonly [number, number, number];

const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));
const bigSigma = (x: number, [a, b, c]: Amounts): number => (rotate(x, a) ^ rotate(x, b) ^ rotate(x, c)) >>> 0;
const smallSigma = (x: number, [a, b, c]: Amounts): number => (rotate(x, a) ^ rotate(x, b) ^ (x >>> c)) >>> 0;

export const bigSigma0 = (x: number): number => bigSigma(x, BIG_SIGMA_0);
export const bigSigma1 = (x: number): number => bigSigma(x, BIG_SIGMA_1);
export const smallSigma0 = (x: number): number => smallSigma(x, SMALL_SIGMA_0);
export const smallSigma1 = (x: number): number => smallSigma(x, SMALL_SIGMA_1);
export const choose = (x: number, y: number, z: number): number => ((x & y) ^ (~x & z)) >>> 0;
export const majority = (x: number, y: number, z: number): number => ((x & y) ^ (x & z) ^ (y & z)) >>> 0;

/** Step 1: the message schedule, 64 words from 16. */
export function schedule(message: ArrayLike<number>): Uint32Array {
  const w = new Uint32Array(ROUNDS);
  for (let t = 0; t < MESSAGE_WORDS; t++) w[t] = message[t]!;
  for (let t = MESSAGE_WORDS; t < ROUNDS; t++) {
    w[t] = smallSigma1(w[t - 2]!) + w[t - 7]! + smallSigma0(w[t - 15]!) + w[t - 16]!;
  }
  return w;
}

/** Values of the working variables a and e: entry t + 4 after round t, entries 0 to 3 d, c, b, a and h, g, f, e before. */
export interface WorkingWords {
  readonly a: Uint32Array;
  readonly e: Uint32Array;
}

/** Steps 2 and 3. b, c, d are a of one, two and three rounds before, and f, g, h those of e. */
export function rounds(state: ArrayLike<number>, w: Uint32Array): WorkingWords {
  const [a, e] = [new Uint32Array(ROUNDS + 4), new Uint32Array(ROUNDS + 4)];
  for (let i = 0; i < 4; i++) {
    a[3 - i] = state[i]!;
    e[3 - i] = state[4 + i]!;
  }
  for (let t = 0; t < ROUNDS; t++) {
    const temporary1 =
      e[t]! + bigSigma1(e[t + 3]!) + choose(e[t + 3]!, e[t + 2]!, e[t + 1]!) + ROUND_CONSTANTS[t]! + w[t]!;
    e[t + 4] = a[t]! + temporary1;
    a[t + 4] = temporary1 + bigSigma0(a[t + 3]!) + majority(a[t + 3]!, a[t + 2]!, a[t + 1]!);
  }
  return { a, e };
}

/** The state after a block of 16 words, as 8 words; step 4. */
export function compress(state: ArrayLike<number>, message: ArrayLike<number>): Uint32Array {
  const { a, e } = rounds(state, schedule(message));
  return Uint32Array.from({ length: STATE_WORDS }, (_, i) => {
    const last = ROUNDS + 3 - (i % 4);
    return state[i]! + (i < 4 ? a[last]! : e[last]!);
  });
}
