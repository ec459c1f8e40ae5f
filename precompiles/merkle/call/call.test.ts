import { expect, test } from 'vitest';
import {
  digestForgeries,
  digestNeverAlone,
  digestProgram,
  rowWithDigest,
} from '../../../test/support/digest-forgeries.ts';
import { describeForgeries, withCells } from '../../../test/support/forgery.ts';
import { MERKLE_INSTRUCTIONS } from '../execute.ts';
import { merkleCallAir as air } from './air.ts';
import { merkleCallChip } from './trace.ts';

const [instruction] = MERKLE_INSTRUCTIONS;
const rowOf = (digest: readonly number[]) => rowWithDigest(merkleCallChip, instruction!, { rs2: 5, rs3: 3 }, digest);
const honest = rowOf([1, 2, 3, 4, 5, 6, 7, 8, 9]);
const forge = (changes: Record<string, number>) => withCells(air, honest, 0, changes);
const asked = (changes: Record<string, number>) => {
  const forged = forge(changes);
  return { honest: forged, forged };
};
const [starts, ends] = ['a path starts at the leaf', 'the path ends at this root'];

test('has 94 columns and 83 interactions', () => {
  expect([air.main.length, air.interactions.length]).toEqual([94, 83]);
});

describeForgeries(
  air,
  [
    ...digestForgeries(air, rowOf),
    {
      claim: 'another root than the one at the end of the path',
      honest,
      forged: forge({ 'afterLo[3]': 77 }),
      rejectedBy: [ends],
    },
    {
      claim: 'a depth of 31, whose index could be read modulo p',
      ...asked({ rs3Lo: 31 }),
      rejectedBy: ['the depth is at most 30'],
    },
    {
      claim: 'the index p + 5 stands for leaf 5',
      ...asked({ rs2Lo: 6, rs2Hi: 0x7f00 }),
      rejectedBy: ['the index is below 2^30'],
    },
    {
      claim: 'another leaf index than rs2',
      honest,
      forged: forge({ rs2Lo: 4 }),
      rejectedBy: ['rs2 holds the value last written'],
    },
    {
      claim: 'another depth than rs3',
      honest,
      forged: forge({ rs3Lo: 2 }),
      rejectedBy: ['rs3 holds the value last written'],
    },
  ],
  {
    tables: digestProgram(air, honest),
    neverAlone: {
      ...digestNeverAlone,
      [starts]:
        'all its fields are claimed, so that it only counts, as often as an end is taken; its values are those of the ' +
        'instruction and of the words before, which other checks fix',
    },
  },
);
