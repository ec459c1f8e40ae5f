/**
 * What a row of the exponential relation holds, from U: the executor's choice among the rows that the chip (`air.ts`)
 * accepts. Integers only.
 *
 *     U = L1[head] + L2[step] + v,   v = W + W^2 / 2 + w',   W = 2^-36 w[0],   w' = 2^-48 w[1] + 2^-60 w[2] + 2^-73 w[3]
 *     M = P + M (W + w') - M W w',   P = 2^-12 head + 2^-36 head * step
 *
 * w[0] is signed, of 13 bits; w[1] has 12, w[2] 15, w[3] 13. M = 2^-12 head + 2^-24 carry[0] + the digits, of 12 bits, at
 * 2^-36, 2^-48, 2^-60, 2^-72; carry[k] goes out of digit k.
 */
import { LENT } from './air.ts';
import { carry, type Fixed } from './semantics.ts';
import { FIRST_HEAD, FIRST_STEP, HEAD_LOGS, NUM_HEADS, STEP_LOGS } from './tables.ts';

export interface ExponentialRow {
  head: number;
  step: number;
  w: Int32Array;
  /** U - L1 - L2 in units of 2^-24, of the upper limbs alone. */
  powerCarry: number;
  /** Carries out of the digits at 2^-36, 2^-48, 2^-60, 2^-72 and out of 2^-85. */
  carry: Int32Array;
  /** Digits of M at 2^-36, 2^-48, 2^-60, 2^-72, and what is left at 2^-85, below 2^15. */
  digit: Int32Array;
  /** M as on the bus. */
  valueUpper: number;
  value36: number;
  value48: number;
  valueLower: number;
}

const shared: ExponentialRow = {
  ...{ head: 0, step: 0, w: new Int32Array(4), powerCarry: 0, carry: new Int32Array(5), digit: new Int32Array(5) },
  ...{ valueUpper: 0, value36: 0, value48: 0, valueLower: 0 },
};
const rest: Fixed = { upper: 0, middle: 0, lower: 0 };

/**
 * The row of U in [-0.6, 0.6932], limbs as on the bus (`bus.ts`). The value returned is written over by the next call.
 */
export function exponentialRow(upper: number, middle: number, lower: number): ExponentialRow {
  const { w, carry: carries, digit } = shared;
  carry(rest, upper, middle, lower);
  const row = nearestHead(rest.upper);
  const { upper: heads, middle: middles, lower: lowers } = HEAD_LOGS;
  carry(rest, rest.upper - heads[row]!, rest.middle - middles[row]!, rest.lower - lowers[row]!);
  const step = rest.upper + (rest.middle >>> 23); // |step| <= 3749
  const at = step - FIRST_STEP;
  const head = row + FIRST_HEAD;
  shared.head = head;
  shared.step = step;
  shared.powerCarry = upper - heads[row]! - STEP_LOGS.upper[at]!;
  const high = shared.powerCarry * 2 ** 24 + middle - middles[row]! - STEP_LOGS.middle[at]! - LENT;
  w[0] = Math.floor(high / 4096); // |w[0]| <= 3771: half a step, and step^2 / 2
  w[1] = high & 0xfff;
  const low = 2 * (lower - lowers[row]! - STEP_LOGS.lower[at]! + LENT * 2 ** 24) - w[0] * w[0]; // in [0, 2^28)
  w[2] = low >> 13;
  w[3] = low & 0x1fff;
  multiply(head, step);
  shared.valueUpper = head * 4096 + carries[0]!;
  shared.value36 = digit[0]!;
  shared.value48 = digit[1]!;
  shared.valueLower = digit[2]! * 4096 + digit[3]!;
  return shared;
}

/** Row of the head whose logarithm is nearest to 2^-24 upper. */
function nearestHead(upper: number): number {
  let [low, high] = [0, NUM_HEADS - 1];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (2 * upper > HEAD_LOGS.upper[middle]! + HEAD_LOGS.upper[middle + 1]!) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The digits of M, from the last to the first. The products take digits of M down to 2^-48, which W, below 2^-24, moves less
 * with each round: from the third on they stay, unless what is below them is within 3 units of 2^-72 of a carry that W < 0
 * takes back. Then the lower of both stays, with all digits below it at their greatest.
 */
function multiply(head: number, step: number): void {
  const { carry: carries, digit } = shared;
  carries[0] = (head * step) >> 12;
  carries[1] = 0;
  digit[0] = (head * step) & 0xfff;
  digit[1] = 0;
  let before = 0;
  for (let round = 0; round < 4; round++) {
    before = leading();
    upwards(head, step);
    if (leading() === before) return;
  }
  if (leading() < before) {
    downwards(head);
    return;
  }
  upwards(head, step);
  downwards(head);
}

/** The digits of M down to 2^-48 less head, as one number. */
const leading = (): number => (shared.carry[0]! * 4096 + shared.digit[0]!) * 4096 + shared.digit[1]!;

/** Sums of products by their weight, each below 2^30 in magnitude. The last is twice as fine. */
function productAt60({ w, carry }: ExponentialRow, head: number): number {
  return w[0]! * carry[0]! + w[1]! * head;
}
function productAt72({ w, carry, digit }: ExponentialRow, head: number): number {
  return w[0]! * digit[0]! + w[1]! * carry[0]! + w[2]! * head;
}
function productAt85({ w, carry, digit }: ExponentialRow, head: number): number {
  return 2 * (w[0]! * digit[1]! + w[1]! * (digit[0]! - carry[1]!) + w[2]! * carry[0]!) + w[3]! * head;
}

/** Every digit and carry anew from the sums. */
function upwards(head: number, step: number): void {
  const { w, carry: carries, digit } = shared;
  const [at60, at72, at85] = [productAt60(shared, head), productAt72(shared, head), productAt85(shared, head)];
  const settle = (k: number, sum: number, bits: number): number => {
    carries[k] = sum >> bits;
    digit[k] = sum - carries[k]! * 2 ** bits;
    return carries[k]!;
  };
  settle(
    0,
    head * step + settle(1, w[0]! * head + settle(2, at60 + settle(3, at72 + settle(4, at85, 13), 12), 12), 12),
    12,
  );
}

/** Digits below 2^-48 at their greatest, with carries that keep the others. */
function downwards(head: number): void {
  const { w, carry: carries, digit } = shared;
  digit[2] = 0xfff;
  digit[3] = 0xfff;
  carries[2] = 4096 * carries[1]! + digit[1]! - w[0]! * head;
  carries[3] = 4096 * carries[2]! + digit[2]! - productAt60(shared, head);
  carries[4] = 4096 * carries[3]! + digit[3]! - productAt72(shared, head);
  digit[4] = productAt85(shared, head) - 8192 * carries[4]!;
}
