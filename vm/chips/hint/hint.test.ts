import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { P } from '../../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { bf16, forAll } from '../../../test/support/property.ts';
import { paddingRow, traceOf } from '../../../test/support/step.ts';
import type { Execution } from '../../executor/execution.ts';
import { bf16DecodeTable } from '../bf16-decode/air.ts';
import { hintAir } from './air.ts';
import { hintChip } from './trace.ts';

const padding = paddingRow(hintChip).main[0]!;
const traceWith = (hints: Uint16Array): Rows => ({
  main: [...traceOf(hintChip, { hints } as Execution).main, padding, padding],
});
const read = (rows: Rows, counts: readonly (readonly [raw: number, decoded: number])[]): Rows =>
  counts.reduce(
    (trace, [hintReads, operandReads], row) => withCells(hintAir, trace, row, { hintReads, operandReads }),
    rows,
  );

const tables = {
  'bf16-decode': (tuple: readonly number[]) => bf16DecodeTable.provider.positionOf(tuple) !== undefined,
};

test('any tape satisfies every constraint, and an empty one', () => {
  forAll(fc.array(bf16(), { minLength: 32, maxLength: 32 }), (halves) => {
    expect(violations(hintAir, traceWith(Uint16Array.from(halves)))).toEqual([]);
  });
  expect(violations(hintAir, traceWith(new Uint16Array(0)))).toEqual([]);
});

test('decodes 1.0, -1.5, 0 and infinity as the operand bus has them', () => {
  const rows = traceWith(Uint16Array.of(0x3f80, 0xbfc0, 0x8000, 0x7f80, ...new Array(12).fill(0)));
  const column = (name: string): number[] => [0, 1, 2, 3].map((i) => cells(hintAir, rows, `${name}[${i}]`)[0]!);
  expect(column('sm')).toEqual([128, P - 192, 0, 1]);
  expect(column('e')).toEqual([0, 0, P - 400, 4000]);
});

const tape = Uint16Array.from({ length: 48 }, (_, i) => 0x3f00 + i);
const honest = read(traceWith(tape), [
  [1, 1],
  [2, 0],
  [0, 3],
]);
const forge = (row: number, changes: Record<string, number>, of = honest): Rows => withCells(hintAir, of, row, changes);
const never = (claim: string, rows: Rows, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: rows,
  forged: rows,
  rejectedBy,
});
const [RAW, DECODED] = ['the block was read raw', 'the block was read decoded'];
/** A block that decodes to zeros, to be put where there is none. */
const zeros = {
  isReal: 1,
  ...Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`e[${i}]`, -400])),
};

/** Two equal blocks that nobody reads, the second one changed. */
const unread = (changes: Record<string, number>): Rows =>
  withCells(hintAir, traceWith(Uint16Array.of(...tape.subarray(0, 16), ...tape.subarray(0, 16))), 1, changes);

const forgeries: Forgery[] = [
  never('block 1 has two contents', forge(2, { block: 1 }), 'blocks are consecutive'),
  never(
    'the tape starts at block 7',
    forge(0, { block: 7 }, traceWith(tape.subarray(0, 16))),
    'the first block is block 0',
  ),
  never(
    'block 0 again, after padding that counts as block -1',
    forge(4, { ...zeros, hintReads: 1 }, forge(3, { block: -1 })),
    'no block comes after padding',
  ),
  never(
    'block 0 is whatever a padding row holds, raw',
    forge(3, { 'h[0]': 5, hintReads: 1 }),
    'padding is not read raw',
  ),
  never(
    'block 0 is whatever a padding row holds, decoded',
    forge(3, { 'sm[0]': 5, operandReads: 1 }),
    'padding is not read decoded',
  ),
  never(
    'a row of weight -1 takes back the look-up of a halfword that decodes to what it should not',
    forge(0, { 'sm[0]': 7 }, unread({ isReal: -1, 'h[0]': tape[0]!, 'sm[0]': 7 })),
    'isReal is a bit',
  ),
  ...Array.from({ length: 16 }, (_, i): Forgery[] => [
    {
      claim: `halfword ${i} decodes to another significand`,
      honest,
      forged: forge(0, { [`sm[${i}]`]: -1 }),
      rejectedBy: [`halfword ${i} is decoded`],
    },
  ]).flat(),
  {
    claim: 'a halfword of 17 bits',
    honest,
    forged: forge(1, { 'h[3]': 2 ** 16 }),
    rejectedBy: ['halfword 3 is decoded'],
  },
  {
    claim: 'a block that is not on the tape is read raw',
    honest: forge(1, { hintReads: 3 }),
    forged: forge(0, { hintReads: 2 }),
    rejectedBy: [RAW],
  },
  {
    claim: 'a block is read decoded more often than it was',
    honest,
    forged: forge(1, { operandReads: 1 }),
    rejectedBy: [DECODED],
  },
];
describeForgeries(hintAir, forgeries, { tables });
