import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import type { Rows } from '../../stark/air/check.ts';
import { felt, inverse, P } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { randomOf } from '../../test/support/fp32.ts';
import { tableOracle, wordRows } from '../../test/support/fp32-exponential.ts';
import { weightForgery } from '../../test/support/fp32-search.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { tanhFp32 } from '../fp32-tanh/semantics.ts';
import { fp32TanhSpecialAir as air } from './air.ts';
import { TANH_CASES, tanhCase, tanhCaseTable } from './cases.ts';
import { fp32TanhSpecialChip } from './trace.ts';

const TABLES = { [tanhCaseTable.provider.bus.name]: tableOracle(tanhCaseTable) };
const REQUEST = 'the hyperbolic tangent was asked for';
const rowOf = (word: number): Rows => wordRows(fp32TanhSpecialChip, [word]);

const lie = (claim: string, word: number, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  ...{ claim, honest: rowOf(word), forged: withCells(air, rowOf(word), 0, changes), rejectedBy },
});

/** The row of a word with the case of another magnitude, borrows and result as a prover would choose them. */
function inCase(word: number, magnitude: number, more: Record<string, number> = {}): Record<string, number> {
  const { first, last, word: limbs, signed, copies, flags } = tanhCase(magnitude)!;
  const aLo = word & 0xffff;
  const [key, aSign] = [more['key'] ?? (word >>> 16) & 0x7fff, more['aSign'] ?? word >>> 31];
  const borrowFirst = aLo < (first & 0xffff) ? 1 : 0;
  const borrowLast = aLo > (last & 0xffff) ? 1 : 0;
  return {
    ...{ firstHi: first >>> 16, firstLo: first & 0xffff, lastHi: last >>> 16, lastLo: last & 0xffff },
    ...{ limbHi: limbs >>> 16, limbLo: limbs & 0xffff, signed, copies, flags, borrowFirst, borrowLast },
    outLo: (limbs & 0xffff) + copies * aLo,
    outHi: (limbs >>> 16) + copies * key + Number((BigInt(signed) * BigInt(aSign) * 2n ** 15n) % BigInt(P)),
    ...more,
  };
}

const ONE = 0x4120_1234;
/** In the case of 1 - 2^-24, from 0x4107_62bf to 0x4110_2cb3. */
const BELOW_ONE = 0x4108_0001;
const INVERSE_2_15 = inverse(felt(2 ** 15));
const WRAP = 127 * 2 ** 8;

const byHand: Forgery[] = [
  lie('another operand than was asked for', ONE, inCase(0x4121_1234, 0x4121_1234, { key: 0x4121 }), REQUEST),
  weightForgery(air, rowOf(ONE), {}),
  lie(
    'the operand has another sign and magnitude',
    ONE,
    inCase(ONE, 0x3000_0000, { key: 0x3000, aSign: (0x4120 - 0x3000) * INVERSE_2_15 }),
    'aSign is a bit',
  ),
  lie('an exact one', ONE, { flags: 0 }, 'there is such a case'),
  lie('another low limb', ONE, { outLo: 1 }, 'the low limb is that of the case'),
  lie('another sign', ONE, { outHi: 0xbf80 }, 'the high limb is that of the case'),
  lie(
    'a number next to one is that of less',
    BELOW_ONE,
    inCase(BELOW_ONE, 0x4103_4c93),
    'the magnitude is not above the last',
  ),
  lie('a number next to one is one', BELOW_ONE, inCase(BELOW_ONE, 0x4110_2cb4), 'the magnitude is not below the first'),
  lie('the least number is a zero', 1, inCase(1, 0, { borrowLast: 0 }), 'the low limb is not above the last'),
  lie('zero is a subnormal number', 0, inCase(0, 1, { borrowFirst: 0 }), 'the low limb is not below the first'),
  // 2^16 * 127 * 2^8 = p - 1.
  lie(
    'a subnormal number has the tangent one',
    0x3000,
    inCase(0x3000, 0x4200_0000, { borrowFirst: -WRAP }),
    'borrowFirst is a bit',
  ),
  lie(
    'a NaN is a small number',
    0x7f80_0001,
    inCase(0x7f80_0001, 0x3000_0000, { borrowLast: -WRAP }),
    'borrowLast is a bit',
  ),
];

describeForgeries(air, byHand, {
  pastRanges: ['the low limb is not above the last'],
  tables: TABLES,
});

test('of all cases and borrows one is accepted, with the result of the semantics', () => {
  const random = randomOf(31);
  const ends = TANH_CASES.flatMap(({ first, last }) => [first, last, first + random.below(last - first + 1)]);
  for (const magnitude of ends) {
    const word = magnitude + random.below(2) * 2 ** 31;
    const [honest, result] = [rowOf(word), tanhFp32(word)];
    const accepted = TANH_CASES.flatMap(({ first }) =>
      [0, 1].flatMap((borrowFirst) =>
        [0, 1].flatMap((borrowLast) => {
          const row = withCells(air, honest, 0, inCase(word, first, { borrowFirst, borrowLast }));
          return objections(air, row, honest, TABLES).length > 0 ? [] : [row];
        }),
      ),
    );
    expect(accepted).toHaveLength(1);
    const answer = ['outHi', 'outLo', 'flags'].map((name) => cells(air, accepted[0]!, name)[0]);
    expect(answer).toEqual([wordOf(result) >>> 16, wordOf(result) & 0xffff, flagsOf(result)]);
  }
});

test('the search for a second result finds none', () => {
  const inputs = ['isReal', 'aLo', 'aSign', 'key'];
  for (const word of [0, 0x8000_0001, 0x3980_ffff, 0x4103_4c93, 0xc107_62be, 0x7f80_0000, 0x7f80_0001, 0xffc0_0000]) {
    const query = { honest: rowOf(word), inputs, outputs: ['outLo', 'outHi', 'flags'], tables: TABLES, tries: 80 };
    expect(findSecondWitness(air, query), word.toString(16)).toBeUndefined();
  }
});
