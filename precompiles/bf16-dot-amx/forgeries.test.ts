import { describe, expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Air } from '../../stark/air/air.ts';
import { violations } from '../../stark/air/check.ts';
import { forgeStep, type Step } from '../../test/support/amx-forger.ts';
import { executionOf } from '../../test/support/bf16-dot.ts';
import { describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import type { Lies } from '../../test/support/mac-forger.ts';
import { macForgeries, ONE, resultOf, sumChoices, zeroOnPadding } from '../../test/support/mac-forgeries.ts';
import { bf16, EDGE_HALVES, EDGE_WORDS, fp32 } from '../../test/support/patterns.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import { alignTable } from '../align/air.ts';
import { amxFma } from '../amx-fma/semantics.ts';
import { resultTable } from '../bf16-dot/result-table.ts';
import { significandOf } from '../bf16-dot/semantics.ts';
import { nearestEvenTable } from '../nearest-even/air.ts';
import { bf16DotAmxAir } from './air.ts';
import { AMX_STEP_EVENT_WORDS, BF16_DOT_AMX_CHIP } from './state.ts';
import { bf16DotAmxChip } from './trace.ts';

const AIR = bf16DotAmxAir as unknown as Air;
const TABLES = Object.fromEntries(
  [alignTable, resultTable, complementRangeTable, nearestEvenTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);

/** The trace of the chip for one step; elements 34 and 66 of the tile instruction at 32, as the forger has them. */
function honestRow({ even, odd, a, b }: Step) {
  const log = new EventLog(AMX_STEP_EVENT_WORDS);
  const at = log.push();
  const state = (word: number): number[] => [((word & 0x8000_0000) | significandOf(word)) >>> 0, word];
  log.words.set([1, 32, 34, 66, ...state(even), ...state(odd)], at);
  const hints = new Uint16Array(96);
  hints.set(a, 34);
  hints.set(b, 66);
  return traceOf(bf16DotAmxChip, { ...executionOf([], new Map([[BF16_DOT_AMX_CHIP, log]])), hints });
}

/** One product; the other is a zero on top of +0. */
const first = (x: number, y: number, even = 0): Step => ({ even, odd: 0, a: [x, 0], b: [y, 0] });
const second = (x: number, y: number, odd = 0): Step => ({ even: 0, odd, a: [0, x], b: [0, y] });

const random = seeded(31);
const operand = (): number =>
  random.below(5) === 0
    ? random.below(2) * 0x8000
    : bf16(random.below(8) - 4, 128 + random.below(128), random.below(2));
const chain = (): number =>
  random.pick([0, fp32(random.below(60) - 30, 2 ** 23 + random.below(2 ** 23), random.below(2))]);

test('every row is accepted, is what the forger writes without a lie, and has the results of the steps', () => {
  for (let i = 0; i < 300; i++) {
    const step: Step = { even: chain(), odd: chain(), a: [operand(), operand()], b: [operand(), operand()] };
    const rows = honestRow(step);
    expect(violations(AIR, { main: [...rows.main, ...paddingRow(bf16DotAmxChip).main] })).toEqual([]);
    expect(objections(AIR, rows, rows, TABLES)).toEqual([]);
    expect(forgeStep(step)).toEqual(rows);
    expect(resultOf(AIR, rows, 'first')).toBe(amxFma(step.a[0], step.b[0] * 2 ** 16, step.even));
    expect(resultOf(AIR, rows, 'second')).toBe(amxFma(step.a[1], step.b[1] * 2 ** 16, step.odd));
  }
});

const place = (prefix: 'first' | 'second', of: typeof first) => ({
  prefix,
  isNormal: true,
  honest: (x: number, y: number, acc: number) => honestRow(of(x, y, acc)),
  forge: (x: number, y: number, acc: number, lies: Lies) => forgeStep(of(x, y, acc), { [prefix]: lies }),
});
const minusOne = fp32(0, 2 ** 23, 1);
const special = (prefix: 'first' | 'second', of: typeof first): Forgery[] => {
  const lie = (claim: string, step: Step, lies: Lies, name: string): Forgery => ({
    claim: `${prefix}: ${claim}`,
    honest: honestRow(step),
    forged: forgeStep(step, { [prefix]: lies }),
    rejectedBy: [`${prefix}: ${name}`],
  });
  /** No honest row of this chip exists. */
  const refused = (claim: string, step: Step, name: string): Forgery => {
    const forged = forgeStep(step);
    return { claim: `${prefix}: ${claim}`, honest: forged, forged, rejectedBy: [`${prefix}: ${name}`] };
  };
  return [
    lie('a sum of 2^25 is zero', of(ONE, ONE), { isZero: 1, zeros: 0, exponent: -400 }, 'a zero has no window'),
    lie('1 - 1 is -0', of(ONE, ONE, minusOne), { isNegativeSum: 1 }, 'a zero is positive'),
    refused('infinity * 2^7 - infinity is zero', of(0x7f80, bf16(7), 0xff80_0000), 'a zero has a finite accumulator'),
    refused('-0 on top of a product of zeros is +0', of(0x8000, ONE, 0x8000_0000), 'a zero has no accumulator -0'),
    // The exact result is below 2^-126: AMX has a zero, which the slow chip proves.
    refused('2^-127 is normal', of(bf16(-100), bf16(-27)), 'a result that is not zero is normal, or infinite'),
    refused(
      '2^-126 - 2^-149 is kept',
      of(bf16(-100), bf16(-49, 128, 1), fp32(-126)),
      'a result that is not zero is normal, or infinite',
    ),
  ];
};

const zeros: Step = { even: 0, odd: 0, a: [0, 0], b: [0, 0] };
const [zeroRow] = honestRow(zeros).main as [number[]];
const step: Step = {
  even: fp32(1, 0xabcdef),
  odd: fp32(-2, 0xfedcba, 1),
  a: [bf16(0, 200), bf16(1, 131)],
  b: [bf16(-1, 155), bf16(0, 177, 1)],
};

const forgeries: Forgery[] = [
  zeroOnPadding(AIR, 'first'),
  zeroOnPadding(AIR, 'second'),
  {
    claim: 'one row of weight 2 stands for two steps',
    honest: { main: [zeroRow, zeroRow] },
    forged: {
      main: [
        withCells(AIR, { main: [zeroRow] }, 0, { isReal: 2, firstIsZero: 2, secondIsZero: 2 }).main[0]!,
        zeroRow.map(() => 0),
      ],
    },
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'a row of padding is a step of the same tile instruction',
    honest: { main: [zeroRow, zeroRow.map(() => 0)] },
    forged: { main: [zeroRow, zeroRow] },
    rejectedBy: [
      'the chains have come to these products',
      'the tape has these operands, and none is subnormal',
      'the chains go on to the next products',
    ],
  },
  {
    claim: 'another odd chain than has come to these products',
    honest: honestRow(step),
    forged: honestRow({ ...step, odd: fp32(-2, 0xfedcbb, 1) }),
    rejectedBy: ['the chains have come to these products'],
  },
  {
    claim: 'a step of another tile instruction',
    honest: honestRow(step),
    forged: withCells(AIR, honestRow(step), 0, { tile: 0 }),
    rejectedBy: ['the chains have come to these products', 'the chains go on to the next products'],
  },
  {
    claim: 'other operands than are on the tape',
    honest: honestRow(step),
    forged: honestRow({ ...step, a: [bf16(0, 201), bf16(1, 131)] }),
    rejectedBy: ['the tape has these operands, and none is subnormal'],
  },
  {
    // No row of bf16-normal-pairs answers: here it is the tape's answer.
    claim: 'a subnormal operand is a number',
    honest: honestRow(zeros),
    forged: forgeStep({ ...zeros, a: [0x0040, 0], b: [bf16(20), 0] }),
    rejectedBy: ['the tape has these operands, and none is subnormal'],
  },
  ...macForgeries(place('first', first)),
  ...macForgeries(place('second', second)),
  ...special('first', first),
  ...special('second', second),
];

describeForgeries(AIR, forgeries, {
  pastRanges: ['first: moved has `zeros` bits', 'second: moved has `zeros` bits'],
  tables: TABLES,
  neverAlone: {
    'the chains go on to the next products':
      'time and elements are those received, and what it claims is stated by constraints',
    ...Object.fromEntries(
      ['first', 'second'].map((product) => [
        `${product}: a zero is exact`,
        'the inverse of what is cut off would be that of a number above 2^23, which is more than is cut off of such a sum',
      ]),
    ),
  },
});

describe('alternative witnesses', () => {
  test('of exponent, signs, magnitude, shift, rounding and kind: nothing else is accepted, on a sample', () => {
    let [tried, accepted] = [0, 0];
    for (let i = 0; i < 100; i++) {
      const edge = random.pick(EDGE_HALVES.filter((half) => (half & 0x7f80) !== 0));
      const x = random.pick([bf16(random.below(40) - 20, 128 + random.below(128), random.below(2)), 0, edge]);
      const y = random.pick([bf16(random.below(250) - 125, 128 + random.below(128)), edge]);
      const near = Math.max(-126, Math.min(127, ((x >> 7) & 0xff) + ((y >> 7) & 0xff) - 254 + random.below(60) - 30));
      const number = fp32(near, 2 ** 23 + random.pick([0, 1, random.below(2 ** 23)]), random.below(2));
      const acc = random.pick([
        0,
        2 ** 31,
        number,
        random.pick(EDGE_WORDS.filter((word) => (word & 0x7f80_0000) !== 0)),
      ]);
      // Also of what is the slow chip's: no row, or the same.
      const expected = amxFma(x, y * 2 ** 16, acc);
      for (const lies of sumChoices(random)) {
        if (random.below(2) !== 0) continue;
        const forged = forgeStep(first(x, y, acc), { first: lies });
        tried++;
        if (violations(AIR, forged).length > 0 || objections(AIR, forged, forged, TABLES).length > 0) continue;
        accepted++;
        expect(resultOf(AIR, forged, 'first'), JSON.stringify({ x, y, acc, lies })).toBe(expected);
      }
    }
    expect(tried).toBeGreaterThan(6000);
    expect(accepted).toBeGreaterThan(30);
  });

  const chains = ['even', 'odd'].flatMap((c) => ['Negative', 'High', 'Low', 'Exponent'].map((part) => `${c}${part}`));
  const inputs = ['isReal', 'clk', 'tile', 'a', 'b', ...chains];
  const query = { inputs, tables: TABLES, asked: ['bf16-normal-pair'] };
  test('the search finds no second result', () => {
    for (const of of [step, zeros, first(ONE, ONE, minusOne)]) {
      expect(findSecondWitness(AIR, { ...query, honest: honestRow(of), tries: 150 })).toBeUndefined();
    }
  });
  test('and finds one where a check is missing', () => {
    const without = ['first: the sum adds up'];
    expect(findSecondWitness(AIR, { ...query, honest: honestRow(step), without, tries: 600 })).toBeDefined();
  });
});
