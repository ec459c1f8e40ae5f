import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Air } from '../../../stark/air/air.ts';
import { type Rows, violations } from '../../../stark/air/check.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells, describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { multiplyAir } from './air.ts';
import { MULTIPLY_INSTRUCTIONS } from './execute.ts';
import { multiplyHighAir } from './high-air.ts';
import { multiplyHighMixed, multiplyHighSigned, multiplyHighUnsigned, multiplyLow } from './semantics.ts';
import { multiplyChip, multiplyHighChip } from './trace.ts';

const run = (steps: readonly Step[]) => stepped(MULTIPLY_INSTRUCTIONS, [multiplyChip, multiplyHighChip], steps);
const binary = (mnemonic: string, a: number, b: number, rd = 3): Step => ({
  mnemonic,
  fields: { rd, rs1: 1, rs2: 2 },
  registers: { 1: a, 2: b },
});

describe('known answers of riscv-tests', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv32um/{mul,mulh,mulhsu,mulhu}.S, tests 2 to 7 and 30 to 35.
  test.each([
    [0x00001200, 0x00007e00, 0xb6db6db7],
    [0x00001240, 0x00007fc0, 0xb6db6db7],
    [0x00000000, 0x00000000, 0x00000000],
    [0x00000001, 0x00000001, 0x00000001],
    [0x00000015, 0x00000003, 0x00000007],
    [0x00000000, 0x80000000, 0xffff8000],
    [0x0000ff7f, 0xaaaaaaab, 0x0002fe7d],
    [0x00000000, 0xff000000, 0xff000000],
    [0x00000001, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff, 0x00000001],
  ])('mul: %i = %i * %i', (expected, a, b) => expect(multiplyLow(a, b)).toBe(expected));

  test.each([
    [0x00000000, 0x00000003, 0x00000007],
    [0x00004000, 0x80000000, 0xffff8000],
    [0xffff0081, 0xaaaaaaab, 0x0002fe7d],
    [0xffff0081, 0x0002fe7d, 0xaaaaaaab],
    [0x00010000, 0xff000000, 0xff000000],
    [0x00000000, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff, 0x00000001],
    [0xffffffff, 0x00000001, 0xffffffff],
  ])('mulh: %i = %i * %i', (expected, a, b) => expect(multiplyHighSigned(a, b)).toBe(expected));

  test.each([
    [0x00000000, 0x80000000, 0x00000000],
    [0x80004000, 0x80000000, 0xffff8000],
    [0xffff0081, 0xaaaaaaab, 0x0002fe7d],
    [0x0001fefe, 0x0002fe7d, 0xaaaaaaab],
    [0xff010000, 0xff000000, 0xff000000],
    [0xffffffff, 0xffffffff, 0xffffffff],
    [0xffffffff, 0xffffffff, 0x00000001],
    [0x00000000, 0x00000001, 0xffffffff],
  ])('mulhsu: %i = %i * %i', (expected, a, b) => expect(multiplyHighMixed(a, b)).toBe(expected));

  test.each([
    [0x7fffc000, 0x80000000, 0xffff8000],
    [0x0001fefe, 0xaaaaaaab, 0x0002fe7d],
    [0x0001fefe, 0x0002fe7d, 0xaaaaaaab],
    [0xfe010000, 0xff000000, 0xff000000],
    [0xfffffffe, 0xffffffff, 0xffffffff],
    [0x00000000, 0xffffffff, 0x00000001],
  ])('mulhu: %i = %i * %i', (expected, a, b) => expect(multiplyHighUnsigned(a, b)).toBe(expected));
});

const oracle = (a: bigint, b: bigint, isHigh: boolean): number =>
  Number(BigInt.asUintN(32, isHigh ? (a * b) >> 32n : a * b));
const signed = (x: number): bigint => BigInt.asIntN(32, BigInt(x));

test('semantics agree with products of integers', () => {
  forAll(
    fc.tuple(u32(), u32()),
    ([a, b]) => {
      expect(multiplyLow(a, b)).toBe(oracle(BigInt(a), BigInt(b), false));
      expect(multiplyHighSigned(a, b)).toBe(oracle(signed(a), signed(b), true));
      expect(multiplyHighMixed(a, b)).toBe(oracle(signed(a), BigInt(b), true));
      expect(multiplyHighUnsigned(a, b)).toBe(oracle(BigInt(a), BigInt(b), true));
    },
    1000,
  );
});

test('an honest trace of any operands satisfies every constraint, and rd is the product', () => {
  forAll(fc.tuple(u32(), u32()), ([a, b]) => {
    const mnemonics = ['mul', 'mulh', 'mulhsu', 'mulhu'];
    const { trace, machine } = run(mnemonics.map((mnemonic, i) => binary(mnemonic, a, b, 4 + i)));
    for (const [air, chip] of [
      [multiplyAir, multiplyChip],
      [multiplyHighAir, multiplyHighChip],
    ] as const) {
      const rows = { main: [...trace(chip).main, ...paddingRow(chip).main] };
      expect(violations(air, rows)).toEqual([]);
      for (const column of air.main) {
        if (!column.domain.startsWith('below 2^')) continue;
        const limit = 2 ** Number(column.domain.slice('below 2^'.length));
        expect(Math.max(...cells(air, rows, column.name)), column.name).toBeLessThan(limit);
      }
    }
    const [low, high] = [oracle(BigInt(a), BigInt(b), false), oracle(signed(a), signed(b), true)];
    const expected = [low, high, oracle(signed(a), BigInt(b), true), oracle(BigInt(a), BigInt(b), true)];
    expect([4, 5, 6, 7].map((r) => machine.registers[r])).toEqual(expected);
  });
});

const add = (air: Air, rows: Rows, changes: Record<string, number>): Rows =>
  withCells(
    air,
    rows,
    0,
    Object.fromEntries(Object.entries(changes).map(([n, by]) => [n, cells(air, rows, n)[0]! + by])),
  );
/** -2^-16 mod p: what a carry becomes when its limb is one too high. */
const FALSE_CARRY = 0x7f00;

/** Forgeries of the bytes of a and b. In `sparse`, bytes 1 and 3 of both are 0; `dense` has no byte 0. */
const byteForgeries = (
  air: Air,
  dense: Rows,
  sparse: Rows,
  carries: (word: 'a' | 'b', limb: number) => Record<string, number>,
  top: string,
) =>
  (['a', 'b'] as const).flatMap((word): Forgery[] => [
    ...[0, 1].map(
      (limb): Forgery => ({
        claim: `a byte of limb ${limb} of ${word} is 2^8 higher, and the next one lower`,
        honest: dense,
        forged: add(air, dense, { [`${word}Low[${limb}]`]: 2 ** 8, ...carries(word, limb) }),
        rejectedBy: [`${word}Low[${limb}] is below 2^8`],
      }),
    ),
    {
      claim: `byte 0 of ${word} is one higher, and byte 1 what is left: a quotient by 2^8`,
      honest: sparse,
      forged: add(air, sparse, { [`${word}Low[0]`]: 1 }),
      rejectedBy: [`byte 1 of ${word} is a byte`],
    },
    {
      claim: `byte 2 of ${word} is one higher, and byte 3 what is left: a quotient by 2^8`,
      honest: sparse,
      forged: add(air, sparse, { [`${word}Low[1]`]: 1 }),
      rejectedBy: [`byte 3 of ${word} is a byte${top}`],
    },
  ]);

const [A, B] = [0x1234_5678, 0x2abd_2ff1];
const byteOf = (word: number, i: number): number => (word >>> (8 * i)) & 0xff;

describe('forgeries of mul', () => {
  const dense = run([binary('mul', A, B)]).trace(multiplyChip);
  const sparse = run([binary('mul', 0x00fe_00fd, 0x00fc_00fb)]).trace(multiplyChip);
  const forge = (changes: Record<string, number>) => add(multiplyAir, dense, changes);
  const cell = (name: string): number => cells(multiplyAir, dense, name)[0]!;
  // Byte i of one word 2^8 higher and byte i + 1 one lower moves 2^8 * 2^8 (byte 1 of the other) into the next limb.
  const carries = (word: 'a' | 'b', limb: number): Record<string, number> => {
    const other = word === 'a' ? B : A;
    return limb === 0 ? { carry0: byteOf(other, 1), carry1: byteOf(other, 3) } : { carry1: byteOf(other, 1) };
  };
  const exchanged = Object.fromEntries(
    ['Address', 'Lo', 'Hi', 'Clk'].flatMap((part) => [
      [`rs1${part}`, cell(`rs2${part}`) - cell(`rs1${part}`)],
      [`rs2${part}`, cell(`rs1${part}`) - cell(`rs2${part}`)],
    ]),
  );
  const exchangedBytes = Object.fromEntries(
    [0, 1].flatMap((i) => [
      [`aLow[${i}]`, cell(`bLow[${i}]`) - cell(`aLow[${i}]`)],
      [`bLow[${i}]`, cell(`aLow[${i}]`) - cell(`bLow[${i}]`)],
    ]),
  );
  const forgeries: Forgery[] = [
    ...frameForgeries({ air: multiplyAir, honest: dense, accesses: { rs1: 0, rs2: 1, rd: 3 } }),
    ...byteForgeries(multiplyAir, dense, sparse, carries, ''),
    {
      claim: 'the low limb of the product is one higher',
      honest: dense,
      forged: forge({ outLo: 1 }),
      rejectedBy: ['limb 0 of the product adds up'],
    },
    {
      claim: 'the high limb of the product is one higher',
      honest: dense,
      forged: forge({ outHi: 1 }),
      rejectedBy: ['limb 1 of the product adds up'],
    },
    {
      claim: 'the low limb is one higher: the carry -1 / 2^16 mod p pays for it',
      honest: dense,
      forged: forge({ outLo: 1, carry0: FALSE_CARRY, outHi: FALSE_CARRY }),
      rejectedBy: ['carry0 is below 2^9'],
    },
    {
      claim: 'the high limb is one higher: the carry -1 / 2^16 mod p pays for it',
      honest: dense,
      forged: forge({ outHi: 1, carry1: FALSE_CARRY }),
      rejectedBy: ['carry1 is below 2^10'],
    },
    {
      claim: 'the low limb keeps its carry',
      honest: dense,
      forged: forge({ outLo: 2 ** 16, carry0: -1, outHi: -1 }),
      rejectedBy: ['outLo is below 2^16'],
    },
    {
      claim: 'the high limb keeps its carry',
      honest: dense,
      forged: forge({ outHi: 2 ** 16, carry1: -1 }),
      rejectedBy: ['outHi is below 2^16'],
    },
    {
      claim: 'another instruction with the operands exchanged',
      honest: dense,
      // rs2 was last accessed one unit after rs1: the ages of 2^16 become 2^16 - 1 and 2^16 + 1.
      forged: forge({ ...exchanged, ...exchangedBytes, rs1AgeLo: 2 ** 16 - 1, rs1AgeHi: -1, rs2AgeLo: 1 }),
      rejectedBy: ['the program has this instruction'],
    },
  ];
  describeForgeries(multiplyAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rs2', 'rd']) });
});

describe('forgeries of mulh, mulhsu and mulhu', () => {
  const one = (mnemonic: string, a: number, b: number) => run([binary(mnemonic, a, b)]).trace(multiplyHighChip);
  const dense = one('mulhu', A, B);
  const sparse = one('mulhu', 0x00fe_00fd, 0x00fc_00fb);
  const small = one('mulh', 7, 3);
  const padding = paddingRow(multiplyHighChip);
  const forge = (changes: Record<string, number>, rows: Rows = dense) => add(multiplyHighAir, rows, changes);
  /** The result less `by` = -2^16 to 0 of a small one: both limbs of rd and the carries borrow. */
  const negative = { carry2: -1, outHi: 0xffff, carry3: -1 };
  /** 1 for -2. */
  const positive = { outLo: 1 - 0xfffe, carry2: 1, outHi: -0xffff, carry3: 1 };
  const carries = (word: 'a' | 'b', limb: number): Record<string, number> => {
    const other = word === 'a' ? B : A;
    return limb === 0
      ? { carry0: byteOf(other, 1), carry1: byteOf(other, 3) }
      : { carry1: byteOf(other, 1), carry2: byteOf(other, 3) };
  };
  const forgeries: Forgery[] = [
    ...frameForgeries({ air: multiplyHighAir, honest: dense, accesses: { rs1: 0, rs2: 1, rd: 3 } }),
    ...byteForgeries(multiplyHighAir, dense, sparse, carries, ' with its sign on top'),
    ...['product[0]', 'product[1]', 'outLo', 'outHi'].map(
      (limb, i): Forgery => ({
        claim: `limb ${i} of the product is one higher`,
        honest: dense,
        forged: forge({ [limb]: 1 }),
        rejectedBy: [`limb ${i} of the product adds up`],
      }),
    ),
    ...(
      [
        [{ 'product[0]': 1, carry0: FALSE_CARRY, 'product[1]': FALSE_CARRY }, 'carry0 is below 2^9'],
        [{ 'product[1]': 1, carry1: FALSE_CARRY, outLo: FALSE_CARRY }, 'carry1 is below 2^10'],
        [{ outLo: 1, carry2: FALSE_CARRY, outHi: FALSE_CARRY }, 'carry2 is at least -2 and below 2^10 - 2'],
        [{ outHi: 1, carry3: FALSE_CARRY }, 'carry3 is at least -2 and below 2'],
      ] as const
    ).map(
      ([changes, name], i): Forgery => ({
        claim: `limb ${i} is one higher: the carry -1 / 2^16 mod p pays for it`,
        honest: dense,
        forged: forge(changes),
        rejectedBy: [name],
      }),
    ),
    ...(
      [
        [{ 'product[0]': 2 ** 16, carry0: -1, 'product[1]': -1 }, 'product[0]'],
        [{ 'product[1]': 2 ** 16, carry1: -1, outLo: -1 }, 'product[1]'],
        [{ outLo: 2 ** 16, carry2: -1, outHi: -1 }, 'outLo'],
        [{ outHi: 2 ** 16, carry3: -1 }, 'outHi'],
      ] as const
    ).map(
      ([changes, name], i): Forgery => ({
        claim: `limb ${i} of the product keeps its carry`,
        honest: dense,
        forged: forge(changes),
        rejectedBy: [`${name} is below 2^16`],
      }),
    ),
    {
      claim: 'mulh -2^31, 3 is 1: -2^31 is not negative',
      honest: one('mulh', 0x8000_0000, 3),
      forged: forge({ signA: -1, ...positive }, one('mulh', 0x8000_0000, 3)),
      rejectedBy: ['byte 3 of a is a byte with its sign on top'],
    },
    {
      claim: 'mulh 3, -2^31 is 1: -2^31 is not negative',
      honest: one('mulh', 3, 0x8000_0000),
      forged: forge({ signB: -1, ...positive }, one('mulh', 3, 0x8000_0000)),
      rejectedBy: ['byte 3 of b is a byte with its sign on top'],
    },
    {
      claim: 'mulh 7, 3 is -1: 7 is negative',
      honest: small,
      forged: forge({ signA: 1, outLo: 0x1_0000 - 3, ...negative }, small),
      rejectedBy: ['byte 3 of a is a byte with its sign on top'],
    },
    {
      claim: 'mulh 7, 3 is -1: 3 is negative',
      honest: small,
      forged: forge({ signB: 1, outLo: 0x1_0000 - 7, ...negative }, small),
      rejectedBy: ['byte 3 of b is a byte with its sign on top'],
    },
    {
      claim: 'mulhu reads a = 0x80000000 as signed',
      honest: one('mulhu', 0x8000_0000, 3),
      forged: forge({ signA: 1, outLo: 0x1_0000 - 3, ...negative }, one('mulhu', 0x8000_0000, 3)),
      rejectedBy: ['the sign of a is a bit, and 0 unless signed'],
    },
    {
      claim: 'mulhsu reads b = 0x80000000 as signed',
      honest: one('mulhsu', 3, 0x8000_0000),
      forged: forge({ signB: 1, outLo: 0x1_0000 - 3, ...negative }, one('mulhsu', 3, 0x8000_0000)),
      rejectedBy: ['the sign of b is a bit, and 0 unless signed'],
    },
    {
      claim: 'mulhsu has its operands the other way around: only b = 0x80000000 is signed',
      honest: one('mulhsu', 3, 0x8000_0000),
      forged: forge(
        { isSignedA: -1, isSignedB: 1, signB: 1, outLo: 0x1_0000 - 3, ...negative },
        one('mulhsu', 3, 0x8000_0000),
      ),
      rejectedBy: ['b is signed only if a is'],
    },
    {
      claim: 'a mulh is a mulhu',
      honest: small,
      forged: forge({ isSignedA: -1, isSignedB: -1 }, small),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'isSignedA is 2 on padding',
      honest: padding,
      forged: forge({ isSignedA: 2 }, padding),
      rejectedBy: ['isSignedA is a bit'],
    },
    {
      claim: 'isSignedB is 2 on padding',
      honest: padding,
      forged: forge({ isSignedA: 1, isSignedB: 2 }, padding),
      rejectedBy: ['isSignedB is a bit'],
    },
  ];
  describeForgeries(multiplyHighAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rs2', 'rd']) });
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const inputs = ['isReal', 'isSignedA', 'isSignedB', 'pc', 'clk', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi'];
  const outputs = ['outLo', 'outHi', 'carry0', 'carry1', 'carry2', 'carry3', 'aLow', 'bLow', 'signA', 'signB'];
  const low = { honest: run([binary('mul', A, B)]).trace(multiplyChip), inputs, outputs };
  const high = { honest: run([binary('mulhsu', 0xf234_5678, B)]).trace(multiplyHighChip), inputs, outputs };
  expect(findSecondWitness(multiplyAir, low)).toBeUndefined();
  expect(findSecondWitness(multiplyHighAir, high)).toBeUndefined();
  expect(findSecondWitness(multiplyAir, { ...low, without: ['carry1 is below 2^10'] })).toBeDefined();
  const name = 'carry3 is at least -2 and below 2';
  expect(findSecondWitness(multiplyHighAir, { ...high, without: [name] })).toBeDefined();
});
