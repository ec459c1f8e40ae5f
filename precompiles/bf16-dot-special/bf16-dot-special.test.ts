import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import { P } from '../../stark/field/koala-bear.ts';
import { type Block, blockEvent, executionOf, hasVectors, readVectors, stateOf } from '../../test/support/bf16-dot.ts';
import { describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { EventLog } from '../../vm/chip.ts';
import { HOPPER, isSpecialBlock } from '../bf16-dot/semantics.ts';
import { BF16_DOT_SPECIAL_CHIP, BLOCK_EVENT_WORDS, FIRST_HALF, SECOND_HALF } from '../bf16-dot/state.ts';
import { bf16DotSpecialAir } from './air.ts';
import { specialTable } from './table.ts';
import { bf16DotSpecialChip } from './trace.ts';

const TABLES = {
  'bf16-special': (tuple: readonly number[]): boolean => specialTable.provider.positionOf(tuple) !== undefined,
};
const LANES = Array.from({ length: 16 }, (_, i) => i);
const [ONE, MINUS_ONE, INF, NAN] = [0x3f80, 0xbf80, 0x7f80, 0x7fc0];
const [FP32_ONE, FP32_INF, FP32_NAN] = [0x3f80_0000, 0x7f80_0000, 0x7fc0_0001];

/** One row per block, each as the only block of a call of its own. */
function rowsOf(...blocks: readonly Block[]): Rows {
  const log = new EventLog(BLOCK_EVENT_WORDS);
  blocks.forEach(({ acc }, i) => {
    const at = log.push();
    log.words.set(blockEvent(i, acc), at);
  });
  return traceOf(bf16DotSpecialChip, executionOf(blocks, new Map([[BF16_DOT_SPECIAL_CHIP, log]])));
}

/** Products of ones but for the lanes given. */
const block = (lanes: Readonly<Record<number, readonly [number, number]>>, acc = FP32_ONE): Block => ({
  acc,
  a: Uint16Array.from(LANES, (i) => lanes[i]?.[0] ?? ONE),
  b: Uint16Array.from(LANES, (i) => lanes[i]?.[1] ?? ONE),
});

describe('bf16-special', () => {
  test('tells every sum of two exponents with an infinity or NaN from all others', () => {
    const finite = [-400, ...Array.from({ length: 254 }, (_, i) => i - 126)];
    const wrong: number[] = [];
    const holds = (sum: number, special: number): boolean =>
      specialTable.provider.positionOf([sum < 0 ? sum + P : sum, special]) !== undefined;
    for (const x of finite) {
      for (const y of finite) if (!holds(x + y, 0) || holds(x + y, 1)) wrong.push(x + y);
      if (!holds(4000 + x, 1) || holds(4000 + x, 0)) wrong.push(4000 + x);
    }
    if (!holds(8000, 1) || holds(8000, 0) || holds(1000, 0) || holds(-801, 0) || holds(5000, 1)) wrong.push(8000);
    expect(wrong).toEqual([]);
  });

  test('finds every tuple where it stands and leaves room for 180 blinding rows in 2^11', () => {
    const { fixedRow, fixedRows, provider } = specialTable;
    const misplaced = Array.from({ length: fixedRows }, (_, row) => row).filter(
      (row) => provider.positionOf(fixedRow(row)) !== row,
    );
    expect(misplaced).toEqual([]);
    expect(fixedRows).toBeLessThanOrEqual(2 ** 11 - 180);
  });
});

describe.skipIf(!hasVectors)('vectors from outside (skipped where shared/vectors is absent)', () => {
  test('class 5, infinities and NaN: the trace is accepted and sends the expected state', () => {
    const vectors = readVectors('model.txt.gz').filter(({ acc, a, b }) => isSpecialBlock(HOPPER, acc, a, 0, b, 0));
    expect(vectors.length).toBeGreaterThan(500);
    const { main } = rowsOf(...vectors);
    const rows = { main: [...main, ...paddingRow(bf16DotSpecialChip).main] };
    expect(violations(bf16DotSpecialAir, rows)).toEqual([]);
    expect(objections(bf16DotSpecialAir, rows, rows, TABLES)).toEqual([]);
    const sent = messages(bf16DotSpecialAir, rows, 'the call goes on to the next block').map((tuple) => tuple.slice(4));
    expect(sent).toEqual(vectors.map(({ expected }) => stateOf(expected)));
  });
});

const lie = (claim: string, of: Block, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: rowsOf(of),
  forged: withCells(bf16DotSpecialAir, rowsOf(of), 0, changes),
  rejectedBy,
});
const plus = block({ 0: [INF, ONE] });
const minus = block({ 0: [INF, MINUS_ONE] });
const opposed = block({ 0: [INF, ONE], 1: [INF, MINUS_ONE] });
const nanAndPlus = block({ 0: [NAN, ONE], 1: [INF, ONE] });
const [plusRow] = rowsOf(plus).main as [number[]];
const ordinary = rowsOf(block({}));
const toNan = { isNan: 1, negative: 0 };

/** A row that nothing may answer: the machine asks for just this. */
const refused = (claim: string, of: Block, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => {
  const forged = withCells(bf16DotSpecialAir, rowsOf(of), 0, changes);
  return { claim, honest: forged, forged, rejectedBy };
};
const infinite = block({}, FP32_INF);

const forgeries: Forgery[] = [
  refused(
    'a state of another arithmetic has no half to be summed',
    infinite,
    { isAmpere: 2, first: 0, second: 0, a: 8, b: 24 },
    'isAmpere is a bit',
  ),
  refused(
    'a state of Hopper at element -8 counts the first half twice',
    infinite,
    { first: 2, second: 0, a: -8, b: 8 },
    'first is a bit',
  ),
  refused(
    'a state of Hopper at element 8 counts the second half twice',
    infinite,
    { first: 0, second: 2, a: 8, b: 24 },
    'second is a bit',
  ),
  refused('Ampere sums both halves at once', infinite, { isAmpere: 1 }, 'Hopper sums two halves, Ampere one'),
  {
    claim: 'one row of weight 2 stands for two blocks',
    honest: { main: [plusRow, plusRow] },
    forged: withCells(
      bf16DotSpecialAir,
      withCells(bf16DotSpecialAir, { main: [plusRow, plusRow] }, 0, { isReal: 2 }),
      1,
      { isReal: 0, accInverse: 0, accInfinity: 0 },
    ),
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'a row of padding is a block of the same call',
    honest: { main: [plusRow, plusRow.map(() => 0)] },
    forged: { main: [plusRow, plusRow] },
    rejectedBy: [
      'the call has come to this block',
      'a is a hint block',
      'b is a hint block',
      'the call goes on to the next block',
    ],
  },
  {
    claim: 'another accumulator than the call has come with',
    honest: rowsOf(plus),
    forged: rowsOf({ ...plus, acc: 0x4000_0000 }),
    rejectedBy: ['the call has come to this block'],
  },
  {
    claim: 'another first operand than is on the tape',
    honest: rowsOf(plus),
    forged: rowsOf({ ...plus, a: plus.a.with(3, NAN) }),
    rejectedBy: ['a is a hint block'],
  },
  {
    claim: 'another second operand than is on the tape',
    honest: rowsOf(plus),
    forged: rowsOf({ ...plus, b: plus.b.with(3, NAN) }),
    rejectedBy: ['b is a hint block'],
  },
  {
    claim: 'a block of ones is an infinity',
    honest: ordinary,
    forged: ordinary,
    rejectedBy: ['something is special'],
  },

  ...LANES.flatMap((i): Forgery[] => {
    const other = (i + 1) % 16;
    return [
      lie(
        `the NaN in lane ${i} is not special`,
        block({ [i]: [NAN, ONE], [other]: [INF, ONE] }),
        { [`nan[${i}]`]: 0, anyNan: 0, nanInverse: 0, isNan: 0 },
        `lane ${i} is of one kind if special`,
      ),
      lie(
        `-infinity in lane ${i} is +infinity`,
        block({ [i]: [INF, MINUS_ONE] }),
        {
          [`minus[${i}]`]: 0,
          [`plus[${i}]`]: 1,
          ...{ anyMinus: 0, minusInverse: 0, anyPlus: 1, plusInverse: 1, negative: 0 },
        },
        `lane ${i} is positive if plus`,
      ),
      lie(
        `+infinity in lane ${i} is -infinity`,
        block({ [i]: [INF, ONE] }),
        {
          [`plus[${i}]`]: 0,
          [`minus[${i}]`]: 1,
          ...{ anyPlus: 0, plusInverse: 0, anyMinus: 1, minusInverse: 1, negative: 1 },
        },
        `lane ${i} is negative if minus`,
      ),
      lie(
        `the infinity in lane ${i} is a NaN`,
        block({ [i]: [INF, ONE] }),
        { [`plus[${i}]`]: 0, [`nan[${i}]`]: 1, anyPlus: 0, plusInverse: 0, anyNan: 1, nanInverse: 1, ...toNan },
        `lane ${i} has no value if nan`,
      ),
      lie(
        `-infinity in lane ${i} is +infinity with a magnitude of -128`,
        block({ [i]: [INF, MINUS_ONE] }),
        {
          [`minus[${i}]`]: 0,
          [`plus[${i}]`]: 1,
          [`excess[${i}]`]: -129,
          ...{ anyMinus: 0, minusInverse: 0, anyPlus: 1, plusInverse: 1, negative: 0 },
        },
        `excess[${i}] is below 2^8`,
      ),
    ];
  }),

  lie(
    'the accumulator 1 is infinite',
    minus,
    { accInfinity: 1, anyPlus: 1, plusInverse: 1, ...toNan },
    'the accumulator is an infinity',
  ),
  lie(
    'the accumulator 1 is a NaN',
    plus,
    { accNan: 1, anyNan: 1, nanInverse: 1, ...toNan },
    'the accumulator is a NaN',
  ),
  lie(
    'an infinite accumulator is finite',
    { ...minus, acc: FP32_INF },
    { accInfinity: 0, anyPlus: 0, plusInverse: 0, isNan: 0, negative: 1 },
    'the accumulator is finite',
  ),
  lie(
    'infinity - infinity has no +infinity',
    opposed,
    { anyPlus: 0, plusInverse: 0, isNan: 0, negative: 1 },
    'without plus there is none',
  ),
  lie(
    'infinity - infinity has no -infinity',
    opposed,
    { anyMinus: 0, minusInverse: 0, isNan: 0 },
    'without minus there is none',
  ),
  lie('NaN + infinity has no NaN', nanAndPlus, { anyNan: 0, nanInverse: 0, isNan: 0 }, 'without nan there is none'),
  lie('-infinity has a +infinity', minus, { anyPlus: 1, ...toNan }, 'with plus there is one'),
  lie('+infinity has a -infinity', plus, { anyMinus: 1, ...toNan }, 'with minus there is one'),
  lie('+infinity has a NaN', plus, { anyNan: 1, ...toNan }, 'with nan there is one'),
  lie('+infinity is a NaN', plus, { isNan: 1 }, 'a NaN or opposed infinities give a NaN'),
  lie('+infinity is negative', plus, { negative: 1 }, 'minus gives a negative infinity'),
];

describe('halves of a block, by the arithmetic of Ampere', () => {
  const halfRow = (of: Block, halves: number): Rows => {
    const log = new EventLog(BLOCK_EVENT_WORDS);
    const at = log.push();
    log.words.set(blockEvent(0, of.acc, halves), at);
    return traceOf(bf16DotSpecialChip, executionOf([of], new Map([[BF16_DOT_SPECIAL_CHIP, log]])));
  };
  const mixed = block({ 0: [INF, ONE], 9: [INF, MINUS_ONE] });
  test.each([
    ['first', FIRST_HALF, mixed, 0, 8, 0x7f80_0000],
    ['second', SECOND_HALF, mixed, 8, 16, 0xff80_0000],
    ['second, onto the first', SECOND_HALF, { ...mixed, acc: FP32_INF }, 8, 16, 0x7fff_ffff],
  ] as const)('the %s half is summed alone', (_, halves, of, from, to, expected) => {
    const rows = halfRow(of, halves);
    expect(objections(bf16DotSpecialAir, rows, rows, TABLES)).toEqual([]);
    const [arithmetic, , a] = messages(bf16DotSpecialAir, rows, 'the call has come to this block')[0]!;
    expect([arithmetic, a]).toEqual([1, from]);
    expect(messages(bf16DotSpecialAir, rows, 'a is a hint block')[0]![0]).toBe(0);
    const sent = messages(bf16DotSpecialAir, rows, 'the call goes on to the next block')[0]!;
    expect([sent[2], ...sent.slice(4)]).toEqual([to, ...stateOf(expected)]);
  });

  test('a half of finite operands has no row, whatever the other half has', () => {
    const rows = halfRow(block({ 9: [INF, ONE] }), FIRST_HALF);
    expect(objections(bf16DotSpecialAir, rows, rows, TABLES)).toEqual(['something is special']);
  });
});

test('a NaN accumulator stays a NaN', () => {
  const rows = rowsOf(block({}, FP32_NAN));
  expect(objections(bf16DotSpecialAir, rows, rows, TABLES)).toEqual([]);
  expect(messages(bf16DotSpecialAir, rows, 'the call goes on to the next block')[0]!.slice(4)).toEqual(
    stateOf(0x7fff_ffff),
  );
});

describeForgeries(bf16DotSpecialAir, forgeries, {
  tables: TABLES,
  neverAlone: {
    'the call goes on to the next block':
      'time and blocks are those received, and what it claims is stated by constraints',
  },
});
