/**
 * Table `fp32-tanh-case`: intervals of magnitudes whose hyperbolic tangent takes no division, with the result of each: the
 * operand itself, a number that all of them have, or NaN. They are disjoint, and together all magnitudes that have no
 * window in `fp32-tanh`: below 0x3981_0000 and from 0x4100_0000 on.
 *
 *     result = limbHi, limbLo + (signed: sign of a) + (copies: magnitude of a)
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    tests compare both ends of every interval, between which tanh is monotonic, with the series in exact integers.
 */
import { fixedTable } from '../../vm/chips/table.ts';
import { CANONICAL_NAN, FLAG } from '../fp32-round/semantics.ts';
import { END_WINDOWS, FIRST_WINDOW } from '../fp32-tanh/bus.ts';
import { TANH_CASE_BUS } from './bus.ts';

export interface TanhCase {
  /** First and last magnitude. */
  readonly first: number;
  readonly last: number;
  /** The result but for what follows. */
  readonly word: number;
  readonly signed: number;
  readonly copies: number;
  readonly flags: number;
}

const ONE = 0x3f80_0000;
const INFINITY = 0x7f80_0000;
const QUIET = 0x7fc0_0000;
const LEAST_NORMAL = 0x0080_0000;
/** First magnitudes whose tangent rounds to 1 - 3 * 2^-24, 1 - 2 * 2^-24, 1 - 2^-24 and 1; at 2^3 it is 1 - 4 * 2^-24. */
const NEAR_ONE = [0x4100_9b7b, 0x4103_4c93, 0x4107_62bf, 0x4110_2cb4] as const;

const copy = (first: number, end: number, flags: number): TanhCase => ({
  ...{ first, last: end - 1, word: 0, signed: 1, copies: 1, flags },
});
const near = (first: number, end: number, word: number, flags: number): TanhCase => ({
  ...{ first, last: end - 1, word, signed: 1, copies: 0, flags },
});
const nan = (first: number, end: number, flags: number): TanhCase => ({
  ...{ first, last: end - 1, word: CANONICAL_NAN, signed: 0, copies: 0, flags },
});

/** In the order of the magnitudes. */
export const TANH_CASES: readonly TanhCase[] = [
  copy(0, 1, 0),
  copy(1, LEAST_NORMAL, FLAG.underflow | FLAG.inexact),
  copy(LEAST_NORMAL, FIRST_WINDOW * 2 ** 16, FLAG.inexact),
  ...[END_WINDOWS * 2 ** 16, ...NEAR_ONE].map((first, i) =>
    near(first, NEAR_ONE[i] ?? INFINITY, ONE - NEAR_ONE.length + i, FLAG.inexact),
  ),
  near(INFINITY, INFINITY + 1, ONE, 0),
  nan(INFINITY + 1, QUIET, FLAG.invalid),
  nan(QUIET, 2 ** 31, 0),
];

/** The case of a word, undefined if it has a window. */
export const tanhCase = (word: number): TanhCase | undefined => {
  const magnitude = word & 0x7fff_ffff;
  return TANH_CASES.find(({ first, last }) => first <= magnitude && magnitude <= last);
};

const TUPLES = TANH_CASES.map(({ first, last, word, signed, copies, flags }) => [
  ...[first >>> 16, first & 0xffff, last >>> 16, last & 0xffff],
  ...[word >>> 16, word & 0xffff, signed, copies, flags],
]);
const placeOf = new Map(TUPLES.map((tuple, place) => [tuple.join(), place]));

export const tanhCaseTable = fixedTable({
  name: 'fp32-tanh-case',
  bus: TANH_CASE_BUS,
  perRow: 1,
  count: TUPLES.length,
  separate: true,
  tupleAt: (index) => TUPLES[index]!,
  indexOf: (tuple) => placeOf.get(Array.from(tuple).join()),
});
