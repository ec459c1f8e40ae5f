import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Rows } from '../../stark/air/check.ts';
import { mul, P } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { settled } from '../../test/support/forgery-search.ts';
import { served } from '../../test/support/fp32.ts';
import {
  ANSWERS,
  SERVICE_TABLES,
  serviceAir,
  serviceForgeries,
  weightForgery,
} from '../../test/support/fp32-search.ts';
import { fp32MulAir } from './air.ts';
import { recordMultiplication } from './execute.ts';
import { fp32MulChip } from './trace.ts';

const REQUEST = 'the multiplication was asked for';
const INPUTS = ['mode', 'aLo', 'aHi', 'bLo', 'bHi'];

const rowOf = (mode: number, a: number, b: number): Rows =>
  served([fp32MulChip], (machine) => recordMultiplication(machine, mode, a, b)).get('fp32-mul')!;
const bases = [
  { name: '1.5 * 3', honest: rowOf(0, 0x3fc0_0000, 0x4040_0000) },
  { name: '1.1 * pi', honest: rowOf(1, 0x3f8c_cccd, 0x4049_0fdb) },
  { name: '1.0005 * -1, down', honest: rowOf(2, 0x3f80_1234, 0xbf80_0000) },
  { name: '2^-149 * 2^23, up', honest: rowOf(3, 1, 0x4b00_0123) },
  { name: '1.1 * 1.003', honest: rowOf(4, 0x3f8c_cccd, 0x3f80_8000) },
  { name: 'an overflow', honest: rowOf(0, 0x7f00_0000, 0x7f00_0001) },
];

/** The row with another product: its limbs, and carries mod p so that the limbs add up. */
function claiming(honest: Rows, product: bigint): Rows {
  const limb = (i: bigint): number => Number((product >> (16n * i)) & 0xffffn);
  const rows = withCells(fp32MulAir, honest, 0, { 'product[0]': limb(0n), 'product[1]': limb(1n) });
  return settled(
    air,
    rows,
    [
      ['limb 0 of the product adds up', 'carry[0]'],
      ['limb 1 of the product adds up', 'carry[1]'],
      ['limb 2 of the product adds up', 'productUpper'],
      ['fp32-round'],
    ],
    ANSWERS,
  );
}

const air = serviceAir(fp32MulAir);
const [ordinary, dense] = [bases[0]!.honest, bases[1]!.honest];
const nonZeroInverse = cells(air, ordinary, 'nonZeroInverse')[0]!;
const exact = 0x8c_cccdn * 0xc9_0fdbn;

const byHand: Forgery[] = [
  weightForgery(air, ordinary, { nonZeroInverse: mul(2 as never, nonZeroInverse as never) }),
  { claim: 'another product than was asked for', honest: ordinary, forged: dense, rejectedBy: [REQUEST] },
  {
    claim: 'the product of 1.1 and pi is larger by p',
    honest: dense,
    forged: claiming(dense, exact + BigInt(P)),
    rejectedBy: ['carry[0] is below 2^9'],
  },
  {
    claim: 'the product of 1.1 and pi is larger by 2^16 p',
    honest: dense,
    forged: claiming(dense, exact + 2n ** 16n * BigInt(P)),
    rejectedBy: ['carry[1] is below 2^9'],
  },
];

const query = { air: fp32MulAir, request: REQUEST, inputs: INPUTS, bases };
describeForgeries(air, serviceForgeries(query, byHand), {
  pastRanges: ['aLowest is below 2^8', 'bLowest is below 2^8', 'product[0] is below 2^16', 'product[1] is below 2^16'],
  tables: SERVICE_TABLES,
});

test('the search for a second result finds none', () => {
  const outputs = ['outLo', 'outHi', 'flags'];
  for (const [seed, { name, honest }] of bases.entries()) {
    const found = findSecondWitness(air, { honest, inputs: INPUTS, outputs, tables: SERVICE_TABLES, seed, tries: 100 });
    expect(found, name).toBeUndefined();
  }
});
