import { describe, expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Air } from '../../stark/air/air.ts';
import { violations } from '../../stark/air/check.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { forgeTile, type Tile } from '../../test/support/amx-forger.ts';
import { executionOf } from '../../test/support/bf16-dot.ts';
import { describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
import type { Lies } from '../../test/support/mac-forger.ts';
import {
  cancelling,
  nameIn,
  resultOf,
  roundedSumForgeries,
  sumChoices,
  zeroOnPadding,
} from '../../test/support/mac-forgeries.ts';
import { EDGE_WORDS, fp32 } from '../../test/support/patterns.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import { alignTable } from '../align/air.ts';
import { amxAdd } from '../amx-fma/semantics.ts';
import { resultTable } from '../bf16-dot/result-table.ts';
import { exponentOf, significandOf } from '../bf16-dot/semantics.ts';
import { fastAdd } from '../bf16-dot-amx/semantics.ts';
import { AMX_TILE_EVENT_WORDS, BF16_DOT_AMX_TILE_CHIP } from '../bf16-dot-amx/state.ts';
import { nearestEvenTable } from '../nearest-even/air.ts';
import { bf16DotAmxTileAir } from './air.ts';
import { bf16DotAmxTileChip } from './trace.ts';

const AIR = bf16DotAmxTileAir as unknown as Air;
const TABLES = Object.fromEntries(
  [alignTable, resultTable, complementRangeTable, nearestEvenTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);

/** The trace of the chip for one tile instruction at elements 32 and 64, as the forger has it. */
function honestRow({ acc, even, odd, isTail = false }: Tile) {
  const log = new EventLog(AMX_TILE_EVENT_WORDS);
  const at = log.push();
  const state = (word: number): number[] => [((word & 0x8000_0000) | significandOf(word)) >>> 0, word];
  log.words.set([1, 32, 64, isTail ? 1 : 2, ...state(acc), ...state(even), ...state(odd)], at);
  return traceOf(bf16DotAmxTileChip, executionOf([], new Map([[BF16_DOT_AMX_TILE_CHIP, log]])));
}

const random = seeded(41);
const word = (exponent: number): number =>
  random.pick([0, fp32(exponent, 2 ** 23 + random.pick([0, 1, 2 ** 23 - 1, random.below(2 ** 23)]), random.below(2))]);
/** Words near each other, of the exponents of a chain. */
const near = (): [number, number, number] => {
  const exponent = random.below(180) - 90;
  return [word(exponent), word(exponent + random.below(60) - 30), word(exponent + random.below(8) - 4)];
};

test('every row is accepted, is what the forger writes without a lie, and has the sums of the semantics', () => {
  let rowsSeen = 0;
  for (let i = 0; i < 500; i++) {
    const [acc, even, odd] = near();
    const sum = fastAdd(even, odd);
    if (sum < 0 || fastAdd(acc, sum) < 0) continue;
    rowsSeen++;
    const tile: Tile = { acc, even, odd, isTail: random.below(2) === 1 };
    const rows = honestRow(tile);
    expect(violations(AIR, { main: [...rows.main, ...paddingRow(bf16DotAmxTileChip).main] })).toEqual([]);
    expect(objections(AIR, rows, rows, TABLES)).toEqual([]);
    expect(forgeTile(tile)).toEqual(rows);
    expect(resultOf(AIR, rows, 'total')).toBe(amxAdd(acc, amxAdd(even, odd)));
  }
  expect(rowsSeen).toBeGreaterThan(400);
});

test('a tile instruction of 16 elements ends the call, one of 32 does not', () => {
  const sent = (isTail: boolean): readonly number[] =>
    messages(AIR, honestRow({ acc: 0, even: 0, odd: 0, isTail }), 'the call goes on to the next tile instruction')[0]!;
  expect(sent(false).slice(0, 4)).toEqual([3, 1, 64, 96]);
  expect(sent(true).slice(0, 4)).toEqual([4, 1, 48, 80]);
});

const ONE = fp32(0);
const MINUS_ONE = fp32(0, 2 ** 23, 1);

/** A BF16 is the high limb of a binary32. */
const toFp32 = (bf16: number): number => bf16 * 2 ** 16;

/** False claims about one of the sums: x + y = `chains` on top of 0, or `total` with a zero odd chain. */
function addForgeries(prefix: 'chains' | 'total'): Forgery[] {
  const tileOf = (x: number, y: number): Tile =>
    prefix === 'chains' ? { acc: 0, even: x, odd: y } : { acc: x, even: y, odd: 0 };
  /** What comes after the sum of the chains has no fault of its own. */
  const alone = (x: number, y: number): Tile => (prefix === 'chains' ? { acc: ONE, even: x, odd: y } : tileOf(x, y));
  const rejected = nameIn(prefix);
  const lie = (claim: string, [x, y]: readonly [number, number], lies: Lies, name: string): Forgery => ({
    claim: `${prefix}: ${claim}`,
    honest: honestRow(tileOf(x, y)),
    forged: forgeTile(tileOf(x, y), { [prefix]: lies }),
    rejectedBy: [rejected(name)],
  });
  const aboutZero = (): Forgery[] => {
    const forge = (claim: string, of: Tile, lies: Lies, ...names: string[]): Forgery => {
      const forged = forgeTile(of, { [prefix]: lies });
      return { claim: `${prefix}: ${claim}`, honest: forged, forged, rejectedBy: names.map(rejected) };
    };
    return [
      forge('a sum of 2^25 is zero', alone(ONE, 0), { isZero: 1, zeros: 0, exponent: -400 }, 'a zero has no window'),
      forge('1 - 1 is -0', alone(ONE, MINUS_ONE), { isNegativeSum: 1 }, 'a zero is positive'),
      forge(
        '2^-126 - 2^-127 is a number',
        alone(fp32(-125), fp32(-126, 2 ** 23 + 2, 1)),
        {},
        'a result that is not zero is normal, or infinite',
      ),
      forge(
        'something is cut off of 0 + 0',
        tileOf(0, 0),
        { sticky: 1 },
        'something is cut off if sticky',
        'a zero is exact',
      ),
      forge(
        'something is cut off of a sum of 16 bits',
        alone(ONE, cancelling(2 ** 15 + 4)[1]),
        { sticky: 1 },
        'something is cut off if sticky',
        'nothing is cut off of a sum of one limb',
      ),
    ];
  };
  const both = [ONE, fp32(0, 2 ** 23 + 5)] as const;
  return [
    lie('the smaller counts as the larger', [fp32(1), ONE], { isSwapped: 1 }, 'the upper part is shifted'),
    lie(
      'signs of 3 and -3: nine times the sum',
      [fp32(0, 2 ** 23 + 3 * 512), MINUS_ONE],
      { isSwapped: 2 },
      'isSwapped is a bit',
    ),
    lie(
      'terms are aligned to an exponent that none has',
      both,
      { largest: 1 },
      'largest is the exponent of the larger',
    ),
    lie('the smaller is further away', both, { shift: 1 }, 'shift is the distance to the smaller'),
    ...roundedSumForgeries((claim, [x, y], lies, name) => lie(claim, [toFp32(x), y], lies, name)),
    ...aboutZero(),
  ];
}

const zeros: Tile = { acc: 0, even: 0, odd: 0 };
const [zeroRow] = honestRow(zeros).main as [number[]];
const tile: Tile = { acc: fp32(1, 0xabcdef), even: fp32(-2, 0xfedcba, 1), odd: fp32(0, 0x812345) };
/** No honest row of this chip exists. */
const refused = (claim: string, of: Tile, ...rejectedBy: string[]): Forgery => {
  const forged = forgeTile(of);
  return { claim, honest: forged, forged, rejectedBy };
};

function subnormalZero(): Forgery[] {
  const forged = forgeTile({ acc: 0x0000_0200, even: ONE, odd: 0 }, { own: { accIsZero: 1 } });
  const rejectedBy = ['a zero accumulator has no significand'];
  return [{ claim: 'a subnormal accumulator is a zero', honest: forged, forged, rejectedBy }];
}

const forgeries: Forgery[] = [
  zeroOnPadding(AIR, 'chains', { totalShift: 400 }),
  zeroOnPadding(AIR, 'total'),
  {
    claim: 'one row of weight 2 stands for two tile instructions',
    honest: { main: [zeroRow, zeroRow] },
    forged: {
      main: [
        withCells(AIR, { main: [zeroRow] }, 0, { isReal: 2, chainsIsZero: 2, totalIsZero: 2, accIsZero: 2 }).main[0]!,
        zeroRow.map(() => 0),
      ],
    },
    rejectedBy: ['isReal is a bit', 'accIsZero is a bit'],
  },
  {
    claim: 'a row of padding is a tile instruction of the same call',
    honest: { main: [zeroRow, zeroRow.map(() => 0)] },
    forged: { main: [zeroRow, zeroRow] },
    rejectedBy: [
      'the call has come to this tile instruction',
      'both chains begin at +0',
      'the chains have come to the end',
      'the call goes on to the next tile instruction',
    ],
  },
  {
    claim: 'another accumulator than the call has come with',
    honest: honestRow(tile),
    forged: honestRow({ ...tile, acc: fp32(1, 0xabcdee) }),
    rejectedBy: ['the call has come to this tile instruction'],
  },
  {
    claim: 'another odd chain than has come to the end',
    honest: honestRow(tile),
    forged: honestRow({ ...tile, odd: fp32(0, 0x812346) }),
    rejectedBy: ['the chains have come to the end'],
  },
  {
    claim: 'the chains begin at another element of b',
    honest: honestRow(tile),
    forged: withCells(AIR, honestRow(tile), 0, { b: 66 }),
    rejectedBy: [
      'the call has come to this tile instruction',
      'both chains begin at +0',
      'the chains have come to the end',
      'the call goes on to the next tile instruction',
    ],
  },
  {
    claim: 'a tile instruction of 32 elements ends after 16, and the call with it',
    honest: honestRow(tile),
    forged: honestRow({ ...tile, isTail: true }),
    rejectedBy: ['the chains have come to the end', 'the call goes on to the next tile instruction'],
  },
  {
    claim: 'a tile instruction takes -1 blocks off two: 48 elements',
    honest: honestRow(tile),
    forged: withCells(AIR, honestRow(tile), 0, { isTail: -1 }),
    rejectedBy: ['isTail is a bit', 'the chains have come to the end', 'the call goes on to the next tile instruction'],
  },
  ...subnormalZero(),
  {
    claim: 'a zero accumulator is a zero and 2^-14 of one',
    honest: honestRow(zeros),
    forged: withCells(AIR, honestRow(zeros), 0, { accIsZero: 1 + inverse(felt(2 ** 14)) }),
    rejectedBy: ['accIsZero is a bit'],
  },
  {
    claim: 'the sum of the chains is -0, on top of 0',
    honest: honestRow({ acc: 0, even: ONE, odd: MINUS_ONE }),
    forged: forgeTile({ acc: 0, even: ONE, odd: MINUS_ONE }, { chains: { isNegativeSum: 1 } }),
    rejectedBy: ['chains: a zero is positive', 'total: a zero has no y = -0'],
  },
  refused('a subnormal accumulator is a number', { acc: 0x0040_0000, even: ONE, odd: 0 }, 'any other has its top bit'),
  refused('-0 and -0 are +0', { acc: ONE, even: 0x8000_0000, odd: 0x8000_0000 }, 'chains: a zero has no y = -0'),
  refused(
    'infinity - infinity is zero: chains',
    { acc: 0, even: 0x7f80_0000, odd: 0xff80_0000 },
    'chains: a zero has finite terms',
  ),
  refused(
    'a NaN less a NaN is zero',
    { acc: 0, even: 0x7fc0_0000, odd: 0xffc0_0000 },
    'chains: a zero has finite terms',
  ),
  refused(
    'infinity - infinity is zero: total, after an overflow',
    { acc: 0xff80_0000, even: fp32(127), odd: fp32(127) },
    'total: a zero has finite terms',
  ),
  refused(
    'infinity and 0 is a number',
    { acc: 0, even: 0x7f80_0000, odd: 0x7f80_0000 },
    'chains: a result that is not zero is normal, or infinite',
    'total: the upper part is shifted',
    'total: the lower part is shifted',
    'total: a result that is not zero is normal, or infinite',
  ),
  ...addForgeries('chains'),
  ...addForgeries('total'),
];

describeForgeries(AIR, forgeries, {
  pastRanges: ['chains: moved has `zeros` bits', 'total: moved has `zeros` bits'],
  tables: TABLES,
  neverAlone: {
    'isReal is a bit': 'of weight 2, an accumulator would have its top bit twice, or be a zero twice',
    'isTail is a bit': 'the elements at the end are those of both buses',
    'both chains begin at +0': 'time and elements are those received',
    'the call goes on to the next tile instruction':
      'time and elements are those received, and what it claims is stated by constraints',
    'total: a zero has no y = -0': 'the sum of the chains is no -0',
    ...Object.fromEntries(
      ['chains', 'total'].flatMap((sum) => [
        [`${sum}: a zero is exact`, 'nothing is cut off of the sum of normal numbers that cancels'],
        [
          `${sum}: nothing is cut off of a sum of one limb`,
          'nothing is cut off of the sum of normal numbers that cancels',
        ],
      ]),
    ),
  },
});

describe('alternative witnesses', () => {
  test('of order, signs, magnitude, shift, rounding and kind: nothing else is accepted, on a sample', () => {
    let [tried, accepted] = [0, 0];
    for (let i = 0; i < 80; i++) {
      const edge = (word: number): number =>
        random.below(3) > 0 ? word : random.pick([2 ** 31, ...EDGE_WORDS.filter((w) => (w & 0x7f80_0000) !== 0)]);
      const [even, odd] = near().slice(1).map(edge) as [number, number];
      // Also of what is the slow chip's: no row, or the same.
      const acc = random.pick([0, random.pick(EDGE_WORDS)]);
      const expected = amxAdd(acc, amxAdd(even, odd));
      for (const lies of sumChoices(random)) {
        if (random.below(2) !== 0) continue;
        const isNear = Math.abs(exponentOf(even) - exponentOf(odd)) < 8;
        const own = isNear && random.below(4) === 0 ? { ...lies, isSwapped: random.below(2) } : lies;
        const forged = forgeTile({ acc, even, odd }, { chains: own });
        tried++;
        if (violations(AIR, forged).length > 0 || objections(AIR, forged, forged, TABLES).length > 0) continue;
        accepted++;
        expect(resultOf(AIR, forged, 'total'), JSON.stringify({ acc, even, odd, lies })).toBe(expected);
      }
    }
    expect(tried).toBeGreaterThan(5000);
    expect(accepted).toBeGreaterThan(25);
  });

  const parts = ['Negative', 'High', 'Low', 'Exponent'];
  const states = ['acc', 'even', 'odd'].flatMap((name) => parts.map((part) => `${name}${part}`));
  const query = { inputs: ['isReal', 'isTail', 'clk', 'a', 'b', ...states], tables: TABLES };
  test('the search finds no second result', () => {
    for (const of of [tile, zeros, { acc: ONE, even: MINUS_ONE, odd: 0 }]) {
      expect(findSecondWitness(AIR, { ...query, honest: honestRow(of), tries: 150 })).toBeUndefined();
    }
  });
  test('and finds one where a check is missing', () => {
    const without = ['total: the sum adds up'];
    expect(findSecondWitness(AIR, { ...query, honest: honestRow(tile), without, tries: 600 })).toBeDefined();
  });
});
