import { expect, test } from 'vitest';
import { type Felt, P } from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import { weightedColumns, weightedSum } from './deep.ts';

test('a weighted sum is the sum of products, also of a thousand largest elements', () => {
  const largest = (P - 1) as Felt;
  const gamma: Ext = [largest, largest, 1 as Felt, largest, 7 as Felt];
  for (const count of [0, 1, 31, 32, 33, 1000]) {
    const columns = Array.from({ length: count }, (_, column) => ({ column, gamma, next: false }));
    const row = new Uint32Array(count).fill(largest);
    const expected = columns.reduce<Ext>((sum) => K.add(sum, K.mulBase(gamma, largest)), K.ZERO);
    expect(weightedSum(weightedColumns(columns, false), row)).toEqual(expected);
    expect(weightedSum(weightedColumns(columns, true), row)).toEqual(K.ZERO);
  }
});
