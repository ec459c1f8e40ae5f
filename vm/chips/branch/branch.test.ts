import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { TEXT_BASE } from '../../space.ts';
import { branchAir } from './air.ts';
import { BRANCH_INSTRUCTIONS } from './execute.ts';
import { isTaken } from './semantics.ts';
import { branchChip } from './trace.ts';

type Mnemonic = keyof typeof isTaken;
const run = (steps: readonly Step[]) => stepped(BRANCH_INSTRUCTIONS, [branchChip], steps);
const branch = (mnemonic: Mnemonic, a: number, b: number, imm = 64): Step => ({
  mnemonic,
  fields: { rs1: 1, rs2: 2, imm },
  registers: { 1: a, 2: b },
});
const MNEMONICS = Object.keys(isTaken) as Mnemonic[];

describe('known answers of riscv-tests', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv64ui/b*.S: TEST_BR2_OP_TAKEN and _NOTTAKEN, low 32 bits.
  const cases: [Mnemonic, boolean, number, number][] = [
    ['beq', true, 0, 0],
    ['beq', true, -1, -1],
    ['beq', false, 0, 1],
    ['beq', false, -1, 1],
    ['bne', true, 0, 1],
    ['bne', true, -1, 1],
    ['bne', false, 1, 1],
    ['blt', true, 0, 1],
    ['blt', true, -2, -1],
    ['blt', false, 1, 0],
    ['blt', false, 1, -2],
    ['bge', true, -1, -2],
    ['bge', true, 1, -2],
    ['bge', false, -2, -1],
    ['bge', false, -2, 1],
    ['bltu', true, 0xfffffffe, 0xffffffff],
    ['bltu', true, 0, 0xffffffff],
    ['bltu', false, 0xf0000000, 0xeffffffe],
    ['bltu', false, 0x80000000, 0],
    ['bgeu', true, 0xffffffff, 0xfffffffe],
    ['bgeu', true, 0xffffffff, 0],
    ['bgeu', false, 0x7fffffff, 0x80000000],
    ['bgeu', false, 0xefffffff, 0xf0000000],
  ];
  test.each(cases)('%s taken: %s for %i, %i', (mnemonic, taken, a, b) => {
    expect(isTaken[mnemonic](a >>> 0, b >>> 0)).toBe(taken);
  });
});

test('semantics agree with the integers that the bits mean', () => {
  forAll(fc.tuple(u32(), fc.oneof(u32(), fc.constant(undefined))), ([a, other]) => {
    const b = other ?? a;
    const [sa, sb] = [BigInt.asIntN(32, BigInt(a)), BigInt.asIntN(32, BigInt(b))];
    const [ua, ub] = [BigInt(a), BigInt(b)];
    const expected = { beq: ua === ub, bne: ua !== ub, blt: sa < sb, bge: sa >= sb, bltu: ua < ub, bgeu: ua >= ub };
    for (const mnemonic of MNEMONICS) expect(isTaken[mnemonic](a, b), mnemonic).toBe(expected[mnemonic]);
  });
});

test('an honest trace of any operands satisfies every constraint, and the next pc is that of the executor', () => {
  forAll(
    fc.tuple(u32(), fc.oneof(u32(), fc.constant(undefined))),
    ([a, other]) => {
      for (const mnemonic of MNEMONICS) {
        const { trace, machine } = run([branch(mnemonic, a, other ?? a, -64)]);
        const { main } = trace(branchChip);
        expect(violations(branchAir, { main: [...main, ...paddingRow(branchChip).main] })).toEqual([]);
        expect(cells(branchAir, { main }, 'nextPc')).toEqual([machine.pc]);
      }
    },
    50,
  );
});

describe('forgeries', () => {
  const one = (...args: Parameters<typeof branch>) => run([branch(...args)]).trace(branchChip);
  const forge = (rows: ReturnType<typeof one>, changes: Record<string, number>) =>
    withCells(branchAir, rows, 0, changes);
  const target = TEXT_BASE + 64;
  const taken = { isTaken: 1, nextPc: target };
  const fallen = { isTaken: 0, nextPc: TEXT_BASE + 4 };
  const unequal = one('beq', 7, 3);
  const notLess = one('blt', 7, 3);
  const carrying = one('bltu', 0x0001_0007, 3);
  const padding = paddingRow(branchChip);
  const onPadding = (column: string, value: number): Forgery => ({
    claim: `${column} is ${value} on padding`,
    honest: padding,
    forged: forge(padding, { [column]: value }),
    rejectedBy: [`${column} is a bit`],
  });

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: branchAir, honest: notLess, accesses: { rs1: 0, rs2: 1 } }),
    {
      claim: '7 = 3: their difference has no inverse',
      honest: unequal,
      forged: forge(unequal, { inverse: 0, ...taken }),
      rejectedBy: ['operands with a difference are different'],
    },
    {
      claim: 'beq 7, 3 is taken',
      honest: unequal,
      forged: forge(unequal, taken),
      rejectedBy: ['the branch is taken if its condition holds'],
    },
    {
      claim: 'bne 7, 3 is not taken',
      honest: one('bne', 7, 3),
      forged: forge(one('bne', 7, 3), fallen),
      rejectedBy: ['the branch is taken if its condition holds'],
    },
    {
      claim: 'half a condition goes to the middle between the target and pc + 4',
      honest: unequal,
      forged: forge(unequal, { isTaken: 2, nextPc: 2 * target - TEXT_BASE - 4 }),
      rejectedBy: ['the branch is taken if its condition holds'],
    },
    {
      claim: 'a branch that is not taken goes to its target',
      honest: unequal,
      forged: forge(unequal, { nextPc: target }),
      rejectedBy: ['the next instruction is the target if taken'],
    },
    {
      claim: 'another target than the program has',
      honest: one('beq', 3, 3),
      forged: forge(one('beq', 3, 3), { target: target + 4, nextPc: target + 4 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: '7 < 3: the difference of -1 is the carry -1 / 2^16 = 0x7f00 mod p of the high limbs',
      honest: notLess,
      forged: forge(notLess, { differenceLo: 3, differenceHi: 0x8100, inverse: inverse(felt(0x8103)), ...taken }),
      rejectedBy: ['the low limbs add up'],
    },
    {
      claim: '3 = 3 has a difference in its high limb, and they are not equal',
      honest: one('beq', 3, 3),
      forged: forge(one('beq', 3, 3), { differenceHi: 1, inverse: 1, ...fallen }),
      rejectedBy: ['the high limbs add up'],
    },
    {
      claim: '7 < 3: a difference of 2^32',
      honest: notLess,
      forged: forge(notLess, { differenceHi: 2 ** 16, inverse: inverse(felt(2 ** 16 + 4)), ...taken }),
      rejectedBy: ['differenceHi is below 2^16'],
    },
    {
      claim: 'the low limb of a difference takes over the high one',
      honest: carrying,
      forged: forge(carrying, { differenceLo: 4 + 2 ** 16, differenceHi: 0, inverse: inverse(felt(2 ** 16 + 4)) }),
      rejectedBy: ['differenceLo is below 2^16'],
    },
    {
      claim: '7 < 3: 7 is negative',
      honest: notLess,
      forged: forge(notLess, { signA: 1, ...taken }),
      rejectedBy: ['the sign of a is its top bit'],
    },
    {
      claim: '3 >= 7: 7 is negative',
      honest: one('bge', 3, 7),
      forged: forge(one('bge', 3, 7), { signB: 1, ...taken }),
      rejectedBy: ['the sign of b is its top bit'],
    },
    {
      claim: '-1 < 3 is false: the sign of -1 is left out',
      honest: one('blt', 0xffff_ffff, 3),
      forged: forge(one('blt', 0xffff_ffff, 3), { signA: 0, ...fallen }),
      rejectedBy: ['the sign of a is its top bit'],
    },
    {
      claim: '3 >= -1 is false: the sign of -1 is left out',
      honest: one('bge', 3, 0xffff_ffff),
      forged: forge(one('bge', 3, 0xffff_ffff), { signB: 0, ...fallen }),
      rejectedBy: ['the sign of b is its top bit'],
    },
    {
      claim: '0x80000007 < 3 unsigned: its sign counts',
      honest: one('bltu', 0x8000_0007, 3),
      forged: forge(one('bltu', 0x8000_0007, 3), { signA: 1, ...taken }),
      rejectedBy: ['the sign of a is a bit, and 0 unless signed'],
    },
    {
      claim: '3 >= 0x80000007 unsigned: its sign counts',
      honest: one('bgeu', 3, 0x8000_0007),
      forged: forge(one('bgeu', 3, 0x8000_0007), { signB: 1, ...taken }),
      rejectedBy: ['the sign of b is a bit, and 0 unless signed'],
    },
    {
      claim: 'blt is a beq that is unsigned: 2 isUnsigned stands for 2 isOrder',
      honest: one('blt', 3, 7),
      forged: forge(one('blt', 3, 7), { isOrder: 0, isUnsigned: 1, ...fallen }),
      rejectedBy: ['the sign of a is its top bit', 'the sign of b is its top bit'],
    },
    onPadding('isNegated', 2),
    onPadding('isOrder', 2),
    onPadding('isUnsigned', -1),
  ];
  describeForgeries(branchAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rs2']) });
});

test('the search finds no second next pc, and finds one when a check is deleted', () => {
  const query = {
    honest: run([branch('beq', 7, 3)]).trace(branchChip),
    inputs: ['isReal', 'isNegated', 'isOrder', 'isUnsigned', 'pc', 'clk', 'target', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi'],
    outputs: ['nextPc', 'isTaken'],
  };
  expect(findSecondWitness(branchAir, query)).toBeUndefined();
  for (const name of ['the next instruction is the target if taken', 'the branch is taken if its condition holds']) {
    expect(findSecondWitness(branchAir, { ...query, without: [name] }), name).toBeDefined();
  }
});
