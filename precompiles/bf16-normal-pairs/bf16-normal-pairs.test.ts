import { expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { centred, inverse, mul, reduce } from '../../stark/field/koala-bear.ts';
import { executionOf } from '../../test/support/bf16-dot.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { ANSWERS_NEVER_ALONE, answerForgeries, expectPairsOf } from '../../test/support/pair-answers.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { decodeBf16 } from '../../vm/chips/bf16-decode/decode.ts';
import { PAIRS, PAIRS_EVENT_WORDS } from '../bf16-pairs/bus.ts';
import { bf16NormalPairsAir, NUM_PRODUCTS } from './air.ts';
import { BF16_NORMAL_PAIRS_CHIP } from './bus.ts';
import { bf16NormalPairsChip } from './trace.ts';

const AIR = bf16NormalPairsAir as unknown as Air;
const random = seeded(61);
/** Any pattern but those with the exponent -126. */
const hints = Uint16Array.from({ length: 64 }, () => {
  const x = random.pick([0, 0x8000, 0x7f80, 0x7fc1, random.below(2 ** 16)]);
  return decodeBf16(x).exponent === -126 ? 0x3f80 : x;
});
const ALL = 2 ** PAIRS - 1;

/** A row of blocks 1 and 3. */
const rowOf = (mask: number, tape = hints): Rows => {
  const log = new EventLog(PAIRS_EVENT_WORDS);
  const at = log.push();
  log.words.set([1, 3, mask], at);
  return traceOf(bf16NormalPairsChip, { ...executionOf([], new Map([[BF16_NORMAL_PAIRS_CHIP, log]])), hints: tape });
};

test('pairs are those of the tape, with the sums of exponents', () => {
  const rows = rowOf(ALL);
  expect(violations(AIR, { main: [...rows.main, ...paddingRow(bf16NormalPairsChip).main] })).toEqual([]);
  expectPairsOf(hints, AIR, rows);
});

const names = Array.from({ length: 32 }, (_, k) => (k < 16 ? `aExponent[${k}]` : `bExponent[${k - 16}]`));
/** The row with another exponent in one place; products and inverse are what follow, as far as there is one. */
function withExponent(rows: Rows, place: number, exponent: number): Rows {
  const changed = withCells(AIR, rows, 0, { [names[place]!]: exponent });
  const factors = names.map((name) => reduce(centred(cells(AIR, changed, name)[0]!) + 126));
  const products = Array.from({ length: NUM_PRODUCTS }, (_, i) =>
    factors.slice(0, 3 * i + 4).reduce((all, factor) => mul(all, factor)),
  );
  const all = factors.reduce((product, factor) => mul(product, factor));
  return withCells(AIR, changed, 0, {
    ...Object.fromEntries(products.map((product, i) => [`product[${i}]`, product])),
    inverse: all === 0 ? 1 : inverse(all),
  });
}

test.each(names.map((name, place) => [name, place] as const))('%s = -126 is refused, -125 is not', (_, place) => {
  const rows = rowOf(0);
  const failed = (forged: Rows): string[] => violations(AIR, forged).map(({ constraint }) => constraint);
  expect(failed(withExponent(rows, place, -126))).toEqual(['no exponent is -126']);
  expect(failed(withExponent(rows, place, -125))).toEqual([]);
});

const none = rowOf(0);
const [padding] = paddingRow(bf16NormalPairsChip).main as [number[]];
const subnormal = withExponent(none, 5, -126);
const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two',
    honest: { main: [none.main[0]!, none.main[0]!] },
    forged: { main: [weightTwo(), padding] },
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'another first operand than is on the tape',
    honest: none,
    forged: withCells(AIR, none, 0, { 'aSignificand[3]': 1 }),
    rejectedBy: ['a is a hint block'],
  },
  {
    claim: 'another second operand than is on the tape',
    honest: none,
    forged: withExponent(none, 19, 7),
    rejectedBy: ['b is a hint block'],
  },
  { claim: 'an element is subnormal', honest: subnormal, forged: subnormal, rejectedBy: ['no exponent is -126'] },
  ...Array.from({ length: NUM_PRODUCTS }, (_, i): Forgery => {
    // From a product with a zero factor on, the others are those of a 1 in its place.
    const place = i === 0 ? 1 : 3 * i + 1;
    const honest = withExponent(none, place, -126);
    const one = withExponent(none, place, -125);
    const from = Object.fromEntries(
      [...Array.from({ length: NUM_PRODUCTS }, (_, k) => `product[${k}]`), 'inverse'].map((name) => [
        name,
        cells(AIR, one, name)[0]!,
      ]),
    );
    const forged = withCells(AIR, honest, 0, from);
    return {
      claim: `a subnormal is left out of product ${i}`,
      honest: forged,
      forged,
      rejectedBy: [`product[${i}] is the product so far`],
    };
  }),
  ...answerForgeries(
    AIR,
    padding,
    rowOf,
    // Without factors 126 the padding's own exponents make the products.
    (pair) => withCells(AIR, { main: [padding] }, 0, paddingPair(pair)).main[0]!,
  ),
];

/** The row without pairs, of weight 2: products of exponents + 252. */
function weightTwo(): readonly number[] {
  const factors = names.map((name) => reduce(centred(cells(AIR, none, name)[0]!) + 252));
  const products = Array.from({ length: NUM_PRODUCTS }, (_, i) =>
    factors.slice(0, 3 * i + 4).reduce((p, f) => mul(p, f)),
  );
  const all = factors.reduce((p, f) => mul(p, f));
  return withCells(AIR, none, 0, {
    isReal: 2,
    ...Object.fromEntries(products.map((product, i) => [`product[${i}]`, product])),
    inverse: mul(reduce(2), inverse(all)),
  }).main[0]!;
}

/** Operands of pair `pair` of the tape in a row that is no block; all products stay 0. */
function paddingPair(pair: number): Record<string, number> {
  const of = (name: string): number => cells(AIR, none, name)[0]!;
  const places = [2 * pair, 2 * pair + 1];
  return {
    [`isAsked[${pair}]`]: 1,
    ...{ a: 1, b: 3 },
    ...Object.fromEntries(
      places.flatMap((k) =>
        ['aSignificand', 'bSignificand', 'aExponent', 'bExponent'].map((name) => [
          `${name}[${k}]`,
          of(`${name}[${k}]`),
        ]),
      ),
    ),
  };
}

describeForgeries(AIR, forgeries, {
  neverAlone: ANSWERS_NEVER_ALONE,
});
