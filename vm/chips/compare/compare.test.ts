import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { compareAir } from './air.ts';
import { COMPARE_INSTRUCTIONS } from './execute.ts';
import { lessThanSigned, lessThanUnsigned } from './semantics.ts';
import { compareChip } from './trace.ts';

const run = (steps: readonly Step[]) => stepped(COMPARE_INSTRUCTIONS, [compareChip], steps);
const binary = (mnemonic: string, a: number, b: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rs2: 2 },
  registers: { 1: a, 2: b },
});

describe('known answers of riscv-tests', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv64ui/{slt,sltu}.S, tests 2 to 16, low 32 bits.
  test.each([
    [0, 0, 0x00000000, 0x00000000],
    [0, 0, 0x00000001, 0x00000001],
    [1, 1, 0x00000003, 0x00000007],
    [0, 0, 0x00000007, 0x00000003],
    [0, 1, 0x00000000, 0xffff8000],
    [1, 0, 0x80000000, 0x00000000],
    [1, 1, 0x80000000, 0xffff8000],
    [1, 1, 0x00000000, 0x00007fff],
    [0, 0, 0x7fffffff, 0x00000000],
    [0, 0, 0x7fffffff, 0x00007fff],
    [1, 0, 0x80000000, 0x00007fff],
    [0, 1, 0x7fffffff, 0xffff8000],
    [0, 1, 0x00000000, 0xffffffff],
    [1, 0, 0xffffffff, 0x00000001],
    [0, 0, 0xffffffff, 0xffffffff],
  ])('slt = %i, sltu = %i of %i and %i', (signed, unsigned, a, b) => {
    expect([lessThanSigned(a, b), lessThanUnsigned(a, b)]).toEqual([signed, unsigned]);
  });
});

test('semantics agree with the integers that the bits mean', () => {
  forAll(fc.tuple(u32(), u32()), ([a, b]) => {
    expect(lessThanSigned(a, b)).toBe(BigInt.asIntN(32, BigInt(a)) < BigInt.asIntN(32, BigInt(b)) ? 1 : 0);
    expect(lessThanUnsigned(a, b)).toBe(BigInt(a) < BigInt(b) ? 1 : 0);
  });
});

test('sltiu compares with the sign-extended immediate as an unsigned number', () => {
  const { machine } = run([
    { mnemonic: 'sltiu', fields: { rd: 3, rs1: 1, imm: -1 }, registers: { 1: 0xffff_fffe } },
    { mnemonic: 'slti', fields: { rd: 4, rs1: 1, imm: -1 }, registers: { 1: 0 } },
  ]);
  expect([machine.registers[3], machine.registers[4]]).toEqual([1, 0]);
});

test('an honest trace of any operands satisfies every constraint, and rd is the comparison', () => {
  forAll(fc.tuple(u32(), u32(), fc.integer({ min: -2048, max: 2047 })), ([a, b, imm]) => {
    const { trace, machine } = run([
      binary('slt', a, b),
      { mnemonic: 'sltu', fields: { rd: 4, rs1: 1, rs2: 2 } },
      { mnemonic: 'slti', fields: { rd: 1, rs1: 1, imm } },
      { mnemonic: 'sltiu', fields: { rd: 2, rs1: 2, imm } },
    ]);
    const { main } = trace(compareChip);
    expect(violations(compareAir, { main: [...main, ...paddingRow(compareChip).main] })).toEqual([]);
    expect([machine.registers[3], machine.registers[4]]).toEqual([lessThanSigned(a, b), lessThanUnsigned(a, b)]);
  });
});

describe('forgeries', () => {
  const one = (mnemonic: string, a: number, b: number) => run([binary(mnemonic, a, b)]).trace(compareChip);
  const forge = (rows: ReturnType<typeof one>, changes: Record<string, number>) =>
    withCells(compareAir, rows, 0, changes);
  const greater = one('slt', 7, 3);
  const borrowing = one('sltu', 0x0001_0007, 3);
  const large = one('sltu', 0x8000_0007, 3);
  const largeRight = one('sltu', 3, 0x8000_0007);
  const negative = one('slt', 0xffff_ffff, 1);
  const bothNegative = one('slt', 0xffff_fffe, 0xffff_ffff);

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: compareAir, honest: greater, accesses: { rs1: 0, rs2: 1, rd: 3 } }),
    {
      claim: '7 < 3: the difference of -1 is the carry -1 / 2^16 = 0x7f00 mod p of the high limbs',
      honest: greater,
      forged: forge(greater, { differenceLo: 3, differenceHi: 2 ** 16 - 0x7f00 }),
      rejectedBy: ['the low limbs add up'],
    },
    {
      claim: '7 < 3 is 2^-16',
      honest: greater,
      forged: forge(greater, { differenceHi: 1 }),
      rejectedBy: ['the high limbs add up'],
    },
    {
      claim: '7 < 3: a difference of 2^32',
      honest: greater,
      forged: forge(greater, { differenceHi: 2 ** 16 }),
      rejectedBy: ['differenceHi is below 2^16'],
    },
    {
      claim: 'the low limb of a difference takes over the high one',
      honest: borrowing,
      forged: forge(borrowing, { differenceLo: 4 + 2 ** 16, differenceHi: 0 }),
      rejectedBy: ['differenceLo is below 2^16'],
    },
    {
      claim: '7 < 3: 7 is negative',
      honest: greater,
      forged: forge(greater, { signA: 1 }),
      rejectedBy: ['the sign of a is its top bit'],
    },
    {
      claim: '-1 < 1 is -1: 1 is negative as well',
      honest: negative,
      forged: forge(negative, { signB: 1 }),
      rejectedBy: ['the sign of b is its top bit'],
    },
    {
      claim: '-1 is not less than 1: its sign is left out',
      honest: negative,
      forged: forge(negative, { signA: 0 }),
      rejectedBy: ['the sign of a is its top bit'],
    },
    {
      claim: '-2 < -1 is -2 < 2^32 - 1: the sign of b is left out',
      honest: bothNegative,
      forged: forge(bothNegative, { signB: 0 }),
      rejectedBy: ['the sign of b is its top bit'],
    },
    {
      claim: '0x80000007 < 3 unsigned: its sign counts',
      honest: large,
      forged: forge(large, { signA: 1 }),
      rejectedBy: ['the sign of a is a bit, and 0 unless signed'],
    },
    {
      claim: '3 < 0x80000007 unsigned is false: the sign of b counts',
      honest: largeRight,
      forged: forge(largeRight, { signB: 1 }),
      rejectedBy: ['the sign of b is a bit, and 0 unless signed'],
    },
    {
      claim: 'an slt is an sltu',
      honest: greater,
      forged: forge(greater, { isSigned: 0 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'a selector of 2 on padding',
      honest: paddingRow(compareChip),
      forged: forge(paddingRow(compareChip), { isSigned: 2 }),
      rejectedBy: ['isSigned is a bit'],
    },
  ];
  describeForgeries(compareAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rs2', 'rd']) });
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const query = {
    honest: run([binary('slt', 7, 3)]).trace(compareChip),
    inputs: ['isReal', 'isSigned', 'pc', 'clk', 'immLo', 'immHi', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi'],
    outputs: ['differenceLo', 'differenceHi', 'signA', 'signB'],
  };
  expect(findSecondWitness(compareAir, query)).toBeUndefined();
  for (const name of ['the sign of a is its top bit', 'the high limbs add up']) {
    expect(findSecondWitness(compareAir, { ...query, without: [name] }), name).toBeDefined();
  }
});
