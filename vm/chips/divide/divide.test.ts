import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { cells } from '../../../test/support/forgery.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { divideAir } from './air.ts';
import { DIVIDE_INSTRUCTIONS } from './execute.ts';
import { divideSigned, divideUnsigned, remainderSigned, remainderUnsigned } from './semantics.ts';
import { divideChip } from './trace.ts';

const run = (steps: readonly Step[]) => stepped(DIVIDE_INSTRUCTIONS, [divideChip], steps);
const binary = (mnemonic: string, a: number, b: number, rd = 3): Step => ({
  mnemonic,
  fields: { rd, rs1: 1, rs2: 2 },
  registers: { 1: a >>> 0, 2: b >>> 0 },
});
const MIN = 0x8000_0000;

describe('known answers of riscv-tests', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv64ui/{div,divu,rem,remu}w.S, tests 2 to 10.
  test.each([
    [3, 2, 20, 6],
    [-3, -2, -20, 6],
    [-3, 2, 20, -6],
    [3, -2, -20, -6],
    [MIN, 0, MIN, 1],
    [MIN, 0, MIN, -1],
    [-1, MIN, MIN, 0],
    [-1, 1, 1, 0],
    [-1, 0, 0, 0],
  ])('div = %i, rem = %i of %i by %i', (quotient, remainder, a, b) => {
    expect(divideSigned(a >>> 0, b >>> 0)).toBe(quotient >>> 0);
    expect(remainderSigned(a >>> 0, b >>> 0)).toBe(remainder >>> 0);
  });

  test.each([
    [3, 2, 20, 6],
    [715827879, 2, -20, 6],
    [0, 20, 20, -6],
    [0, -20, -20, -6],
    [MIN, 0, MIN, 1],
    [0, MIN, MIN, -1],
    [-1, MIN, MIN, 0],
    [-1, 1, 1, 0],
    [-1, 0, 0, 0],
  ])('divu = %i, remu = %i of %i by %i', (quotient, remainder, a, b) => {
    expect(divideUnsigned(a >>> 0, b >>> 0)).toBe(quotient >>> 0);
    expect(remainderUnsigned(a >>> 0, b >>> 0)).toBe(remainder >>> 0);
  });
});

/** The table of the ISA, on integers. BigInt division truncates. */
const quotientOf = (a: bigint, b: bigint): number => Number(BigInt.asUintN(32, b === 0n ? -1n : a / b));
const remainderOf = (a: bigint, b: bigint): number => Number(BigInt.asUintN(32, b === 0n ? a : a % b));
const signed = (x: number): bigint => BigInt.asIntN(32, BigInt(x));
const divisor = () =>
  fc.oneof(
    u32(),
    fc.integer({ min: -20, max: 20 }).map((n) => n >>> 0),
  );

test('semantics agree with the division of integers', () => {
  forAll(
    fc.tuple(u32(), divisor()),
    ([a, b]) => {
      expect(divideSigned(a, b)).toBe(quotientOf(signed(a), signed(b)));
      expect(divideUnsigned(a, b)).toBe(quotientOf(BigInt(a), BigInt(b)));
      expect(remainderSigned(a, b)).toBe(remainderOf(signed(a), signed(b)));
      expect(remainderUnsigned(a, b)).toBe(remainderOf(BigInt(a), BigInt(b)));
    },
    1000,
  );
});

test('an honest trace of any operands satisfies every constraint and domain, and rd is the result', () => {
  forAll(fc.tuple(u32(), divisor()), ([a, b]) => {
    const mnemonics = ['div', 'divu', 'rem', 'remu'];
    const { trace, machine } = run(mnemonics.map((mnemonic, i) => binary(mnemonic, a, b, 4 + i)));
    const rows = { main: [...trace(divideChip).main, ...paddingRow(divideChip).main] };
    expect(violations(divideAir, rows)).toEqual([]);
    for (const column of divideAir.main) {
      if (!column.domain.startsWith('below 2^')) continue;
      const limit = 2 ** Number(column.domain.slice('below 2^'.length));
      expect(Math.max(...cells(divideAir, rows, column.name)), column.name).toBeLessThan(limit);
    }
    const expected = [
      quotientOf(signed(a), signed(b)),
      quotientOf(BigInt(a), BigInt(b)),
      remainderOf(signed(a), signed(b)),
      remainderOf(BigInt(a), BigInt(b)),
    ];
    expect([4, 5, 6, 7].map((r) => machine.registers[r])).toEqual(expected);
  });
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const query = {
    honest: run([binary('div', -20, 6)]).trace(divideChip),
    inputs: ['isReal', 'isUnsigned', 'isRemainder', 'pc', 'clk', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi'],
    outputs: ['out', 'quotient', 'remainder', 'isZero'],
  };
  expect(findSecondWitness(divideAir, query)).toBeUndefined();
  for (const name of ['limb 0 of rd is that of q or r', 'limb 1 of rd is that of q or r']) {
    expect(findSecondWitness(divideAir, { ...query, without: [name] }), name).toBeDefined();
  }
});
