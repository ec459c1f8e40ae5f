import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { addAir } from './air.ts';
import { ADD_INSTRUCTIONS } from './execute.ts';
import { addU32, subU32 } from './semantics.ts';
import { addChip } from './trace.ts';

const run = (steps: readonly Step[]) => stepped(ADD_INSTRUCTIONS, [addChip], steps);
const binary = (mnemonic: string, a: number, b: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rs2: 2 },
  registers: { 1: a, 2: b },
});

describe('known answers of riscv-tests', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv64ui/{add,sub}.S (rv32ui includes them), low 32 bits.
  test.each([
    [0x00000000, 0x00000000, 0x00000000],
    [0x00000002, 0x00000001, 0x00000001],
    [0x0000000a, 0x00000003, 0x00000007],
    [0xffff8000, 0x00000000, 0xffff8000],
    [0x80000000, 0x80000000, 0x00000000],
    [0x7fff8000, 0x80000000, 0xffff8000],
    [0x00007fff, 0x00000000, 0x00007fff],
    [0x7fffffff, 0x7fffffff, 0x00000000],
    [0x80007ffe, 0x7fffffff, 0x00007fff],
    [0x80007fff, 0x80000000, 0x00007fff],
    [0x7fff7fff, 0x7fffffff, 0xffff8000],
    [0xffffffff, 0x00000000, 0xffffffff],
    [0x00000000, 0xffffffff, 0x00000001],
    [0xfffffffe, 0xffffffff, 0xffffffff],
    [0x80000000, 0x00000001, 0x7fffffff],
  ])('add: %i = %i + %i', (sum, a, b) => expect(addU32(a, b)).toBe(sum));

  test.each([
    [0x00000000, 0x00000000, 0x00000000],
    [0x00000000, 0x00000001, 0x00000001],
    [0xfffffffc, 0x00000003, 0x00000007],
    [0x00008000, 0x00000000, 0xffff8000],
    [0x80000000, 0x80000000, 0x00000000],
    [0x80008000, 0x80000000, 0xffff8000],
    [0xffff8001, 0x00000000, 0x00007fff],
    [0x7fffffff, 0x7fffffff, 0x00000000],
    [0x7fff8000, 0x7fffffff, 0x00007fff],
    [0x7fff8001, 0x80000000, 0x00007fff],
    [0x80007fff, 0x7fffffff, 0xffff8000],
    [0x00000001, 0x00000000, 0xffffffff],
    [0xfffffffe, 0xffffffff, 0x00000001],
    [0x00000000, 0xffffffff, 0xffffffff],
  ])('sub: %i = %i - %i', (difference, a, b) => expect(subU32(a, b)).toBe(difference));
});

test('semantics agree with integers modulo 2^32', () => {
  forAll(fc.tuple(u32(), u32()), ([a, b]) => {
    expect(addU32(a, b)).toBe(Number(BigInt.asUintN(32, BigInt(a) + BigInt(b))));
    expect(subU32(a, b)).toBe(Number(BigInt.asUintN(32, BigInt(a) - BigInt(b))));
  });
});

describe('executor', () => {
  test('addi sign-extends its immediate', () => {
    const { machine } = run([{ mnemonic: 'addi', fields: { rd: 3, rs1: 1, imm: -1 }, registers: { 1: 5 } }]);
    expect(machine.registers[3]).toBe(4);
  });

  test('a write to x0 leaves it 0', () => {
    const { machine } = run([{ mnemonic: 'addi', fields: { rd: 0, rs1: 0, imm: 7 } }]);
    expect([machine.registers[0], machine.registers[64]]).toEqual([0, 7]);
  });

  test('fmv.w.x and fmv.x.w move between the register files', () => {
    const { machine } = run([
      { mnemonic: 'fmv.w.x', fields: { rd: 5, rs1: 1 }, registers: { 1: 0x7fc0_0001 } },
      { mnemonic: 'fmv.x.w', fields: { rd: 2, rs1: 5 } },
    ]);
    expect([machine.registers[32 + 5], machine.registers[2]]).toEqual([0x7fc0_0001, 0x7fc0_0001]);
  });
});

test('an honest trace of any operands satisfies every constraint, with equal registers and padding too', () => {
  forAll(fc.tuple(u32(), u32(), fc.integer({ min: -2048, max: 2047 })), ([a, b, imm]) => {
    const { trace } = run([
      binary('add', a, b),
      binary('sub', a, b),
      { mnemonic: 'addi', fields: { rd: 1, rs1: 1, imm } },
      { mnemonic: 'sub', fields: { rd: 1, rs1: 1, rs2: 1 } },
      { mnemonic: 'add', fields: { rd: 0, rs1: 2, rs2: 2 } },
    ]);
    const { main } = trace(addChip);
    expect(violations(addAir, { main: [...main, ...paddingRow(addChip).main] })).toEqual([]);
  });
});

describe('forgeries', () => {
  const one = (step: Step) => run([step]).trace(addChip);
  const honest = one(binary('add', 0x0001_0003, 0x0002_0004));
  const forge = (rows: typeof honest, changes: Record<string, number>) => withCells(addAir, rows, 0, changes);
  const carries = one(binary('add', 0xffff, 1));
  const wraps = one(binary('add', 0xffff_0000, 0x0001_0000));
  const immediate = one({ mnemonic: 'addi', fields: { rd: 3, rs1: 1, imm: 4 }, registers: { 1: 5 } });
  const difference = one(binary('sub', 7, 3));
  const half = inverse(felt(2));

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: addAir, honest, accesses: { rs1: 0, rs2: 1, rd: 3 } }),
    {
      claim: '3 + 4 = 8: the difference of -1 is the carry -1 / 2^16 = 0x7f00 mod p of the high limbs',
      honest,
      forged: forge(honest, { outLo: 8, outHi: 3 + 0x7f00 }),
      rejectedBy: ['the low limbs add up'],
    },
    { claim: '2^16 + 2^17 = 0', honest, forged: forge(honest, { outHi: 0 }), rejectedBy: ['the high limbs add up'] },
    {
      claim: '0xffff + 1 keeps its carry in the low limb',
      honest: carries,
      forged: forge(carries, { outLo: 2 ** 16, outHi: 0 }),
      rejectedBy: ['outLo is below 2^16'],
    },
    {
      claim: 'a sum above 2^32 keeps its carry in the high limb',
      honest: wraps,
      forged: forge(wraps, { outHi: 2 ** 16 }),
      rejectedBy: ['outHi is below 2^16'],
    },
    {
      claim: 'an add is a sub',
      honest,
      forged: forge(honest, { isSub: 1, outLo: 0xffff, outHi: 0xfffe }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'a sub is an add',
      honest: difference,
      forged: forge(difference, { isSub: 0, outLo: 10 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'half a sub: the selector is 1/2, both sides are equal, and any result holds',
      honest,
      forged: forge(honest, { isSub: half, rs2Lo: 0, rs2Hi: 0, outLo: 9, outHi: 9 }),
      rejectedBy: ['isSub is a bit', 'the program has this instruction', 'rs2 holds the value last written'],
    },
    {
      claim: 'an instruction that is on padding: a selector there is any value',
      honest: paddingRow(addChip),
      forged: forge(paddingRow(addChip), { isSub: 2 }),
      rejectedBy: ['isSub is a bit'],
    },
    {
      claim: 'another immediate than the program has',
      honest: immediate,
      forged: forge(immediate, { immLo: 5, outLo: 10 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'an immediate out of range wraps modulo p',
      honest: immediate,
      forged: forge(immediate, { immLo: 4 - 2 ** 16, immHi: 1 }),
      rejectedBy: ['the program has this instruction', 'the low limbs add up'],
    },
    {
      claim: 'the same register as both sources with two values',
      honest: one({ mnemonic: 'add', fields: { rd: 3, rs1: 1, rs2: 1 }, registers: { 1: 5 } }),
      forged: forge(one({ mnemonic: 'add', fields: { rd: 3, rs1: 1, rs2: 1 }, registers: { 1: 5 } }), {
        rs2Lo: 6,
        outLo: 11,
      }),
      rejectedBy: ['rs2 holds the value last written'],
    },
    {
      claim: 'the register written held another value before',
      honest,
      forged: forge(honest, { rdLo: 1 }),
      rejectedBy: ['rd holds the value last written'],
    },
  ];
  describeForgeries(addAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rs2', 'rd']) });
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const query = {
    honest: run([binary('sub', 0x1234_5678, 0x9abc_def0)]).trace(addChip),
    inputs: ['isReal', 'isSub', 'pc', 'clk', 'immLo', 'immHi', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi'],
    outputs: ['outLo', 'outHi'],
  };
  expect(findSecondWitness(addAir, query)).toBeUndefined();
  for (const name of ['the high limbs add up']) {
    expect(findSecondWitness(addAir, { ...query, without: [name] }), name).toBeDefined();
  }
  expect(cells(addAir, query.honest, 'outLo')).toEqual([0x7788]);
});
