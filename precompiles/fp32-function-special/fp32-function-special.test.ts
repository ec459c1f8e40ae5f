import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Rows } from '../../stark/air/check.ts';
import { inverse, P, reduce } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { FP32_TABLES, served } from '../../test/support/fp32.ts';
import { expectFunction, flagsOfRoot } from '../../test/support/fp32-function.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { opOf } from '../../vm/isa/op.ts';
import { fp32FunctionSpecialAir as air } from './air.ts';
import { recordFunctionSpecial } from './execute.ts';
import { LOG_NEAR_ONE, NEAR_ONE, ONE, specialKind } from './semantics.ts';
import { fp32FunctionSpecialChip as chip } from './trace.ts';

const REQUEST = 'the function was asked for';
const [LOG, RSQRT] = [opOf('fp32.log'), opOf('fp32.rsqrt')];
const [ZERO, INFINITY, QUIET, SIGNALING, SIGN] = [0, 0x7f80_0000, 0x7fc1_2345, 0x7f80_0001, 0x8000_0000];
const WORDS = [
  ...[ZERO, SIGN, INFINITY, SIGN + INFINITY, SIGN + ONE, SIGN + 1, SIGN + 0x7f_ffff, SIGN + 0x80_0000, 0xff7f_ffff],
  ...[QUIET, SIGNALING, SIGN + QUIET, SIGN + SIGNALING, 0x7fff_ffff, 0x7fbf_ffff, 0x7fa0_0000, 0x7fc0_0000],
];
const rowOf = (op: number, a: number): Rows =>
  served([chip], (machine) => recordFunctionSpecial(machine, op, a)).get(air.name)!;

test('the traces of all classes are accepted and answer with the result', () => {
  for (const [name, op, more] of [
    ['log', LOG, [ONE, NEAR_ONE]],
    ['rsqrt', RSQRT, []],
  ] as const) {
    const record = (machine: Machine, a: number): void => recordFunctionSpecial(machine, op, a);
    expectFunction(name, op, [chip], record, [...WORDS, ...more], (a) => flagsOfRoot(name, a));
  }
});

test('other words take arithmetic', () => {
  for (const a of [1, 0x7f_ffff, 0x80_0000, ONE + 1, ONE - 1, ONE - 3, 0x7f7f_ffff])
    expect(specialKind(true, a)).toBeUndefined();
  for (const a of [ONE, NEAR_ONE]) expect(specialKind(false, a)).toBeUndefined();
  expect(cells(air, rowOf(LOG, NEAR_ONE), 'outHi')).toEqual([LOG_NEAR_ONE >>> 16]);
});

const CASES = ['isZero', 'isNegative', 'isInfinite', 'isQuiet', 'isSignaling', 'isOne', 'isNearOne'] as const;
type Case = (typeof CASES)[number];

/** The high limb that follows from the other cells of a row. */
function withResult(rows: Rows): Rows {
  const cell = (name: string): number => cells(air, rows, name)[0]!;
  const high = withCells(air, rows, 0, { outHi: 0 });
  const isNan = cell('isQuiet') + cell('isSignaling') + cell('isNegative');
  const zero = cell('isZero') * (0x7f80 + 0x8000 * (cell('isLog') + cell('isRsqrt') * cell('sign')));
  const outHi = isNan * 0x7fc0 + zero + cell('isInfinite') * cell('isLog') * 0x7f80 + cell('isNearOne') * 0xb400;
  return withCells(air, high, 0, { outHi: Number(BigInt(outHi) % BigInt(P)) });
}
/** The word with another case. */
function lie(
  claim: string,
  op: number,
  a: number,
  kind: Case,
  rejectedBy: string,
  more: Record<string, number> = {},
): Forgery {
  const isThere = specialKind(op === LOG, a) !== undefined;
  const honest = isThere ? rowOf(op, a) : undefined;
  const parts = {
    ...{ isLog: op === LOG ? 1 : 0, isRsqrt: op === RSQRT ? 1 : 0, aLo: a & 0xffff, aHi: a >>> 16, sign: a >>> 31 },
    ...decoded(a),
    ...Object.fromEntries(CASES.map((name) => [name, name === kind ? 1 : 0])),
    ...more,
  };
  const forged = withResult(withCells(air, honest ?? rowOf(op, ZERO), 0, parts));
  return { claim, honest: honest ?? forged, forged, rejectedBy: [rejectedBy] };
}
function decoded(a: number): Record<string, number> {
  const biased = (a >>> 23) & 0xff;
  const fraction = a & 0x7f_ffff;
  const significand = fraction + (biased === 0 ? 0 : 2 ** 23);
  const value = biased === 255 ? fraction : significand;
  return {
    exponent: Math.max(biased, 1),
    upper: significand >>> 16,
    special: biased === 255 ? 1 : 0,
    inverse: value === 0 ? 0 : inverse(reduce(value)),
  };
}
const forgeries: Forgery[] = [
  {
    claim: 'another word than was asked for',
    honest: rowOf(LOG, ZERO),
    forged: rowOf(LOG, INFINITY),
    rejectedBy: [REQUEST],
  },
  lie('a zero is a NaN: infinity', LOG, INFINITY, 'isZero', 'a zero is not special'),
  lie('a number is a zero', LOG, 0x4000_0000, 'isZero', 'a zero or infinity has no fraction'),
  lie('a zero is an infinity', RSQRT, ZERO, 'isInfinite', 'an infinity or NaN is special'),
  lie('-infinity is infinity', RSQRT, SIGN + INFINITY, 'isInfinite', 'an infinity is positive'),
  lie('an infinity is a NaN', LOG, INFINITY, 'isSignaling', 'a NaN has a fraction'),
  lie('a signaling NaN is quiet', LOG, SIGNALING, 'isQuiet', 'a NaN has its quiet bit'),
  lie('a quiet NaN signals', LOG, QUIET, 'isSignaling', 'a NaN has its quiet bit'),
  lie('a number is negative', LOG, 0x4000_0000, 'isNegative', 'a negative word has its sign'),
  lie('a quiet NaN is a negative infinity', LOG, SIGN + QUIET, 'isNegative', 'a negative infinity has no fraction'),
  lie('-0 is a negative number', LOG, SIGN, 'isNegative', 'a negative number is not zero'),
  lie('2 is 1', LOG, 0x4000_0000, 'isOne', '1 has its high limb'),
  lie('1 + 2^-23 is 1', LOG, ONE + 1, 'isOne', '1 has its low limb'),
  lie('a number is 1 - 2^-23', LOG, 0x3f7e_fffe, 'isNearOne', '1 - 2^-23 has its high limb'),
  lie('1 - 2^-24 is 1 - 2^-23', LOG, ONE - 1, 'isNearOne', '1 - 2^-23 has its low limb'),
  lie('1 / sqrt(1) is 0', RSQRT, ONE, 'isOne', 'only a logarithm has cases near 1'),
  lie('2 is an infinity', LOG, 0x4000_0000, 'isZero', 'one case is chosen', { isZero: 0, outHi: 0 }),
  lie('2 is an infinity, as decoded', LOG, 0x4000_0000, 'isInfinite', 'a is decoded', { upper: 2 ** 7, special: 1 }),
  {
    ...lie('the high limb is another', LOG, INFINITY, 'isInfinite', 'the high limb is that of the case'),
    forged: withCells(air, rowOf(LOG, INFINITY), 0, { outHi: 0 }),
  },
];

const part = inverse(reduce(64));
/** The row of a word with several cells out of their domains. */
const twisted = (
  claim: string,
  op: number,
  a: number,
  changed: Record<string, number>,
  ...rejectedBy: string[]
): Forgery => {
  const honest = rowOf(op, a);
  return { claim, honest, forged: withResult(withCells(air, honest, 0, changed)), rejectedBy };
};
const twice: Forgery[] = [
  twisted('twice log', LOG, INFINITY, { isLog: 2, isInfinite: 2 }, 'isLog is a bit', 'isInfinite is a bit', REQUEST),
  twisted(
    'twice rsqrt',
    RSQRT,
    INFINITY,
    { isRsqrt: 2, isInfinite: 2 },
    ...['isRsqrt is a bit', 'isInfinite is a bit', REQUEST],
  ),
  twisted(
    'log and rsqrt',
    LOG,
    INFINITY,
    { isRsqrt: 1, isInfinite: 2 },
    ...['isInfinite is a bit', REQUEST, 'at most one function is chosen'],
  ),
  twisted(
    'twice zero, less an infinity',
    LOG,
    ZERO,
    { isZero: 2, isInfinite: -1 },
    ...['isZero is a bit', 'isInfinite is a bit', 'an infinity or NaN is special'],
  ),
  twisted(
    'twice negative, less a NaN',
    LOG,
    SIGN + ONE,
    { isNegative: 2, isSignaling: -1 },
    ...['isNegative is a bit', 'isSignaling is a bit', 'an infinity or NaN is special'],
  ),
  twisted(
    'a NaN is quiet by 65 / 64',
    RSQRT,
    QUIET,
    { isQuiet: 1 + part, isSignaling: -part },
    ...['isQuiet is a bit', 'isSignaling is a bit'],
  ),
  twisted(
    'twice 1, less 1 - 2^-23',
    LOG,
    ONE,
    { isOne: 2, isNearOne: -1 },
    ...['isOne is a bit', 'isNearOne is a bit', '1 - 2^-23 has its high limb', '1 - 2^-23 has its low limb'],
  ),
];
const neverAlone = {
  'isLog is a bit': 'it is a sum of cases, which are bits, and no instruction has the op of twice a log',
  'isRsqrt is a bit': 'it is a sum of cases, which are bits, and no instruction has the op of twice a rsqrt',
  'at most one function is chosen': 'no instruction has the op of both together',
  ...Object.fromEntries(
    CASES.map((name) => [`${name} is a bit`, 'the cases add up to a bit, so that another one is no bit either']),
  ),
};
describeForgeries(air, [...forgeries, ...twice], { tables: FP32_TABLES, neverAlone });

test('the search for a second result finds none', () => {
  const inputs = ['isLog', 'isRsqrt', 'aLo', 'aHi'];
  for (const [seed, a] of [...WORDS, ONE, NEAR_ONE].entries()) {
    const query = { honest: rowOf(LOG, a), inputs, tables: FP32_TABLES, seed, tries: 40 };
    expect(findSecondWitness(air, query), a.toString(16)).toBeUndefined();
  }
});
