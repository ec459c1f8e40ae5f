import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { shiftAir } from './air.ts';
import { SHIFT_INSTRUCTIONS } from './execute.ts';
import { shiftImmediateAir } from './immediate-air.ts';
import { shiftLeft, shiftRight, shiftRightArithmetic } from './semantics.ts';
import { shiftChip, shiftImmediateChip } from './trace.ts';

const run = (steps: readonly Step[]) => stepped(SHIFT_INSTRUCTIONS, [shiftChip, shiftImmediateChip], steps);
const byRegister = (mnemonic: string, a: number, b: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rs2: 2 },
  registers: { 1: a, 2: b },
});
const byConstant = (mnemonic: string, a: number, imm: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, imm },
  registers: { 1: a },
});

describe('known answers of riscv-tests', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv64ui/{sll,srl,sra}.S, the cases that fit 32 bits.
  test.each([
    [0x00000001, 0x00000001, 0],
    [0x00000002, 0x00000001, 1],
    [0x00000080, 0x00000001, 7],
    [0x00004000, 0x00000001, 14],
    [0x80000000, 0x00000001, 31],
    [0xffffff80, 0xffffffff, 7],
    [0x80000000, 0xffffffff, 31],
    [0x90909080, 0x21212121, 7],
    [0x48484000, 0x21212121, 14],
    [0x80000000, 0x21212121, 0xffffffff],
    [0x90909080, 0x21212121, 0xffffffc7],
  ])('sll: %i = %i << %i', (expected, a, b) => expect(shiftLeft(a, b)).toBe(expected));

  test.each([
    [0x21212121, 0x21212121, 0],
    [0x10909090, 0x21212121, 1],
    [0x00424242, 0x21212121, 7],
    [0x00008484, 0x21212121, 14],
    [0x00000000, 0x21212121, 31],
    [0x00424242, 0x21212121, 0xffffffc7],
    [0x00000001, 0x80000001, 31],
  ])('srl: %i = %i >> %i', (expected, a, b) => expect(shiftRight(a, b)).toBe(expected));

  test.each([
    [0x80000000, 0x80000000, 0],
    [0xc0000000, 0x80000000, 1],
    [0xff000000, 0x80000000, 7],
    [0xfffe0000, 0x80000000, 14],
    [0xffffffff, 0x80000001, 31],
    [0x0001ffff, 0x7fffffff, 14],
    [0x00000000, 0x7fffffff, 31],
    [0xff030303, 0x81818181, 0xffffffc7],
    [0xfffe0606, 0x81818181, 0xffffffce],
  ])('sra: %i = %i >> %i', (expected, a, b) => expect(shiftRightArithmetic(a, b)).toBe(expected));
});

const oracle = {
  sll: (a: number, n: number) => Number(BigInt.asUintN(32, BigInt(a) * 2n ** BigInt(n))),
  srl: (a: number, n: number) => Number(BigInt(a) / 2n ** BigInt(n)),
  sra: (a: number, n: number) => Number(BigInt.asUintN(32, BigInt.asIntN(32, BigInt(a)) >> BigInt(n))),
};

test('semantics agree with multiplication and division by powers of two', () => {
  forAll(fc.tuple(u32(), u32()), ([a, b]) => {
    expect(shiftLeft(a, b)).toBe(oracle.sll(a, b % 32));
    expect(shiftRight(a, b)).toBe(oracle.srl(a, b % 32));
    expect(shiftRightArithmetic(a, b)).toBe(oracle.sra(a, b % 32));
  });
});

test('an honest trace satisfies every constraint for every amount, by register and by constant', () => {
  forAll(
    fc.tuple(u32(), u32()),
    ([a, high]) => {
      for (let amount = 0; amount < 32; amount++) {
        const { trace, machine } = run([
          byRegister('sll', a, amount),
          { ...byRegister('srl', a, ((high & ~31) | amount) >>> 0), fields: { rd: 4, rs1: 1, rs2: 2 } },
          { ...byRegister('sra', a, amount), fields: { rd: 5, rs1: 1, rs2: 2 } },
          { ...byConstant('slli', a, amount), fields: { rd: 6, rs1: 1, imm: amount } },
          { ...byConstant('srli', a, amount), fields: { rd: 7, rs1: 1, imm: amount } },
          { ...byConstant('srai', a, amount), fields: { rd: 1, rs1: 1, imm: amount } },
        ]);
        for (const [air, chip] of [
          [shiftAir, shiftChip],
          [shiftImmediateAir, shiftImmediateChip],
        ] as const) {
          expect(violations(air, { main: [...trace(chip).main, ...paddingRow(chip).main] })).toEqual([]);
        }
        const expected = [oracle.sll(a, amount), oracle.srl(a, amount), oracle.sra(a, amount)];
        expect([3, 4, 5, 6, 7, 1].map((r) => machine.registers[r])).toEqual([...expected, ...expected]);
      }
    },
    12,
  );
});

/** The forgeries of `limb-shift.ts`, for either air. `honest` are a left, a right and an arithmetic shift by 4 or 20. */
function limbShiftForgeries(
  air: typeof shiftAir | typeof shiftImmediateAir,
  shifted: (kind: 'sll' | 'srl' | 'sra', a: number, amount: number) => { main: number[][] },
  padding: { main: readonly (readonly number[])[] },
): Forgery[] {
  const forge = (rows: { main: readonly (readonly number[])[] }, changes: Record<string, number>) =>
    withCells(air, rows, 0, changes);
  const left = shifted('sll', 0x1234_5678, 4);
  const whole = shifted('sll', 0x1234_5678, 0);
  const right = shifted('srl', 0x9234_5678, 4);
  const arithmetic = shifted('sra', 0x9234_5678, 4);
  const positive = shifted('sra', 0x1234_5678, 4);
  const far = shifted('sra', 0x9234_5678, 20);
  const sixteenth = inverse(felt(16));
  return [
    {
      claim: 'rd receives another low limb',
      honest: left,
      forged: forge(left, { outLo: 0 }),
      rejectedBy: ['the low limb of rd is that of the shift'],
    },
    {
      claim: 'rd receives another high limb',
      honest: far,
      forged: forge(far, { outHi: 0 }),
      rejectedBy: ['the high limb of rd is that of the shift'],
    },
    {
      claim: 'the low limb is another one',
      honest: right,
      forged: forge(right, { 'high[0]': 0x568, outLo: 0x4568 }),
      rejectedBy: ['limb 0 is low and high'],
    },
    {
      claim: 'the high limb is another one',
      honest: right,
      forged: forge(right, { 'high[1]': 0x924, outHi: 0x924 }),
      rejectedBy: ['limb 1 is low and high'],
    },
    {
      claim: 'the bits that leave the low limb are 16 more, and one less stays',
      honest: right,
      forged: forge(right, { 'low[0]': 0x18, 'high[0]': 0x566, outLo: 0x4566 }),
      rejectedBy: ['low[0] is below 2^splitAt'],
    },
    {
      claim: 'the bits that leave the high limb are 16 more, and one less stays',
      honest: right,
      forged: forge(right, { 'low[1]': 0x14, 'high[1]': 0x922, outLo: 0x4567 + 0x10000, outHi: 0x922 }),
      rejectedBy: ['low[1] is below 2^splitAt'],
    },
    {
      claim: 'one bit more leaves the low limb, and what stays is a quotient by 16',
      honest: right,
      forged: forge(right, { 'low[0]': 9, 'high[0]': 0x567 - sixteenth, outLo: 0x4567 - sixteenth }),
      rejectedBy: ['high[0] is below 2^(16 - splitAt)'],
    },
    {
      claim: 'one bit more leaves the high limb, and what stays is a quotient by 16',
      honest: right,
      forged: forge(right, { 'low[1]': 5, 'high[1]': 0x923 - sixteenth, outLo: 0x5567, outHi: 0x923 - sixteenth }),
      rejectedBy: ['high[1] is below 2^(16 - splitAt)'],
    },
    // 2^16 0x7f00 = -1 mod p: one more leaves a limb that nothing was to stay of.
    {
      claim: 'a shift by 0 is another one: 2^16 0x7f00 is taken from the low limb',
      honest: whole,
      forged: forge(whole, { 'low[0]': 0x5679, 'high[0]': 0x7f00, outLo: 0x5679, outHi: 0x1234 + 0x7f00 }),
      rejectedBy: ['high[0] is below 2^(16 - splitAt)'],
    },
    {
      claim: 'a shift by 0 is another one: 2^16 0x7f00 is taken from the high limb',
      honest: whole,
      forged: forge(whole, { 'low[1]': 0x1235, 'high[1]': 0x7f00, outHi: 0x1235 }),
      rejectedBy: ['high[1] is below 2^(16 - splitAt)'],
    },
    {
      claim: 'the sign does not move in',
      honest: arithmetic,
      forged: forge(arithmetic, { sign: 0, outHi: 0x0923 }),
      rejectedBy: ['the sign is the top bit'],
    },
    {
      claim: 'a sign moves in that is not there',
      honest: positive,
      forged: forge(positive, { sign: 1, outHi: 0xf123 }),
      rejectedBy: ['the sign is the top bit'],
    },
    {
      claim: 'srl keeps the sign',
      honest: right,
      forged: forge(right, { sign: 1, outHi: 0xf923 }),
      rejectedBy: ['the sign is a bit, and 0 unless arithmetic'],
    },
    {
      claim: 'an sra of a positive number is an srl',
      honest: positive,
      forged: forge(positive, { isArithmetic: 0 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'padding is a shift to the left and arithmetic at once',
      honest: padding,
      forged: forge(padding, { isLeft: 1, isArithmetic: 1, splitAt: air === shiftAir ? 16 : 0 }),
      rejectedBy: ['a shift to the left is not arithmetic'],
    },
    {
      claim: 'padding is half a shift to the left',
      honest: padding,
      forged: forge(padding, { isLeft: inverse(felt(2)), splitAt: 8 }),
      rejectedBy: ['isLeft is a bit'],
    },
    {
      claim: 'padding is twice arithmetic',
      honest: padding,
      forged: forge(padding, { isArithmetic: 2 }),
      rejectedBy: ['isArithmetic is a bit'],
    },
  ];
}

describe('forgeries by register', () => {
  const shifted = (kind: string, a: number, amount: number) =>
    run([byRegister(kind, a, amount)]).trace(shiftChip) as { main: number[][] };
  const padding = paddingRow(shiftChip);
  const forge = (rows: { main: readonly (readonly number[])[] }, changes: Record<string, number>) =>
    withCells(shiftAir, rows, 0, changes);
  const right = shifted('srl', 0x9234_5678, 4);
  const wide = shifted('srl', 0x9234_5678, 0x24);
  const zero = shifted('srl', 0, 4);
  const forgeries: Forgery[] = [
    ...frameForgeries({
      air: shiftAir,
      honest: zero,
      accesses: { rs1: 0, rs2: 1, rd: 3 },
      alongWeight: [{ power: 32 }, { power: 0 }],
    }),
    ...limbShiftForgeries(shiftAir, shifted, padding),
    {
      claim: 'the amount 0x24 is 4 + 16: the rest is 20 / 32',
      honest: wide,
      forged: forge(wide, { byLimb: 1, outLo: 0x0923, outHi: 0 }),
      rejectedBy: ['the rest of the low limb of b has 11 bits'],
    },
    {
      claim: 'limbs are split at another bit than the amount says',
      honest: zero,
      forged: forge(zero, { splitAt: 5 }),
      rejectedBy: ['the limbs are split at r, or at 16 - r'],
    },
    {
      claim: 'the power is not that of the amount: a shift by 4 of a word without low bits is one by 3',
      honest: zero,
      forged: forge(zero, { power: 8, cofactor: 2 ** 13 }),
      rejectedBy: ['power or cofactor is 2^r'],
    },
    {
      claim: 'the cofactor is another one, and bits move elsewhere',
      honest: right,
      forged: forge(right, { cofactor: 1, outLo: 0x567 + 4 }),
      rejectedBy: ['power times cofactor is 2^16'],
    },
    ...[0, 1, 2, 3].map((i): Forgery => {
      const splitAt = 2 * 2 ** i;
      return {
        claim: `bit ${i} of the amount is 2 on padding`,
        honest: padding,
        forged: forge(padding, {
          [`amountBits[${i}]`]: 2,
          splitAt,
          rs2Lo: splitAt,
          power: i === 0 ? 2 : 0,
        }),
        rejectedBy: [`amountBits[${i}] is a bit`],
      };
    }),
    {
      claim: 'bit 4 of the amount is 2 on padding',
      honest: padding,
      forged: forge(padding, { byLimb: 2, rs2Lo: 32 }),
      rejectedBy: ['byLimb is a bit'],
    },
  ];
  describeForgeries(shiftAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rs2', 'rd']) });
});

describe('forgeries by constant', () => {
  const shifted = (kind: string, a: number, amount: number) =>
    run([byConstant(`${kind}i`, a, amount)]).trace(shiftImmediateChip) as { main: number[][] };
  const right = shifted('srl', 0x9234_5678, 4);
  const left = shifted('sll', 0x1234_5678, 4);
  const forge = (rows: { main: readonly (readonly number[])[] }, changes: Record<string, number>) =>
    withCells(shiftImmediateAir, rows, 0, changes);
  const forgeries: Forgery[] = [
    ...frameForgeries({
      air: shiftImmediateAir,
      honest: shifted('srl', 0, 4),
      accesses: { rs1: 0, rd: 3 },
      alongWeight: [{ cofactor: 2 ** 13 }, { cofactor: 0 }],
    }),
    ...limbShiftForgeries(shiftImmediateAir, shifted, paddingRow(shiftImmediateChip)),
    {
      claim: 'the cofactor is another one, and bits move elsewhere',
      honest: right,
      forged: forge(right, { cofactor: 1, outLo: 0x567 + 4 }),
      rejectedBy: ['power times cofactor is 2^16'],
    },
    {
      claim: 'another amount than the program has: a limb more',
      honest: right,
      forged: forge(right, { byLimb: 1, outLo: 0x0923, outHi: 0 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'an srli goes to the left and is arithmetic, which has its id',
      honest: right,
      forged: forge(right, { isLeft: 1, isArithmetic: 1, sign: 1, outLo: 2 ** 12 * 8, outHi: 0x567 + 2 ** 12 * 4 }),
      rejectedBy: ['a shift to the left is not arithmetic'],
    },
    {
      claim: 'half a limb',
      honest: left,
      forged: forge(left, { byLimb: 2, outLo: -cells(shiftImmediateAir, left, 'outLo')[0]! }),
      rejectedBy: ['the program has this instruction', 'the high limb of rd is that of the shift'],
    },
  ];
  describeForgeries(shiftImmediateAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rd']) });
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const query = {
    honest: run([byRegister('sra', 0x9234_5678, 20)]).trace(shiftChip),
    inputs: ['isReal', 'isLeft', 'isArithmetic', 'pc', 'clk', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi'],
    outputs: ['outLo', 'outHi', 'amountBits', 'byLimb', 'power', 'low', 'high', 'sign'],
  };
  expect(findSecondWitness(shiftAir, query)).toBeUndefined();
  for (const name of ['the high limb of rd is that of the shift', 'low[0] is below 2^splitAt']) {
    expect(findSecondWitness(shiftAir, { ...query, without: [name] }), name).toBeDefined();
  }

  const constant = {
    honest: run([byConstant('slli', 0x9234_5678, 20)]).trace(shiftImmediateChip),
    inputs: ['isReal', 'isLeft', 'isArithmetic', 'pc', 'clk', 'rs1Lo', 'rs1Hi', 'splitAt', 'byLimb', 'power'],
    outputs: ['outLo', 'outHi', 'low', 'high', 'sign', 'cofactor'],
  };
  expect(findSecondWitness(shiftImmediateAir, constant)).toBeUndefined();
  const name = 'the high limb of rd is that of the shift';
  expect(findSecondWitness(shiftImmediateAir, { ...constant, without: [name] })).toBeDefined();
});
