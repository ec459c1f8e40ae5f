/**
 * Rows of the rounding chip, honest or forged: in a forged row some cells are lies and all that follow from them are what
 * an honest prover would write next.
 */
import { fp32AddAir } from '../../precompiles/fp32-add/air.ts';
import { ADD_EVENT_WORDS, FP32_ADD_CHIP } from '../../precompiles/fp32-add/bus.ts';
import { fp32AddChip } from '../../precompiles/fp32-add/trace.ts';
import { fp32RoundAir, LIMB_MOVES } from '../../precompiles/fp32-round/air.ts';
import { FP32_ROUND_CHIP, ROUND_EVENT_WORDS } from '../../precompiles/fp32-round/bus.ts';
import { flagsOf, roundToFp32, wordOf } from '../../precompiles/fp32-round/semantics.ts';
import { powerTable, roundingTable, tailTable } from '../../precompiles/fp32-round/tables.ts';
import { fp32RoundChip } from '../../precompiles/fp32-round/trace.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Bus } from '../../stark/air/bus.ts';
import type { Rows } from '../../stark/air/check.ts';
import { centred, inverse, mul, reduce } from '../../stark/field/koala-bear.ts';
import { EventLog } from '../../vm/chip.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import { traceOf } from './step.ts';

/** Everything that is rounded: sign, exponent, upper and lower 32 bits, sticky, mode. */
export type Rounding = readonly [
  negative: boolean,
  exponent: number,
  high: number,
  low: number,
  sticky: boolean,
  mode: number,
];

/** Membership in the fixed tables of rounding by bus, for the checker. */
export const ROUNDING_TABLES = Object.fromEntries(
  [powerTable, tailTable, roundingTable, complementRangeTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);

/** One row each. */
export function roundingRows(roundings: readonly Rounding[]): Rows {
  const log = new EventLog(ROUND_EVENT_WORDS);
  for (const [negative, exponent, high, low, sticky, mode] of roundings) {
    const at = log.push();
    log.words.set([high, low, exponent, (negative ? 1 : 0) | (sticky ? 2 : 0) | (mode << 2)], at);
  }
  return traceOf(fp32RoundChip, { logs: new Map([[FP32_ROUND_CHIP, log]]) } as unknown as Execution);
}

const centered = (value: number): number => centred(reduce(value));
const quotientOf = (a: number, b: number): number =>
  a % b === 0 ? a / b : centered(mul(reduce(a), inverse(reduce(b))));
const modulo = (a: number, b: number): number => ((a % b) + b) % b;

/** The row of one rounding with these lies, by column name. Values are integers of either sign. */
export function forgeRounding(rounding: Rounding, lies: Readonly<Record<string, number>>): Rows {
  const row = [...roundingRows([rounding]).main[0]!];
  const index = new Map(fp32RoundAir.main.map((column) => [column.name, column.index]));
  for (const [name, value] of Object.entries(lies)) {
    if (!index.has(name)) throw new RangeError(`lies: expected columns, got ${name}`);
    row[index.get(name)!] = reduce(value);
  }
  const get = (name: string): number => centered(row[index.get(name)!]!);
  const set = (name: string, value: () => number): number => {
    const chosen = lies[name] ?? value();
    row[index.get(name)!] = reduce(chosen);
    return chosen;
  };
  const w = [0, 1, 2, 3].map((i) => get(`w[${i}]`));
  const move = LIMB_MOVES.map((_, i) => set(`move[${i}]`, () => get(`move[${i}]`)));
  const far = set('far', () => get('far'));
  const moved = (limb: number): number =>
    LIMB_MOVES.reduce<number>((sum, by, i) => sum + move[i]! * (w[limb - by] ?? 0), 0);
  const zeros = set('zeros', () => get('zeros'));
  const power = set('power', () => 2 ** zeros);
  const top = set('top', () => moved(3));
  const split = (limb: number, up: string, stays: string): [number, number] => {
    const bits = moved(limb) * power;
    const above = set(up, () => Math.floor(bits / 2 ** 16));
    return [above, set(stays, () => quotientOf(bits - above * 2 ** 16, power))];
  };
  const [movedHigh, stayedHigh] = split(2, 'movedHigh', 'stayedHigh');
  const [movedLow, stayedLow] = split(1, 'movedLow', 'stayedLow');
  const high = set('high', () => centered(top * power + movedHigh));
  const middle = set('middle', () => centered(stayedHigh * power + movedLow));
  const dropped = LIMB_MOVES.reduce<number>(
    (sum, by, i) => sum + move[i]! * w.slice(0, Math.max(0, 1 - by)).reduce((a, b) => a + b, 0),
    far * w.reduce((a, b) => a + b, 0),
  );
  const remaining = dropped + stayedLow + get('sticky');
  const rest = set('rest', () => (remaining === 0 ? 0 : 1));
  set('restInverse', () => (reduce(remaining) === 0 ? 0 : mul(reduce(rest), inverse(reduce(remaining)))));

  const tail = tailTable.fixedRow(Math.floor(middle / 3));
  const upper = set('upper', () => tail[3 + (middle % 3)] ?? 0);
  const code = set('code', () => tail[6 + (middle % 3)] ?? 0);
  const line = roundingTable.fixedRow(((get('mode') * 2 + get('negative')) * 16 + code) * 2 + rest);
  const increment = set('increment', () => line[4]!);
  const inexact = set('inexact', () => line[5]!);
  const carries = set('carries', () => line[6]!);
  const infinite = set('infinite', () => line[7]!);

  const limbs = LIMB_MOVES.reduce<number>((sum, by, i) => sum + move[i]! * by, 0);
  const isNormal = set('isNormal', () => (high >= 2 ** 15 ? 1 : 0));
  const biased = set('biased', () => (far === 1 ? 1 : get('exponent') + 127 - 16 * limbs - zeros));
  const rounded = high * 2 ** 8 + upper + increment;
  const low = set('tail', () => modulo(rounded, 2 ** 16));
  const head = set('head', () => quotientOf(rounded - low, 2 ** 16));
  const packed = 128 * (biased - 1) + head;
  const overflow = set('overflow', () => (packed > 0x7f7f ? 1 : 0));
  set('margin', () => (overflow === 1 ? packed - 0x7f80 : 0x7f7f - packed));
  const sign = get('negative') * 2 ** 15;
  set('outHi', () => sign + (overflow === 1 ? 0x7f7f + infinite : packed));
  set('outLo', () => (overflow === 1 ? (1 - infinite) * 0xffff : low));
  const becameNormal = set('becameNormal', () => (isNormal === 0 && head === 128 ? 1 : 0));
  set('becameInverse', () => (head === 128 ? 0 : inverse(reduce(head - 128))));
  const underflow = set('underflow', () => centered((1 - isNormal) * inexact * (1 - becameNormal * carries)));
  set('flags', () => (overflow === 1 ? 5 : inexact + 2 * underflow));
  return { main: [row] };
}

/**
 * A table seen from where a service is used: the bus as a table, of which an oracle says what is in it. On a bus between
 * chips the test would hold fixed what this side asks for.
 */
export const withService = (air: Air, bus: Bus): Air => ({
  ...air,
  interactions: air.interactions.map((i) => (i.bus === bus ? { ...i, bus: { ...bus, kind: 'table' } } : i)),
});

/**
 * Whether the rounding chip may answer a request so: it must give the rounded word and flags if the sender keeps its part
 * of `fp32-round/bus.ts`, and may give anything if it does not.
 */
export function isRounded(tuple: readonly number[]): boolean {
  const [negative, exponent, w3, w2, w1, w0, sticky, mode, hi, lo, flags] = tuple as [number, ...number[]];
  const limbs = [w3!, w2!, w1!, w0!];
  const isProper = limbs.every((limb) => limb < 2 ** 16) && limbs.some((limb) => limb > 0);
  if (!isProper || negative > 1 || sticky! > 1 || mode! > 4 || Math.abs(centered(exponent!)) >= 2 ** 10) return true;
  const result = roundToFp32(
    negative === 1,
    centered(exponent!),
    w3! * 2 ** 16 + w2!,
    w1! * 2 ** 16 + w0!,
    sticky === 1,
    mode!,
  );
  return wordOf(result) === hi! * 2 ** 16 + lo! && flagsOf(result) === flags;
}

/** What is added: mode, subtract, a, b. */
export type Addition = readonly [mode: number, subtract: boolean, a: number, b: number];

/** Rows of the chip of finite additions, one each. */
export function additionRows(additions: readonly Addition[]): Rows {
  const log = new EventLog(ADD_EVENT_WORDS);
  for (const [mode, subtract, a, b] of additions) {
    const at = log.push();
    log.words.set([mode | (subtract ? 8 : 0), a, b], at);
  }
  return traceOf(fp32AddChip, { logs: new Map([[FP32_ADD_CHIP, log]]) } as unknown as Execution);
}

/** The row of one addition with these lies; the result is what the sum, forged or not, rounds to. */
export function forgeAddition(addition: Addition, lies: Readonly<Record<string, number>>): Rows {
  const row = [...additionRows([addition]).main[0]!];
  const index = new Map(fp32AddAir.main.map((column) => [column.name, column.index]));
  for (const [name, value] of Object.entries(lies)) {
    if (!index.has(name)) throw new RangeError(`lies: expected columns, got ${name}`);
    row[index.get(name)!] = reduce(value);
  }
  const get = (name: string): number => centered(row[index.get(name)!]!);
  const set = (name: string, value: () => number): number => {
    const chosen = lies[name] ?? value();
    row[index.get(name)!] = reduce(chosen);
    return chosen;
  };
  const invert = (value: number, times = 1): number =>
    reduce(value) === 0 ? 0 : mul(reduce(times), inverse(reduce(value)));
  const xor = (a: number, b: number): number => a + b - 2 * a * b;
  const bSign = set('bSign', () => xor(get('bDecodedSign'), get('subtract')));
  const opposed = set('opposed', () => xor(get('aSign'), bSign));
  const isSwapped = set('isSwapped', () => get('isSwapped'));
  const distance = set('distance', () => (1 - 2 * isSwapped) * (get('aExponent') - get('bExponent')));
  const upper = set('upper', () => isSwapped * (get('aUpper') - get('bUpper')) + get('bUpper'));
  const low = set('low', () => isSwapped * (get('aLo') - get('bLo')) + get('bLo'));
  const align = (name: string, value: number, shift: number): { kept: number; divisor: number; multiplier: number } => {
    const divisor = set(`${name}Divisor`, () => (shift > 11 && shift < 27 ? 2 ** (shift - 11) : 1));
    const multiplier = set(`${name}Multiplier`, () =>
      shift < 0 || (shift > 11 && shift < 27) ? 1 : shift <= 11 ? 2 ** (11 - shift) : 0,
    );
    const remainder = set(`${name}Remainder`, () => modulo(value, divisor));
    return {
      kept: set(`${name}Quotient`, () => quotientOf(value - remainder, divisor)) * multiplier,
      divisor,
      multiplier,
    };
  };
  const first = align('upper', upper * 2 ** 8, distance);
  const aligned = first.kept + align('low', low, distance + 8).kept;
  const near = upper * 2 ** 16 + low;
  const isGone = set('isGone', () => (first.multiplier === 0 ? 1 : 0));
  set('multiplierInverse', () => invert(first.multiplier, 1 - isGone));
  const cutOff = near * first.multiplier - aligned * first.divisor * 2 ** 8 + isGone * near;
  const remains = set('remains', () => (cutOff === 0 ? 0 : 1));
  set('remainsInverse', () => invert(cutOff, remains));
  const far = (get('aUpper') + get('bUpper')) * 2 ** 16 + get('aLo') + get('bLo') - near;
  const sum = 8 * far + (1 - 2 * opposed) * aligned - opposed * remains;
  const isReversed = set('isReversed', () => (sum < 0 ? 1 : 0));
  const magnitude = quotientOf(sum, 1 - 2 * isReversed);
  const w2 = set('w2', () => {
    const w3 = lies['w3'];
    return w3 === undefined ? modulo(magnitude, 2 ** 16) : centered(magnitude - w3 * 2 ** 16);
  });
  const w3 = set('w3', () => quotientOf(magnitude - w2, 2 ** 16));
  const farSign = isSwapped * (bSign - get('aSign')) + get('aSign');
  const negative = set('negative', () => xor(farSign, isReversed));
  const isZero = set('isZero', () => (magnitude === 0 ? 1 : 0));
  set('sumInverse', () => invert(w3 * 2 ** 16 + w2, 1 - isZero));
  const isDown = set('isDown', () => (get('mode') === 2 ? 1 : 0));
  set('modeInverse', () => invert(get('mode') - 2, 1 - isDown));
  const exponent = quotientOf(get('aExponent') + get('bExponent') + distance, 2) - 122;
  const result =
    isZero === 1
      ? (opposed === 1 ? isDown : get('aSign')) * 2 ** 31
      : roundToFp32(negative === 1, exponent, modulo(w3 * 2 ** 16 + w2, 2 ** 32), 0, remains === 1, get('mode'));
  set('outHi', () => wordOf(result) >>> 16);
  set('outLo', () => wordOf(result) & 0xffff);
  set('flags', () => flagsOf(result));
  return { main: [row] };
}
