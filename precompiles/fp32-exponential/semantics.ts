/**
 * The exponential relation M = e^U that exp, exp2, log and tanh share, read in either direction: from U in
 * [-0.3515, 0.4055) to M in (0.70, 1.5) or back. Fixed point with 72 bits below the point: (upper, middle, lower) are
 * multiples of 2^-24, 2^-48, 2^-72, upper signed, the others in [0, 2^24). Integers only.
 *
 *     U = ln(head / 2^12) + ln(1 + step / 2^24) + v      two tables and |v| < 2^-24
 *     M = head / 2^12 * (1 + step / 2^24) * (1 + w)      w = v + v^2 / 2
 *
 * v and w are taken apart into digits of 12 bits, w = 2^-36 w[3] + 2^-48 w[4] + 2^-60 w[5] + 2^-72 w[6], the first
 * signed, so that every product is one of a digit and of at most 13 bits. |M - e^U| < 9 * 2^-72: the terms of the error are
 * in docs/decisions/0007-correctly-rounded-functions.md.
 */
import { exponentOf, significandOf } from '../fp32-add/semantics.ts';
import { FIRST_HEAD, FIRST_STEP, HEAD_LOGS, LN2, NEAREST_HEAD, NUM_NEAREST, STEP_LOGS } from './tables.ts';

const LIMB = 2 ** 24;
const DIGIT = 0xfff;

/** A number in fixed point. */
export interface Fixed {
  upper: number;
  middle: number;
  lower: number;
}

/** What a row of the relation holds. */
export interface Exponential {
  head: number;
  step: number;
  /** U. */
  power: Fixed;
  /** v, w: what the tables leave of U and M. */
  rest: Fixed;
  growth: Fixed;
  /** head * step = 2^12 stepHigh + stepLow: the factor of both is 2^-12 head + 2^-24 stepHigh + 2^-36 stepLow. */
  stepHigh: number;
  stepLow: number;
  /** M. */
  value: Fixed;
}

const zero = (): Fixed => ({ upper: 0, middle: 0, lower: 0 });
const shared: Exponential = {
  ...{ head: 0, step: 0, power: zero(), rest: zero(), growth: zero() },
  ...{ stepHigh: 0, stepLow: 0, value: zero() },
};

/** Brings middle and lower into [0, 2^24). All three are integers below 2^52 in magnitude. */
export function carry(target: Fixed, upper: number, middle: number, lower: number): void {
  const fromLower = Math.floor(lower / LIMB);
  const fromMiddle = Math.floor((middle + fromLower) / LIMB);
  target.lower = lower - fromLower * LIMB;
  target.middle = middle + fromLower - fromMiddle * LIMB;
  target.upper = upper + fromMiddle;
}

/** e^U. The value returned is written over by the next call. */
export function exponential({ upper, middle, lower }: Fixed): Exponential {
  const { power, rest, growth } = shared;
  power.upper = upper;
  power.middle = middle;
  power.lower = lower;
  const head = NEAREST_HEAD[(upper >> 10) + NUM_NEAREST]!;
  const row = head - FIRST_HEAD;
  const { upper: heads, middle: middles, lower: lowers } = HEAD_LOGS;
  carry(rest, upper - heads[row]!, middle - middles[row]!, lower - lowers[row]!); // |rest| < 2^-12.2
  const step = rest.upper + (rest.middle >>> 23); // to nearest: |step| <= 3430
  subtractStep(rest, step);
  carry(growth, rest.upper, rest.middle, rest.lower + halfSquare(rest));
  multiply(head, step);
  return shared;
}

/**
 * ln M for M = 2^-24 numerator, numerator in [3 * 2^22, 3 * 2^23). The value returned is written over by the next call.
 */
export function logarithm(numerator: number): Exponential {
  const { power, rest, growth } = shared;
  const head = (numerator + 2048) >>> 12;
  const excess = (numerator - head * 4096) * 4096; // |excess| <= 2^23
  const step = floorDivide(2 * excess + head, 2 * head); // |step| <= 2731
  // w = remainder / factor, both in units of 2^-36; the factor is below 2^38, so that no number here reaches 2^53.
  const factor = head * LIMB + head * step;
  let remainder = excess - head * step; // |remainder| <= head / 2
  const upper = floorDivide(remainder * LIMB, factor);
  remainder = remainder * LIMB - upper * factor;
  growth.upper = upper;
  for (const limb of ['middle', 'lower'] as const) {
    const first = floorDivide(remainder * 4096, factor);
    remainder = remainder * 4096 - first * factor;
    const second = floorDivide(remainder * 4096, factor);
    remainder = remainder * 4096 - second * factor;
    growth[limb] = first * 4096 + second;
  }
  carry(rest, growth.upper, growth.middle, growth.lower - halfSquare(growth));
  const [row, stepRow] = [head - FIRST_HEAD, step - FIRST_STEP];
  carry(
    power,
    HEAD_LOGS.upper[row]! + STEP_LOGS.upper[stepRow]! + rest.upper,
    HEAD_LOGS.middle[row]! + STEP_LOGS.middle[stepRow]! + rest.middle,
    HEAD_LOGS.lower[row]! + STEP_LOGS.lower[stepRow]! + rest.lower,
  );
  multiply(head, step);
  return shared;
}

/** Exact for |quotient| < 2^14 and divisor < 2^39: a quotient is no integer by at least 2^-39, and rounded by less. */
const floorDivide = (dividend: number, divisor: number): number => Math.floor(dividend / divisor);

function subtractStep(rest: Fixed, step: number): void {
  const row = step - FIRST_STEP;
  const { upper, middle, lower } = STEP_LOGS;
  carry(rest, rest.upper - upper[row]!, rest.middle - middle[row]!, rest.lower - lower[row]!);
}

/** z^2 / 2 in units of 2^-72 to less than 2.4 of them; |z| < 2^-24: the result is below 2^24. */
function halfSquare({ upper, middle }: Fixed): number {
  const first = upper * 4096 + (middle >>> 12);
  return (first * first + ((first * (middle & DIGIT)) >> 11)) >> 1;
}

/** M from head, step and w. */
function multiply(head: number, step: number): void {
  const { growth, value } = shared;
  const product = head * step; // |product| < 2^25
  const stepHigh = product >> 12;
  const stepLow = product & DIGIT;
  const w3 = growth.upper * 4096 + (growth.middle >>> 12); // |w3| <= 2^12
  const w4 = growth.middle & DIGIT;
  const w5 = growth.lower >>> 12;
  const w6 = growth.lower & DIGIT;
  // Sums of products by their weight, 2^-48 to 2^-84, each below 2^28 in magnitude; what is lighter is left out.
  const at84 = w4 * stepLow + w5 * stepHigh + w6 * head;
  const at72 = w3 * stepLow + w4 * stepHigh + w5 * head + (at84 >> 12);
  const at60 = w3 * stepHigh + w4 * head + (at72 >> 12);
  const at48 = w3 * head + (at60 >> 12);
  const at36 = stepLow + (at48 >> 12);
  value.upper = head * 4096 + stepHigh + (at36 >> 12);
  value.middle = (at36 & DIGIT) * 4096 + (at48 & DIGIT);
  value.lower = (at60 & DIGIT) * 4096 + (at72 & DIGIT);
  shared.head = head;
  shared.step = step;
  shared.stepHigh = stepHigh;
  shared.stepLow = stepLow;
}

/** x = n ln 2 + U for exp, tanh; x = n + U / ln 2 for exp2. */
export interface Reduction {
  doublings: number;
  power: Fixed;
}
const reduction: Reduction = { doublings: 0, power: zero() };

/** x of a finite word in units of 2^-48, exact for 2^-25 <= |x| < 2^8: below 2^56, 24 significant bits. */
export const scaled = (word: number): number =>
  (word >>> 31 === 1 ? -1 : 1) * significandOf(word) * 2 ** (exponentOf(word) - 102);

/** Takes a multiple of ln 2 from x, given in units of 2^-48. The value returned is written over by the next call. */
export function reduceByLn2(x: number): Reduction {
  // 5909 / 2^12 is 1 / ln 2: n is within 0.507 of x / ln 2, so that |U| < 0.3515.
  const n = Math.floor((Math.floor(x / 2 ** 36) * 5909 + 2 ** 23) / 2 ** 24);
  const upper = Math.floor(x / LIMB);
  reduction.doublings = n;
  carry(
    reduction.power,
    upper - n * LN2[0],
    x - upper * LIMB - n * LN2[1],
    -n * LN2[2] - Math.floor((n * LN2[3]) / LIMB), // the error of n ln 2 is below 2^-72 + |n| 2^-96
  );
  return reduction;
}

/** Takes the nearest integer from x, given in units of 2^-48. The value returned is written over by the next call. */
export function reduceByOne(x: number): Reduction {
  const n = Math.floor((x + 2 ** 47) / 2 ** 48);
  const fraction = x - n * 2 ** 48; // in [-2^47, 2^47)
  const high = Math.floor(fraction / LIMB);
  const low = fraction - high * LIMB;
  // Sums of products by their weight, 2^-120 to 2^-48, each below 2^50 in magnitude.
  const at120 = high * LN2[3] + low * LN2[2];
  const at96 = high * LN2[2] + low * LN2[1] + Math.floor(at120 / LIMB);
  reduction.doublings = n;
  carry(reduction.power, 0, high * LN2[0], high * LN2[1] + low * LN2[0] + Math.floor(at96 / LIMB));
  return reduction;
}
