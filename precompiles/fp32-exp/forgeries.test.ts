import { expect, test } from 'vitest';
import { findSecondWitness } from '../../kit/determinism.ts';
import { paddingRow } from '../../kit/step.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Rows } from '../../stark/air/check.ts';
import { felt, inverse, mul } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { settled } from '../../test/support/forgery-search.ts';
import { drawWord, randomOf, served } from '../../test/support/fp32.ts';
import { isRounded, withService } from '../../test/support/fp32-forger.ts';
import { isExponential, POWER_CHIPS, POWER_TABLES } from '../../test/support/fp32-power.ts';
import { ANSWERS, weightForgery } from '../../test/support/fp32-search.ts';
import { fp32Exp2Air } from '../fp32-exp2/air.ts';
import { fp32Exp2Chip } from '../fp32-exp2/trace.ts';
import { EXPONENTIAL_BUS } from '../fp32-exponential/bus.ts';
import { exponentialRow } from '../fp32-exponential/row.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { fp32ExpAir } from './air.ts';
import { isOrdinary, type PowerFunction } from './argument-tables.ts';
import { recordPower } from './execute.ts';

const TABLES = { ...POWER_TABLES, [EXPONENTIAL_BUS.name]: isExponential, [FP32_ROUND_BUS.name]: isRounded };
const OUTPUTS = ['outLo', 'outHi', 'flags'];
const seen = (air: Air): Air => withService(withService(air, EXPONENTIAL_BUS), FP32_ROUND_BUS);
const airs = { exp: seen(fp32ExpAir), exp2: seen(fp32Exp2Air) };
const rowOf = (of: PowerFunction, a: number): Rows =>
  served(POWER_CHIPS, (machine) => recordPower(machine, of, a)).get(`fp32-${of}`)!;

/** The row with these cells and what the relation and the rounding then answer. */
function claiming(of: PowerFunction, honest: Rows, changes: Record<string, number>): Rows {
  const air = airs[of];
  let rows = withCells(air, honest, 0, changes);
  const at = (name: string): number => cells(air, rows, name)[0]!;
  if (!('w3' in changes) && (!('isWhole' in changes) || changes['isWhole'] === 0)) {
    const limb = (i: number): number =>
      ['argument', 'low', 'high'].reduce((sum, name) => sum + centred(at(`${name}[${i}]`)), 0);
    const { valueUpper, value36, value48, valueLower } = exponentialRow(limb(0), limb(1), limb(2));
    rows = withCells(air, rows, 0, { w3: valueUpper >>> 16, w2: valueUpper & 0xffff, value36, value48, valueLower });
    rows = withCells(air, rows, 0, changes);
  }
  return settled(air, rows, [[FP32_ROUND_BUS.name]], ANSWERS);
}
const centred = (value: number): number => (value > 2 ** 30 ? value - 0x7f00_0001 : value);

const [PI, MINUS_FIVE] = [0x4049_0fdb, 0xc0a0_1234];
const bases = { exp: rowOf('exp', PI), exp2: rowOf('exp2', MINUS_FIVE) };

/** What both chips have. */
function shared(of: PowerFunction): Forgery[] {
  const [air, honest] = [airs[of], bases[of]];
  const at = (name: string): number => cells(air, honest, name)[0]!;
  const lie = (claim: string, changes: Record<string, number>, name: string): Forgery => ({
    ...{ claim, honest, forged: claiming(of, honest, changes), rejectedBy: [name] },
  });
  const upper = at('w3') * 2 ** 16 + at('w2');
  return [
    {
      claim: 'another operand',
      honest,
      forged: rowOf(of, 0x3fc0_0001),
      rejectedBy: ['the power was asked for'],
    },
    weightForgery(air, honest, of === 'exp' ? {} : { isWhole: 0 }),
    lie('twice as much', { doublings: at('doublings') + 1 }, 'the high limb is reduced'),
    lie('the low byte counts more', { 'low[0]': at('low[0]') + 4096 }, 'the low byte is scaled'),
    lie('the high byte counts more', { 'high[0]': at('high[0]') + 4096 }, 'the high byte is scaled'),
    lie('M is more', { w3: at('w3'), w2: at('w2') + 1 }, 'M is the exponential of U'),
    lie('w2 takes one of w3', { w3: at('w3') - 1, w2: at('w2') + 2 ** 16, outLo: at('outLo') ^ 1 }, 'w2 is below 2^16'),
    lie(
      'w3 is a quotient modulo p',
      { w3: mul(felt(upper - 1), inverse(felt(2 ** 16))), w2: 1, outLo: at('outLo') ^ 1 },
      'w3 is below 2^10',
    ),
    {
      claim: 'the result is rounded otherwise',
      honest,
      forged: withCells(air, honest, 0, { outLo: at('outLo') ^ 1 }),
      rejectedBy: ['the power is rounded'],
    },
  ];
}

/** A lie about whether the operand is an integer. */
function wholeLie(claim: string, a: number, changes: Record<string, number>, name: string): Forgery {
  const honest = rowOf('exp2', a);
  return { claim, honest, forged: claiming('exp2', honest, changes), rejectedBy: [name] };
}
const [TWO, ONE_AND_HALF] = [0x4000_0000, 0x3fc0_0000];
const padding = paddingRow(fp32Exp2Chip);
const exact = { isWhole: 1, lowInverse: 0, w3: 256, w2: 0, value36: 0 };
const wholes: Forgery[] = [
  {
    claim: 'a padding row answers for the relation',
    honest: padding,
    forged: withCells(airs.exp2, padding, 0, { whole: 1, isWhole: 1, w3: 256 }),
    rejectedBy: ['an integer is that of a power'],
  },
  wholeLie('2^(2 + 2^-22) is exact', TWO + 1, exact, 'an integer has no low limb'),
  wholeLie('2^1.5 is exact', ONE_AND_HALF, { ...exact, w3: 0 }, 'an integer is one by its high limb'),
  wholeLie('2^2 is inexact', TWO, { isWhole: 0 }, 'what is one without its low limb has one or is one'),
  wholeLie('2^2 is more', TWO, { ...exact, w3: 257 }, 'M of an integer is whole'),
  wholeLie('2^2 is more by w2', TWO, { ...exact, w2: 2 ** 10 }, 'M of an integer has no w2'),
  wholeLie('2^2 is more by 2^-24', TWO, { ...exact, value36: 2048 }, 'M of an integer has no digit at 2^-36'),
];

describeForgeries(airs.exp, shared('exp'), { tables: TABLES });
describeForgeries(airs.exp2, [...shared('exp2'), ...wholes], { tables: TABLES });

test.each(['exp', 'exp2'] as const)('%s: the search for a second result finds none', (of) => {
  const random = randomOf(4);
  for (let seed = 0; seed < 12; seed++) {
    let a = seed < 2 ? [TWO, PI][seed]! : drawWord(random);
    while (!isOrdinary(of, a >>> 16)) a = drawWord(random);
    const query = { honest: rowOf(of, a), inputs: ['isReal', 'aHi', 'lowByte', 'highByte'], outputs: OUTPUTS };
    expect(findSecondWitness(airs[of], { ...query, tables: TABLES, seed, tries: 40 }), `${a}`).toBeUndefined();
  }
});
