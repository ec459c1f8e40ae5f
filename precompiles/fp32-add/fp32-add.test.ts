import fc from 'fast-check';
import { expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { cells, describeForgeries, type Forgery, messages, objections } from '../../test/support/forgery.ts';
import {
  type Addition,
  additionRows,
  forgeAddition,
  isRounded,
  ROUNDING_TABLES,
  withService,
} from '../../test/support/fp32-forger.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { alignTable } from '../align/air.ts';
import { fp32DecodeTable } from '../fp32-decode/air.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { fp32AddAir } from './air.ts';
import { isSpecial } from './semantics.ts';

const air = withService(fp32AddAir, FP32_ROUND_BUS);
const TABLES = {
  ...ROUNDING_TABLES,
  'fp32-round': isRounded,
  ...Object.fromEntries(
    [alignTable, fp32DecodeTable].map(({ provider }) => [
      provider.bus.name,
      (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
    ]),
  ),
};
const finite = f32().filter((word) => !isSpecial(word));
const addition: fc.Arbitrary<Addition> = fc.tuple(fc.integer({ min: 0, max: 4 }), fc.boolean(), finite, finite);

test('the forger without a lie writes the honest row, and it is accepted', () => {
  forAll(addition, (each) => {
    const rows = additionRows([each]);
    expect(forgeAddition(each, {})).toEqual(rows);
    expect(objections(air, rows, rows, TABLES)).toEqual([]);
  });
});

test('other operands as far, other distances, signs, and what remains: nothing else is accepted', () => {
  forAll(
    addition,
    (each) => {
      const honest = additionRows([each]);
      const answer = messages(air, honest, 'the addition was asked for');
      const distance = cells(air, honest, 'distance')[0]!;
      const bits = [0, 1];
      for (const isSwapped of bits)
        for (const remains of bits)
          for (const isReversed of bits)
            for (const isGone of bits)
              for (const isZero of bits)
                for (const by of [-1, 0, 1]) {
                  const lies = { isSwapped, remains, isReversed, isGone, isZero };
                  const forged = forgeAddition(each, by === 0 ? lies : { ...lies, distance: distance + by });
                  if (violations(air, forged).length > 0) continue;
                  if (objections(air, forged, honest, TABLES).length > 0) continue;
                  expect(messages(air, forged, 'the addition was asked for')).toEqual(answer);
                }
    },
    60,
  );
});

const lie = (claim: string, of: Addition, lies: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: additionRows([of]),
  forged: forgeAddition(of, lies),
  rejectedBy,
});
const plus = (a: number, b: number, mode = 0): Addition => [mode, false, a, b];
const minus = (a: number, b: number, mode = 0): Addition => [mode, true, a, b];

const [ONE, TWO, THREE, TWO_17, LONG] = [0x3f80_0000, 0x4000_0000, 0x4040_0000, 0x4800_0000, 0x3f81_2345];
const farApart = plus(2 ** 23 * (127 + 27), ONE);
const onePlusTwo = plus(ONE, TWO);
const zeroRow = additionRows([minus(ONE, ONE)]).main[0]!;
const cellOf = (of: Addition, name: string): number => cells(fp32AddAir, additionRows([of]), name)[0]!;

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2 stands for two additions',
    honest: { main: [zeroRow, zeroRow] },
    forged: {
      main: [
        forgeAddition(minus(ONE, ONE), {
          isReal: 2,
          isZero: 2,
          multiplierInverse: 2 * cellOf(minus(ONE, ONE), 'multiplierInverse'),
          modeInverse: -1,
          outHi: 0,
          outLo: 0,
          flags: 0,
        }).main[0]!,
        zeroRow.map(() => 0),
      ],
    },
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'another addition than was asked for',
    honest: additionRows([onePlusTwo]),
    forged: additionRows([plus(ONE, THREE)]),
    rejectedBy: ['the addition was asked for'],
  },
  lie('1 + 2 = -1 + 2', onePlusTwo, { aSign: 1 }, 'a is finite'),
  lie('1 + 2 = 1 - 2', onePlusTwo, { bDecodedSign: 1 }, 'b is finite'),
  lie('1 + 2 = 1 - 2, the sign being turned', onePlusTwo, { bSign: 1 }, 'a subtraction turns the sign of b'),
  lie('1 + 2 = 2 - 1, the signs being opposed', onePlusTwo, { opposed: 1 }, 'opposed tells whether the signs differ'),

  // 1. Which operand is near.
  lie('the distance of 1 and 2 is two', onePlusTwo, { distance: 3 }, 'near has the smaller exponent'),
  lie('another upper part is near', onePlusTwo, { upper: 192 }, 'upper is of near'),
  lie('another lower part is near', onePlusTwo, { low: 8 }, 'low is of near'),

  // 2. Near, aligned to far.
  lie('the upper part counts twice', onePlusTwo, { upperMultiplier: 2048 }, 'the upper part is shifted'),
  lie('the lower part counts twice', plus(LONG, TWO), { lowMultiplier: 8 }, 'the lower part is shifted'),
  lie('the upper part is one more', onePlusTwo, { upperQuotient: 2 ** 15 + 1 }, 'the upper part is divided'),
  lie('the lower part is one more', onePlusTwo, { lowQuotient: 8 }, 'the lower part is divided'),
  lie(
    '2^15 = 65025 * 2^15 + 1 mod p in the upper part',
    plus(2 ** 23 * (127 + 26), ONE),
    { upperQuotient: 65025, upperRemainder: 1 },
    'the upper part keeps its upper bits',
  ),
  lie(
    '5 = 65024 * 2^15 + 6 mod p in the lower part',
    plus(2 ** 23 * (127 + 18), ONE + 5),
    { lowQuotient: 65024, lowRemainder: 6 },
    'the lower part keeps its upper bits',
  ),

  // 3. What is cut off.
  lie('1 is gone besides 2', onePlusTwo, { isGone: 1 }, 'nothing is kept if gone'),
  lie('2^27 + 1 is exact', farApart, { isGone: 0 }, 'something is kept unless gone'),
  lie('2^17 + 1.1 is exact', plus(TWO_17, LONG), { remains: 0 }, 'nothing is cut off unless it remains'),
  lie('1 + 2 is inexact', onePlusTwo, { remains: 1 }, 'something is cut off if it remains'),

  // 1. and 4. The sum.
  lie('1 + 1.5 with near twice 1 less 1.5', plus(ONE, 0x3fc0_0000), { isSwapped: 2 }, 'isSwapped is a bit'),
  lie('1 - 1.75 = 0.25 of sign -3', plus(ONE, 0xbfe0_0000), { isReversed: 2 }, 'isReversed is a bit'),
  lie('1 + 2 is a bit more', onePlusTwo, { w2: 1, w3: cellOf(onePlusTwo, 'w3') }, 'the sum adds up'),
  lie('0x7f00 * 2^16 = -1 mod p', onePlusTwo, { w3: cellOf(onePlusTwo, 'w3') + 0x7f00 }, 'w3 is below 2^12'),
  lie('the low limb keeps 2^16', onePlusTwo, { w3: cellOf(onePlusTwo, 'w3') - 1 }, 'w2 is below 2^16'),
  lie('1 + 2 = -3', onePlusTwo, { negative: 1 }, 'the sum has the sign of the larger operand'),

  // 5. Zero, or rounding.
  lie('1 + 2 = 0', onePlusTwo, { isZero: 1 }, 'a zero sum is zero'),
  lie('1 - 1 is rounded', minus(ONE, ONE), { isZero: 0 }, 'any other is not'),
  lie('1 + 2 is one unit more', onePlusTwo, { outLo: 1 }, 'the sum is rounded'),
  lie('1 - 1 = -0 to nearest', minus(ONE, ONE), { isDown: 1 }, 'isDown tells the mode RDN'),
  lie('1 - 1 = +0 downward', minus(ONE, ONE, 2), { isDown: 0 }, 'another mode is not RDN'),
  lie('1 - 1 is the least subnormal', minus(ONE, ONE), { outLo: 1 }, 'a zero has a zero low limb'),
  lie('1 - 1 = -0', minus(ONE, ONE), { outHi: 0x8000 }, 'a zero has the sign of its case'),
  lie('1 - 1 is inexact', minus(ONE, ONE), { flags: 1 }, 'a zero has no flags'),
];

describeForgeries(air, forgeries, { tables: TABLES });
