import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import { evaluateAt, type Rows } from '../../stark/air/check.ts';
import { centred, felt, inverse, mul, P, reduce } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { settled } from '../../test/support/forgery-search.ts';
import { randomOf } from '../../test/support/fp32.ts';
import { EXPONENTIAL_ANSWERS, isExponential, tableOracle, wordRows } from '../../test/support/fp32-exponential.ts';
import { withService } from '../../test/support/fp32-forger.ts';
import { weightForgery } from '../../test/support/fp32-search.ts';
import { EXPONENTIAL_BUS } from '../fp32-exponential/bus.ts';
import { exponentialRow } from '../fp32-exponential/row.ts';
import { wordOf } from '../fp32-round/semantics.ts';
import { fp32TanhAir } from './air.ts';
import { TANH_WINDOW_BUS } from './bus.ts';
import { tanhRow } from './row.ts';
import { tanhFp32 } from './semantics.ts';
import { fp32TanhChip } from './trace.ts';
import { tanhWindow, tanhWindowTable } from './windows.ts';

const air = withService(fp32TanhAir, EXPONENTIAL_BUS);
const TABLES = { [TANH_WINDOW_BUS.name]: tableOracle(tanhWindowTable), [EXPONENTIAL_BUS.name]: isExponential };
const REQUEST = 'the hyperbolic tangent was asked for';
/** The operand whose result is hardest to round, and others that are hard (docs/decisions/0007). */
const HARDEST = 0x3ac3_7de2;
const HARD = [HARDEST, 0x3eee_0566, 0x3cd4_1b91, 0x40ac_b4d0, 0x40c5_e8ca, 0x3d7c_3055, 0x3f20_b67f, 0x39b8_9ba2];
/** Their results are next to 2^-4 and 2^-5, below. */
const BELOW_POWERS = [0x3d80_2ac4, 0x3d00_0aac];

const rowOf = (word: number): Rows => wordRows(fp32TanhChip, [word]);
const cell = (rows: Rows, name: string): number => cells(air, rows, name)[0]!;
const digit = (value: bigint, bits: number): number => Number((value >> BigInt(bits)) & 0xfffn);

/** What a row claims beside the honest one. */
interface Claim {
  /** M less that of the honest row, in units of 2^-72. */
  readonly moved?: bigint;
  /** M, in these units; default the honest one. */
  readonly value?: bigint;
  /** 2^k is 2^k0 times half of this. */
  readonly halves?: bigint;
  /** What the numerator is said to be more, in units of 2^-84. */
  readonly more?: bigint;
  /** The quotient less that which numerator and divisor have, in units of 2^-48. */
  readonly off?: bigint;
  /** Multiples of p that column 6 is said to be more. */
  readonly wraps?: number;
  /** What the carries are said to be more than their columns say. */
  readonly bends?: Readonly<Record<string, number>>;
  readonly lies?: Readonly<Record<string, number>>;
}

/** The row of a word with these lies, the best that a prover can make of it. */
function claiming(word: number, { moved = 0n, value: base, halves, more = 0n, off = 0n, ...rest }: Claim): Rows {
  const { window, digits, isLess } = tanhRow(word);
  const value = (base ?? digits.reduce((sum, d) => (sum << 12n) + BigInt(d), 0n)) + moved;
  const unit = (BigInt(window.unitUpper) << 60n) + (BigInt(window.unitLower) << 48n);
  const scale = halves ?? (isLess ? 4n : 2n);
  const numerator = ((BigInt(2 ** window.k0) * scale) / 2n) * (value - unit) * 2n ** 12n + more;
  const quotient = (numerator << 48n) / ((value + unit) << 12n) + off - 2n ** 48n;
  const fraction = quotient >> 24n;
  const guard = fraction & 1n;
  const out = Number((fraction + guard) / 2n);
  const rows = withCells(air, rowOf(word), 0, {
    valueUpper: Number(value >> 48n),
    value36: digit(value, 36),
    value48: digit(value, 24),
    valueLower: Number(value & 0xff_ffffn),
    value12: Number(value >> 60n),
    value60: digit(value, 12),
    outLo: out & 0xffff,
    outHead: out >>> 16,
    outMiddle: (out >>> 11) & 0x1f,
    guard: Number(guard),
    outInverse: guard === 1n && out !== 0 ? inverse(reduce(out)) : 0,
    'further[0]': digit(quotient, 12),
    'further[1]': digit(quotient, 0),
    isLess: (Number(scale - 2n) * inverse(felt(2))) % P,
    ...rest.lies,
  });
  return divided(rows, rest);
}

/** Carries, remainder and what is dropped, from the columns. */
function divided(rows: Rows, { wraps = 0, bends = {}, lies = {} }: Claim): Rows {
  const at72 = centred(columnAt(6, withCells(air, rows, 0, { lastCarry: 0, dropped: 0 }))) + wraps * P;
  const lastCarry = lies['lastCarry'] ?? Math.floor(at72 / 2 ** 16);
  let result = withCells(air, rows, 0, { lastCarry });
  for (const [j, column] of ['carry[0]', 'carry[1]', 'carry[2]', 'dropped', 'remainder'].entries()) {
    const name = COLUMNS[[0, 1, 2, 4, 3][j]!]!;
    result = settled(air, result, [[name, column]], EXPONENTIAL_ANSWERS);
    result = withCells(air, result, 0, { [column]: cell(result, column) + (bends[column] ?? 0) });
  }
  return result;
}

const COLUMNS = air.constraints.map(({ name }) => name).filter((name) => name.startsWith('column'));
/** What the equation of a column, 2 to 6, leaves. */
const columnAt = (j: number, rows: Rows): number =>
  evaluateAt(air.constraints.find(({ name }) => name === COLUMNS[j - 2])!.expr, rows, 0);

const lie = (claim: string, word: number, forged: Rows, ...rejectedBy: string[]): Forgery => ({
  ...{ claim, honest: rowOf(word), forged, rejectedBy },
});
/** The row of another operand, seen as one of this. */
const borrowed = (word: number, other: number, cellsOfWord: Record<string, number>): Rows =>
  withCells(air, rowOf(word === other ? word : other), 0, cellsOfWord);

const [HALF, SEVENTH, OTHER] = [0x3f00_1234, 0x3e0f_5c29, 0x3fc0_8001];
const [honestHalf, seventh] = [rowOf(HALF), rowOf(SEVENTH)];
const p = BigInt(P);
const key = (word: number): number => (word >>> 16) & 0x7fff;

/** high is a quotient mod p: U is that of another operand. */
function elsewhere(word: number, wraps: number): Forgery {
  const { window, powerUpper, high: honestHigh } = tanhRow(word);
  const product = (word & 0xffff) * window.power + wraps * P;
  const low = ((product % 2 ** 15) + 2 ** 15) % 2 ** 15;
  const high = (product - low) / 2 ** 15;
  const row = exponentialRow(powerUpper + 2 ** 5 * (high - honestHigh), window.middle + 2 ** 14 * low, window.lower);
  const value = [row.valueUpper, row.value36, row.value48, row.valueLower].reduce(
    (sum, limb, i) => (sum << BigInt([0, 12, 12, 24][i]!)) + BigInt(limb),
    0n,
  );
  const forged = claiming(word, { value, lies: { high, low } });
  return lie(`U is more by ${wraps} p`, word, forged, 'high is below 2^15');
}

/** The same quotient with another result. */
function guarded(word: number): Rows {
  const honest = rowOf(word);
  const [guard, outLo] = [cell(honest, 'guard') + 2, cell(honest, 'outLo') + 1];
  const out = reduce(cell(honest, 'outHead') * 2 ** 16 + outLo);
  return claiming(word, { lies: { guard, outLo, outInverse: mul(reduce(guard), inverse(out)) } });
}

/**
 * value60 is a quotient mod p, for another digit below it: columns 5 and 6 are more by products mod p, some of which fit
 * into their carries, and the quotient follows.
 */
function quotientDigit(word: number): Forgery {
  const name = 'value60 is below 2^12';
  const honest = rowOf(word);
  const bare = { 'carry[2]': 0, lastCarry: 0, dropped: 0, remainder: 0 };
  const sumAt = (j: number, rows: Rows): bigint => BigInt(centred(columnAt(j, withCells(air, rows, 0, bare))));
  for (let digit72 = 0; digit72 < 2 ** 12; digit72++) {
    const value60 = mul(reduce(cell(honest, 'valueLower') - digit72 + P), inverse(felt(2 ** 12)));
    let more = 0n;
    for (let round = 0; round < 3; round++) {
      const forged = claiming(word, { more, lies: { value60 } });
      if (round === 2 && objections(air, forged, honest, TABLES).join() === name) {
        return lie('a digit of M is a quotient mod p', word, forged, name);
      }
      const proper = withCells(air, forged, 0, { value60: cell(honest, 'value60') });
      more = ((sumAt(5, forged) - sumAt(5, proper)) << 24n) + ((sumAt(6, forged) - sumAt(6, proper)) << 12n);
    }
  }
  throw new RangeError(`word: expected a forgery, got none for ${word.toString(16)}`);
}

const byHand: Forgery[] = [
  lie('another result than was asked for', HALF, rowOf(OTHER), REQUEST),
  weightForgery(air, honestHalf, {}),
  lie(
    'another operand with a sign that makes up for it',
    HALF,
    borrowed(HALF, 0x3f40_1234, { aSign: (key(HALF) - 0x3f40) * inverse(felt(2 ** 15)) }),
    'aSign is a bit',
  ),
  lie('an exponent and a half less', SEVENTH, claiming(SEVENTH, { halves: 3n }), 'isLess is a bit'),
  lie('the result is one more, and half a unit two', HALF, guarded(HALF), 'guard is a bit'),
  lie('M is more by 2^-50', HALF, claiming(HALF, { moved: 2n ** 42n }), 'M is the exponential'),
  lie(
    'twice the result',
    HALF,
    withCells(air, honestHalf, 0, { k0: tanhWindow(HALF).k0 - 1 }),
    'the high limb is in this window',
  ),
  lie(
    'the result of another low limb',
    HALF,
    borrowed(HALF, 0x3f00_4321, { aLo: HALF & 0xffff }),
    'the low limb is worth high and low',
  ),
  ...[0, 1, 2].map((i) =>
    lie(
      `the numerator is more by 2^-${[18, 26, 34][i]}`,
      HALF,
      claiming(HALF, {
        more: 2n ** BigInt([66, 58, 50][i]!),
        bends: { [`carry[${i}]`]: [-(2 ** 6), -(2 ** 10), -(2 ** 14)][i]! },
      }),
      COLUMNS[i]!,
    ),
  ),
  lie(
    'the remainder is one more',
    HALF,
    claiming(HALF, { bends: { remainder: 1 } }),
    'column 5 is carried but for the remainder',
  ),
  lie(
    'what is dropped is one more',
    HALF,
    claiming(HALF, { bends: { dropped: 1 } }),
    'column 6 is carried but for what is dropped',
  ),
  ...[3, 4, 5].map((j, i) =>
    lie(
      `the numerator is more by p in column ${j}`,
      HALF,
      claiming(HALF, { more: (p << BigInt(84 - 12 * j)) * [1n, 1n, 40n][i]! }),
      `the carry out of column ${j} has 15 bits`,
    ),
  ),
  lie(
    'the numerator is more by 30 p in column 6',
    HALF,
    claiming(HALF, { more: (p << 12n) * 30n, wraps: 30 }),
    'the carry out of column 6 has 11 bits',
  ),
  lie(
    'less is carried out of column 6',
    HALF,
    claiming(HALF, { lies: { lastCarry: cell(honestHalf, 'lastCarry') - 1 } }),
    'dropped is below 2^16',
  ),
  ...(
    [
      ['greater', 1n, 'the remainder is not negative'],
      ['less', -1n, 'the remainder is below the divisor'],
    ] as const
  ).map(([how, off, name]) => lie(`the quotient is ${how} by one unit`, HALF, claiming(HALF, { off }), name)),
  ...BELOW_POWERS.map((word) =>
    lie(
      `the result of ${word.toString(16)} is rounded up to a power of two`,
      word,
      claiming(word, { halves: 2n }),
      'half a unit is added to something',
    ),
  ),
  lie(
    'the exponent is one less, the significand has a bit more',
    SEVENTH,
    claiming(SEVENTH, { halves: 4n }),
    'outHead is below 2^7',
  ),
  ...(
    [
      ['value12', 'the digit of M at 2^-24 is below 2^12'],
      ['value60', 'the digit of M at 2^-72 is below 2^12'],
      ['outMiddle', 'the lower part of the low limb is below 2^11'],
    ] as const
  ).map(([column, name]) =>
    lie(
      `${column} gives one to the digit below`,
      HALF,
      claiming(HALF, { lies: { [column]: cell(honestHalf, column) - 1 } }),
      name,
    ),
  ),
  lie(
    'the low limb of the result takes one of the high limb',
    HALF,
    claiming(HALF, {
      lies: {
        outLo: cell(honestHalf, 'outLo') + 2 ** 16,
        outMiddle: cell(honestHalf, 'outMiddle') + 2 ** 5,
        outHead: cell(honestHalf, 'outHead') - 1,
      },
    }),
    'outMiddle is below 2^5',
  ),
  lie(
    'the result is one less, what is further makes up for it',
    HALF,
    claiming(HALF, {
      lies: { outLo: cell(honestHalf, 'outLo') - 1, 'further[0]': cell(honestHalf, 'further[0]') + 2 ** 13 },
    }),
    'further[0] is below 2^12',
  ),
  lie(
    'half a unit was added, and is in the digit further',
    SEVENTH,
    claiming(SEVENTH, {
      lies: {
        guard: 1,
        outInverse: inverse(felt(cell(seventh, 'outHead') * 2 ** 16 + cell(seventh, 'outLo'))),
        'further[0]': cell(seventh, 'further[0]') + 2 ** 12,
      },
    }),
    'further[0] is below 2^12',
  ),
  lie(
    'a digit further gives one to the next',
    HALF,
    claiming(HALF, {
      lies: {
        'further[0]': cell(honestHalf, 'further[0]') - 1,
        'further[1]': cell(honestHalf, 'further[1]') + 2 ** 12,
      },
    }),
    'further[1] is below 2^12',
  ),
  lie(
    'low gives one to high',
    HALF,
    claiming(HALF, { lies: { high: cell(honestHalf, 'high') + 1, low: cell(honestHalf, 'low') - 2 ** 15 } }),
    'low is below 2^15',
  ),
  elsewhere(HALF, -1),
  quotientDigit(HALF),
];

describeForgeries(air, byHand, {
  pastRanges: ['low is below 2^15'],
  tables: TABLES,
});

test('every M, exponent and quotient that can be claimed gives the same result', () => {
  const random = randomOf(7);
  const drawn = Array.from({ length: 40 }, () => 0x3981_0000 + random.below(0x4100_0000 - 0x3981_0000));
  let accepted = 0;
  for (const word of [...HARD, ...BELOW_POWERS, 0x3981_0000, 0x40ff_ffff, ...drawn]) {
    const [honest, result] = [rowOf(word), wordOf(tanhFp32(word))];
    for (const moved of [-74n, -37n, -20n, 0n, 1n, 20n, 37n, 74n]) {
      for (const halves of [2n, 4n]) {
        for (const off of [-(2n ** 25n), -(2n ** 24n), -1n, 0n, 1n, 2n ** 24n, 2n ** 25n]) {
          const row = claiming(word, { moved, halves, off });
          if (objections(air, row, honest, TABLES).length > 0) continue;
          accepted += 1;
          const biased = 127 - cell(row, 'k0') - cell(row, 'isLess');
          expect(biased * 2 ** 23 + cell(row, 'outHead') * 2 ** 16 + cell(row, 'outLo'), word.toString(16)).toBe(
            result,
          );
        }
      }
    }
  }
  expect(accepted).toBeGreaterThan(200);
});

test('the search for a second result finds none', () => {
  const inputs = ['isReal', 'aLo', 'aSign', 'key'];
  for (const [seed, word] of [HARDEST, SEVENTH, 0xbf80_1235, 0x40ff_ffff, BELOW_POWERS[0]!].entries()) {
    const query = { honest: rowOf(word), inputs, outputs: ['outLo', 'outHead', 'k0', 'isLess'], tables: TABLES, seed };
    expect(findSecondWitness(air, { ...query, tries: 80 }), word.toString(16)).toBeUndefined();
  }
});
