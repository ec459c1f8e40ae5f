import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { P } from '../../../stark/field/koala-bear.ts';
import { describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { forAll } from '../../../test/support/property.ts';
import { paddingRow, traceOf } from '../../../test/support/step.ts';
import type { Execution } from '../../executor/execution.ts';
import { memoryAir } from './air.ts';
import { memoryChip } from './trace.ts';

const BASE = 0x0001_2345;
const END = 2 ** 26;
const traceWith = (words: readonly (readonly [address: number, value: number, clk: number])[], padding = 2): Rows => {
  const column = (i: 0 | 1 | 2): Uint32Array => Uint32Array.from(words, (word) => word[i]);
  const memory = { address: column(0), value: column(1), clk: column(2) };
  const { main } = traceOf(memoryChip, { ramBase: BASE, memory } as Execution);
  return { main: [...main, ...new Array(padding).fill(paddingRow(memoryChip).main[0])] };
};

test('any set of words above the base satisfies the constraints', () => {
  const addresses = fc.uniqueArray(fc.integer({ min: BASE, max: END - 1 }), { maxLength: 20 });
  forAll(addresses, (list) => {
    const words = [...list].sort((a, b) => a - b).map((address, i) => [address, address * 3, 4 * i + 7] as const);
    expect(violations(memoryAir, traceWith(words))).toEqual([]);
  });
});

test('the first and the last word of RAM, and no word at all', () => {
  expect(
    violations(
      memoryAir,
      traceWith([
        [BASE, 1, 9],
        [END - 1, 2, 9],
      ]),
    ),
  ).toEqual([]);
  expect(violations(memoryAir, traceWith([]))).toEqual([]);
});

const anchored = 'the anchor is just below the base';
const starts = 'the word starts as zero';
const ends = 'the word ends with the value last written';
const honest = traceWith([
  [BASE + 1, 0x0005_0006, 11],
  [BASE + 0x2_0003, 7, 15],
]);
const forge = (row: number, changes: Record<string, number>, of: Rows = honest): Rows =>
  withCells(memoryAir, of, row, changes);
const cell = (row: number, name: string): number =>
  honest.main[row]![memoryAir.main.find((c) => c.name === name)!.index]!;
const adjacent = traceWith([
  [BASE + 1, 1, 11],
  [BASE + 2, 2, 15],
]);
/** Row 1 again in row 2: its address a second time, with another value. */
const twice = forge(2, { addressLo: cell(1, 'addressLo'), addressHi: cell(1, 'addressHi'), gapLo: 0, gapHi: 0 });
const alone = traceWith([[BASE + 1, 1, 11]], 0);
/** Rows that no machine may have, whatever the other tables say. */
const never = (claim: string, rows: Rows, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: rows,
  forged: rows,
  rejectedBy,
});

const forgeries: Forgery[] = [
  never('an address is initialised twice: it would have two values', twice, 'addresses increase'),
  never('an address is initialised twice, a gap of -1 apart', forge(2, { gapLo: P - 1 }, twice), 'gapLo is below 2^16'),
  never(
    'addresses decrease by a gap with a negative high limb',
    forge(2, { addressLo: BASE & 0xffff, addressHi: BASE >>> 16, gapLo: 0xfffe, gapHi: P - 1 }),
    'gapHi is below 2^10',
  ),
  never(
    'the table starts without an anchor, with a word of the image',
    forge(0, { isAnchor: 0, isReal: 1, finalClk: 5 }),
    'the first row is the anchor',
  ),
  never(
    'a second anchor, from which addresses start anew',
    forge(4, { isAnchor: 1, addressLo: 5 }),
    'no later row is an anchor',
  ),
  never(
    'the anchor initialises the last word of the image',
    forge(0, { isReal: 1, finalClk: 5 }, traceWith([])),
    'the anchor initialises nothing',
  ),
  never(
    'addresses start anew after a padding row',
    forge(4, { isReal: 1, addressLo: 1 }),
    'no word comes after padding',
  ),
  never('a row of weight 2: a word starts and ends twice', forge(1, { isReal: 2 }, alone), 'isReal is a bit'),
  never(
    'a word above the end of RAM',
    forge(2, { addressHi: cell(2, 'addressHi') + 2 ** 10 - 1, gapHi: cell(2, 'gapHi') + 2 ** 10 - 1 }),
    'addressHi is below 2^10',
    'gapHi is below 2^10',
  ),
  never(
    'a word just above the end of RAM',
    forge(2, {
      addressLo: cell(2, 'addressLo'),
      addressHi: 2 ** 10,
      gapHi: cell(2, 'gapHi') + 2 ** 10 - cell(2, 'addressHi'),
    }),
    'addressHi is below 2^10',
  ),
  {
    claim: 'a word below the base, which the image initialises: the anchor is lower than the statement says',
    honest,
    forged: forge(0, { addressLo: cell(0, 'addressLo') - 1 }, forge(1, { gapLo: 2 })),
    rejectedBy: [anchored],
  },
  {
    claim: 'the low limb of an address takes over the high one',
    honest,
    forged: forge(2, { addressLo: cell(2, 'addressLo') + 2 ** 16, addressHi: cell(2, 'addressHi') - 1 }),
    rejectedBy: ['addressLo is below 2^16'],
  },
  {
    claim: 'a word starts at an address that nobody uses',
    honest: adjacent,
    forged: forge(2, { addressLo: (BASE & 0xffff) + 3, gapLo: 1 }, adjacent),
    rejectedBy: [ends],
  },
  {
    claim: 'a word ends with another value',
    honest,
    forged: forge(1, { finalHi: 6 }),
    rejectedBy: [ends],
  },
  {
    claim: 'a word starts and never ends',
    honest,
    forged: forge(2, { isReal: 0 }),
    rejectedBy: [starts, ends],
  },
];
describeForgeries(memoryAir, forgeries, {
  pastRanges: ['gapLo is below 2^16'],
  neverAlone: {
    [starts]: 'its address is the one that ends, and its initial value is a constant',
  },
});
