import { expect, test } from 'vitest';
import { felt, inverse, P, reduce } from '../../../stark/field/koala-bear.ts';
import {
  digestForgeries,
  digestNeverAlone,
  digestProgram,
  rowWithDigest,
} from '../../../test/support/digest-forgeries.ts';
import { cells, describeForgeries, objections, withCells } from '../../../test/support/forgery.ts';
import { SPONGE_INSTRUCTIONS } from '../execute.ts';
import { spongeCallAir as air } from './air.ts';
import { spongeCallChip } from './trace.ts';

const [instruction] = SPONGE_INSTRUCTIONS;
const rowOf = (digest: readonly number[]) =>
  rowWithDigest(spongeCallChip, instruction!, { rs2: 0x1_0040, rs3: 2 }, digest);
const honest = rowOf([1, 2, 3, 4, 5, 6, 7, 8, 9]);
const forge = (changes: Record<string, number>) => withCells(air, honest, 0, changes);
const [starts, ends] = ['a sponge starts with this many rows', 'the sponge ends with this digest'];

test('has 95 columns and 82 interactions', () => {
  expect([air.main.length, air.interactions.length]).toEqual([95, 82]);
});

test('starts at the block of rs2 with the number of rows in the capacity', () => {
  expect(cells(air, honest, 'blockLow')).toEqual([2]);
});

test('a residue has one pair of limbs that is accepted', () => {
  const edges = [
    0,
    1,
    65534,
    65535,
    65536,
    2 ** 24 - 2,
    2 ** 24 - 1,
    2 ** 24,
    P - 2 ** 24,
    P - 65537,
    P - 65536,
    P - 2,
    P - 1,
  ];
  for (const value of edges) {
    const row = rowOf([value, 0, 0, 0, 0, 0, 0, 0, 0]);
    const accepted: number[][] = [];
    // Every high limb that some range check could let pass; the low limb is what the residue leaves.
    for (let hi = -(2 ** 15); hi < 2 ** 16; hi++) {
      const lo = reduce(value - 2 ** 16 * hi);
      if (lo >= 2 ** 16) continue;
      const gap = reduce(0x7f00 - hi);
      const limbs = { 'afterLo[0]': lo, 'afterHi[0]': hi, 'gapInverse[0]': gap === 0 ? 0 : inverse(gap) };
      if (objections(air, withCells(air, row, 0, limbs), row).length === 0) accepted.push([lo, hi]);
    }
    expect(accepted, `${value}`).toEqual([[value % 2 ** 16, Math.floor(value / 2 ** 16)]]);
  }
});

describeForgeries(
  air,
  [
    ...digestForgeries(air, rowOf),
    {
      claim: 'another digest than the one after the last row',
      honest,
      forged: forge({ 'afterLo[3]': 77 }),
      rejectedBy: [ends],
    },
    {
      claim: 'another block than the one of rs2',
      honest,
      forged: forge({ blockLow: 3 }),
      rejectedBy: ['rs2 is a multiple of 32', ends],
    },
    (() => {
      const forged = forge({ rs2Lo: 0x48 });
      return { claim: 'rs2 is no multiple of 32', honest: forged, forged, rejectedBy: ['rs2 is a multiple of 32'] };
    })(),
    (() => {
      const forged = forge({ rs2Lo: 1, blockLow: inverse(felt(32)) });
      return {
        claim: 'rs2 is no multiple of 32, and the block is its quotient in the field',
        honest: forged,
        forged,
        rejectedBy: ['blockLow is below 2^11'],
      };
    })(),
    {
      claim: 'fewer rows than rs3 says',
      honest,
      forged: forge({ rs3Lo: 1 }),
      rejectedBy: ['rs3 holds the value last written', ends],
    },
  ],
  {
    tables: digestProgram(air, honest),
    neverAlone: {
      ...digestNeverAlone,
      [starts]:
        'all its fields are claimed, so that it only counts, as often as an end is taken; its values are those of the ' +
        'instruction, which other checks fix',
    },
  },
);
