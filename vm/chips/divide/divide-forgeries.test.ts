import { describe } from 'vitest';
import type { Rows } from '../../../stark/air/check.ts';
import { centred, type Felt, felt, inverse, mul, P, reduce } from '../../../stark/field/koala-bear.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { paddingRow, stepped } from '../../../test/support/step.ts';
import { divideAir } from './air.ts';
import { DIVIDE_INSTRUCTIONS } from './execute.ts';
import { divideChip } from './trace.ts';

const MIN = 0x8000_0000;
const one = (mnemonic: string, a: number, b: number): Rows => {
  const step = { mnemonic, fields: { rd: 3, rs1: 1, rs2: 2 }, registers: { 1: a >>> 0, 2: b >>> 0 } };
  return stepped(DIVIDE_INSTRUCTIONS, [divideChip], [step]).trace(divideChip);
};
const forge = (rows: Rows, changes: Record<string, number>): Rows => withCells(divideAir, rows, 0, changes);
const add = (rows: Rows, changes: Record<string, number>): Rows =>
  forge(rows, Object.fromEntries(Object.entries(changes).map(([n, by]) => [n, cells(divideAir, rows, n)[0]! + by])));

/** What a prover claims of a row, as integers; signs default to none. */
interface Claim {
  readonly q: number;
  readonly r: number;
  readonly signA?: number;
  readonly signB?: number;
  readonly signQ?: number;
  readonly signR?: number;
}

const INVERSE_2_16 = inverse(felt(2 ** 16));
const quotientBy16 = (n: number): Felt => mul(reduce(n), INVERSE_2_16);

/**
 * The row with another quotient and remainder, the best that a prover can make of it: carries are quotients by 2^16 mod
 * p so that limbs 0 to 2 add up, the gap and its borrow are right if the gap is not negative.
 */
function claiming(rows: Rows, claim: Claim): Rows {
  const { q, r, signA = 0, signB = 0, signQ = 0, signR = 0 } = claim;
  const cell = (name: string): number => cells(divideAir, rows, name)[0]!;
  const [a, b] = [cell('rs1Lo') + 2 ** 16 * cell('rs1Hi'), cell('rs2Lo') + 2 ** 16 * cell('rs2Hi')];
  const limb = (word: number, i: number): number => Math.floor(word / 2 ** (16 * i)) % 2 ** 16;
  const byte = (word: number, i: number): number => Math.floor(word / 2 ** (8 * i)) % 2 ** 8;
  const product = [0, 1, 2, 3, 4, 5].map((k) =>
    [0, 1, 2, 3].reduce((total, i) => total + (k - i in [0, 1, 2, 3] ? byte(q, i) * byte(b, k - i) : 0), 0),
  );
  const sums = [0, 1, 2].map((i) => product[2 * i]! + 2 ** 8 * product[2 * i + 1]!);
  const carry0 = quotientBy16(sums[0]! + limb(r, 0) - limb(a, 0));
  const carry1 = quotientBy16(sums[1]! + limb(r, 1) - limb(a, 1) + carry0);
  const carry2 = quotientBy16(sums[2]! - signQ * limb(b, 0) - signB * limb(q, 0) - signR + signA + carry1);
  const absolute = (sign: number, word: number): number => (sign === 1 ? 2 ** 32 - word : word);
  const gap = absolute(signB, b) - absolute(signR, r) - 1;
  const [isRemainder, isZero] = [cell('isRemainder'), cell('isZero')];
  const low = (1 - 2 * signB) * limb(b, 0) - (1 - 2 * signR) * limb(r, 0) - 1;
  const out = isRemainder === 1 ? r : q;
  return forge(rows, {
    signA,
    signB,
    signQ,
    signR,
    ...Object.fromEntries([0, 1, 2, 3].map((i) => [`quotient[${i}]`, byte(q, i)])),
    ...Object.fromEntries([0, 1].map((i) => [`remainder[${i}]`, limb(r, i)])),
    ...Object.fromEntries([0, 1].map((i) => [`out[${i}]`, limb(out, i)])),
    ...(isZero === 0 && gap >= 0
      ? { 'gap[0]': gap % 2 ** 16, 'gap[1]': Math.floor(gap / 2 ** 16), borrow: ((gap % 2 ** 16) - low) / 2 ** 16 }
      : {}),
    carry0: centred(carry0),
    carry1: centred(carry1),
    carry2: centred(carry2),
  });
}

describe('forgeries', () => {
  const twenty = one('div', 20, 6);
  const wide = one('divu', 20, 0x6_0000);
  const byZero = one('div', 7, 0);
  const oneByZero = one('div', 1, 0);
  const negative = one('div', -20, 6);
  const dense = one('divu', 0xfedc_ba98, 0x12);
  const denseWide = one('divu', 0xfedc_ba98, 0x0102_0304);
  const padding = paddingRow(divideChip);
  const wordMod = (n: number): number => ((n % 2 ** 32) + 2 ** 32) % 2 ** 32;
  const overP = one('divu', P + 20, 6);
  const shiftedP = (P * 2 ** 16 + 20) % 0xffff;
  const far = BigInt(P) * 2n ** 32n + 20n;

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: divideAir, honest: twenty, accesses: { rs1: 0, rs2: 1, rd: 3 } }),
    {
      claim: '7 / 0 = 0xffff0005',
      honest: byZero,
      forged: claiming(byZero, { q: 0xffff_0005, r: 7 }),
      rejectedBy: ['limb 0 of a quotient by 0 is 2^16 - 1'],
    },
    {
      claim: '7 / 0 = 0xffff',
      honest: byZero,
      forged: claiming(byZero, { q: 0xffff, r: 7 }),
      rejectedBy: ['limb 1 of a quotient by 0 is 2^16 - 1'],
    },
    {
      claim: '7 / 0 = 5: 0 is not 0, with a gap of -2^3 that borrows from nothing',
      honest: byZero,
      forged: forge(claiming(byZero, { q: 5, r: 7 }), { isZero: 0, 'gap[0]': 2 ** 16 - 8, 'gap[1]': -1, borrow: 1 }),
      rejectedBy: ['gap[1] is below 2^16'],
    },
    {
      claim: '7 / 0 = 5: 0 is not 0, with a gap of -2^3 in its low limb',
      honest: byZero,
      forged: forge(claiming(byZero, { q: 5, r: 7 }), { isZero: 0, 'gap[0]': -8 }),
      rejectedBy: ['gap[0] is below 2^16'],
    },
    {
      claim: '7 / 0 = 5: 0 is not 0, and the low limb of the gap is 0',
      honest: byZero,
      forged: forge(claiming(byZero, { q: 5, r: 7 }), { isZero: 0 }),
      rejectedBy: ['the low limb of |b| - |r| - 1 is the gap'],
    },
    {
      claim: '7 / 0 = 5: 0 is not 0, and the high limb of the gap is 0',
      honest: byZero,
      forged: forge(claiming(byZero, { q: 5, r: 7 }), { isZero: 0, 'gap[0]': 2 ** 16 - 8, borrow: 1 }),
      rejectedBy: ['the high limb of |b| - |r| - 1 is the gap'],
    },
    {
      claim: '1 / 0 = 5: 0 is not 0, and the borrow of -2 is 2 / 2^16 mod p',
      honest: oneByZero,
      forged: forge(claiming(oneByZero, { q: 5, r: 1 }), { isZero: 0, 'gap[1]': 2 * 0x7f00, borrow: -2 * 0x7f00 }),
      rejectedBy: ['the borrow is -1, 0, 1 or 2'],
    },
    {
      claim: '20 / 6 = -1: 6 is 0, and the remainder 26',
      honest: twenty,
      forged: forge(claiming(twenty, { q: 0xffff_ffff, r: 26, signQ: 1 }), { isZero: 1 }),
      rejectedBy: ['b is 0 if isZero'],
    },
    {
      claim: '20 / 6 = 2, remainder 8',
      honest: twenty,
      forged: forge(claiming(twenty, { q: 2, r: 8 }), { 'gap[0]': 2 ** 16 - 3, 'gap[1]': -1, borrow: 1 }),
      rejectedBy: ['gap[1] is below 2^16'],
    },
    {
      claim: '20 / 6 = 4, remainder -4',
      honest: twenty,
      forged: claiming(twenty, { q: 4, r: wordMod(-4), signR: 1 }),
      rejectedBy: ['r has the sign of a unless it is 0'],
    },
    {
      claim: '-20 / 6 = -4, remainder 4',
      honest: negative,
      forged: claiming(negative, { q: wordMod(-4), r: 4, signA: 1, signQ: 1 }),
      rejectedBy: ['r has the sign of a unless it is 0'],
    },
    {
      claim: '20 / 6 = 3, remainder 3',
      honest: twenty,
      forged: add(twenty, { 'remainder[0]': 1, 'gap[0]': -1 }),
      rejectedBy: ['limb 0 of q b + r is that of a'],
    },
    {
      claim: '20 / 0x60000 = 0, remainder 0x10014',
      honest: wide,
      forged: add(wide, { 'remainder[1]': 1, 'gap[1]': -1 }),
      rejectedBy: ['limb 1 of q b + r is that of a'],
    },
    {
      claim: '20 / 4 = 5 + 2^30, a product of 20 + 2^32',
      honest: one('divu', 20, 4),
      forged: forge(one('divu', 20, 4), { 'quotient[3]': 0x40, 'out[1]': 0x4000, carry1: 1 }),
      rejectedBy: ['limb 2 of q b + r is that of a'],
    },
    {
      claim: '20 2^16 / 2^18 = 5 + 2^30, a product of 20 2^16 + 2^48',
      honest: one('divu', 0x14_0000, 0x4_0000),
      forged: forge(one('divu', 0x14_0000, 0x4_0000), { 'quotient[3]': 0x40, 'out[1]': 0x4000, carry2: 1 }),
      rejectedBy: ['limb 3 of q b + r is that of a'],
    },
    {
      claim: 'p + 20 divided by 6 is 20 divided by 6: the carry of limb 0 is a quotient mod p',
      honest: overP,
      forged: claiming(overP, { q: 3, r: 2 }),
      rejectedBy: ['carry0 is below 2^9'],
    },
    {
      claim: '20 divided by 0xffff is 20 + p 2^16 divided by it: the carry of limb 1 is a quotient mod p',
      honest: one('divu', 20, 0xffff),
      forged: claiming(one('divu', 20, 0xffff), { q: (P * 2 ** 16 + 20 - shiftedP) / 0xffff, r: shiftedP }),
      rejectedBy: ['carry1 is below 2^10'],
    },
    {
      claim: '20 divided by 2^32 - 1 is 20 + p 2^32 divided by it: the carry of limb 2 is a quotient mod p',
      honest: one('divu', 20, 0xffff_ffff),
      forged: claiming(one('divu', 20, 0xffff_ffff), { q: Number(far / 0xffff_ffffn), r: Number(far % 0xffff_ffffn) }),
      rejectedBy: ['carry2 is at least -2 and below 2^10 - 2'],
    },
    {
      claim: '5 divided by -2^31 is 5 - p 2^32 divided by it, 2 p: the carry of limb 2 is -1 / 2^16 = 0x7f00 mod p',
      honest: one('div', 5, MIN),
      forged: claiming(one('div', 5, MIN), { q: 2 * P, r: 5, signB: 1 }),
      rejectedBy: ['carry2 is at least -2 and below 2^10 - 2'],
    },
    {
      claim: '-20 / 6 with -20 not negative, 2^32 - 20',
      honest: negative,
      forged: claiming(negative, { q: Math.trunc((2 ** 32 - 20) / 6), r: (2 ** 32 - 20) % 6 }),
      rejectedBy: ['the sign of a is its top bit'],
    },
    {
      claim: '20 / -6 with -6 not negative, 2^32 - 6',
      honest: one('div', 20, -6),
      forged: claiming(one('div', 20, -6), { q: 0, r: 20 }),
      rejectedBy: ['byte 3 of b is a byte with its sign on top'],
    },
    {
      claim: '20 / 6 with 20 negative, 20 - 2^32',
      honest: twenty,
      forged: claiming(twenty, {
        q: wordMod(Math.trunc((20 - 2 ** 32) / 6)),
        r: wordMod((20 - 2 ** 32) % 6),
        signA: 1,
        signQ: 1,
        signR: 1,
      }),
      rejectedBy: ['the sign of a is its top bit'],
    },
    {
      claim: '20 / 6 with 6 negative, 6 - 2^32',
      honest: twenty,
      forged: claiming(twenty, { q: 0, r: 20, signB: 1 }),
      rejectedBy: ['byte 3 of b is a byte with its sign on top'],
    },
    {
      claim: 'divu reads a = -20 as signed',
      honest: one('divu', -20, 6),
      forged: claiming(one('divu', -20, 6), { q: wordMod(-3), r: wordMod(-2), signA: 1, signQ: 1, signR: 1 }),
      rejectedBy: ['the sign of a is a bit, and 0 unless signed', 'the sign of q is a bit, and 0 unless signed'],
    },
    {
      claim: 'divu reads a = -2 and b = -6 as signed',
      honest: one('divu', -2, -6),
      forged: claiming(one('divu', -2, -6), { q: 0, r: wordMod(-2), signA: 1, signB: 1, signR: 1 }),
      rejectedBy: ['the sign of a is a bit, and 0 unless signed', 'the sign of b is a bit, and 0 unless signed'],
    },
    {
      claim: 'remu reads a = -2 as signed: the remainder of it by 2^32 - 6 is -2',
      honest: one('remu', -2, 6),
      forged: claiming(one('remu', -2, 6), { q: 0, r: wordMod(-2), signA: 1, signR: 1 }),
      rejectedBy: ['the sign of a is a bit, and 0 unless signed'],
    },
    {
      claim: 'remu reads b = 0x90000000 as signed',
      honest: one('remu', 20, 0x9000_0000),
      forged: claiming(one('remu', 20, 0x9000_0000), { q: 0, r: 20, signB: 1 }),
      rejectedBy: ['the sign of b is a bit, and 0 unless signed'],
    },
    {
      claim: 'a divu by 0 has a negative quotient',
      honest: one('divu', 7, 0),
      forged: forge(one('divu', 7, 0), { signQ: 1 }),
      rejectedBy: ['the sign of q is a bit, and 0 unless signed'],
    },
    {
      claim: '-2^31 / -1 = -2^31 with a quotient that is negative: the product is 2^31',
      honest: one('div', MIN, -1),
      forged: forge(one('div', MIN, -1), { signQ: 1 }),
      rejectedBy: ['limb 2 of q b + r is that of a', 'limb 3 of q b + r is that of a'],
    },
    {
      claim: '-16 / 6 = -3, remainder 2 as -2^32 + 2^32 + 2',
      honest: one('div', -16, 6),
      forged: forge(claiming(one('div', -16, 6), { q: wordMod(-3), r: 2, signA: 1, signQ: 1, signR: 0 }), {
        signR: 1,
        'remainder[1]': 2 ** 16,
        'gap[0]': 7,
        'gap[1]': 0,
        borrow: 0,
        carry1: 6,
      }),
      rejectedBy: ['remainder[1] is below 2^16'],
    },
    {
      claim: 'the low limb of the remainder takes over the high one',
      honest: one('divu', 0x1_0014, 0x6_0000),
      forged: add(one('divu', 0x1_0014, 0x6_0000), {
        'remainder[0]': 2 ** 16,
        'remainder[1]': -1,
        carry0: 1,
        borrow: 1,
      }),
      rejectedBy: ['remainder[0] is below 2^16'],
    },
    ...[{}, { 'out[0]': 2 ** 16, 'out[1]': -1, carry0: 0x12 }, {}].map(
      (along: Record<string, number>, i): Forgery => ({
        claim: `byte ${i} of the quotient is 2^8 higher, and the next one lower`,
        honest: dense,
        forged: add(dense, { [`quotient[${i}]`]: 2 ** 8, [`quotient[${i + 1}]`]: -1, ...along }),
        rejectedBy: [`quotient[${i}] is below 2^8`],
      }),
    ),
    {
      claim: 'byte 2 of the quotient is one higher, and byte 3 what is left: a quotient by 2^8',
      honest: twenty,
      forged: add(twenty, { 'quotient[2]': 1, 'quotient[3]': -inverse(felt(2 ** 8)) }),
      rejectedBy: ['quotient[3] is below 2^8'],
    },
    ...[0, 1].map(
      (limb): Forgery => ({
        claim: `the low byte of limb ${limb} of b is 2^8 higher, and the next one lower`,
        honest: denseWide, // its quotient has one byte, so that products stay as they are
        forged: add(denseWide, { [`bLow[${limb}]`]: 2 ** 8 }),
        rejectedBy: [`bLow[${limb}] is below 2^8`],
      }),
    ),
    {
      claim: 'byte 0 of b is one higher, and byte 1 what is left: a quotient by 2^8',
      honest: twenty,
      forged: add(twenty, { 'bLow[0]': 1 }),
      rejectedBy: ['byte 1 of b is a byte'],
    },
    {
      claim: 'rd receives another low limb',
      honest: twenty,
      forged: add(twenty, { 'out[0]': 1 }),
      rejectedBy: ['limb 0 of rd is that of q or r'],
    },
    {
      claim: 'rd receives another high limb',
      honest: twenty,
      forged: add(twenty, { 'out[1]': 1 }),
      rejectedBy: ['limb 1 of rd is that of q or r'],
    },
    {
      claim: 'a div is a divu',
      honest: twenty,
      forged: forge(twenty, { isUnsigned: 1 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'a div is a rem',
      honest: twenty,
      forged: forge(twenty, { isRemainder: 1, 'out[0]': 2 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'isUnsigned is -1 on padding',
      honest: padding,
      forged: forge(padding, { isUnsigned: -1 }),
      rejectedBy: ['isUnsigned is a bit'],
    },
    {
      claim: 'isRemainder is 2 on padding',
      honest: padding,
      forged: forge(padding, { isRemainder: 2 }),
      rejectedBy: ['isRemainder is a bit'],
    },
    {
      claim: '7 / 0 = -1, and isZero is 2',
      honest: byZero,
      forged: forge(byZero, { isZero: 2, 'gap[0]': 2 ** 16 - 8, 'gap[1]': -1, borrow: 1 }),
      rejectedBy: ['gap[1] is below 2^16'],
    },
    {
      claim: 'signR is 2 on padding, for a product of 2^33',
      honest: padding,
      forged: forge(padding, { signR: 2, rs2Lo: 128, 'bLow[0]': 128, 'quotient[3]': 4, carry1: 2, 'out[1]': 1024 }),
      rejectedBy: ['signR is a bit'],
    },
  ];
  describeForgeries(divideAir, forgeries, {
    pastRanges: ['gap[0] is below 2^16'],
    neverAlone: frameNeverAlone(['rs1', 'rs2', 'rd']),
  });
});
