import { expect, test } from 'vitest';
import type { Air } from '../../stark/air/air.ts';
import { violations } from '../../stark/air/check.ts';
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
import { cells, describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
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

const LANES = Array.from({ length: 8 }, (_, i) => i);
const bf16 = (exponent: number, significand = 128, negative = 0): number =>
  negative * 0x8000 + (exponent + 127) * 128 + significand - 128;
const fp32 = (exponent: number, significand = 2 ** 23, negative = 0): number =>
  negative * 2 ** 31 + (exponent + 127) * 2 ** 23 + significand - 2 ** 23;
const block = (pairs: readonly (readonly [number, number])[], acc = 0): Block => ({
  acc,
  a: Uint16Array.from({ length: 16 }, (_, i) => pairs[i]?.[0] ?? 0),
  b: Uint16Array.from({ length: 16 }, (_, i) => pairs[i]?.[1] ?? 0),
});
const all = (a: number, b: number, acc = 0): Block =>
  block(
    LANES.map(() => [a, b]),
    acc,
  );
const ONE = bf16(0);
const MINUS_ONE = bf16(0, 128, 1);
const ordinary = block(
  LANES.map((i) => [bf16(i % 5, 129 + 7 * i, i % 3 === 0 ? 1 : 0), bf16(-(i % 4), 255 - 5 * i)]),
  fp32(2, 0xabcdef),
);
const none = block([]);
/** 8 ones: the sum is 2^27, the window 1, and zeros 4. */
const ones = all(ONE, ONE);
/** 2^17 + 1 units at the floor. */
const belowFloor = block([
  [bf16(-70), bf16(-69)],
  [bf16(-78), bf16(-78)],
]);
const least = block([[bf16(-78), bf16(-78, 128, 1)]]);
const subnormal = block([[bf16(-65), bf16(-65)]]);
/** All but the accumulator cancels: its leading 24 bits at 2^(exponent + 1). */
const cancelling = (exponent: number, significand = 2 ** 23): Block =>
  block(
    [
      [ONE, ONE],
      [ONE, MINUS_ONE],
    ],
    fp32(exponent, significand),
  );
/** 0x7f008000 after the shift to the exponent of subnormals. */
const justSubnormal = block([
  [bf16(-63, 254), bf16(-64)],
  [bf16(-71), bf16(-71)],
]);
const HONEST = [
  ordinary,
  none,
  ones,
  belowFloor,
  least,
  subnormal,
  justSubnormal,
  cancelling(-15),
  all(ONE, ONE, fp32(20)),
];

test.each([
  ['first', first],
  ['second', second],
] as const)('the forger of the %s half without a lie writes the honest row', (_, view) => {
  for (const each of HONEST) expect(forge(each, {}, view)).toEqual(view.rows(each));
});

/** The forgeries of one sum. */
function sumForgeries(half: string, view: SumView): Forgery[] {
  const lie = (claim: string, of: Block, lies: Record<string, number>, rejectedBy: string): Forgery => {
    const own = rejectedBy.match(/^(.*) is (a bit|below 2\^\d+)$/);
    const declared = AIR.main.find(
      (c) => own !== null && c.name === `${view.prefix}${own[1]![0]!.toUpperCase()}${own[1]!.slice(1)}`,
    );
    return {
      claim: `${half}: ${claim}`,
      honest: view.rows(of),
      forged: forge(of, lies, view),
      rejectedBy: [declared === undefined ? `${half}: ${rejectedBy}` : `${declared.name} is ${own![2]}`],
    };
  };
  const cell = (of: Block, name: string): number =>
    cells(AIR, view.rows(of), `${view.prefix}${name[0]!.toUpperCase()}${name.slice(1)}`)[0]!;
  const far = all(ONE, ONE, fp32(20));
  return [
    ...[0, 1].map((i) =>
      lie(
        `distance product ${i} is another`,
        far,
        { [`attained[${i}]`]: cell(far, `attained[${i}]`) + 1 },
        `attained[${i}] is the product so far`,
      ),
    ),
    ...[0, 1, 2].map((i) =>
      lie(
        `window product ${i} is another`,
        far,
        { [`apart[${i}]`]: cell(far, `apart[${i}]`) + 1 },
        `apart[${i}] is the product so far`,
      ),
    ),
    lie('terms are aligned to an exponent that none has', ones, { largest: 2 }, 'some exponent is the largest'),
    lie(
      'terms are aligned to the second largest exponent: 25 fractional bits are kept',
      block([
        [ONE, ONE],
        [ONE, bf16(-1)],
      ]),
      { largest: 0 },
      'no exponent is the window',
    ),
    lie(
      'terms are aligned to an exponent below the floor',
      block([[bf16(-67), bf16(-66)]]),
      { largest: -132 },
      'no exponent is the window',
    ),
    ...LANES.flatMap((i) => [
      lie(
        `product ${i} has the sign -3 and a third of its magnitude`,
        block(LANES.map((lane) => (lane === i ? [bf16(0, 192, 1), ONE] : [0, 0]))),
        { [`isNegative[${i}]`]: 2 },
        `isNegative[${i}] is a bit`,
      ),
      lie(`term ${i} counts twice`, ones, { [`multiplier[${i}]`]: 2048 }, `lane ${i} is shifted`),
      lie(
        `2^14 = 65024 * 2^15 + 2^14 + 1 mod p in lane ${i}`,
        all(ONE, ONE, fp32(25)),
        { [`quotient[${i}]`]: 65024, [`remainder[${i}]`]: 2 ** 14 + 1 },
        `lane ${i} keeps its upper bits`,
      ),
      lie(`product ${i} is one more`, ones, { [`quotient[${i}]`]: 2 ** 14 + 1 }, `lane ${i} is divided`),
    ]),
    lie(
      'the upper part of the accumulator counts twice',
      all(ONE, ONE, fp32(0)),
      { highMultiplier: 2048 },
      'the upper part is shifted',
    ),
    lie(
      'the lower part of the accumulator counts twice',
      all(ONE, ONE, fp32(0, 2 ** 23 + 5)),
      { lowMultiplier: 4 },
      'the lower part is shifted',
    ),
    lie(
      'the quotient of the upper part wraps around p',
      block([[bf16(13), bf16(12)]], fp32(0)),
      { highQuotient: 65024, highRemainder: 2 ** 14 + 1 },
      'the upper part keeps its upper bits',
    ),
    lie(
      'the quotient of the lower part wraps around p',
      block([[bf16(8), bf16(8)]], fp32(0, 2 ** 23 + 5)),
      { lowQuotient: 65024, lowRemainder: 6 },
      'the lower part keeps its upper bits',
    ),
    lie(
      'the upper part is one more',
      all(ONE, ONE, fp32(0)),
      { highQuotient: 2 ** 14 + 1 },
      'the upper part is divided',
    ),
    lie('the lower part is one more', all(ONE, ONE, fp32(0)), { lowQuotient: 1 }, 'the lower part is divided'),
    lie('the sum is p more', ones, { magnitude: 2 ** 27 + 0x7f00_0001 }, 'carry is in its range'),
    lie('the sum is one more', ones, { bottom: 1, carry: 2048 }, 'the low limbs add up'),
    lie('the sum is 2^16 more', ones, { top: 2 ** 11 + 1 }, 'the high limbs add up'),
    lie(
      'the sum has the sign -3 and a third of its magnitude',
      block([[bf16(0, 192, 1), ONE]]),
      { isNegativeSum: 2 },
      'isNegativeSum is a bit',
    ),
    lie(
      'limbs move up by -1: twice the low limb is the high one, and the exponent grows by 16',
      belowFloor,
      { limbShift: -1, zeros: 15, halving: 0 },
      'limbShift is a bit',
    ),
    lie(
      'another limb than the low one moves up',
      cancelling(-15),
      { top: 513 },
      'the low limb takes the place of the high one',
    ),
    lie(
      '0x7f01 * 2^16 = 0xffff mod p: the low limb is moved out of the window',
      cancelling(-10, 0x7f01 * 2 ** 9),
      { zeros: 16, limbShift: 1 },
      'top has room to be shifted',
    ),
    lie(
      '0 = -32513 * 2^16 + 0xffff mod p: the high limb loses 32513 to the low one',
      cancelling(-9, 0xffff * 2 ** 8),
      { moved: -32513 },
      'moved has `zeros` bits',
    ),
    lie(
      'a bit that moves up counts in the low limb',
      all(ONE, ONE, fp32(-12)),
      { moved: 0, stayed: 2 ** 12 },
      'stayed has the other bits',
    ),
    lie('the low limb gains a bit', ones, { stayed: 1 }, 'the low limb is shifted'),
    lie(
      'the shift is three less: the result is twice as large',
      subnormal,
      { halving: 3, zeros: 6 },
      'halving is a bit',
    ),
    lie('0x7f00 * 2^16 = -1 mod p spills into the lower bits', justSubnormal, { spill: 0x7f00 }, 'spill is below 4'),
    lie('the upper bits are one more', ones, { high: 2 ** 14 + 1 }, 'the high limb is shifted'),
    lie('the lower bits are one more', ones, { low: 1 }, 'the lower bits follow the upper ones'),
    lie('the lower bits are -1 / 2^8', ones, { dropped: 1 }, 'low is below 2^9'),
    lie(
      'a bit of the result is dropped',
      ordinary,
      { dropped: cell(ordinary, 'dropped') + 2 ** 8 },
      'dropped has 8 bits, or 9 with halving',
    ),
    lie(
      'the result is not normalised',
      ones,
      { zeros: 3, normal: 1, subnormal: 0, tiny: 0 },
      'only a normal result has the top bit',
    ),
    lie('the exponent is one more', ones, { exponent: 4 }, 'the exponent is that of the kind'),
    lie(
      'a sum of 8 is zero',
      ones,
      { zeros: 0, normal: 0, subnormal: 0, tiny: 0, exponent: -400 },
      'a sum of no other kind is zero',
    ),
    lie(
      'a tiny result is a subnormal one, so that the next sum counts its exponent',
      least,
      { subnormal: 1, tiny: 0, exponent: -126, negative: 1 },
      'a subnormal result is not zero',
    ),
    lie('a subnormal result is tiny', subnormal, { subnormal: 0, tiny: 1 }, 'a tiny result is zero'),
    lie('a sum that truncates to zero is -0', least, { negative: 1 }, 'a zero is positive'),
  ];
}

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
  ...sumForgeries('first half', first),
  ...sumForgeries('second half', second),
];

const stated = 'time and elements are those received, and what it claims is stated by constraints';
describeForgeries(AIR, forgeries, {
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
  const P = 0x7f00_0001;
  expect(sent.map((s) => s.map((x) => (x > P / 2 ? x - P : x)))).toEqual(
    vectors.map((vector) => stateAfter(vector, vector.expected)),
  );
});
