/**
 * Forged rows of the chip of fused multiply-adds: some cells of one product are lies, all that follow from them, also in
 * the other product, are what a prover would write next. Rows that no honest prover has are made the same way.
 */

import { named } from '../../precompiles/bf16-dot/prefix.ts';
import { exponentOf, significandOf } from '../../precompiles/bf16-dot/semantics.ts';
import { bf16DotFmaAir } from '../../precompiles/bf16-dot-fma/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { centred, inverse, mul, reduce } from '../../stark/field/koala-bear.ts';
import { decodeBf16 } from '../../vm/chips/bf16-decode/decode.ts';

/** Accumulator, and operands of two products. */
export interface Pair {
  readonly acc: number;
  readonly a: readonly [number, number];
  readonly b: readonly [number, number];
}
export type Lies = Readonly<Record<string, number>>;

const index = new Map(bf16DotFmaAir.main.map((column) => [column.name, column.index]));
const centered = (value: number): number => centred(reduce(value));
const inverseOrZero = (value: number): number => (reduce(value) === 0 ? 0 : inverse(reduce(value)));
/** a * b, in the field where it is no safe integer. */
const times = (a: number, b: number): number =>
  Number.isSafeInteger(a * b) ? a * b : centered(mul(reduce(a), reduce(b)));
/** a / b over the integers if it divides, else in the field. */
const quotientOf = (a: number, b: number): number =>
  b !== 0 && a % b === 0 ? a / b : b === 0 ? 0 : centered(mul(reduce(a), inverse(reduce(b))));

/** One row. Names of lies are those of `macColumns`, and `magnitude` for the sum that top and bottom are taken from. */
export function forgeMacs({ acc, a, b }: Pair, lies: { readonly first?: Lies; readonly second?: Lies } = {}): Rows {
  const row = new Array<number>(bf16DotFmaAir.main.length).fill(0);
  const put = (name: string, value: number): void => {
    const at = index.get(name);
    if (at === undefined) throw new RangeError(`lies: expected columns, got ${name}`);
    row[at] = reduce(value);
  };
  let state = forgedState(acc);
  ['isReal', 'clk', 'a', 'b'].forEach((name, i) => void put(name, [1, 1, 32, 64][i]!));
  ['accNegative', 'accHigh', 'accLow', 'accExponent'].forEach((name, i) => void put(name, state[i]!));
  for (const [i, prefix] of (['first', 'second'] as const).entries()) {
    state = forgeMac((name, value) => put(named(prefix, name), value), lies[prefix] ?? {}, a[i]!, b[i]!, state);
  }
  return { main: [row] };
}

/** The cells of one product; gives the state after it. `isNormal`: of `normalMacColumns`. */
export function forgeMac(
  put: (name: string, value: number) => void,
  lies: Lies,
  x: number,
  y: number,
  [accNegative, accHigh, accLow, accExponent]: ForgedState,
  isNormal = false,
): ForgedState {
  const set = setter(put, lies);
  const [dx, dy] = [decodeBf16(x), decodeBf16(y)];
  const productExponent = dx.exponent + dy.exponent;
  const product = dx.significand * dy.significand;
  put('a', dx.significand);
  put('b', dy.significand);
  put('productExponent', productExponent);
  const largest = set('largest', () => Math.max(productExponent, accExponent));
  const sign = 1 - 2 * set('isNegative', () => (product < 0 ? 1 : 0));
  const [term, , , remainder] = align(set, '', sign * product, largest - productExponent) as [
    number,
    number,
    number,
    number,
  ];
  const high = align(set, 'high', accHigh, largest - accExponent) as [number, number, number, number];
  const aligned = high[0] + align(set, 'low', accLow, largest - accExponent + 9)[0]!;
  const [, divisor, multiplier] = high;
  const significand = accHigh * 512 + accLow;
  const isGone = isNormal ? 0 : set('isGone', () => (multiplier === 0 ? 1 : 0));
  if (!isNormal) set('multiplierInverse', () => (isGone === 1 ? 0 : inverseOrZero(multiplier)));
  const cutOff =
    times(significand, multiplier) - times(times(aligned, divisor), 512) + times(isGone, significand) + remainder;
  const sticky = set('sticky', () => (reduce(cutOff) === 0 ? 0 : 1));

  const signed = sign * term + (1 - 2 * accNegative) * aligned;
  const isOpposed = (1 - sign) / 2 + accNegative - (1 - sign) * accNegative;
  const terms = { signed, isOpposed, sticky, largest, cutOff, exponent: accExponent };
  return forgeSum(set, lies, terms, (isZero) => {
    set('accInverse', () => (isZero && accNegative === 1 ? inverseOrZero(significand) : 0));
  });
}

type Set = (name: string, value: () => number) => number;
export type ForgedState = readonly [negative: number, high: number, low: number, exponent: number];

/** The cells of a rounded sum and the inverse of what is cut off; `exponent`: the one that a zero says is finite. */
function forgeSum(
  set: Set,
  lies: Lies,
  {
    signed,
    isOpposed,
    sticky,
    largest,
    cutOff,
    exponent: finite,
  }: Readonly<Record<'signed' | 'isOpposed' | 'sticky' | 'largest' | 'cutOff' | 'exponent', number>>,
  putOthers: (isZero: boolean) => void,
): ForgedState {
  const isNegativeSum = set('isNegativeSum', () => (signed < 0 ? 1 : 0));
  const magnitude = lies['magnitude'] ?? quotientOf(signed, 1 - 2 * isNegativeSum) - isOpposed * sticky;
  const isZero = set('isZero', () => (magnitude === 0 ? 1 : 0));
  const finiteness = (finite - 4000) * (finite - 4001);
  set('stickyInverse', () => inverseOrZero(isZero !== 0 ? finiteness : sticky === 0 ? 0 : cutOff));
  const leadingZeros = isZero === 1 ? 0 : Math.clz32(magnitude);
  const limbShift = set('limbShift', () => (leadingZeros >= 16 ? 1 : 0));
  const zeros = set('zeros', () => Math.min(16, leadingZeros - 16 * limbShift));
  const power = set('power', () => 2 ** zeros);
  const bottom = set('bottom', () => (limbShift === 1 ? magnitude : magnitude % 2 ** 16));
  const top = set('top', () => (limbShift === 1 ? bottom : Math.floor(magnitude / 2 ** 16)));
  const shifted = times((1 - limbShift) * bottom, power);
  const moved = set('moved', () => Math.floor(shifted / 2 ** 16));
  const lower = set('lower', () => centered(shifted - times(moved, 2 ** 16)));
  set('stayed', () => quotientOf(lower, power));
  const window = set('window', () => centered(times(top, power) + moved));
  const upper = set('upper', () => (lower & 0xffff) >>> 8);
  const dropped = (lower & 0xff) + sticky;
  const increment = set('increment', () => (dropped > 0x80 || (dropped === 0x80 && upper % 2 === 1) ? 1 : 0));
  const rounded = window * 256 + upper + increment;
  const carries = set('carries', () => (rounded === 2 ** 24 && lies['high'] === undefined ? 1 : 0));
  const result = rounded - carries * 2 ** 23;
  const low = set('low', () => result % 512);
  const newHigh = set('high', () => quotientOf(result - low, 512));
  const exponent = largest + 6 - zeros - 16 * limbShift + carries;
  const code = set('exponent', () => (isZero !== 0 ? -400 : exponent > 127 ? 4000 : exponent));
  putOthers(isZero === 1);
  return [isNegativeSum, newHigh, low, code];
}

/** Writes a cell, a lie if there is one; gives what is written. Lies about cells that there are not are refused at once. */
function setter(put: (name: string, value: number) => void, lies: Lies): Set {
  for (const name of Object.keys(lies)) if (name !== 'magnitude') put(name, 0);
  return (name, value) => {
    const chosen = lies[name] ?? value();
    put(name, chosen);
    return chosen;
  };
}

/** A part moved down: what is kept of it, divisor, multiplier, remainder. */
function align(set: Set, prefix: string, whole: number, shift: number): readonly number[] {
  const at = (name: string): string => named(prefix, name);
  const isMiddle = shift > 11 && shift < 27;
  const divisor = set(at('divisor'), () => (isMiddle ? 2 ** (shift - 11) : 1));
  const multiplier = set(at('multiplier'), () => (isMiddle ? 1 : shift <= 11 ? 2 ** (11 - shift) : 0));
  const remainder = set(at('remainder'), () => whole % divisor);
  const quotient = set(at('quotient'), () => quotientOf(whole - remainder, divisor));
  return [quotient * multiplier, divisor, multiplier, remainder];
}

/** The cells of the sum x + y (`bf16-dot-amx-tile/add-air.ts`); gives its state. */
export function forgeAdd(
  put: (name: string, value: number) => void,
  lies: Lies,
  x: ForgedState,
  y: ForgedState,
): ForgedState {
  const set = setter(put, lies);
  const isSwapped = set('isSwapped', () => (y[3] > x[3] ? 1 : 0));
  const chosen = (k: number): [number, number] => [
    x[k]! + isSwapped * (y[k]! - x[k]!),
    y[k]! + isSwapped * (x[k]! - y[k]!),
  ];
  const [[negative, smallNegative], [high, smallHigh], [low, smallLow], [exponent, smallExponent]] = [0, 1, 2, 3].map(
    chosen,
  ) as [[number, number], [number, number], [number, number], [number, number]];
  const largest = set('largest', () => exponent);
  const shift = set('shift', () => exponent - smallExponent);
  const upper = align(set, 'high', smallHigh, shift) as [number, number, number, number];
  const kept = upper[0] + align(set, 'low', smallLow, shift + 9)[0]!;
  const cutOff = times(smallHigh * 512 + smallLow, upper[2]) - times(times(kept, upper[1]), 512);
  const sticky = set('sticky', () => (reduce(cutOff) === 0 ? 0 : 1));
  const signed = (1 - 2 * negative) * 4 * (high * 512 + low) + (1 - 2 * smallNegative) * kept;
  const isOpposed = x[0] + y[0] - 2 * x[0] * y[0];
  return forgeSum(set, lies, { signed, isOpposed, sticky, largest, cutOff, exponent: largest }, (isZero) => {
    set('negativeZeroInverse', () => (isZero && y[0] === 1 ? inverseOrZero(y[1] * 512 + y[2]) : 0));
  });
}

/** The state of a word. */
export const forgedState = (word: number): ForgedState => {
  const significand = significandOf(word);
  return [word >>> 31, significand >>> 9, significand % 512, exponentOf(word)];
};
