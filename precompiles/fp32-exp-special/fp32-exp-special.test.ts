import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import { paddingRow } from '../../kit/step.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { served } from '../../test/support/fp32.ts';
import { expectPowers, POWER_CHIPS, POWER_TABLES, type PowerCase } from '../../test/support/fp32-power.ts';
import { seeded } from '../../test/support/random.ts';
import type { PowerFunction } from '../fp32-exp/argument-tables.ts';
import { recordPower } from '../fp32-exp/execute.ts';
import { fp32ExpSpecialAir as air } from './air.ts';
import { fp32ExpSpecialChip } from './trace.ts';

const [NX, UF, OF, NV] = [1, 2, 4, 16];
const [ONE, INFINITY, NAN] = [0x3f80_0000, 0x7f80_0000, 0x7fc0_0000];
const NEGATIVE = 0x8000_0000;

test('every case has the result that IEEE 754-2019, 9.2, asks for', () => {
  const cases = (['exp', 'exp2'] as const).flatMap((of): PowerCase[] => {
    const large = of === 'exp' ? 0x4300_0000 : 0x4380_0000;
    return [
      ...[0, NEGATIVE].map((a): PowerCase => [of, a, ONE, 0]),
      ...[1, 0x007f_ffff, 0x0080_0000, 0x32ff_ffff].flatMap((a): PowerCase[] => [
        [of, a, ONE, NX],
        [of, a + NEGATIVE, ONE, NX],
      ]),
      ...[large, large + 1, 0x7f7f_ffff].flatMap((a): PowerCase[] => [
        [of, a, INFINITY, OF + NX],
        [of, a + NEGATIVE, 0, UF + NX],
      ]),
      [of, INFINITY, INFINITY, 0],
      [of, INFINITY + NEGATIVE, 0, 0],
      ...[0x7fc0_0000, 0x7fff_ffff, 0xffc0_0001].map((a): PowerCase => [of, a, NAN, 0]),
      ...[0x7f80_0001, 0x7fbf_ffff, 0xff80_0001].map((a): PowerCase => [of, a, NAN, NV]),
    ];
  });
  const traces = served(POWER_CHIPS, (machine) => {
    for (const [of, a] of cases) recordPower(machine, of, a);
  });
  expect(traces.get(air.name)!.main).toHaveLength(cases.length);
  expectPowers(cases);
});

const rowOf = (of: PowerFunction, a: number): Rows =>
  served(POWER_CHIPS, (machine) => recordPower(machine, of, a)).get(air.name)!;
const [infinite, minusInfinite, quiet, small] = [
  rowOf('exp', INFINITY),
  rowOf('exp', INFINITY + NEGATIVE),
  rowOf('exp2', NAN + 1),
  rowOf('exp', 0x8000_1234),
];
const padding = paddingRow(fp32ExpSpecialChip);
const forge = (rows: Rows, changes: Record<string, number>): Rows => withCells(air, rows, 0, changes);
const lie = (claim: string, honest: Rows, changes: Record<string, number>, name: string): Forgery => ({
  ...{ claim, honest, forged: forge(honest, changes), rejectedBy: [name] },
});
/** A claim on an operand that the chip has no row for: the machine asks for it. */
const foreign = (claim: string, changes: Record<string, number>, name: string): Forgery => {
  const forged = forge(padding, changes);
  return { claim, honest: forged, forged, rejectedBy: [name] };
};
const ordinary = { aHi: 0x3f80, exponent: 127, upper: 128 };
const asked = rowOf('exp', INFINITY).main[0]!;

describeForgeries(
  air,
  [
    lie(
      'another operand',
      infinite,
      { aLo: 1, isInfinite: 0, isSignaling: 1, fractionInverse: 1, outHi: 0x7fc0, flags: NV },
      'the power was asked for',
    ),
    {
      claim: 'infinity is large, too: one row stands for two requests',
      honest: { main: [asked, asked] },
      forged: {
        main: [forge(infinite, { isLarge: 1, outHi: 2 * 0x7f80, flags: OF + NX }).main[0]!, asked.map(() => 0)],
      },
      rejectedBy: ['at most one case is chosen'],
    },
    foreign(
      'log of a NaN is that of exp',
      { isExp2: 2, isQuiet: 1, aHi: 0x7fc0, exponent: 255, upper: 192, outHi: 0x7fc0 },
      'isExp2 is a bit',
    ),
    ...[
      ['isZero', 'isInfinite', { outHi: 0x7f80 - 0x3f80 }],
      ['isSmall', 'isSignaling', { upper: 128, outHi: 0x7fc0 - 0x3f80, flags: NV - NX }],
      ['isLarge', 'isInfinite', { exponent: 200, upper: 128, flags: -OF - NX }],
      ['isInfinite', 'isZero', { outHi: 0x3f80 - 0x7f80 }],
      ['isQuiet', 'isLarge', { exponent: 200, upper: 64, outHi: 0x7f80 - 0x7fc0, flags: OF + NX }],
      ['isSignaling', 'isSmall', { upper: 128, outHi: 0x3f80 - 0x7fc0, flags: NX - NV }],
    ].map(([name, other, more]) =>
      lie(
        `${name} is -1 on padding`,
        padding,
        { [name as string]: -1, [other as string]: 1, ...(more as Record<string, number>) },
        `${name as string} is a bit`,
      ),
    ),
    lie('e^-infinity is infinite', minusInfinite, { sign: 0, outHi: 0x7f80 }, 'a is decoded'),
    foreign(
      'e^1 is 1',
      { ...ordinary, isSmall: 1, fractionInverse: inverse(felt(2 ** 23)), outHi: 0x3f80, flags: NX },
      'the exponent is below that of 2^-25',
    ),
    foreign(
      'e^1 overflows',
      { ...ordinary, isLarge: 1, outHi: 0x7f80, flags: OF + NX },
      'the exponent is that of 2^7 or 2^8 at least',
    ),
    lie('e^NaN is infinite', quiet, { isQuiet: 0, isInfinite: 1, outHi: 0x7f80 }, 'a zero or infinity has no fraction'),
    lie(
      'e^infinity is invalid',
      infinite,
      { isInfinite: 0, isSignaling: 1, outHi: 0x7fc0, flags: NV },
      'a small number or signaling NaN has one',
    ),
    lie('a quiet NaN signals', quiet, { isQuiet: 0, isSignaling: 1, flags: NV }, 'a NaN has its quiet bit'),
    lie('the result is next to 1', small, { outHi: 0x3f81 }, 'the high limb is that of the case'),
    lie('the result is exact', small, { flags: 0 }, 'the flags are those of the case'),
  ],
  { tables: POWER_TABLES },
);

/** The air of rows that are asked for: others have no result. */
const answering: Air = {
  ...air,
  constraints: [
    ...air.constraints,
    {
      name: 'a case is chosen',
      where: 'every',
      expr: air.interactions.find(({ name }) => name === 'the power was asked for')!.multiplicity.minus(1),
    },
  ],
};

test('the search for a second result finds none', () => {
  const random = seeded(2);
  for (const [seed, a] of [0, NEGATIVE, 1, 0x4380_0000, INFINITY, INFINITY + NEGATIVE, NAN, 0x7f80_0001].entries()) {
    const of = random.below(2) === 0 ? 'exp' : 'exp2';
    const query = { honest: rowOf(of, a), inputs: ['isExp2', 'aLo', 'aHi'], outputs: ['outHi', 'flags'] };
    expect(findSecondWitness(answering, { ...query, tables: POWER_TABLES, seed, tries: 60 }), `${a}`).toBeUndefined();
    expect(cells(air, query.honest, 'isExp2')).toEqual([of === 'exp2' ? 1 : 0]);
  }
});
