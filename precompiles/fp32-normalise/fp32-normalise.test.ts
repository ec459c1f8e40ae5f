import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import { paddingRow } from '../../kit/step.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { P } from '../../stark/field/koala-bear.ts';
import { describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
import { FP32_TABLES, randomOf, served } from '../../test/support/fp32.ts';
import { fp32NormaliseAir as air } from './air.ts';
import { recordNormalise } from './execute.ts';
import { fp32NormaliseChip as chip } from './trace.ts';

const REQUEST = 'the significand was asked for';
const rowsOf = (...words: readonly number[]): Rows =>
  served([chip], (machine) => words.forEach((a) => void recordNormalise(machine, a))).get(air.name)!;

test('every power of two, its neighbours and any subnormals are accepted, and are what they were', () => {
  const random = randomOf(41);
  const words = [
    ...Array.from({ length: 23 }, (_, i) => [2 ** i, 2 ** i + 1, 2 ** (i + 1) - 1]).flat(),
    ...Array.from({ length: 200 }, () => 1 + random.below(0x7f_ffff)),
  ].filter((a) => a < 2 ** 23);
  const rows = { main: [...rowsOf(...words).main, ...paddingRow(chip).main] };
  expect(violations(air, rows)).toEqual([]);
  expect(objections(air, rows, rows, FP32_TABLES)).toEqual([]);
  const answers = messages(air, rows, REQUEST).map(([lo, hi, exponent, significand]) => {
    const doublings = 1 - (exponent! > 1 ? exponent! - P : exponent!);
    const isLeading = significand! >= 2 ** 23 && significand! < 2 ** 24;
    return isLeading && significand! / 2 ** doublings === hi! * 2 ** 16 + lo!;
  });
  expect(answers).toEqual(words.map(() => true));
});

const [LARGE, SMALL, LEAST] = [0x0012_3456, 0x1234, 1];
/** The row with cells changed, and the significand that follows. */
function claiming(a: number, cells: Readonly<Record<string, number>>): Rows {
  const honest = rowsOf(a);
  const [isSmall, bits] = [cells['isSmall'] ?? (a < 2 ** 15 ? 1 : 0), cells['bits']];
  if (bits === undefined) return withCells(air, honest, 0, cells);
  const word = isSmall * ((a % 2 ** 16) * 2 ** 9 - a) + a;
  const significand = Number((BigInt(word) << BigInt(16 - bits)) % BigInt(P));
  return withCells(air, honest, 0, { power: 2 ** bits, significand, ...cells });
}
const lie = (claim: string, a: number, rejectedBy: string, cells: Readonly<Record<string, number>>): Forgery => ({
  ...{ claim, honest: rowsOf(a), forged: claiming(a, cells), rejectedBy: [rejectedBy] },
});
const twice = rowsOf(LARGE, LARGE);
const padding = { main: [twice.main[0]!.map(() => 0)] };
/** 2^-126, the least normal number: no row is about it. */
const asNormal = withCells(air, rowsOf(LARGE), 0, {
  aLo: 0,
  aHi: 0x80,
  significand: 2 ** 23,
  bits: 16,
  power: 2 ** 16,
});

describeForgeries(
  air,
  [
    { claim: 'a word that nobody asked for', honest: rowsOf(LARGE), forged: rowsOf(SMALL), rejectedBy: [REQUEST] },
    {
      claim: 'one row of weight 2 stands for two, and doubles the exponent',
      honest: twice,
      forged: withCells(air, { main: [twice.main[0]!, padding.main[0]!] }, 0, { isReal: 2 }),
      rejectedBy: ['isReal is a bit'],
    },
    {
      claim: 'a padding row takes a range check back',
      honest: padding,
      forged: withCells(air, padding, 0, { isSmall: 1, bits: 7, power: 2 ** 7 }),
      rejectedBy: ['only a row of a word is small'],
    },
    lie('a word is twice small', 0x40, 'isSmall is a bit', { isSmall: 2, bits: 8 }),
    lie('the high limb is left out', LARGE, 'a small word has one limb', { isSmall: 1, bits: 15 }),
    lie('the significand is one more', SMALL, 'the significand is the word moved up', { significand: 0x91_a001 }),
    lie('a word is moved beyond p', LARGE, 'a large word is not moved beyond 2^25', { bits: 4 }),
    lie('a word is moved to 2^25', LARGE, 'a large word is not moved beyond 2^25', { bits: 11 }),
    lie('a small word is moved to 2^25', SMALL, 'a small word is not moved beyond 2^25', { bits: 12 }),
    lie('a small word is moved beyond p', SMALL, 'a small word is not moved beyond 2^25', { bits: 7 }),
    {
      claim: 'a normal word is subnormal',
      honest: asNormal,
      forged: asNormal,
      rejectedBy: ['the word is positive and subnormal'],
    },
  ],
  { tables: FP32_TABLES },
);

test('the search for a significand that is not the word moved up finds none', () => {
  // Where it is moved to is free: bits and isSmall are given.
  for (const [seed, a] of [LARGE, SMALL, LEAST].entries()) {
    const query = {
      honest: rowsOf(a),
      inputs: ['aLo', 'aHi', 'bits', 'isSmall'],
      tables: FP32_TABLES,
      seed,
      tries: 60,
    };
    expect(findSecondWitness(air, query), a.toString(16)).toBeUndefined();
  }
});
