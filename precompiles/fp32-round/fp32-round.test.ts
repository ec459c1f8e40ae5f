import fc from 'fast-check';
import { expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { felt, inverse, mul } from '../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, messages, objections } from '../../test/support/forgery.ts';
import { forgeRounding, ROUNDING_TABLES, type Rounding, roundingRows } from '../../test/support/fp32-forger.ts';
import { forAll, u32 } from '../../test/support/property.ts';
import { paddingRow } from '../../test/support/step.ts';
import { fp32RoundAir } from './air.ts';
import { flagsOf, roundToFp32, wordOf } from './semantics.ts';
import { fp32RoundChip } from './trace.ts';

/** Exponents around the ends of every class, magnitudes with few or many set bits. */
const rounding = fc
  .tuple(
    fc.boolean(),
    fc.oneof(
      fc.integer({ min: -300, max: 300 }),
      fc.integer({ min: -165, max: -60 }),
      fc.integer({ min: 120, max: 192 }),
    ),
    fc.oneof(
      u32(),
      fc.integer({ min: 0, max: 31 }).map((i) => (0xffff_ffff >>> i) >>> 0),
      fc.constant(0),
    ),
    fc.oneof(u32(), fc.constantFrom(0, 0x8000_0000, 0x0080_0000, 0x7fff_ffff)),
    fc.boolean(),
    fc.integer({ min: 0, max: 4 }),
  )
  .filter(([, , high, low]) => high !== 0 || low !== 0);

test('an honest trace of any rounding is accepted and answers with the word and flags', () => {
  forAll(
    fc.array(rounding, { minLength: 1, maxLength: 4 }),
    (roundings) => {
      const { main } = roundingRows(roundings);
      const rows = { main: [...main, ...paddingRow(fp32RoundChip).main] };
      expect(violations(fp32RoundAir, rows)).toEqual([]);
      expect(objections(fp32RoundAir, rows, rows, ROUNDING_TABLES)).toEqual([]);
      expect(messages(fp32RoundAir, rows, 'the rounding was asked for').map((tuple) => tuple.slice(8))).toEqual(
        roundings.map((r) => {
          const result = roundToFp32(...r);
          return [wordOf(result) >>> 16, wordOf(result) & 0xffff, flagsOf(result)];
        }),
      );
    },
    1000,
  );
});

test('alternative moves, kinds and limbs mod p: nothing else is accepted', () => {
  forAll(
    rounding,
    (r) => {
      const honest = roundingRows([r]);
      const answer = messages(fp32RoundAir, honest, 'the rounding was asked for');
      for (let limbs = 0; limbs <= 6; limbs++) {
        for (let zeros = 0; zeros < 16; zeros++) {
          const move = Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`move[${i}]`, i === limbs ? 1 : 0]));
          for (const isNormal of [0, 1]) {
            const forged = forgeRounding(r, { ...move, far: limbs === 6 ? 1 : 0, zeros, isNormal });
            if (violations(fp32RoundAir, forged).length > 0) continue;
            if (objections(fp32RoundAir, forged, honest, ROUNDING_TABLES).length > 0) continue;
            expect(messages(fp32RoundAir, forged, 'the rounding was asked for')).toEqual(answer);
          }
        }
      }
    },
    30,
  );
});

const lie = (claim: string, of: Rounding, lies: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
  claim,
  honest: roundingRows([of]),
  forged: forgeRounding(of, lies),
  rejectedBy,
});
const of = (r: Rounding, name: string): number => cells(fp32RoundAir, roundingRows([r]), name)[0]!;
/** The choice of moves by selector (3, 2, 1, 0, -1, -2 limbs), and nothing else. */
const moves = (by: Record<number, number>): Record<string, number> => ({
  ...Object.fromEntries([0, 1, 2, 3, 4, 5].map((i) => [`move[${i}]`, by[i] ?? 0])),
  far: 0,
});
/** Nearest even, exact. */
const exactly = (exponent: number, high: number, low = 0): Rounding => [false, exponent, high, low, false, 0];

const plain = exactly(0, 0xc000_0000);
const uppermost = exactly(0, 0x8000_0000);
const lowest = exactly(0, 0, 0x8000);
const quarter = exactly(0, 0x4000_0000);
const long = exactly(5, 0x1234_5678, 0x9abc_def1);
const subnormal = exactly(-130, 0x8765_4321, 0x0fed_cba9);
const almostNormal = exactly(-127, 0xffff_ffff);
const leastNormal = exactly(-126, 0x8000_0001);
const twoLimbs = exactly(-126, 0x0000_8000);
const beyond: Rounding = [false, 128, 0xc000_0000, 0, false, 1];

const forgeries: Forgery[] = [
  {
    claim: 'one row of weight 2, with two moves, stands for two roundings',
    honest: roundingRows([twoLimbs, twoLimbs]),
    forged: {
      main: [
        forgeRounding(twoLimbs, {
          isReal: 2,
          ...moves({ 2: 1, 4: 1 }),
          zeros: 0,
          becameNormal: 1,
          becameInverse: 0,
          underflow: 1,
        }).main[0]!,
        paddingRow(fp32RoundChip).main[0]!,
      ],
    },
    rejectedBy: ['isReal is a bit'],
  },
  {
    claim: 'another rounding than was asked for',
    honest: roundingRows([plain]),
    forged: roundingRows([exactly(1, 0xc000_0000)]),
    rejectedBy: ['the rounding was asked for'],
  },

  // 1. The move.
  lie('W is not moved at all: it is zero', exactly(-126, 0, 0x8000), { ...moves({}), zeros: 0 }, 'one move is chosen'),
  lie('moves by -3 + 2 + 0 limbs', uppermost, moves({ 0: -1, 1: 1, 3: 1 }), 'move[0] is a bit'),
  lie('moves by 3 - 2 + 0 limbs', uppermost, moves({ 1: -1, 0: 1, 3: 1 }), 'move[1] is a bit'),
  lie('moves by 2 - 1 + 0 limbs', uppermost, moves({ 2: -1, 1: 1, 3: 1 }), 'move[2] is a bit'),
  lie('moves by 3 - 0 - 1 limbs', lowest, moves({ 3: -1, 4: 1, 0: 1 }), 'move[3] is a bit'),
  lie('moves by 3 + 0 + 1 limbs', lowest, moves({ 4: -1, 3: 1, 0: 1 }), 'move[4] is a bit'),
  lie('moves by 3 + 0 + 2 limbs', lowest, moves({ 5: -1, 3: 1, 0: 1 }), 'move[5] is a bit'),
  lie(
    'moves by -1 - 2 limbs and minus far',
    exactly(-160, 0x8000_0000),
    { ...moves({ 4: 1, 5: 1 }), far: -1, zeros: 14 },
    'far is a bit',
  ),
  lie(
    'limb 3 is moved out',
    exactly(0, 0x0001_8000),
    { ...moves({ 2: 1 }), zeros: 0 },
    'limb 3 is empty if moved past the top',
  ),
  lie(
    'limb 2 is moved out',
    exactly(0, 1, 0x8000_0000),
    { ...moves({ 1: 1 }), zeros: 0 },
    'limb 2 is empty if moved past the top',
  ),
  lie(
    'limb 1 is moved out',
    exactly(0, 0, 0x0001_8000),
    { ...moves({ 0: 1 }), zeros: 0 },
    'limb 1 is empty if moved past the top',
  ),
  lie('another limb is on top', plain, { top: 0xc001 }, 'top is the leading limb'),
  lie('the move is by one bit and counts as none', quarter, { zeros: 0, power: 2 }, 'power is 2^zeros'),
  lie(
    '0xfe00 * 2^15 = -1 mod p: the leading limb is moved out of the window',
    exactly(-111, 0xfe00_0100),
    { zeros: 15 },
    'the leading limb loses no bit',
  ),
  lie('the second limb gains a bit', plain, { stayedHigh: 1 }, 'the second limb is split'),
  lie('the third limb gains a bit', plain, { stayedLow: 1 }, 'the third limb is split'),
  lie(
    '5 = 0x7f00 * 2^16 + 6 mod p: the top gets 0x7f00 from the second limb',
    exactly(0, 0x8000_0005),
    { movedHigh: 0x7f00, stayedHigh: 6 },
    'the second limb gives its `zeros` upper bits',
  ),
  lie(
    '5 = 0x7f00 * 2^16 + 6 mod p: the second limb gets 0x7f00 from the third',
    exactly(0, 0x8000_0000, 0x0005_0000),
    { movedLow: 0x7f00, stayedLow: 6 },
    'the third limb gives its `zeros` upper bits',
  ),
  lie(
    '0xffff * 2^15 = 0xff * 2^16 + 0xfe01 * 2^15, and 0xfe01 * 2^15 = 0x7fff mod p',
    exactly(0, 0x0001_ffff),
    { movedHigh: 0xff, stayedHigh: 0xfe01 },
    'the second limb keeps the others',
  ),
  lie(
    'a bit that moves up counts below the second limb',
    long,
    { movedLow: of(long, 'movedLow') - 1, stayedLow: of(long, 'stayedLow') + 2 ** 16 / of(long, 'power') },
    'the third limb keeps the others',
  ),
  lie('the leading limb is one more', plain, { high: 0xc001 }, 'high is the leading limb after the move'),
  lie('the second limb is one more', plain, { middle: 1 }, 'middle is the next one'),
  lie('something is below, but no rest', long, { rest: 0, restInverse: 0 }, 'without rest nothing remains'),
  lie('nothing is below, but a rest', plain, { rest: 1 }, 'with rest something remains'),

  // 2. The exponent.
  lie('0.5 is normal without a move', quarter, { zeros: 0, isNormal: 1 }, 'only a normal result has the top bit'),
  lie('the exponent is one more', plain, { biased: 128 }, 'the exponent follows the move'),
  lie(
    '0.5 is a subnormal without a move',
    quarter,
    { zeros: 0, isNormal: 0 },
    'a result that is not normal has the least exponent',
  ),
  lie(
    'a result is normal to the fraction 0x7fff / 2^15, and underflows to the rest of it',
    leastNormal,
    {
      isNormal: mul(felt(0x7fff), inverse(felt(2 ** 15))),
      becameNormal: 1,
      becameInverse: 0,
      underflow: inverse(felt(2 ** 15)),
    },
    'isNormal is a bit',
  ),
  lie(
    '2^-140 is far below all',
    exactly(-140, 0x8000_0000),
    { ...moves({}), far: 1 },
    'far is a move down by more than 32',
  ),
  lie(
    '2^-130 is normal with the biased exponent -3',
    exactly(-130, 0x8000_0000),
    { ...moves({ 3: 1 }), zeros: 0 },
    'no exponent is below the least',
  ),

  // 3. Rounding.
  lie('other bits decide than are dropped', long, { code: 0 }, 'the tail is taken apart'),
  lie('an exact result is incremented', plain, { increment: 1 }, 'the mode decides'),
  lie('the tail is one more', plain, { head: 0xc0, tail: 1 }, 'head and tail are the rounded significand'),
  lie(
    '0x7f00 * 2^16 = -1 mod p: the head is 0x7f00 more, the tail one',
    plain,
    { head: 0xc0 + 0x7f00, tail: 1 },
    'head is below 2^9',
  ),
  lie('the tail keeps 2^16 of the head', plain, { head: 0xbf, tail: 2 ** 16 }, 'tail is below 2^16'),

  // 4. The word.
  lie('1.5 overflows by a negative margin', plain, { overflow: 1 }, 'margin is below 2^16'),
  lie('1.5 overflows by another margin', plain, { overflow: 1, margin: 0 }, 'an overflow is above the largest'),
  lie('2^129 is finite', beyond, { overflow: 0, margin: 0 }, 'any other result is not'),
  lie('the high limb is one more', plain, { outHi: 0x3fc1 }, 'the high limb is packed'),
  lie('the low limb is one more', plain, { outLo: 1 }, 'the low limb is the tail'),
  lie('toward zero, 2^129 is infinite', beyond, { outHi: 0x7f80 }, 'an overflow has the high limb of its mode'),
  lie('toward zero, 2^129 is 0x7f7f0000', beyond, { outLo: 0 }, 'an overflow has the low limb of its mode'),

  // 5. The flags.
  lie(
    'a subnormal result counts as 2^-126',
    subnormal,
    { becameNormal: 1, becameInverse: 0 },
    'a result became normal',
  ),
  lie('2^-126 counts as subnormal', almostNormal, { becameNormal: 0 }, 'a result did not become normal'),
  lie('a tiny inexact result does not underflow', subnormal, { underflow: 0 }, 'underflow is tiny and inexact'),
  lie('an inexact result has no flag', subnormal, { flags: 0 }, 'the flags are those of the case'),
];

describeForgeries(fp32RoundAir, forgeries, {
  pastRanges: ['only a normal result has the top bit'],
  tables: ROUNDING_TABLES,
});
