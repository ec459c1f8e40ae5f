/**
 * The Poseidon2 permutation over KoalaBear with width 24. The sponge and the Merkle tree are built on it.
 *
 * Source: Grassi, Khovratovich, Schofnegger, Poseidon2, ePrint 2023/323; matrices and constants as in Plonky3 (see
 * `constants.ts`), tested against its published vector. A state is 24 canonical residues. `permutation.ts` is the
 * arithmetization; the cells it needs are what `permute` records.
 */
import { P } from '../../stark/field/koala-bear.ts';
import {
  DIAGONAL,
  DIGEST_FELTS,
  DIGEST_LANE,
  FINAL_CONSTANTS,
  HALF_FULL_ROUNDS,
  INITIAL_CONSTANTS,
  PARTIAL_CONSTANTS,
  PARTIAL_ROUNDS,
  WIDTH,
} from './constants.ts';

const INVERSE_P = 1 / P;

const RECORDED_INITIAL = HALF_FULL_ROUNDS * WIDTH;
const RECORDED_FINAL = (HALF_FULL_ROUNDS - 1) * WIDTH;
/** Cells that `permute` records. */
export const RECORDED = RECORDED_INITIAL + PARTIAL_ROUNDS + RECORDED_FINAL + DIGEST_FELTS;

/**
 * Permutes `state` in place. With `record`, writes `RECORDED` cells from `at` on: the state after each full round
 * before the partial ones, the cube of each partial round, the state after each full round but the last, elements 15..23
 * of the output.
 */
export function permute(state: Uint32Array, record?: Uint32Array, at = 0): void {
  for (let i = 0; i < WIDTH; i++) s[i] = state[i]!;
  externalLayer();
  for (let round = 0; round < HALF_FULL_ROUNDS; round++) {
    fullRound(INITIAL_CONSTANTS, round * WIDTH);
    record?.set(s, at + round * WIDTH);
  }
  for (let round = 0; round < PARTIAL_ROUNDS; round++) {
    partialRound(PARTIAL_CONSTANTS[round]!);
    if (record !== undefined) record[at + RECORDED_INITIAL + round] = firstCube;
  }
  const final = at + RECORDED_INITIAL + PARTIAL_ROUNDS;
  for (let round = 0; round < HALF_FULL_ROUNDS; round++) {
    fullRound(FINAL_CONSTANTS, round * WIDTH);
    if (round < HALF_FULL_ROUNDS - 1) record?.set(s, final + round * WIDTH);
  }
  for (let i = 0; i < WIDTH; i++) state[i] = s[i]!;
  record?.set(state.subarray(DIGEST_LANE), final + RECORDED_FINAL);
}

/** The state while it is permuted. Residues are below 2^31, so that all but the products are i32 arithmetic. */
const s = new Int32Array(WIDTH);

/** a + b: a - p + b is in [-p, p), and its sign bit says whether p has to come back. */
function plus(a: number, b: number): number {
  const r = (a - P + b) | 0;
  return (r + (P & (r >> 31))) | 0;
}

function minus(a: number, b: number): number {
  const r = (a - b) | 0;
  return (r + (P & (r >> 31))) | 0;
}

/** ab: see `mul` of the field. The estimated quotient is below 2^31, so that truncation to i32 is its floor. */
function times(a: number, b: number): number {
  const quotient = (a * b * INVERSE_P) | 0;
  const r = (Math.imul(a, b) - Math.imul(quotient, P)) | 0;
  const low = (r + (P & (r >> 31)) - P) | 0;
  return (low + (P & (low >> 31))) | 0;
}

function cubed(x: number): number {
  return times(times(x, x), x);
}

/**
 * x / 2^k for 0 <= k <= 24. As p = 127 * 2^24 + 1, 2^-k is -127 * 2^(24 - k), so x = 2^k q + low stands for
 * q - 127 low 2^(24 - k), which is above -p because low < 2^k.
 */
function halved(x: number, k: number): number {
  const low = x & ((1 << k) - 1);
  const r = ((x >>> k) - (((low << 7) - low) << (24 - k))) | 0;
  return (r + (P & (r >> 31))) | 0;
}

function fullRound(constants: Uint32Array, first: number): void {
  for (let i = 0; i < WIDTH; i++) s[i] = cubed(plus(s[i]!, constants[first + i]!));
  externalLayer();
}

/**
 * circ(2M, M, ..., M) for the 4 x 4 matrix M = circ(2, 3, 1, 1): M on every four elements, then to each element the sum
 * of the elements in its place of all fours.
 */
function externalLayer(): void {
  let sum0 = 0;
  let sum1 = 0;
  let sum2 = 0;
  let sum3 = 0;
  for (let i = 0; i < WIDTH; i += 4) {
    const a = s[i]!;
    const b = s[i + 1]!;
    const c = s[i + 2]!;
    const d = s[i + 3]!;
    const ab = plus(a, b);
    const cd = plus(c, d);
    const all = plus(ab, cd);
    const allB = plus(all, b);
    const allD = plus(all, d);
    s[i] = plus(allB, ab);
    s[i + 1] = plus(allB, plus(c, c));
    s[i + 2] = plus(allD, cd);
    s[i + 3] = plus(allD, plus(a, a));
    sum0 = plus(sum0, s[i]!);
    sum1 = plus(sum1, s[i + 1]!);
    sum2 = plus(sum2, s[i + 2]!);
    sum3 = plus(sum3, s[i + 3]!);
  }
  for (let i = 0; i < WIDTH; i += 4) {
    s[i] = plus(s[i]!, sum0);
    s[i + 1] = plus(s[i + 1]!, sum1);
    s[i + 2] = plus(s[i + 2]!, sum2);
    s[i + 3] = plus(s[i + 3]!, sum3);
  }
}

/** The cube of the partial round that ran last. */
let firstCube = 0;

/**
 * Cubes element 0 and applies (all ones) + diag(v). The small elements of v are written out; those from 9 on are the
 * powers 2^-k of a loop, as V8 inlines only so many calls into one function (3.7 us a permutation without the loop,
 * 2.7 us with it).
 */
function partialRound(constant: number): void {
  const first = cubed(plus(s[0]!, constant));
  firstCube = first;
  let low = 0; // < 23 * 2^16
  let high = 0; // < 23 * 2^15
  for (let i = 1; i < WIDTH; i++) {
    const x = s[i]!;
    low += x & 0xffff;
    high += x >>> 16;
  }
  // 2^31 = 2^24 - 1 mod p, so high = q 2^15 + r stands for q (2^24 - 1) + r 2^16, with q < 23.
  const q = high >>> 15;
  const rest = plus(plus((high & 0x7fff) << 16, 0), plus((q << 24) - q, low));
  const sum = plus(rest, first);
  s[0] = minus(rest, first);
  s[1] = plus(sum, s[1]!);
  s[2] = plus(sum, plus(s[2]!, s[2]!));
  s[3] = plus(sum, halved(s[3]!, 1));
  s[4] = plus(sum, plus(plus(s[4]!, s[4]!), s[4]!));
  s[5] = plus(sum, plus(plus(s[5]!, s[5]!), plus(s[5]!, s[5]!)));
  s[6] = minus(sum, halved(s[6]!, 1));
  s[7] = minus(sum, plus(plus(s[7]!, s[7]!), s[7]!));
  s[8] = minus(sum, plus(plus(s[8]!, s[8]!), plus(s[8]!, s[8]!)));
  for (let i = 9; i < 16; i++) s[i] = plus(sum, halved(s[i]!, SHIFTS[i]!));
  for (let i = 16; i < WIDTH; i++) s[i] = minus(sum, halved(s[i]!, SHIFTS[i]!));
}
const SHIFTS = Int32Array.from(DIAGONAL, ([, k]) => k);
