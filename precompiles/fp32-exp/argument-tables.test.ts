import { describe, expect, test } from 'vitest';
import { centred, P } from '../../stark/field/koala-bear.ts';
import { randomOf } from '../../test/support/fp32.ts';
import type { FixedTable } from '../../vm/chips/table.ts';
import { headLogTable, stepLogTable } from '../fp32-exponential/log-tables.ts';
import { exp2Tables, expTables, isOrdinary, type PowerFunction } from './argument-tables.ts';
import { powerOf } from './power.ts';

/** More than any parameter set blinds. */
const MAX_BLINDING_ROWS = 256;
const BITS = 240n;
const UNIT = 1n << (BITS - 72n);
/** ln 2 by Machin's formula of Gauss and Stoermer for logarithms: 18 L(26) - 2 L(4801) + 8 L(8749), L = atanh(1 / n). */
const areaTangent = (n: bigint): bigint => {
  let [sum, power] = [0n, (1n << BITS) / n];
  for (let k = 1n; power !== 0n; k += 2n) {
    sum += power / k;
    power /= n * n;
  }
  return sum;
};
const LN2 = 18n * areaTangent(26n) - 2n * areaTangent(4801n) + 8n * areaTangent(8749n);

const tablesOf = { exp: expTables, exp2: exp2Tables };

/** All tuples of a table, its numbers signed. */
function* tuplesOf({ fixedRow, fixedRows, air, provider }: FixedTable): Generator<number[]> {
  const perRow = provider.multiplicities.length;
  const fields = air.fixed.length / perRow;
  for (let row = 0; row < fixedRows; row++) {
    const cells = fixedRow(row).map(centred);
    for (let entry = 0; entry < perRow; entry++)
      yield Array.from({ length: fields }, (_, field) => cells[field * perRow + entry]!);
  }
}
/** Limbs in units of 2^-72. */
const unitsOf = (limbs: readonly number[]): bigint => limbs.reduce((value, limb) => (value << 24n) + BigInt(limb), 0n);

describe.each(['exp', 'exp2'] as const)('%s', (of) => {
  const [argument, term] = tablesOf[of] as [FixedTable, FixedTable];
  /** ln(base) times significand 2^(exponent - 150), 240 bits below the point. */
  const scaled = (significand: number, exponent: number): bigint =>
    ((of === 'exp' ? 1n << BITS : LN2) * BigInt(significand) * 2n ** BigInt(exponent)) >> 150n;
  const isNearest = (limbs: readonly number[], exact: bigint): boolean => {
    const error = unitsOf(limbs) * UNIT - exact;
    return (
      2n * (error < 0n ? -error : error) <= UNIT + (1n << (BITS - 85n)) &&
      limbs.slice(1).every((x) => x >= 0 && x < 2 ** 24)
    );
  };

  test('arguments are nearest to the reduced upper half', () => {
    const wrong = [...tuplesOf(argument)].filter(([high, scale, doublings, ...rest]) => {
      const [sign, exponent] = [high! >= 2 ** 15 ? -1 : 1, (high! >>> 7) & 0xff];
      const exact = BigInt(sign) * scaled((high! & 0x7f) + 128, exponent + 16) - BigInt(doublings!) * LN2;
      const expected = exponent - 102 + (sign < 0 ? 64 : 0);
      return scale !== expected || Math.abs(doublings!) > 257 || !isNearest(rest.slice(0, 3), exact);
    });
    expect(wrong).toEqual([]);
  });

  test('terms are nearest to the byte in its place', () => {
    const wrong = [...tuplesOf(term)].filter(([scale, byte, ...limbs]) => {
      const exact = scaled(byte!, (scale! % 64) + 102);
      return !isNearest(limbs, scale! >= 64 ? -exact : exact);
    });
    expect(wrong).toEqual([]);
  });

  test('the relation has a row for all operands with an upper half, and `whole` is its power of two', () => {
    const wrong: number[][] = [];
    const float = new Float32Array(1);
    const word = new Uint32Array(float.buffer);
    for (const tuple of tuplesOf(argument)) {
      const [high, , doublings, , , , whole = 0] = tuple;
      word[0] = high! * 2 ** 16;
      const isInteger = of === 'exp2' && Number.isInteger(float[0]!);
      const isRight = [0, 1, 0xffff].every((low) => {
        const { upper, middle, lower } = powerOf(of, high! * 2 ** 16 + low);
        const power = (upper + middle / 2 ** 24) / 2 ** 24;
        return power > -0.6 && power < 0.6932 && lower >= 0 && lower < 3 * 2 ** 24;
      });
      if (!isRight || whole !== (isInteger ? 2 ** (float[0]! - doublings!) : 0)) wrong.push(tuple);
    }
    expect(wrong).toEqual([]);
  });

  test('a table has every tuple once, where its provider says, and its height is as small as its comment says', () => {
    for (const [table, logHeight, count] of [
      [argument, 12, of === 'exp' ? 64 * 128 : 66 * 128],
      [term, 13, of === 'exp' ? 80 * 256 : 82 * 256],
    ] as const) {
      expect(table.fixedRows + MAX_BLINDING_ROWS).toBeLessThanOrEqual(2 ** logHeight);
      const tuples = [...tuplesOf(table)].slice(0, count);
      const random = randomOf(6);
      tuples.forEach((tuple, i) => {
        const residues = tuple.map((value) => (value < 0 ? value + P : value));
        if (table.provider.positionOf(residues) !== i) throw new Error(`tuple ${i}: expected it at ${i}`);
        const field = random.below(tuple.length);
        const other = residues.with(field, (residues[field]! + 1 + random.below(P - 1)) % P);
        const at = table.provider.positionOf(other);
        if (at !== undefined && (field >= 2 || at === i)) throw new Error(`tuple ${i}: expected none like it`);
      });
    }
  });
});

test('an operand is ordinary from 2^-25 on, below 2^7 for exp and 2^8 for exp2', () => {
  const bounds = (of: PowerFunction): boolean[] =>
    [0x32ff, 0x3300, 0x42ff, 0x4300, 0x437f, 0x4380].map((high) => isOrdinary(of, high));
  expect(bounds('exp')).toEqual([false, true, true, false, false, false]);
  expect(bounds('exp2')).toEqual([false, true, true, true, true, false]);
});

test('the tables of logarithms have every tuple where their providers say', () => {
  for (const table of [headLogTable, stepLogTable]) {
    expect(table.fixedRows + MAX_BLINDING_ROWS).toBeLessThanOrEqual(2 ** 13);
    const wrong = Array.from({ length: table.fixedRows }, (_, row) => row).filter((row) => {
      const tuple = table.fixedRow(row);
      const other = tuple.with(1 + (row % 3), (tuple[1 + (row % 3)]! + 1) % P);
      return table.provider.positionOf(tuple) !== row || table.provider.positionOf(other) !== undefined;
    });
    expect(wrong).toEqual([]);
  }
});
