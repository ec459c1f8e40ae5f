import { expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import { violations } from '../../stark/air/check.ts';
import { centred } from '../../stark/field/koala-bear.ts';
import {
  type Block,
  blockEvent,
  edgeBlocks,
  executionOf,
  hasVectors,
  readVectors,
  stateAfter,
  TABLES,
} from '../../test/support/bf16-dot.ts';
import { accepted, forge, type SumView, stateSent } from '../../test/support/bf16-dot-forger.ts';
import {
  block,
  forgedBlocks,
  MINUS_ONE,
  none,
  ONE,
  ordinaryOf,
  sumForgeries,
} from '../../test/support/bf16-dot-sum-forgeries.ts';
import { cells, describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
import { bf16, fp32 } from '../../test/support/patterns.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { AMPERE, isSpecialBlock } from '../bf16-dot/semantics.ts';
import { BF16_DOT_AMPERE_CHIP, BLOCK_EVENT_WORDS, BOTH_HALVES, FIRST_HALF } from '../bf16-dot/state.ts';
import { bf16DotAmpereAir } from './air.ts';
import { bf16DotAmpereChip } from './trace.ts';

const AIR = bf16DotAmpereAir as unknown as Air;
const rowsOf = (blocks: readonly Block[], halves: number) => {
  const log = new EventLog(BLOCK_EVENT_WORDS);
  blocks.forEach(({ acc }, i) => {
    const at = log.push();
    log.words.set(blockEvent(i, acc, halves), at);
  });
  return traceOf(bf16DotAmpereChip, executionOf(blocks, new Map([[BF16_DOT_AMPERE_CHIP, log]])));
};

/** The first half alone, and the second half after eight zeros. */
const first: SumView = {
  air: AIR,
  core: AMPERE,
  prefix: 'first',
  from: 0,
  acc: ['accNegative', 'accHigh', 'accLow', 'accExponent'],
  rows: (block) => rowsOf([block], FIRST_HALF),
  follow: (set, get) => {
    set('secondHighQuotient', get('high'));
    set('secondLowQuotient', get('low'));
    set('secondCarry', get('negative') * 2 ** 10);
  },
};
const second: SumView = {
  air: AIR,
  core: AMPERE,
  prefix: 'second',
  from: 8,
  acc: ['firstNegative', 'firstHigh', 'firstLow', 'firstExponent'],
  rows: ({ acc, a, b }) => rowsOf([{ acc, a: moved(a), b: moved(b) }], BOTH_HALVES),
};
const moved = (of: Uint16Array): Uint16Array => Uint16Array.from(of, (_, k) => (k < 8 ? 0 : of[k - 8]!));

const ordinary = ordinaryOf(AMPERE);

test.each([
  ['first', first],
  ['second', second],
] as const)('the forger of the %s half without a lie writes the honest row', (_, view) => {
  for (const each of forgedBlocks(AMPERE)) expect(forge(each, {}, view)).toEqual(view.rows(each));
});

const [noneRow] = second.rows(none).main as [number[]];
const twice = { main: [noneRow, noneRow] };
const halfOf = (of: Block) => rowsOf([of], FIRST_HALF);
const wholeOf = (of: Block) => rowsOf([of], BOTH_HALVES);
const withState = ['the call has come to this block', 'a is a hint block', 'b is a hint block'];

/** 1 - 1/2 - 1/2. */
const twoExponents = block([
  [ONE, ONE],
  [MINUS_ONE, bf16(-1)],
  [MINUS_ONE, bf16(-1)],
]);
const lateTwoExponents = { ...twoExponents, a: moved(twoExponents.a), b: moved(twoExponents.b) };

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two blocks',
    honest: { main: [halfOf(twoExponents).main[0]!, halfOf(twoExponents).main[0]!] },
    // The distance that is attained is then 2, that of the second largest exponent.
    forged: {
      main: [
        withCells(AIR, halfOf(twoExponents), 0, {
          isReal: 2,
          'firstApartInverse[0]': 2 * cells(AIR, halfOf(twoExponents), 'firstApartInverse[0]')[0]!,
        }).main[0]!,
        noneRow.map(() => 0),
      ],
    },
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'one second half of weight 2 stands for two',
    honest: { main: [wholeOf(lateTwoExponents).main[0]!, wholeOf(lateTwoExponents).main[0]!] },
    forged: {
      main: [
        withCells(AIR, wholeOf(lateTwoExponents), 0, {
          isWhole: 2,
          'secondApartInverse[0]': 2 * cells(AIR, wholeOf(lateTwoExponents), 'secondApartInverse[0]')[0]!,
        }).main[0]!,
        halfOf(lateTwoExponents).main[0]!,
      ],
    },
    rejectedBy: ['isWhole is a bit'],
  },
  {
    claim: 'the second half is that of a row without a block: operands of its own',
    honest: { main: [wholeOf(none).main[0]!, noneRow.map(() => 0)] },
    forged: {
      main: [
        halfOf(none).main[0]!,
        withCells(AIR, wholeOf({ ...none, a: none.a.with(9, ONE), b: none.b.with(9, ONE) }), 0, {
          ...{ isReal: 0, firstLargest: -800, 'firstApartInverse[0]': 0 },
          ...Object.fromEntries(
            ['Attained[0]', 'Attained[1]', 'Apart[0]', 'Apart[1]', 'Apart[2]'].map((n) => [`first${n}`, 0]),
          ),
        }).main[0]!,
      ],
    },
    rejectedBy: ['only a block is summed whole'],
  },
  {
    claim: 'the second half is passed over',
    honest: wholeOf(ordinary),
    forged: halfOf(ordinary),
    rejectedBy: ['the call goes on to the next block', 'the call goes on to the second half'],
  },
  {
    claim: 'a row of padding is a block of the same call',
    honest: { main: [noneRow, noneRow.map(() => 0)] },
    forged: twice,
    rejectedBy: [...withState, 'the call goes on to the next block'],
  },
  {
    claim: 'another accumulator than the call has come with',
    honest: wholeOf(ordinary),
    forged: wholeOf({ ...ordinary, acc: fp32(2, 0xabcdee) }),
    rejectedBy: ['the call has come to this block'],
  },
  {
    claim: 'another first operand than is on the tape',
    honest: wholeOf(ordinary),
    forged: wholeOf({ ...ordinary, a: ordinary.a.with(3, ONE) }),
    rejectedBy: ['a is a hint block'],
  },
  {
    claim: 'another second operand than is on the tape',
    honest: wholeOf(ordinary),
    forged: wholeOf({ ...ordinary, b: ordinary.b.with(3, ONE) }),
    rejectedBy: ['b is a hint block'],
  },
  ...sumForgeries(first, 'first half: '),
  ...sumForgeries(second, 'second half: '),
];

const stated = 'time and elements are those received, and what it claims is stated by constraints';
describeForgeries(AIR, forgeries, {
  pastRanges: [
    'firstLow is below 2^9',
    'secondLow is below 2^9',
    'first half: moved has `zeros` bits',
    'second half: moved has `zeros` bits',
  ],
  tables: TABLES,
  neverAlone: { 'the call goes on to the next block': stated, 'the call goes on to the second half': stated },
});

test('alternative windows, signs, magnitudes, shifts and kinds: nothing else is accepted, on a sample', () => {
  const random = seeded(8);
  let tried = 0;
  for (const view of [first, second]) {
    for (const of of edgeBlocks(21, 6)) {
      const each = { ...of, a: of.a.map((x, k) => (k < 8 ? x : 0)), b: of.b };
      if (isSpecialBlock(AMPERE, each.acc, each.a, 0, each.b, 0)) continue;
      const exponents = [-132, -133, -134, -135];
      const honest = view.rows(each);
      const largest = cells(AIR, honest, `${view.prefix}Largest`)[0]!;
      const near = [-3, -2, -1, 0, 1].map((by) => (largest > 2 ** 30 ? largest - 0x7f00_0001 : largest) + by);
      const expected = stateSent(honest, view);
      for (const state of accepted(
        each,
        [...new Set([...exponents, ...near])],
        () => random.below(40) === 0 && ++tried > 0,
        view,
      ))
        expect(state).toEqual(expected);
    }
  }
  expect(tried).toBeGreaterThan(800);
});

test.skipIf(!hasVectors)('vectors from outside: the trace is accepted and sends the expected state', () => {
  const finite = readVectors('model.txt.gz', 16, 'ampere').filter(
    ({ a, b, acc }) => [...a, ...b].every((x) => (x & 0x7f80) !== 0x7f80) && (acc & 0x7f80_0000) !== 0x7f80_0000,
  );
  const perClass = new Map<number, number>();
  const vectors = finite.filter((vector) => {
    const { kind, expected } = vector;
    perClass.set(kind, (perClass.get(kind) ?? 0) + 1);
    // An overflow of the first half is the matter of the next chip.
    return perClass.get(kind)! <= 300 && (expected & 0x7f80_0000) !== 0x7f80_0000;
  });
  const { main } = rowsOf(vectors, BOTH_HALVES);
  const rows = { main: [...main, ...paddingRow(bf16DotAmpereChip).main] };
  expect(violations(AIR, rows)).toEqual([]);
  expect(objections(AIR, rows, rows, TABLES)).toEqual([]);
  const sent = messages(AIR, rows, 'the call goes on to the next block').map((tuple) => tuple.slice(4));
  expect(sent.map((s) => s.map(centred))).toEqual(vectors.map((vector) => stateAfter(vector, vector.expected)));
});
