/**
 * The two tables of logarithms and ln 2 that the exponential relation (`semantics.ts`) is made of, in fixed point with 72
 * bits below the point: value = 2^-24 upper + 2^-48 middle + 2^-72 lower, upper signed, middle and lower in [0, 2^24).
 * Every entry is rounded to nearest: its error is at most 2^-73. Computed once from the series of the area tangent.
 */

/** A number in fixed point at every row. */
export interface LogTable {
  upper: Int32Array;
  middle: Int32Array;
  lower: Int32Array;
}

/** Head p: the factor is p / 2^12. */
export const FIRST_HEAD = 2248;
export const NUM_HEADS = 5945;
/** Step d: the factor is 1 + d / 2^24. */
export const FIRST_STEP = -3750;
export const NUM_STEPS = 7501;

/** Bits below the point while computing: 32 more than are kept. */
const WORKING_BITS = 104;
const ONE = 1n << BigInt(WORKING_BITS);

/** ln((n + 1) / n) = 2 atanh(1 / (2n + 1)), below the true value by less than 100 units of 2^-104. */
function logOfStep(n: bigint): bigint {
  const base = 2n * n + 1n;
  let sum = 0n;
  for (let power = (2n * ONE) / base, k = 1n; power !== 0n; power /= base * base, k += 2n) sum += power / k;
  return sum;
}

/** ln(1 + step / 2^24), |step| < 2^12: eight terms, the ninth is below 2^-108. */
function logOfOnePlus(step: number): bigint {
  let sum = 0n;
  for (let power = BigInt(step) << BigInt(WORKING_BITS - 24), k = 1n; k <= 8n; k++) {
    sum += (k % 2n === 1n ? power : -power) / k;
    power = (power * BigInt(step)) >> 24n;
  }
  return sum;
}

/** ln(p / 2^12) for every head, summed away from the zero at 2^12. */
function headLogs(): bigint[] {
  const logs = new Array<bigint>(NUM_HEADS).fill(0n);
  const one = 4096 - FIRST_HEAD;
  for (let i = one + 1; i < NUM_HEADS; i++) logs[i] = logs[i - 1]! + logOfStep(BigInt(FIRST_HEAD + i - 1));
  for (let i = one - 1; i >= 0; i--) logs[i] = logs[i + 1]! - logOfStep(BigInt(FIRST_HEAD + i));
  return logs;
}

function toTable(logs: readonly bigint[]): LogTable {
  const [upper, middle, lower] = [0, 1, 2].map(() => new Int32Array(logs.length)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (const [i, log] of logs.entries()) {
    const rounded = (log + (1n << 31n)) >> 32n;
    upper[i] = Number(rounded >> 48n);
    middle[i] = Number((rounded >> 24n) & 0xff_ffffn);
    lower[i] = Number(rounded & 0xff_ffffn);
  }
  return { upper, middle, lower };
}

/** ln(p / 2^12) at p - FIRST_HEAD. */
export const HEAD_LOGS: LogTable = toTable(headLogs());

/** ln(1 + d / 2^24) at d - FIRST_STEP. */
export const STEP_LOGS: LogTable = toTable(Array.from({ length: NUM_STEPS }, (_, i) => logOfOnePlus(FIRST_STEP + i)));

/** ln 2 in limbs of 24 bits, the highest first, 96 bits below the point, rounded down. */
export const LN2: readonly [number, number, number, number] = [80n, 56n, 32n, 8n].map((shift) =>
  Number((logOfStep(1n) >> shift) & 0xff_ffffn),
) as [number, number, number, number];

/** |U| in units of 2^-14 is below this: the largest is (ln 2) / 2 with what the choice of n leaves over. */
export const NUM_NEAREST = 5888;

/** The head whose logarithm is nearest to the middle of [i, i + 1) / 2^14, at i + NUM_NEAREST. */
export const NEAREST_HEAD: Int32Array = nearestHeads();

function nearestHeads(): Int32Array {
  const heads = new Int32Array(2 * NUM_NEAREST);
  let row = 0;
  for (let i = 0; i < heads.length; i++) {
    const middle = (i - NUM_NEAREST) * 1024 + 512; // units of 2^-24
    while (middle > (HEAD_LOGS.upper[row]! + HEAD_LOGS.upper[row + 1]!) / 2) row++;
    heads[i] = FIRST_HEAD + row;
  }
  return heads;
}
