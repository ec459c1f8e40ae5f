import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { bytesTable } from '../bytes/air.ts';
import { bitwiseAir } from './air.ts';
import { BITWISE_INSTRUCTIONS } from './execute.ts';
import { andU32, orU32, xorU32 } from './semantics.ts';
import { bitwiseChip } from './trace.ts';

const tables = { bytes: (tuple: readonly number[]) => bytesTable.provider.positionOf(tuple) !== undefined };
const run = (steps: readonly Step[]) => stepped(BITWISE_INSTRUCTIONS, [bitwiseChip], steps);
const binary = (mnemonic: string, a: number, b: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rs2: 2 },
  registers: { 1: a, 2: b },
});

describe('known answers of riscv-tests', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv64ui/{and,or,xor}.S, tests 2 to 5.
  test.each([
    [0x0f000f00, 0xff0fff0f, 0xf00ff00f, 0xff00ff00, 0x0f0f0f0f],
    [0x00f000f0, 0xfff0fff0, 0xff00ff00, 0x0ff00ff0, 0xf0f0f0f0],
    [0x000f000f, 0x0fff0fff, 0x0ff00ff0, 0x00ff00ff, 0x0f0f0f0f],
    [0xf000f000, 0xf0fff0ff, 0x00ff00ff, 0xf00ff00f, 0xf0f0f0f0],
  ])('and %i, or %i, xor %i of %i and %i', (and, or, xor, a, b) => {
    expect([andU32(a, b), orU32(a, b), xorU32(a, b)]).toEqual([and, or, xor]);
  });
});

test('semantics agree with the truth tables, bit by bit', () => {
  forAll(fc.tuple(u32(), u32()), ([a, b]) => {
    let [and, or, xor] = [0n, 0n, 0n];
    for (let i = 0n; i < 32n; i++) {
      const ones = ((BigInt(a) / 2n ** i) % 2n) + ((BigInt(b) / 2n ** i) % 2n);
      and += ones === 2n ? 2n ** i : 0n;
      or += ones > 0n ? 2n ** i : 0n;
      xor += ones === 1n ? 2n ** i : 0n;
    }
    expect([andU32(a, b), orU32(a, b), xorU32(a, b)]).toEqual([and, or, xor].map(Number));
  });
});

test('an honest trace of any operands satisfies every constraint, and rd is the result', () => {
  forAll(
    fc.tuple(u32(), u32(), fc.integer({ min: -2048, max: 2047 })),
    ([a, b, imm]) => {
      const { trace, machine } = run([
        { mnemonic: 'andi', fields: { rd: 4, rs1: 1, imm }, registers: { 1: a, 2: b } },
        { mnemonic: 'ori', fields: { rd: 5, rs1: 1, imm } },
        { mnemonic: 'xori', fields: { rd: 6, rs1: 1, imm } },
        { mnemonic: 'and', fields: { rd: 7, rs1: 1, rs2: 2 } },
        { mnemonic: 'or', fields: { rd: 8, rs1: 1, rs2: 2 } },
        { mnemonic: 'xor', fields: { rd: 1, rs1: 1, rs2: 2 } },
      ]);
      const { main } = trace(bitwiseChip);
      expect(violations(bitwiseAir, { main: [...main, ...paddingRow(bitwiseChip).main] })).toEqual([]);
      const c = imm >>> 0;
      const expected = [andU32(a, c), orU32(a, c), xorU32(a, c), andU32(a, b), orU32(a, b), xorU32(a, b)];
      expect([4, 5, 6, 7, 8, 1].map((r) => machine.registers[r])).toEqual(expected);
    },
    50,
  );
});

describe('forgeries', () => {
  const one = (mnemonic: string, a: number, b: number) => run([binary(mnemonic, a, b)]).trace(bitwiseChip);
  const forge = (rows: ReturnType<typeof one>, changes: Record<string, number>) =>
    withCells(bitwiseAir, rows, 0, changes);
  const honest = one('and', 0x3333_3333, 0x5555_5555); // AND is 0x11 in every byte
  const equal = one('and', 0x1234_5678, 0x1234_5678);
  const padding = paddingRow(bitwiseChip);
  const wrongAnd = (entry: number): Forgery => {
    const [limb, weight] = [entry >> 1, 256 ** (entry & 1)];
    return {
      claim: `byte ${entry}: 0x33 AND 0x55 = 0x12`,
      honest,
      forged: forge(honest, { [`and[${entry}]`]: 0x12, [`out[${limb}]`]: 0x1111 + weight }),
      rejectedBy: [`the ${entry % 2 === 0 ? 'low' : 'high'} bytes of limb ${limb} have this AND`],
    };
  };
  const forgeries: Forgery[] = [
    ...frameForgeries({ air: bitwiseAir, honest, accesses: { rs1: 0, rs2: 1, rd: 3 } }),
    ...[0, 1, 2, 3].map(wrongAnd),
    ...[0, 1].map((limb) => ({
      claim: `limb ${limb} of the result is not the AND of its bytes`,
      honest,
      forged: forge(honest, { [`out[${limb}]`]: 0x1112 }),
      rejectedBy: [`limb ${limb} of the result is that of the operation`],
    })),
    {
      claim: 'the low byte of a is 0x34, and the high byte what is left: a quotient by 2^8',
      honest,
      forged: forge(honest, { 'aLow[0]': 0x34 }),
      rejectedBy: ['the low bytes of limb 0 have this AND', 'the high bytes of limb 0 have this AND'],
    },
    {
      claim: 'the low byte of b is 2^8 higher, and the high byte one lower',
      honest,
      forged: forge(honest, { 'bLow[1]': 0x155 }),
      rejectedBy: ['the low bytes of limb 1 have this AND', 'the high bytes of limb 1 have this AND'],
    },
    {
      claim: 'an and is an or',
      honest: equal,
      forged: forge(equal, { isOr: 1 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'an instruction that is or and xor at once, which has the id of sltu',
      honest: equal,
      forged: forge(equal, { isOr: 1, isXor: 1, 'out[0]': 0, 'out[1]': 0 }),
      rejectedBy: ['at most one of isOr and isXor is 1', 'the program has this instruction'],
    },
    {
      claim: 'padding is or and xor at once',
      honest: padding,
      forged: forge(padding, { isOr: 1, isXor: 1 }),
      rejectedBy: ['at most one of isOr and isXor is 1'],
    },
    ...['isOr', 'isXor'].map((name) => ({
      claim: `${name} is 2 on padding`,
      honest: padding,
      forged: forge(padding, { [name]: 2 }),
      rejectedBy: [`${name} is a bit`],
    })),
  ];
  describeForgeries(bitwiseAir, forgeries, { tables, neverAlone: frameNeverAlone(['rs1', 'rs2', 'rd']) });
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const query = {
    honest: run([binary('xor', 0x1234_5678, 0x9abc_def0)]).trace(bitwiseChip),
    inputs: ['isReal', 'isOr', 'isXor', 'pc', 'clk', 'immLo', 'immHi', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi'],
    outputs: ['out'],
    tables,
  };
  expect(findSecondWitness(bitwiseAir, query)).toBeUndefined();
  for (const name of ['limb 1 of the result is that of the operation', 'the high bytes of limb 0 have this AND']) {
    expect(findSecondWitness(bitwiseAir, { ...query, without: [name] }), name).toBeDefined();
  }
});
