import { describe, expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { centred } from '../../stark/field/koala-bear.ts';
import { executionOf, stateOf, TABLES } from '../../test/support/bf16-dot.ts';
import { describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
import { pairOfBlocksForgeries } from '../../test/support/pair-of-blocks-forgeries.ts';
import { seeded } from '../../test/support/random.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { wordForgeries } from '../../test/support/word-forgeries.ts';
import { EventLog } from '../../vm/chip.ts';
import { amxFma } from '../amx-fma/semantics.ts';
import { significandOf } from '../bf16-dot/semantics.ts';
import { AMX_STEP_EVENT_WORDS, BF16_DOT_AMX_SLOW_CHIP } from '../bf16-dot-amx/state.ts';
import { bf16DotAmxSlowAir } from './air.ts';
import { bf16DotAmxSlowChip } from './trace.ts';

const AIR = bf16DotAmxSlowAir as unknown as Air;
const DECODE = { 'fp32-decode': TABLES['fp32-decode']! };
const random = seeded(71);
const SPECIAL = [0, 0x8000, 0x0001, 0x7f80, 0xff80, 0x7fc1, 0x0080, 0x7f7f];
const hints = Uint16Array.from({ length: 64 }, () =>
  random.below(2) === 0 ? random.pick(SPECIAL) : random.below(2 ** 16),
);
/** Operands 1 and 0: the results are the chains. */
hints.set([0x3f80, 0x3f80], 16 + 2);
hints.set([0, 0], 48 + 2);

/** A row of elements 16 + 2 pair and 48 + 2 pair. `significand`: of the even chain, that of an infinity is free. */
const rowOf = (even: number, odd: number, pair: number, significand = significandOf(even)): Rows => {
  const log = new EventLog(AMX_STEP_EVENT_WORDS);
  const at = log.push();
  const bits = (word: number, of: number): number => ((word & 0x8000_0000) | of) >>> 0;
  const states = [bits(even, significand), even, bits(odd, significandOf(odd)), odd];
  log.words.set([1, 16, 16 + 2 * pair, 48 + 2 * pair, ...states], at);
  return traceOf(bf16DotAmxSlowChip, { ...executionOf([], new Map([[BF16_DOT_AMX_SLOW_CHIP, log]])), hints });
};
const signed = (values: readonly number[]): number[] => values.map(centred);
const limbs = (value: number): number[] => [value % 2 ** 16, Math.floor(value / 2 ** 16)];

describe('any two products', () => {
  const CHAINS = [0, 0x8000_0000, 0x7f80_0000, 0xff80_0000, 0x7f81_2345, 0x3f80_0001, 0x7f7f_ffff, 0x0080_0000];
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('pair %i: asks amx-fma for both and sends the chains on', (pair) => {
    for (const [i, even] of CHAINS.entries()) {
      const odd = CHAINS[(3 * i + pair) % CHAINS.length]!;
      const rows = rowOf(even, odd, pair);
      expect(violations(AIR, { main: [...rows.main, ...paddingRow(bf16DotAmxSlowChip).main] })).toEqual([]);
      expect(objections(AIR, rows, rows, DECODE)).toEqual([]);
      const results = [even, odd].map((z, k) => {
        const [x, y] = [hints[16 + 2 * pair + k]!, hints[48 + 2 * pair + k]!];
        const result = amxFma(x, y * 2 ** 16, z);
        const [asked] = messages(AIR, rows, `the ${k === 0 ? 'first' : 'second'} product is fused`);
        expect(asked).toEqual([x, 0, y, ...limbs(z), ...limbs(result)]);
        return result;
      });
      const [sent] = messages(AIR, rows, 'the chains go on to the next products');
      expect(signed(sent!)).toEqual([1, 16, 18 + 2 * pair, 50 + 2 * pair, ...results.flatMap((word) => stateOf(word))]);
    }
  });

  test('an infinite chain may have any significand', () => {
    expect(violations(AIR, rowOf(0x7f80_0000, 0, 2, 0x12_3456))).toEqual([]);
  });
});

const PI = 0x4049_0fdb;
const E = 0x402d_f854;
const honest = rowOf(PI, E, 1);
const zero = rowOf(0, 0, 1);
const [padding] = paddingRow(bf16DotAmxSlowChip).main as [number[]];
const each = [0, 1, 2, 3, 4, 5, 6, 7];

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two',
    honest: { main: [honest.main[0]!, honest.main[0]!] },
    forged: { main: [withCells(AIR, honest, 0, { isReal: 2 }).main[0]!, padding] },
    rejectedBy: ['isReal is a bit', 'one pair is chosen'],
  },
  {
    claim: 'a row of padding is a step of the same tile instruction',
    honest: { main: [honest.main[0]!, padding] },
    forged: { main: [honest.main[0]!, honest.main[0]!] },
    rejectedBy: [
      'the chains have come to these products',
      'a is in a hint block',
      'b is in a hint block',
      'the first product is fused',
      'the second product is fused',
      'the chains go on to the next products',
    ],
  },
  ...pairOfBlocksForgeries(AIR, hints, (pair) => rowOf(PI, E, pair)),
  {
    claim: 'another even chain than has come',
    honest,
    forged: rowOf(PI + 1, E, 1),
    rejectedBy: ['the chains have come to these products', 'the first product is fused'],
  },
  {
    claim: 'the chains change places',
    honest,
    forged: rowOf(E, PI, 1),
    // Both products are of 1 and 0, so amx-fma is asked for the same two steps.
    rejectedBy: ['the chains have come to these products'],
  },
  {
    claim: 'an infinite chain with another significand than has come',
    honest: rowOf(0x7f80_0000, E, 1),
    forged: withCells(AIR, rowOf(0x7f80_0000, E, 1), 0, { evenLow: 1 }),
    rejectedBy: ['the chains have come to these products'],
  },
  ...wordForgeries({ air: AIR, column: 'oldEven', what: 'the even chain', state: 'even', row: honest, zero }),
  ...wordForgeries({ air: AIR, column: 'oldOdd', what: 'the odd chain', state: 'odd', row: honest, zero }),
  ...wordForgeries({ air: AIR, column: 'newEven', what: 'the new even chain', row: honest, zero }),
  ...wordForgeries({ air: AIR, column: 'newOdd', what: 'the new odd chain', row: honest, zero }),
];

describeForgeries(AIR, forgeries, {
  pastRanges: ['newEvenMiddle is below 2^7', 'newOddMiddle is below 2^7'],
  tables: DECODE,
  neverAlone: {
    'isReal is a bit': 'the bits of the pairs add up to it',
    ...Object.fromEntries(
      each.map((i) => [`pair[${i}] is a bit`, 'the pairs add up to 1: one that is no bit has another beside it']),
    ),
    'the first product is fused': 'operands are of the tape and the accumulator is the even chain',
    'the second product is fused': 'operands are of the tape and the accumulator is the odd chain',
    'the chains go on to the next products':
      'time and elements are those received, and what it claims is stated by constraints',
  },
});

test('the search finds no second result', () => {
  const parts = ['Negative', 'High', 'Low', 'Exponent'];
  const inputs = ['isReal', 'clk', 'tile', 'a', 'b', ...['even', 'odd'].flatMap((c) => parts.map((part) => c + part))];
  const query = { inputs, tables: DECODE, asked: ['amx-fma', 'hint'], tries: 150 };
  for (const row of [honest, zero, rowOf(0x7f80_0000, 0x7f81_2345, 3)]) {
    expect(findSecondWitness(AIR, { ...query, honest: row })).toBeUndefined();
  }
});
