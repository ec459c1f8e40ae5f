import { describe, expect, test } from 'vitest';
import type { Rows } from '../../stark/air/check.ts';
import { inverse, P, reduce } from '../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { FP32_TABLES, fp32FrameForgeries, fp32NeverAlone } from '../../test/support/fp32-frame.ts';
import { paddingRow, stepped } from '../../test/support/step.ts';
import { roundingTable } from '../fp32-round/tables.ts';
import { fp32ToIntAir } from './air.ts';
import { FP32_TO_INT_INSTRUCTIONS } from './execute.ts';
import { fp32ToIntChip } from './trace.ts';

type Changes = Readonly<Record<string, number>>;

const over = (value: number): number => inverse(reduce(value));
const overOrZero = (value: number): number => (reduce(value) === 0 ? 0 : over(value));
const mod = (value: number): number => ((value % P) + P) % P;
/** a b mod p. */
const times = (a: number, b: number): number => Number((BigInt(mod(a)) * BigInt(mod(b))) % BigInt(P));

const one = (mnemonic: 'fcvt.w.s' | 'fcvt.wu.s', word: number, rm = 0): Rows =>
  stepped(
    FP32_TO_INT_INSTRUCTIONS,
    [fp32ToIntChip],
    [{ mnemonic, fields: { rd: 3, rs1: 1, rm }, registers: { 33: word, 66: 0 } }],
  ).trace(fp32ToIntChip);

/** The row with changes, and with every cell after them as the constraints have it for the forger. */
function follow(rows: Rows, changes: Changes): Rows {
  const row = new Map(fp32ToIntAir.main.map(({ name, index }) => [name, rows.main[0]![index]!]));
  for (const [name, value] of Object.entries(changes)) row.set(name, mod(value));
  const get = (name: string): number => row.get(name)!;
  const derive = (name: string, value: number): void => {
    if (changes[name] === undefined) row.set(name, mod(value));
  };
  const dot = (...pairs: readonly (readonly [string, string])[]): number =>
    pairs.reduce((total, [a, b]) => mod(total + times(get(a), get(b))), 0);

  derive('middleLimb', dot(['highStay', 'coPower']) + get('lowCross'));
  derive('lowLimb', dot(['lowStay', 'coPower']));
  derive('integerHi', dot(['q[0]', 'highCross']));
  const integerLo = dot(['q[0]', 'middleLimb'], ['q[1]', 'highCross']);
  derive('odd', changes['half'] === undefined ? integerLo % 2 : integerLo - 2 * get('half'));
  derive('half', times(integerLo - get('odd'), over(2)));
  const afterPoint = dot(['q[0]', 'lowLimb'], ['q[1]', 'middleLimb'], ['q[2]', 'highCross']);
  derive('first', Math.floor(afterPoint / 2 ** 15));
  derive('others', afterPoint - times(get('first'), 2 ** 15));
  const low = get('upper') + get('rs1Lo');
  const dropped = dot(['q[1]', 'lowLimb'], ['q[2]', 'middleLimb'], ['q[2]', 'lowLimb']) + times(get('far'), low);
  const remaining = mod(get('others') + dropped);
  derive('rest', remaining === 0 ? 0 : 1);
  derive('restInverse', times(get('rest'), overOrZero(remaining)));
  const code = 8 * get('odd') + 4 * get('first');
  const index = ((get('mode') * 2 + get('sign')) * 16 + code) * 2 + get('rest');
  const answer = Number.isInteger(index) && index < 320 ? roundingTable.fixedRow(index).slice(4) : [0, 0, 0, 0];
  ['increment', 'inexact', 'carries', 'infinite'].forEach((name, i) => {
    derive(name, answer[i]!);
  });
  const sumLo = mod(2 * get('half') + get('odd') + get('increment'));
  derive('carry', sumLo >= 2 ** 16 ? 1 : 0);
  derive('magnitudeLo', sumLo - times(get('carry'), 2 ** 16));
  const magnitudeHi = mod(get('integerHi') + get('carry'));
  derive('top', magnitudeHi >= 2 ** 15 ? 1 : 0);
  derive('body', magnitudeHi - times(get('top'), 2 ** 15));
  const rest31 = mod(get('body') + get('magnitudeLo'));
  derive('flat', rest31 === 0 ? 1 : 0);
  derive('flatInverse', times(get('isReal') - get('flat'), overOrZero(rest31)));
  const magnitude = (get('top') * 2 ** 15 + get('body')) * 2 ** 16 + get('magnitudeLo');
  const value = Number(BigInt.asUintN(32, BigInt(get('sign') === 1 ? -magnitude : magnitude)));
  derive('valueLo', value % 2 ** 16);
  derive('valueHi', Math.floor(value / 2 ** 16));
  const [sign, flat, top] = [get('sign'), get('flat'), get('top')];
  const unfit = get('isUnsigned') === 1 ? sign * (1 - flat * (1 - top)) : top * (1 - sign * flat);
  derive('invalid', get('over') + unfit);
  derive('flags', get('invalid') * 16 + (1 - get('invalid')) * get('inexact'));
  const isLow = sign * (1 - get('isNan'));
  const [highest, lowest] = get('isUnsigned') === 1 ? [0xffff_ffff, 0] : [0x7fff_ffff, 0x8000_0000];
  const saturated = isLow === 1 ? lowest : highest;
  derive('outLo', get('invalid') === 1 ? saturated % 2 ** 16 : get('valueLo'));
  derive('outHi', get('invalid') === 1 ? Math.floor(saturated / 2 ** 16) : get('valueHi'));
  derive('accrued', get('flags') | get('fflagsLo'));
  return withCells(fp32ToIntAir, rows, 0, Object.fromEntries(row));
}

describe('forgeries', () => {
  const lie = (claim: string, honest: Rows, changes: Changes, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: follow(honest, changes),
    rejectedBy,
  });
  const onPadding = (claim: string, changes: Changes, ...rejectedBy: string[]): Forgery => ({
    claim: `${claim} on padding`,
    honest: padding,
    forged: withCells(fp32ToIntAir, padding, 0, changes),
    rejectedBy,
  });
  const padding = paddingRow(fp32ToIntChip);
  const three = one('fcvt.w.s', 0x4040_0000);
  const oneAndHalf = one('fcvt.w.s', 0x3fc0_0000, 1); // toward zero: 1
  const threeAndHalf = one('fcvt.w.s', 0x4060_0000); // 4
  const half = one('fcvt.w.s', 0x3f00_0000, 4); // away from zero: 1
  const large = one('fcvt.w.s', 0x4980_0000); // 2^20
  const high = one('fcvt.w.s', 0x4700_0000); // 2^15: the upper limb of the window
  const toCarry = one('fcvt.w.s', 0x477f_ff80); // 65535.5: 65536
  const least = one('fcvt.w.s', 0xcf00_0000); // -2^31
  const infinity = one('fcvt.w.s', 0x7f80_0000);
  const minusInfinity = one('fcvt.w.s', 0xff80_0000);
  const nan = one('fcvt.w.s', 0xffc0_0001);
  const beyond = one('fcvt.w.s', 0xcf00_0001);
  const asked = follow(one('fcvt.w.s', 0x4b00_0000), {
    ...{ isReal: 2, 'q[0]': 1, 'q[1]': 1, zeros: 0, power: 1, coPower: 2 ** 17 },
    ...{ highCross: 2 ** 15, highStay: 0 },
  });
  const OVER = { over: 1, exponent: 159, invalid: 1, flags: 16, outLo: 0xffff, outHi: 0x7fff };
  const unit = over(2 ** 15);
  const forgeries: Forgery[] = [
    ...fp32FrameForgeries(fp32ToIntAir, three, { reservedBy: ['the mode decides'] }).filter(
      ({ claim }) => !claim.startsWith('one row of weight 2'),
    ),
    {
      claim: 'a row of weight 2 moves by two distances',
      honest: asked,
      forged: asked,
      rejectedBy: ['isReal is a bit'],
    },
    lie(
      'fs1 held another value',
      three,
      { rs1Lo: 1, lower: 1, lowCross: 0, lowStay: 256 },
      'rs1 holds the value last written',
    ),
    lie('3 is -3', three, { sign: 1 }, 'the high limb is decoded'),
    lie('the low byte of an infinity is 2', infinity, { lower: 2, lowCross: 512 }, 'the low limb is two bytes'),
    lie(
      '32768 is 65280: 2^16 times 0x7f00 is -1',
      high,
      { middle: 0x7f00, highCross: 0xff00, lower: -(2 ** 8) * 0x7f00, lowCross: 1 },
      'middle is below 2^8',
    ),
    lie('a number below -2^31 is a NaN', beyond, { isNan: 1, nanInverse: 1 }, 'a NaN is special'),
    lie('a NaN is minus infinity', nan, { isNan: 0 }, 'an infinity has no fraction'),
    lie('minus infinity is a NaN', minusInfinity, { isNan: 1 }, 'a NaN has a fraction'),

    // 1. The distance.
    lie('an infinity is not moved', infinity, { over: 0 }, 'one move is chosen'),
    lie('3 is 3 * 2^16', three, { 'q[0]': 1, 'q[1]': 0 }, 'the distance is limbs and bits'),
    lie('3 is far below 1', three, { 'q[1]': 0, far: 1 }, 'far is 48 or more'),
    lie('3 is 2^32 or more', three, { 'q[1]': 0, over: 1 }, 'over is below 0'),
    lie('2^14 is 2^13', three, { power: 2 ** 13, coPower: 2 ** 3, highCross: 6 }, 'power is 2^zeros'),
    lie(
      '3.5 is 3.25: the complement of 2^14 is 2',
      threeAndHalf,
      { coPower: 2 },
      'power and its complement are those of a limb',
    ),
    onPadding('q[0] is -1', { 'q[0]': -1, zeros: -1, ...OVER }, 'q[0] is a bit'),
    onPadding('q[1] is -1', { 'q[1]': -1, zeros: -17, ...OVER }, 'q[1] is a bit'),
    onPadding('q[2] is -1', { 'q[2]': -1, zeros: -33, ...OVER }, 'q[2] is a bit'),
    onPadding('far is -1', { far: -1, 'q[0]': 1, exponent: 110, zeros: 48 }, 'far is a bit'),
    onPadding(
      'over is -1',
      { ...OVER, over: -1, 'q[0]': 1, zeros: -1, invalid: -1, flags: -16, outLo: -0xffff, outHi: -0x7fff },
      'over is a bit',
    ),

    // 2. The window.
    lie('3 is 2', three, { highCross: 2 }, 'the upper limb is split'),
    lie('the lower limb of an infinity is not 0', infinity, { lowCross: 1 }, 'the lower limb is split'),
    lie(
      'the upper limb of an infinity is split in the field',
      infinity,
      { zeros: 1, power: 2, coPower: 2 ** 15, highStay: 1, highCross: times(0x7fff, over(2)) },
      'the upper limb gives its upper bits',
    ),
    lie('0.5 is less', half, { highCross: 0x7fff, highStay: 1 }, 'the upper limb keeps `zeros` bits'),
    lie(
      'the lower limb of an infinity is split in the field',
      infinity,
      { zeros: 1, power: 2, coPower: 2 ** 15, highCross: 0x4000, lowStay: 1, lowCross: times(-1, over(2)) },
      'the lower limb gives its upper bits',
    ),
    lie('the lower limb of a NaN keeps a bit', nan, { lowCross: 255, lowStay: 1 }, 'the lower limb keeps `zeros` bits'),
    lie('3 is 3.5', three, { middleLimb: 2 ** 15 }, 'the middle limb is made of both'),
    lie('3 is inexact', three, { lowLimb: 1 }, 'the low limb is made of the lower one'),
    lie('2^20 is 2^20 + 2^16', large, { integerHi: 17 }, 'the high limb of the integer part'),
    lie('3 is 5', three, { half: 2, odd: 1 }, 'the low limb of the integer part'),
    lie('3 is 3.5: its first bit', three, { first: 1, others: 0 }, 'the first bits after the point'),
    lie('3.5 is from an even number', threeAndHalf, { odd: 0 }, 'half is below 2^15'),
    lie(
      '0.5 is less than a half: the first bit is among the others',
      half,
      { first: 0, others: 2 ** 15 },
      'others is below 2^15',
    ),
    onPadding('odd is -2', { odd: -2, half: 1 }, 'odd is a bit'),
    onPadding(
      'first is -1/2',
      { first: -over(2), others: 2 ** 14, rest: 1, restInverse: over(2 ** 14) },
      'first is a bit',
    ),
    lie('1.75 is a tie', one('fcvt.w.s', 0x3fe0_0000), { rest: 0 }, 'without rest nothing remains'),
    lie('3 is inexact: it has a rest', three, { rest: 1 }, 'with rest something remains'),

    // 3. Rounding.
    lie('1.5 toward zero is 2', oneAndHalf, { increment: 1 }, 'the mode decides'),
    lie('3 is 4', three, { magnitudeLo: 4 }, 'the low limb is incremented'),
    lie('3 is 2^16 + 3', three, { body: 1 }, 'the high limb takes the carry'),
    lie('the carry of 3 is -1 / 2^16 = 0x7f00', three, { carry: 0x7f00, magnitudeLo: 4 }, 'carry is a bit'),
    lie('the low limb of 2^16 takes over', toCarry, { carry: 0, magnitudeLo: 2 ** 16 }, 'magnitudeLo is below 2^16'),
    lie(
      '2^31 fits: its highest bit is in the body',
      one('fcvt.w.s', 0x4f00_0000),
      { top: 0, body: 2 ** 15 },
      'body is below 2^15',
    ),
    onPadding(
      'top is -1 / 2^15',
      {
        top: -unit,
        body: 1,
        invalid: -unit,
        flags: times(-16, unit),
        outLo: times(-0xffff, unit),
        outHi: times(-0x7fff, unit),
      },
      'top is a bit',
    ),
    lie(
      '-1 is 0 as to its sign',
      one('fcvt.wu.s', 0xbf80_0000),
      { flat: 1, flatInverse: 0 },
      'a flat magnitude has no other bits',
    ),
    lie('-2^31 does not fit', least, { flat: 0, flatInverse: 0 }, 'any other has some'),

    // 4. The integer.
    lie(
      'a difference of -1 is the carry -1 / 2^16 = 0x7f00',
      three,
      { valueLo: 4, valueHi: 0x7f00 },
      'the low limbs add up',
    ),
    lie('3 is 2^16 + 3 at the end', three, { valueHi: 1 }, 'the high limbs add up'),
    lie('3 is 2^16 - (2^16 - 3)', three, { valueLo: 3 - 2 ** 16, valueHi: 1 }, 'valueLo is below 2^16'),
    lie(
      '-2^16 has a low limb of 2^16',
      one('fcvt.w.s', 0xc780_0000),
      { valueLo: 2 ** 16, valueHi: 2 ** 16 - 2 },
      'valueLo is below 2^16',
    ),
    lie('3 is 3 - 2^32', three, { valueHi: -(2 ** 16) }, 'valueHi is below 2^16'),
    lie('3 does not fit', three, { invalid: 1 }, 'invalid is what does not fit'),
    lie('1.5 is exact', oneAndHalf, { flags: 0 }, 'the flags are those of the case'),
    lie('3 gives 4', three, { outLo: 4 }, 'the low limb is the integer or saturated'),
    lie('3 gives 2^16 + 3', three, { outHi: 1 }, 'the high limb is the integer or saturated'),
    lie('an infinity is unsigned', infinity, { isUnsigned: 1 }, 'the program has this instruction'),
    onPadding('isUnsigned is 2', { isUnsigned: 2 }, 'isUnsigned is a bit'),
  ];
  describeForgeries(fp32ToIntAir, forgeries, {
    pastRanges: ['valueHi is below 2^16'],
    tables: FP32_TABLES,
    neverAlone: {
      ...fp32NeverAlone(fp32ToIntAir),
      'the mode is not reserved': 'the table of rounding has no reserved mode, either',
    },
  });

  test('the search finds no second result, and finds one when a check is deleted', () => {
    const inputs = [
      'isReal',
      'isUnsigned',
      'pc',
      'clk',
      'rs1Lo',
      'rs1Hi',
      'mode',
      'immLo',
      'immHi',
      'frmLo',
      'fflagsLo',
    ];
    for (const honest of [three, threeAndHalf, least, nan, one('fcvt.wu.s', 0xbf80_0000)]) {
      const query = { honest, inputs, outputs: ['outLo', 'outHi', 'flags', 'accrued'], tables: FP32_TABLES };
      expect(findSecondWitness(fp32ToIntAir, query)).toBeUndefined();
      const without = ['the low limb is the integer or saturated'];
      expect(findSecondWitness(fp32ToIntAir, { ...query, without })).toBeDefined();
    }
    expect(cells(fp32ToIntAir, threeAndHalf, 'outLo')).toEqual([4]);
  });
});
