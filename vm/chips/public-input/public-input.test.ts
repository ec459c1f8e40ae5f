import { expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { withKnown, withKnownCell } from '../../../test/support/known.ts';
import { publicInputAir } from './air.ts';
import { publicInputRows } from './known.ts';

const known = publicInputRows(Uint32Array.of(0xdead_beef, 7));
const MULTIPLICITY = publicInputAir.offsets.multiplicity;
const counts = (...times: number[]) =>
  withKnown(
    times.map((n) => publicInputAir.main.map((_, c) => (c === MULTIPLICITY ? n : 0))),
    known,
  );

test('holds the words as limbs by index', () => {
  expect([...publicInputRows(new Uint32Array(1000)).columns[1]!]).toEqual([...Array(1000).keys()]);
  expect(known).toEqual({
    rows: 2,
    columns: [
      [1, 1],
      [0, 1],
      [0xbeef, 7],
      [0xdead, 0],
    ].map((column) => Uint32Array.from(column)),
  });
});

test('any counts of reads satisfy the constraints', () => {
  expect(violations(publicInputAir, counts(5, 0, 0))).toEqual([]);
});

const honest = counts(1, 1, 0);
const forgeries: Forgery[] = [
  {
    claim: 'word 0 is 0, read from padding',
    honest,
    forged: withCells(publicInputAir, withCells(publicInputAir, honest, 0, { multiplicity: 0 }), 2, {
      multiplicity: 1,
    }),
    rejectedBy: ['only words of the input are read', 'the word was read'],
  },
  {
    claim: 'a word that the statement does not mark as one',
    honest,
    forged: withKnownCell(honest, 1, 0, 0),
    rejectedBy: ['only words of the input are read'],
  },
  {
    claim: 'the public input of another statement',
    honest,
    forged: withKnownCell(honest, 1, 2, 8),
    rejectedBy: ['the word was read'],
  },
];
describeForgeries(publicInputAir, forgeries);
