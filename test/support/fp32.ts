/**
 * What the tests of the binary32 chips share: vectors of Berkeley TestFloat, an oracle in exact integers written from
 * IEEE 754-2019, operands that meet in the rare cases, and the traces of the services that a few operations ask for.
 */
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { expect } from 'vitest';
import { imbalance } from '../../kit/balance.ts';
import { type Random, seeded } from '../../kit/random.ts';
import { paddingRow, traceOf } from '../../kit/step.ts';
import { fp32DecodeTable } from '../../precompiles/fp32-decode/air.ts';
import { FP32_ROUND_BUS } from '../../precompiles/fp32-round/bus.ts';
import { powerTable, roundingTable, tailTable } from '../../precompiles/fp32-round/tables.ts';
import { fp32RoundChip } from '../../precompiles/fp32-round/trace.ts';
import { specialCaseTable } from '../../precompiles/fp32-special/table.ts';
import { fp32SpecialChip } from '../../precompiles/fp32-special/trace.ts';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { type Chip, EventLog } from '../../vm/chip.ts';
import { complementRangeTable, powerRangeTable } from '../../vm/chips/range/air.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { messages, objections, type Tables } from './forgery.ts';

const VECTORS = new URL('../../../shared/vectors/testfloat/', import.meta.url);
export const hasVectors = existsSync(VECTORS);
/** Names of the rounding modes in the vectors, in the order of `rm`. */
export const MODE_NAMES = ['near_even', 'minMag', 'min', 'max', 'near_maxMag'] as const;

/** Lines of a vector file as numbers: operands, result, flags. */
export function vectorsOf(name: string): number[][] {
  const lines = gunzipSync(readFileSync(new URL(`${name}.txt.gz`, VECTORS)))
    .toString()
    .trim()
    .split('\n');
  return lines.map((line) => line.split(' ').map((field) => Number.parseInt(field, 16)));
}

/** An exact value: (-1)^negative (n + s) 2^e, 0 < s < 1 if `inexact`, else s = 0. */
interface Exact {
  readonly negative: boolean;
  readonly n: bigint;
  readonly e: number;
  readonly inexact: boolean;
}

const NAN = 0x7fc0_0000;
const bitLength = (n: bigint): number => n.toString(2).length;
const isNan = (w: number): boolean => (w & 0x7fff_ffff) > 0x7f80_0000;
const signals = (w: number): boolean => isNan(w) && ((w >>> 22) & 1) === 0;
const isInfinite = (w: number): boolean => (w & 0x7fff_ffff) === 0x7f80_0000;
const isZero = (w: number): boolean => (w & 0x7fff_ffff) === 0;
const signed = (negative: boolean, magnitude: number): number => (negative ? 0x8000_0000 : 0) + magnitude;
/** Significand and exponent of a finite word. */
const partsOf = (w: number): [bigint, number] => {
  const biased = (w >>> 23) & 0xff;
  return [BigInt((w & 0x7f_ffff) + (biased === 0 ? 0 : 2 ** 23)), Math.max(biased, 1) - 150];
};

/** An integer near (n + s) 2^e / 2^q in a rounding direction, and whether it is exact. */
function integral({ negative, n, e, inexact }: Exact, q: number, mode: number): [bigint, boolean] {
  const shift = BigInt(Math.max(q - e, 0));
  const scaled = q < e ? n << BigInt(e - q) : n;
  const floor = scaled >> shift;
  // Twice the remainder against the unit decides; anything below n only matters where they are equal or both zero.
  const twice = 2n * (scaled - (floor << shift));
  const unit = 1n << shift;
  const exact = twice === 0n && !inexact;
  const above = twice > unit || (twice === unit && inexact);
  const tie = twice === unit && !inexact;
  const away = [above || (tie && floor % 2n === 1n), false, negative && !exact, !negative && !exact, above || tie];
  return [away[mode] ? floor + 1n : floor, exact];
}

/** [word, flags] of a value that is not zero. IEEE 754-2019, 4.3 and 7; tininess after rounding. */
function rounded(mode: number, value: Exact): [number, number] {
  const { negative, e } = value;
  if (q24(value) < e && value.inexact) throw new RangeError('n: expected more than 24 bits of an inexact value');
  const q = Math.max(q24(value), -149);
  const [m, exact] = integral(value, q, mode);
  const [unbounded] = integral(value, q24(value), mode);
  const isTiny = bitLength(unbounded) + q24(value) <= -126;
  if (bitLength(m) + q > 128) {
    const toInfinity = mode === 0 || mode === 4 || mode === (negative ? 2 : 3);
    return [signed(negative, toInfinity ? 0x7f80_0000 : 0x7f7f_ffff), 5];
  }
  const magnitude = m >= 2n ** 24n ? [m >> 1n, q + 1] : [m, q];
  const [significand, exponent] = [Number(magnitude[0]), Number(magnitude[1])];
  const word = significand < 2 ** 23 ? significand : (exponent + 149) * 2 ** 23 + significand;
  return [signed(negative, word), exact ? 0 : isTiny ? 3 : 1];
}
const q24 = ({ n, e }: Exact): number => bitLength(n) + e - 24;

/** [word, flags] of a * b, a / b, sqrt(a), and (-1)^negateProduct a * b + (-1)^negateAddend c. */
export const oracle = {
  mul(mode: number, a: number, b: number): [number, number] {
    const negative = a >>> 31 !== b >>> 31;
    if (isNan(a) || isNan(b)) return [NAN, signals(a) || signals(b) ? 16 : 0];
    if (isInfinite(a) || isInfinite(b)) return isZero(a) || isZero(b) ? [NAN, 16] : [signed(negative, 0x7f80_0000), 0];
    if (isZero(a) || isZero(b)) return [signed(negative, 0), 0];
    const [[m, e], [n, f]] = [partsOf(a), partsOf(b)];
    return rounded(mode, { negative, n: m * n, e: e + f, inexact: false });
  },
  div(mode: number, a: number, b: number): [number, number] {
    const negative = a >>> 31 !== b >>> 31;
    if (isNan(a) || isNan(b)) return [NAN, signals(a) || signals(b) ? 16 : 0];
    if (isInfinite(a)) return isInfinite(b) ? [NAN, 16] : [signed(negative, 0x7f80_0000), 0];
    if (isInfinite(b)) return [signed(negative, 0), 0];
    if (isZero(b)) return isZero(a) ? [NAN, 16] : [signed(negative, 0x7f80_0000), 8];
    if (isZero(a)) return [signed(negative, 0), 0];
    const [[m, e], [n, f]] = [partsOf(a), partsOf(b)];
    const quotient = (m << 100n) / n;
    return rounded(mode, { negative, n: quotient, e: e - f - 100, inexact: quotient * n !== m << 100n });
  },
  sqrt(mode: number, a: number): [number, number] {
    if (isNan(a)) return [NAN, signals(a) ? 16 : 0];
    if (isZero(a)) return [a, 0];
    if (a >>> 31 === 1) return [NAN, 16];
    if (isInfinite(a)) return [a, 0];
    const [m, e] = partsOf(a);
    const scale = e % 2 === 0 ? 100 : 101;
    const square = m << BigInt(scale);
    let root = 0n;
    for (let bit = 2n ** 70n; bit > 0n; bit >>= 1n) if ((root + bit) ** 2n <= square) root += bit;
    return rounded(mode, { negative: false, n: root, e: (e - scale) / 2, inexact: root * root !== square });
  },
  fma(mode: number, negateProduct: number, negateAddend: number, a: number, b: number, c: number): [number, number] {
    const negative = (a >>> 31) + (b >>> 31) + negateProduct === 1 || (a >>> 31) + (b >>> 31) + negateProduct === 3;
    const addendIsNegative = c >>> 31 !== negateAddend;
    const isInvalid = (isInfinite(a) && isZero(b)) || (isZero(a) && isInfinite(b));
    if (isNan(a) || isNan(b) || isNan(c)) return [NAN, isInvalid || [a, b, c].some(signals) ? 16 : 0];
    if (isInvalid) return [NAN, 16];
    if (isInfinite(a) || isInfinite(b)) {
      return isInfinite(c) && negative !== addendIsNegative ? [NAN, 16] : [signed(negative, 0x7f80_0000), 0];
    }
    if (isInfinite(c)) return [signed(addendIsNegative, 0x7f80_0000), 0];
    const [[m, e], [n, f], [k, g]] = [partsOf(a), partsOf(b), partsOf(c)];
    const low = Math.min(e + f, g);
    const product = (m * n) << BigInt(e + f - low);
    const addend = k << BigInt(g - low);
    const total = (negative ? -product : product) + (addendIsNegative ? -addend : addend);
    if (total === 0n) return [signed(negative === addendIsNegative ? negative : mode === 2, 0), 0];
    return rounded(mode, { negative: total < 0n, n: total < 0n ? -total : total, e: low, inexact: false });
  },
};

const EDGES = [
  0, 1, 2, 0x7f_fffe, 0x7f_ffff, 0x80_0000, 0x80_0001, 0xff_ffff, 0x100_0000, 0x3f7f_ffff, 0x3f80_0000, 0x3f80_0001,
  0x4b80_0000, 0x7f7f_fffe, 0x7f7f_ffff, 0x7f80_0000, 0x7f80_0001, 0x7fa0_0000, 0x7fc0_0000, 0x7fff_ffff,
];

/** A word: an edge, anything, few or many set bits, or an exponent within a window. */
export function drawWord(random: Random): number {
  const sign = random.below(2) * 2 ** 31;
  switch (random.below(6)) {
    case 0:
      return sign + random.pick(EDGES);
    case 1:
      return random.u32();
    case 2: // few set bits, or few clear ones
      return sign + random.below(255) * 2 ** 23 + ((0x7f_ffff << random.below(24)) & 0x7f_ffff);
    case 3:
      return sign + random.below(255) * 2 ** 23 + ((1 << random.below(24)) & 0x7f_ffff);
    case 4: // subnormal
      return sign + (random.below(2 ** 23) >>> random.below(23));
    default:
      return sign + (90 + random.below(75)) * 2 ** 23 + random.below(2 ** 23);
  }
}

/** A word close to minus the product of two finite words, so that their sum cancels in part or in full. */
export function drawAddend(random: Random, a: number, b: number): number {
  if (random.below(2) === 0) return drawWord(random);
  const [word] = oracle.mul(random.below(5), a, b);
  return ((word ^ (random.below(2) * 2 ** 31)) + random.below(5) - 2 + 2 ** 32) % 2 ** 32;
}

export const randomOf = (seed: number): Random => seeded(seed);

/** The fixed tables of the chips, for `objections`. */
export const FP32_TABLES: Tables = Object.fromEntries(
  [fp32DecodeTable, powerTable, tailTable, roundingTable, complementRangeTable, powerRangeTable, specialCaseTable].map(
    ({ provider }) => [
      provider.bus.name,
      (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
    ],
  ),
);

export type RecordedChip = Chip & { readonly eventWords: number };

/** Traces by air name of what `record` asks of the chips, of rounding and of special cases. */
export function served(chips: readonly RecordedChip[], record: (machine: Machine) => void): Map<string, Rows> {
  const all = [...chips, fp32SpecialChip, fp32RoundChip];
  const logs = new Map(all.map((chip) => [chip.air.name, new EventLog(chip.eventWords)]));
  record({ log: (name: string) => logs.get(name) } as unknown as Machine);
  return new Map(all.map((chip) => [chip.air.name, traceOf(chip, { logs } as unknown as Execution)]));
}

/**
 * Expects that the traces and a padding row of each chip are accepted, that `fp32-round` was asked what it answers, and
 * that the chip or `fp32-special` answers `request` with [operands..., lo, hi, flags] = `expected`, in any order.
 */
export function expectServed(
  chip: RecordedChip,
  [request, specialRequest]: readonly [string, string],
  record: (machine: Machine) => void,
  expected: readonly (readonly number[])[],
): void {
  const traces = served([chip], record);
  const tables = [chip, fp32SpecialChip, fp32RoundChip].map((c): [Air, Rows] => [
    c.air,
    { main: [...traces.get(c.air.name)!.main, ...paddingRow(c).main] },
  ]);
  for (const [air, rows] of tables) {
    expect(violations(air, rows), air.name).toEqual([]);
    expect(objections(air, rows, rows, FP32_TABLES), air.name).toEqual([]);
  }
  expect(imbalance(FP32_ROUND_BUS, tables)).toEqual([]);
  const answers = [
    ...messages(chip.air, traces.get(chip.air.name)!, request),
    ...messages(fp32SpecialChip.air, traces.get(fp32SpecialChip.air.name)!, specialRequest),
  ];
  const inOrder = (tuples: readonly (readonly number[])[]): string[] => tuples.map((t) => t.join(' ')).sort();
  expect(inOrder(answers)).toEqual(inOrder(expected));
}

/** The limbs of a word, the low one first. */
export const limbsOf = (word: number): [number, number] => [word & 0xffff, word >>> 16];
