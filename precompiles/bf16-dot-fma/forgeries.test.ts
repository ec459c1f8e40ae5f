import { describe, expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { executionOf } from '../../test/support/bf16-dot.ts';
import { describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { forgeMacs, type Lies, type Pair } from '../../test/support/mac-forger.ts';
import { macForgeries, ONE, resultOf, sumChoices } from '../../test/support/mac-forgeries.ts';
import { bf16, EDGE_HALVES, EDGE_WORDS, fp32 } from '../../test/support/patterns.ts';
import { seeded } from '../../test/support/random.ts';
import { traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import { alignTable } from '../align/air.ts';
import { resultTable } from '../bf16-dot/result-table.ts';
import { significandOf } from '../bf16-dot/semantics.ts';
import { nearestEvenTable } from '../nearest-even/air.ts';
import { bf16DotFmaAir } from './air.ts';
import { fastMac, slowMac } from './semantics.ts';
import { BF16_DOT_FMA_CHIP, MAC_EVENT_WORDS } from './state.ts';
import { bf16DotFmaChip } from './trace.ts';

const AIR = bf16DotFmaAir as unknown as Air;
const TABLES = Object.fromEntries(
  [alignTable, resultTable, complementRangeTable, nearestEvenTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);

/** The trace of the chip for one pair; elements 32 and 64 at time 1, as the forger has them. */
function honestRow({ acc, a, b }: Pair) {
  const log = new EventLog(MAC_EVENT_WORDS);
  const at = log.push();
  log.words.set([1, 32, 64, ((acc & 0x8000_0000) | significandOf(acc)) >>> 0, acc], at);
  const hints = new Uint16Array(96);
  hints.set(a, 32);
  hints.set(b, 64);
  return traceOf(bf16DotFmaChip, { ...executionOf([], new Map([[BF16_DOT_FMA_CHIP, log]])), hints });
}

/** One product; the other one is a zero after it, or one before it that leaves the accumulator. */
const first = (x: number, y: number, acc = 0): Pair => ({ acc, a: [x, 0], b: [y, 0] });
const second = (x: number, y: number, acc = 0): Pair => ({ acc, a: [0, x], b: [0, y] });

test('the forger without a lie writes the honest row', () => {
  const random = seeded(5);
  let same = 0;
  for (let i = 0; i < 3000; i++) {
    const operand = (): number =>
      random.below(5) === 0
        ? random.below(2) * 0x8000
        : bf16(random.below(8) - 4, 128 + random.below(128), random.below(2));
    const acc = random.pick([0, fp32(random.below(40) - 20, 2 ** 23 + random.below(2 ** 23), random.below(2))]);
    const pair: Pair = { acc, a: [operand(), operand()], b: [operand(), operand()] };
    const between = fastMac(pair.a[0], pair.b[0], acc);
    if (between < 0 || fastMac(pair.a[1], pair.b[1], between) < 0) continue;
    const rows = honestRow(pair);
    if (++same < 200) {
      expect(violations(AIR, rows)).toEqual([]);
      expect(objections(AIR, rows, rows, TABLES)).toEqual([]);
    }
    expect(forgeMacs(pair)).toEqual(rows);
  }
  expect(same).toBeGreaterThan(2000);
});

/** Claims of either product whose row depends on the other one, or that are about a special accumulator. */
const ofFirst: Forgery[] = macForgeries({
  prefix: 'first',
  isNormal: false,
  honest: (x, y, acc) => honestRow(first(x, y, acc)),
  forge: (x, y, acc, lies) => forgeMacs(first(x, y, acc), { first: lies }),
});
const ofSecond: Forgery[] = macForgeries({
  prefix: 'second',
  isNormal: false,
  honest: (x, y, acc) => honestRow(second(x, y, acc)),
  forge: (x, y, acc, lies) => forgeMacs(second(x, y, acc), { second: lies }),
});
const ones: Pair = { acc: 0, a: [ONE, ONE], b: [ONE, ONE] };
const lie = (prefix: 'first' | 'second', claim: string, pair: Pair, lies: Lies, name: string): Forgery => ({
  claim: `${prefix}: ${claim}`,
  honest: honestRow(pair),
  forged: forgeMacs(pair, { [prefix]: lies }),
  rejectedBy: [`${prefix}: ${name}`],
});
/** No honest row of this chip exists. */
const refused = (prefix: 'first' | 'second', claim: string, pair: Pair, name: string): Forgery => {
  const forged = forgeMacs(pair);
  return { claim: `${prefix}: ${claim}`, honest: forged, forged, rejectedBy: [`${prefix}: ${name}`] };
};
const minusOne = fp32(0, 2 ** 23, 1);
const isZero = { isZero: 1, zeros: 0, exponent: -400 };
const zeroForgeries: Forgery[] = [
  lie('first', 'a sum of 2^25 is zero', ones, isZero, 'a zero has no window'),
  lie('second', 'a sum of 2^26 is zero', ones, isZero, 'a zero has no window'),
  lie('first', '1 - 1 is -0', { ...ones, acc: minusOne }, { isNegativeSum: 1 }, 'a zero is positive'),
  lie('second', '1 - 1 is -0', second(ONE, ONE, minusOne), { isNegativeSum: 1 }, 'a zero is positive'),
  refused(
    'first',
    'infinity * 2^7 - infinity is zero',
    first(0x7f80, bf16(7), 0xff80_0000),
    'a zero has a finite accumulator',
  ),
  refused(
    'second',
    'infinity * 2^7 - infinity is zero',
    { acc: 0, a: [bf16(127, 128, 1), 0x7f80], b: [bf16(1), bf16(7)] },
    'a zero has a finite accumulator',
  ),
  refused(
    'first',
    'infinity * 1.5 * 2^8 and a negative NaN of as many bits is zero',
    first(0x7f80, bf16(8, 192), 0xffc0_0000),
    'a zero has a finite accumulator',
  ),
  refused(
    'first',
    '-0 on top of a product of zeros is +0',
    first(0x8000, ONE, 0x8000_0000),
    'a zero has no accumulator -0',
  ),
  secondNegativeZero(),
];

/** The first product is made to leave -0: also a lie, which the second rejects. */
function secondNegativeZero(): Forgery {
  const pair: Pair = { acc: fp32(0, 2 ** 23, 1), a: [ONE, 0x8000], b: [ONE, ONE] };
  const forged = forgeMacs(pair, { first: { isNegativeSum: 1 } });
  return {
    claim: 'second: -0 on top of a product of zeros is +0',
    honest: honestRow(pair),
    forged,
    rejectedBy: ['first: a zero is positive', 'second: a zero has no accumulator -0'],
  };
}

/**
 * A result is looked up as often as it is not zero. Rows that look it up a negative number of times take back that another
 * one, of a product 1, gives its result the exponent of zeros, with which it is nothing to the next product.
 */
function cancelledLookups(prefix: 'first' | 'second'): Forgery[] {
  const one: Pair = prefix === 'first' ? { acc: 0, a: [ONE, ONE], b: [ONE, ONE] } : second(ONE, ONE);
  const cancelled = (prefix === 'first' ? first : second)(ONE, ONE, fp32(0, 2 ** 23, 1));
  // As of the product: of the same place, and so the same tuple.
  const place = { limbShift: 0, zeros: 6, power: 64 };
  const weight = { isZero: felt(1) + inverse(felt(2)), accInverse: inverse(felt(2 ** 23)) };
  const zero = forgeMacs(cancelled, { [prefix]: { ...weight, ...place } }).main[0]!;
  const ghost = forgeMacs(one, { [prefix]: { exponent: -400 } }).main[0]!;
  const silent = honestRow(zeros).main[0]!.map(() => 0);
  const padding = withCells(AIR, { main: [silent] }, 0, {
    ...{ [`${prefix}IsZero`]: 1, [`${prefix}Zeros`]: 6, [`${prefix}Power`]: 64, [`${prefix}Exponent`]: -400 },
    ...{ [`${prefix}StickyInverse`]: inverse(felt(4000 * 4001)) },
  }).main[0]!;
  const lie = (claim: string, honest: Rows[], forged: Rows['main']): Forgery => ({
    claim: `${prefix}: a product of 1 has the exponent of zeros, and ${claim} what it looks up`,
    honest: { main: honest.map(({ main }) => main[0]!) },
    forged: { main: forged },
    rejectedBy: [`${prefix}: only a sum is zero, and once`],
  });
  const honest = honestRow(cancelled);
  return [
    lie('two zeros of weight 3/2 take back', [honestRow(one), honest, honest], [ghost, zero, zero]),
    lie('a zero on padding takes back', [honestRow(one), { main: [silent] }], [ghost, padding]),
  ];
}

const zeros: Pair = { acc: 0, a: [0, 0], b: [0, 0] };
const [zeroRow] = honestRow(zeros).main as [number[]];
const pair: Pair = { acc: fp32(1, 0xabcdef), a: [bf16(0, 200), bf16(1, 131)], b: [bf16(-1, 155), bf16(0, 177, 1)] };
const twice = inverse(felt(1024)); // 2 / 2048

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two pairs',
    honest: { main: [zeroRow, zeroRow] },
    forged: {
      main: [
        withCells(AIR, { main: [zeroRow] }, 0, {
          ...{ isReal: 2, firstIsZero: 2, secondIsZero: 2 },
          ...{ firstMultiplierInverse: twice, secondMultiplierInverse: twice },
        }).main[0]!,
        zeroRow.map(() => 0),
      ],
    },
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'a row of padding is a pair of the same call',
    honest: { main: [zeroRow, zeroRow.map(() => 0)] },
    forged: { main: [zeroRow, zeroRow] },
    rejectedBy: [
      'the call has come to these products',
      'the tape has these operands',
      'the call goes on to the next products',
    ],
  },
  {
    claim: 'another accumulator than the call has come with',
    honest: honestRow(pair),
    forged: honestRow({ ...pair, acc: fp32(1, 0xabcdee) }),
    rejectedBy: ['the call has come to these products'],
  },
  {
    claim: 'other operands than are on the tape',
    honest: honestRow(pair),
    forged: honestRow({ ...pair, a: [bf16(0, 201), bf16(1, 131)] }),
    rejectedBy: ['the tape has these operands'],
  },
  ...ofFirst,
  ...ofSecond,
  ...zeroForgeries,
  ...cancelledLookups('first'),
  ...cancelledLookups('second'),
];

describeForgeries(AIR, forgeries, {
  pastRanges: ['first: moved has `zeros` bits', 'second: moved has `zeros` bits'],
  tables: TABLES,
  neverAlone: {
    'the call goes on to the next products':
      'time and elements are those received, and what it claims is stated by constraints',
    ...Object.fromEntries(
      ['first', 'second'].map((product) => [
        `${product}: a zero is exact`,
        'the inverse of what is cut off would be that of a number above 2^23, which is more than is cut off of such a sum',
      ]),
    ),
    'second: a zero has no accumulator -0': 'the first product leaves no -0, so that the second has none before it',
  },
});

describe('alternative witnesses', () => {
  test('of exponent, signs, magnitude, shift, rounding and kind: nothing else is accepted, on a sample', () => {
    const random = seeded(6);
    let [tried, accepted] = [0, 0];
    for (let i = 0; i < 160; i++) {
      const x = random.pick([
        bf16(random.below(40) - 20, 128 + random.below(128), random.below(2)),
        1 + random.below(127),
        0,
        random.pick(EDGE_HALVES),
      ]);
      const y = random.pick([bf16(random.below(254) - 126, 128 + random.below(128)), random.pick(EDGE_HALVES)]);
      const exponent = Math.min(
        127,
        Math.max(-126, (x < 128 ? -126 : ((x >> 7) & 0xff) - 127) + ((y >> 7) & 0xff) - 127 + random.below(60) - 30),
      );
      const acc = random.pick([
        0,
        random.pick(EDGE_WORDS),
        fp32(exponent, 2 ** 23 + random.pick([0, 1, random.below(2 ** 23)]), random.below(2)),
      ]);
      const block = first(x, y, acc);
      // Also of what is the slow chip's: no row, or the same.
      const expected = slowMac(x, y, acc);
      for (const lies of sumChoices(random)) {
        if (random.below(2) !== 0) continue;
        const forged = forgeMacs(block, { first: lies });
        tried++;
        if (violations(AIR, forged).length > 0 || objections(AIR, forged, forged, TABLES).length > 0) continue;
        accepted++;
        expect(resultOf(AIR, forged, 'first'), JSON.stringify({ x, y, acc, lies })).toBe(expected);
      }
    }
    expect(tried).toBeGreaterThan(10_000);
    expect(accepted).toBeGreaterThan(50);
  });
});
