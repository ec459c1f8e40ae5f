/**
 * exp and log for the trainer, from +, -, *, / alone. ECMAScript leaves the last bits of Math.exp and Math.log to the
 * engine; IEEE-754 fixes the basic operations, so these give the same bits on every machine. They are accurate to about
 * 1e-14 and no reference of anything that is proven.
 */
/** ln 2 as two parts; the first has 21 trailing zero bits, so n LN2_HIGH is exact for |n| < 2^20 (fdlibm). */
const LN2_HIGH = 0.6931471803691238;
const LN2_LOW = 1.9082149292705877e-10;

const HALVES = new Float64Array(1023); // 2^-n
HALVES[0] = 1;
for (let n = 1; n < HALVES.length; n++) HALVES[n] = HALVES[n - 1]! / 2;

/** 1 / i!, the Taylor coefficients of exp. */
const EXP = new Float64Array(12);
EXP[0] = 1;
for (let i = 1; i < EXP.length; i++) EXP[i] = EXP[i - 1]! / i;

/** e^x for x <= 0, and 0 below -700. */
export function expNegative(x: number): number {
  if (x < -700) return 0;
  const n = Math.floor(x * Math.LOG2E + 0.5);
  const r = x - n * LN2_HIGH - n * LN2_LOW; // |r| < 0.35
  let sum = EXP[11]!; // the next term is below 1e-14
  for (let i = 10; i >= 0; i--) sum = sum * r + EXP[i]!;
  return sum * HALVES[-n]!;
}

/** ln x for x in [2^-60, 2^60]. */
export function logarithm(x: number): number {
  let exponent = 0;
  let m = x;
  for (; m > 1.5; m /= 2) exponent++;
  for (; m < 0.75; m *= 2) exponent--;
  const s = (m - 1) / (m + 1); // ln m = 2 artanh s, |s| <= 1/5
  const square = s * s;
  let sum = 0;
  for (let i = 21; i > 0; i -= 2) sum = sum * square + 1 / i; // next term below 1e-16
  return exponent * LN2_LOW + 2 * s * sum + exponent * LN2_HIGH;
}

/** Replaces logits by probabilities. */
export function softmax(logits: Float64Array): void {
  let largest = Number.NEGATIVE_INFINITY;
  for (const x of logits) if (x > largest) largest = x;
  let sum = 0;
  for (let i = 0; i < logits.length; i++) {
    logits[i] = expNegative(logits[i]! - largest);
    sum += logits[i]!;
  }
  const scale = 1 / sum;
  for (let i = 0; i < logits.length; i++) logits[i]! *= scale;
}
