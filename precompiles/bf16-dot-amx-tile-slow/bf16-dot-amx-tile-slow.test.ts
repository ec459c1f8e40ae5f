import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Air } from '../../stark/air/air.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { centred } from '../../stark/field/koala-bear.ts';
import { executionOf, stateOf, TABLES } from '../../test/support/bf16-dot.ts';
import { describeForgeries, type Forgery, messages, objections, withCells } from '../../test/support/forgery.ts';
import { paddingRow, traceOf } from '../../test/support/step.ts';
import { wordForgeries } from '../../test/support/word-forgeries.ts';
import { EventLog } from '../../vm/chip.ts';
import { amxAdd } from '../amx-fma/semantics.ts';
import { significandOf } from '../bf16-dot/semantics.ts';
import { AMX_TILE_EVENT_WORDS, BF16_DOT_AMX_TILE_SLOW_CHIP } from '../bf16-dot-amx/state.ts';
import { bf16DotAmxTileSlowAir } from './air.ts';
import { bf16DotAmxTileSlowChip } from './trace.ts';

const AIR = bf16DotAmxTileSlowAir as unknown as Air;
const DECODE = { 'fp32-decode': TABLES['fp32-decode']! };

/** A row of elements 32 and 64. `significand`: of the even chain, that of an infinity is free. */
const rowOf = (acc: number, even: number, odd: number, blocks = 2, significand = significandOf(even)): Rows => {
  const log = new EventLog(AMX_TILE_EVENT_WORDS);
  const at = log.push();
  const state = (word: number, of = significandOf(word)): number[] => [((word & 0x8000_0000) | of) >>> 0, word];
  log.words.set([1, 32, 64, blocks, ...state(acc), ...state(even, significand), ...state(odd)], at);
  return traceOf(bf16DotAmxTileSlowChip, executionOf([], new Map([[BF16_DOT_AMX_TILE_SLOW_CHIP, log]])));
};
const signed = (values: readonly number[]): number[] => values.map(centred);
const limbs = (value: number): number[] => [value % 2 ** 16, Math.floor(value / 2 ** 16)];

const EDGES = [
  0, 0x8000_0000, 1, 0x807f_ffff, 0x0080_0000, 0x8080_0001, 0x3f80_0000, 0x7f7f_ffff, 0x7f80_0000, 0xff80_0000,
  0x7fc0_0001, 0xff81_2345,
];
test('asks amx-fma for both sums and sends the result, whatever is added', () => {
  for (const acc of EDGES) {
    for (const [i, even] of EDGES.entries()) {
      const odd = EDGES[(5 * i + 2) % EDGES.length]!;
      const blocks = 1 + (i % 2);
      const rows = rowOf(acc, even, odd, blocks);
      expect(violations(AIR, { main: [...rows.main, ...paddingRow(bf16DotAmxTileSlowChip).main] })).toEqual([]);
      expect(objections(AIR, rows, rows, DECODE)).toEqual([]);
      const chains = amxAdd(even, odd);
      const total = amxAdd(acc, chains);
      const [first] = messages(AIR, rows, 'the odd chain is added to the even one');
      expect(first).toEqual([0x3f80, ...limbs(even), ...limbs(odd), ...limbs(chains)]);
      const [second] = messages(AIR, rows, 'the chains are added to the accumulator');
      expect(second).toEqual([0x3f80, ...limbs(acc), ...limbs(chains), ...limbs(total)]);
      const [sent] = messages(AIR, rows, 'the call goes on to the next tile instruction');
      const next = [blocks === 1 ? 4 : 3, 1, 32 + 16 * blocks, 64 + 16 * blocks];
      expect(signed(sent!)).toEqual([...next, ...stateOf(total)]);
    }
  }
});

test('an infinite chain may have any significand', () => {
  expect(violations(AIR, rowOf(0, 0x7f80_0000, 0, 2, 0x12_3456))).toEqual([]);
});

const [PI, E, PHI] = [0x4049_0fdb, 0x402d_f854, 0x3fcf_1bbd];
const honest = rowOf(PI, E, PHI);
const zero = rowOf(0, 0, 0);
const [padding] = paddingRow(bf16DotAmxTileSlowChip).main as [number[]];
const word = (column: string, what: string, state?: string): Forgery[] =>
  wordForgeries({ air: AIR, column, what, row: honest, zero, ...(state === undefined ? {} : { state }) });

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two',
    honest: { main: [zero.main[0]!, zero.main[0]!] },
    forged: { main: [withCells(AIR, zero, 0, { isReal: 2 }).main[0]!, padding] },
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'a row of padding is a tile instruction of the same call',
    honest: { main: [honest.main[0]!, padding] },
    forged: { main: [honest.main[0]!, honest.main[0]!] },
    rejectedBy: [
      'the odd chain is added to the even one',
      'the chains are added to the accumulator',
      'the call has come to this tile instruction',
      'both chains begin at +0',
      'the chains have come to the end',
      'the call goes on to the next tile instruction',
    ],
  },
  {
    claim: 'another accumulator than the call has come with',
    honest,
    forged: rowOf(PI + 1, E, PHI),
    rejectedBy: ['the chains are added to the accumulator', 'the call has come to this tile instruction'],
  },
  {
    claim: 'an infinite accumulator is another state',
    honest: rowOf(0x7f80_0000, E, PHI),
    forged: withCells(AIR, rowOf(0x7f80_0000, E, PHI), 0, { accLow: 1 }),
    rejectedBy: ['the call has come to this tile instruction'],
  },
  {
    claim: 'an infinite chain is another state',
    honest: rowOf(PI, 0x7f80_0000, PHI),
    forged: withCells(AIR, rowOf(PI, 0x7f80_0000, PHI), 0, { evenLow: 1 }),
    rejectedBy: ['the chains have come to the end'],
  },
  {
    claim: 'the chains change places',
    honest,
    forged: rowOf(PI, PHI, E),
    rejectedBy: ['the odd chain is added to the even one', 'the chains have come to the end'],
  },
  {
    claim: 'something else than the sum of the chains is added',
    honest,
    forged: withCells(AIR, honest, 0, { chainsLo: 7 }),
    rejectedBy: ['the chains are added to the accumulator'],
  },
  {
    claim: 'a tile instruction of 32 elements ends after 16, and the call with it',
    honest,
    forged: rowOf(PI, E, PHI, 1),
    rejectedBy: ['the chains have come to the end', 'the call goes on to the next tile instruction'],
  },
  {
    claim: 'a tile instruction takes -1 blocks off two',
    honest,
    forged: withCells(AIR, honest, 0, { isTail: -1 }),
    rejectedBy: ['isTail is a bit', 'the chains have come to the end', 'the call goes on to the next tile instruction'],
  },
  ...word('accWord', 'the accumulator', 'acc'),
  ...word('evenWord', 'the even chain', 'even'),
  ...word('oddWord', 'the odd chain', 'odd'),
  ...word('totalWord', 'the result'),
];

describeForgeries(AIR, forgeries, {
  pastRanges: ['totalWordMiddle is below 2^7'],
  tables: DECODE,
  neverAlone: {
    'isTail is a bit': 'the elements at the end are those of both buses',
    'the odd chain is added to the even one': 'both words are those of states that have come',
    'both chains begin at +0': 'time and elements are those received',
    'the call goes on to the next tile instruction':
      'time and elements are those received, and what it claims is stated by constraints',
  },
});

test('the search finds no second result', () => {
  const parts = ['Negative', 'High', 'Low', 'Exponent'];
  const states = ['acc', 'even', 'odd'].flatMap((name) => parts.map((part) => name + part));
  const query = {
    inputs: ['isReal', 'isTail', 'clk', 'a', 'b', ...states],
    tables: DECODE,
    asked: ['amx-fma'],
    tries: 150,
  };
  for (const row of [honest, zero, rowOf(0x7f81_2345, 0x7f80_0000, 0x8000_0000)]) {
    expect(findSecondWitness(AIR, { ...query, honest: row })).toBeUndefined();
  }
});
