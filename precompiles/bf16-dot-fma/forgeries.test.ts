import { describe, expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import { violations } from '../../stark/air/check.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { executionOf } from '../../test/support/bf16-dot.ts';
import { describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { forgeMacs, type Lies, type Pair } from '../../test/support/mac-forger.ts';
import { seeded } from '../../test/support/random.ts';
import { traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import { alignTable } from '../align/air.ts';
import { resultTable } from '../bf16-dot/result-table.ts';
import { significandOf } from '../bf16-dot/semantics.ts';
import { nearestEvenTable } from '../nearest-even/air.ts';
import { bf16DotFmaAir } from './air.ts';
import { fastMac } from './semantics.ts';
import { BF16_DOT_FMA_CHIP, MAC_EVENT_WORDS } from './state.ts';
import { bf16DotFmaChip } from './trace.ts';

const AIR = bf16DotFmaAir as unknown as Air;
const TABLES = Object.fromEntries(
  [alignTable, resultTable, complementRangeTable, nearestEvenTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);

const bf16 = (exponent: number, significand = 128, negative = 0): number =>
  negative * 0x8000 + (exponent + 127) * 128 + significand - 128;
const fp32 = (exponent: number, significand = 2 ** 23, negative = 0): number =>
  negative * 2 ** 31 + (exponent + 127) * 2 ** 23 + significand - 2 ** 23;
const ONE = bf16(0);

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

/** 1 - (1 - v * 2^-25): the sum is v, even. */
const cancelling = (v: number): [number, number, number] => [ONE, ONE, fp32(-1, 2 ** 24 - v / 2, 1)];

function macForgeries(prefix: 'first' | 'second', of: typeof first): Forgery[] {
  const rejected = (name: string): string => {
    const own = name.match(/^(\w+) (is a bit|is below 2\^\d+)$/);
    return own === null ? `${prefix}: ${name}` : `${prefix}${own[1]![0]!.toUpperCase()}${own[1]!.slice(1)} ${own[2]}`;
  };
  const lie = (claim: string, pair: Pair, lies: Lies, name: string): Forgery => ({
    claim: `${prefix}: ${claim}`,
    honest: honestRow(pair),
    forged: forgeMacs(pair, { [prefix]: lies }),
    rejectedBy: [rejected(name)],
  });
  /** No honest row of this chip exists. */
  const refused = (claim: string, pair: Pair, lies: Lies, name: string): Forgery => {
    const forged = forgeMacs(pair, { [prefix]: lies });
    return { claim: `${prefix}: ${claim}`, honest: forged, forged, rejectedBy: [rejected(name)] };
  };
  const lessThanOne = (): Forgery => {
    const forged = forgeMacs(of(0x0001, bf16(100), fp32(-34, (2 ** 18 - 1) * 2 ** 6 + 1, 1)));
    const rejectedBy = ['a zero is exact', 'something is cut off if sticky'].map(rejected);
    return { claim: `${prefix}: a sum less than 1 is zero`, honest: forged, forged, rejectedBy };
  };
  const one = of(ONE, ONE);
  const ones: Pair = { acc: 0, a: [ONE, ONE], b: [ONE, ONE] };
  const sum = of(ONE, ONE, fp32(0));
  const carrying = of(bf16(-12), bf16(-12), fp32(0, 2 ** 24 - 1));
  const cut = of(ONE, ONE, fp32(-12, 2 ** 23 + 1));
  return [
    lie('terms are aligned to an exponent that none has', one, { largest: 1 }, 'largest is one of the exponents'),
    lie('the product counts nine times', of(bf16(0, 128, 1), ONE, fp32(3)), { isNegative: 2 }, 'isNegative is a bit'),
    lie('the product counts twice', one, { multiplier: 4096 }, 'the product is shifted'),
    lie(
      '2^14 = 65024 * 2^15 + 2^14 + 1 mod p',
      of(ONE, ONE, fp32(26)),
      { quotient: 65024, remainder: 2 ** 14 + 1 },
      'the product keeps its upper bits',
    ),
    lie('the product is one more', one, { quotient: 2 ** 14 + 1 }, 'the product is divided'),
    lie('the upper part counts twice', sum, { highMultiplier: 4096 }, 'the upper part is shifted'),
    lie(
      'the quotient of the upper part wraps around p',
      of(bf16(13), bf16(13), fp32(0)),
      { highQuotient: 65024, highRemainder: 2 ** 14 + 1 },
      'the upper part keeps its upper bits',
    ),
    lie('the upper part is one more', sum, { highQuotient: 2 ** 14 + 1 }, 'the upper part is divided'),
    lie(
      'the lower part counts twice',
      of(ONE, ONE, fp32(0, 2 ** 23 + 5)),
      { lowMultiplier: 8 },
      'the lower part is shifted',
    ),
    lie(
      'the quotient of the lower part wraps around p',
      of(bf16(9), bf16(8), fp32(0, 2 ** 23 + 5)),
      { lowQuotient: 65024, lowRemainder: 6 },
      'the lower part keeps its upper bits',
    ),
    lie('the lower part is one more', sum, { lowQuotient: 1 }, 'the lower part is divided'),
    lie('an accumulator that is kept is gone', sum, { isGone: 1 }, 'nothing is kept if gone'),
    lie(
      'an accumulator that is gone leaves no trace',
      of(ONE, ONE, fp32(-60)),
      { isGone: 0 },
      'something is kept unless gone',
    ),
    lie('what is cut off leaves no trace', cut, { sticky: 0 }, 'nothing is cut off unless sticky'),
    lie('something is cut off of an exact sum', one, { sticky: 1 }, 'something is cut off if sticky'),
    lie('the sum is one more', one, { magnitude: 2 ** 25 + 1 }, 'the sum adds up'),
    lie(
      'the sum has the sign -3 and a third of its magnitude',
      of(bf16(0, 192, 1), ONE),
      { isNegativeSum: 2 },
      'isNegativeSum is a bit',
    ),
    lie(
      'limbs move up by -1: twice the low limb is the high one, and the exponent grows by 16',
      of(...cancelling(2 ** 18 + 2)),
      { limbShift: -1, zeros: 14, top: 2, bottom: 2 },
      'limbShift is a bit',
    ),
    lie(
      'another limb than the low one moves up',
      of(...cancelling(2 ** 15)),
      { top: 2 ** 15 + 1 },
      'the low limb takes the place of the high one',
    ),
    refused(
      'a sum of 16 bits is rounded though something is cut off',
      of(0x0001, bf16(100), fp32(-34, 2 ** 24 - 2 ** 21 + 1, 1)),
      {},
      'nothing is cut off of a sum of one limb',
    ),
    lie(
      'the sum is p more',
      one,
      { magnitude: 2 ** 25 + 0x7f00_0001 },
      'the sum has 28 bits, and 25 of them if anything is cut off',
    ),
    refused(
      'a sum of 23 bits is rounded though something is cut off',
      of(0x0010, bf16(100), fp32(-40, 2 ** 23 + 1)),
      {},
      'the sum has 28 bits, and 25 of them if anything is cut off',
    ),
    lie(
      '65026 * 2^15 = 0xffff mod p',
      of(...cancelling(65026)),
      { limbShift: 1, zeros: 15 },
      'top has room to be shifted',
    ),
    lie('0 = -32513 * 2^16 + 0xffff mod p', of(...cancelling(65534)), { moved: -32513 }, 'moved has `zeros` bits'),
    lie('0 = 0x7f00 * 2^16 + 1 mod p', of(...cancelling(2 ** 16)), { moved: 0x7f00 }, 'stayed has the other bits'),
    lie('other bits stay than the low limb has', one, { stayed: 1 }, 'lower is what stayed'),
    lie('the low limb gains a bit', one, { lower: 64, stayed: 1 }, 'the low limb is shifted'),
    lie('the window is one more', one, { window: 2 ** 15 + 1 }, 'the window is the shifted high limb'),
    lie('the result is not normalised', one, { zeros: 5 }, 'only a zero has no leading bit'),
    lie('the significand is one more', one, { upper: 1 }, 'the lower limb is rounded to nearest even'),
    lie('an exact sum is incremented', one, { increment: 1 }, 'the lower limb is rounded to nearest even'),
    lie('a significand of 2^23 carries', one, { carries: 1 }, 'a significand that carries is 2^24'),
    lie('a carry counts twice', carrying, { carries: 2 }, 'carries is a bit'),
    lie('the upper bits are one more', one, { high: 2 ** 14 + 1 }, 'high and low are the rounded significand'),
    lie('a significand of 2^24 does not carry', carrying, { carries: 0 }, 'high is below 2^15'),
    lie('a bit of the upper part is in the lower one', one, { low: 512 }, 'low is below 2^9'),
    lie('the exponent is one more', one, { exponent: 1 }, 'a result that is not zero is normal, or infinite'),
    lie(
      'a sum of 2 is zero',
      of(...cancelling(2)),
      { isZero: 1, limbShift: 0, zeros: 0, exponent: -400 },
      'a zero has no low limb',
    ),
    lie('a sum of 2^25 or 2^26 is zero', ones, { isZero: 1, zeros: 0, exponent: -400 }, 'a zero has no window'),
    lessThanOne(),
    lie(
      '1 - 1 is -0',
      prefix === 'first' ? { ...ones, acc: fp32(0, 2 ** 23, 1) } : of(ONE, ONE, fp32(0, 2 ** 23, 1)),
      { isNegativeSum: 1 },
      'a zero is positive',
    ),
    lie(
      'a zero has the exponent 0',
      of(ONE, ONE, fp32(0, 2 ** 23, 1)),
      { exponent: 0 },
      'a zero has the exponent of zeros',
    ),
    refused(
      'infinity * 2^7 - infinity is zero',
      prefix === 'first'
        ? first(0x7f80, bf16(7), 0xff80_0000)
        : { acc: 0, a: [bf16(127, 128, 1), 0x7f80], b: [bf16(1), bf16(7)] },
      {},
      'a zero has a finite accumulator',
    ),
    ...(prefix === 'first'
      ? [
          refused(
            'infinity * 1.5 * 2^8 and a negative NaN of as many bits is zero',
            first(0x7f80, bf16(8, 192), 0xffc0_0000),
            {},
            'a zero has a finite accumulator',
          ),
          refused(
            '-0 on top of a product of zeros is +0',
            of(0x8000, ONE, 0x8000_0000),
            {},
            'a zero has no accumulator -0',
          ),
        ]
      : [secondNegativeZero(refused)]),
  ];
}

/** The first product is made to leave -0: also a lie, which the second rejects. */
function secondNegativeZero(_: unknown): Forgery {
  const pair: Pair = { acc: fp32(0, 2 ** 23, 1), a: [ONE, 0x8000], b: [ONE, ONE] };
  const forged = forgeMacs(pair, { first: { isNegativeSum: 1 } });
  return {
    claim: 'second: -0 on top of a product of zeros is +0',
    honest: honestRow(pair),
    forged,
    rejectedBy: ['first: a zero is positive', 'second: a zero has no accumulator -0'],
  };
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
  ...macForgeries('first', first),
  ...macForgeries('second', second),
];

describeForgeries(AIR, forgeries, {
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
    for (let i = 0; i < 120; i++) {
      const x = random.pick([
        bf16(random.below(40) - 20, 128 + random.below(128), random.below(2)),
        1 + random.below(127),
        0,
      ]);
      const y = bf16(random.below(254) - 126, 128 + random.below(128));
      const exponent = Math.min(
        127,
        Math.max(-126, (x < 128 ? -126 : ((x >> 7) & 0xff) - 127) + ((y >> 7) & 0xff) - 127 + random.below(60) - 30),
      );
      const acc = random.pick([
        0,
        fp32(exponent, 2 ** 23 + random.pick([0, 1, random.below(2 ** 23)]), random.below(2)),
      ]);
      const block = first(x, y, acc);
      const expected = fastMac(x, y, acc);
      for (const lies of choices(random)) {
        if (random.below(2) !== 0) continue;
        const forged = forgeMacs(block, { first: lies });
        tried++;
        if (violations(AIR, forged).length > 0 || objections(AIR, forged, forged, TABLES).length > 0) continue;
        accepted++;
        const at = (name: string): number => forged.main[0]![AIR.main.find((c) => c.name === name)!.index]!;
        const significand = at('firstHigh') * 512 + at('firstLow');
        const code = at('firstExponent');
        const word =
          code === 4000
            ? 0x7f80_0000
            : significand === 0
              ? 0
              : ((code > 2 ** 20 ? code - 0x7f00_0001 : code) + 126) * 2 ** 23 + significand;
        expect(word + at('firstIsNegativeSum') * 2 ** 31, JSON.stringify({ x, y, acc, lies })).toBe(expected);
      }
    }
    expect(tried).toBeGreaterThan(10_000);
    expect(accepted).toBeGreaterThan(50);
  });
});

/** What a prover may choose freely; the rest follows. */
function* choices(random: { below(n: number): number }): Generator<Lies> {
  for (const isNegativeSum of [0, 1]) {
    for (const sticky of [undefined, 0, 1]) {
      for (let zeros = 0; zeros <= 16; zeros++) {
        for (const limbShift of [0, 1]) {
          const isZero = random.below(4) === 0 ? { isZero: 1 } : {};
          yield {
            isNegativeSum,
            zeros,
            limbShift,
            ...(random.below(8) === 0 ? { carries: 1 } : {}),
            ...(sticky === undefined ? {} : { sticky }),
            ...isZero,
          };
        }
      }
    }
  }
}
