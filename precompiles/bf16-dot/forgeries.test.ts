import { expect, test } from 'vitest';
import { blockRows, TABLES } from '../../test/support/bf16-dot.ts';
import { forge, HOPPER_VIEW } from '../../test/support/bf16-dot-forger.ts';
import { forgedBlocks, none, ONE, ordinary, sumForgeries } from '../../test/support/bf16-dot-sum-forgeries.ts';
import { describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { fp32 } from '../../test/support/patterns.ts';
import { bf16DotAir } from './air.ts';
import { HOPPER } from './semantics.ts';

test('the forger without a lie writes the honest row', () => {
  for (const each of forgedBlocks(HOPPER)) expect(forge(each, {})).toEqual(blockRows([each]));
});

const [noneRow] = blockRows([none]).main as [number[]];
const twice = { main: [noneRow, noneRow] };

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two blocks',
    honest: twice,
    forged: withCells(bf16DotAir, withCells(bf16DotAir, twice, 0, { isReal: 2 }), 1, { isReal: 0 }),
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'a row of padding is a block of the same call',
    honest: { main: [noneRow, noneRow.map(() => 0)] },
    forged: twice,
    rejectedBy: [
      'the call has come to this block',
      'a is a hint block',
      'b is a hint block',
      'the call goes on to the next block',
    ],
  },
  {
    claim: 'another accumulator than the call has come with',
    honest: blockRows([ordinary]),
    forged: blockRows([{ ...ordinary, acc: fp32(2, 0xabcdee) }]),
    rejectedBy: ['the call has come to this block'],
  },
  {
    claim: 'another first operand than is on the tape',
    honest: blockRows([ordinary]),
    forged: blockRows([{ ...ordinary, a: ordinary.a.with(3, ONE) }]),
    rejectedBy: ['a is a hint block'],
  },
  {
    claim: 'another second operand than is on the tape',
    honest: blockRows([ordinary]),
    forged: blockRows([{ ...ordinary, b: ordinary.b.with(3, ONE) }]),
    rejectedBy: ['b is a hint block'],
  },

  ...sumForgeries(HOPPER_VIEW),
];

describeForgeries(bf16DotAir, forgeries, {
  pastRanges: ['low is below 2^9', 'moved has `zeros` bits'],
  tables: TABLES,
  neverAlone: {
    'the call goes on to the next block':
      'time and blocks are those received, and what it claims is stated by constraints',
  },
});
