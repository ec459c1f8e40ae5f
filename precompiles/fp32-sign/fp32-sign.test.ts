import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { paddingRow, type Step, stepped } from '../../kit/step.ts';
import type { Rows } from '../../stark/air/check.ts';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { expectAccepted, FP32_EDGES, fp32FrameForgeries, fp32NeverAlone } from '../../test/support/fp32-frame.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { fp32SignAir } from './air.ts';
import { FP32_SIGN_INSTRUCTIONS } from './execute.ts';
import { SIGN_INJECTIONS } from './semantics.ts';
import { fp32SignChip } from './trace.ts';

const MNEMONICS = ['fsgnj.s', 'fsgnjn.s', 'fsgnjx.s'];
const step = (mnemonic: string, a: number, b: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rs2: 2 },
  registers: { 33: a, 34: b },
});
const run = (steps: readonly Step[]) => stepped(FP32_SIGN_INSTRUCTIONS, [fp32SignChip], steps);

test('a sign is injected, inverted or multiplied, and 31 bits stay', () => {
  const check = (a: number, b: number): void => {
    const [x, y] = [BigInt(a), BigInt(b)];
    const signs = [y >> 31n, 1n - (y >> 31n), (x >> 31n) ^ (y >> 31n)];
    MNEMONICS.forEach((mnemonic, i) => {
      expect(BigInt(SIGN_INJECTIONS[mnemonic]!(a, b))).toBe((signs[i]! << 31n) + (x % 2n ** 31n));
    });
  };
  for (const a of FP32_EDGES) for (const b of FP32_EDGES) check(a, b);
  forAll(fc.tuple(f32(), f32()), ([a, b]) => check(a, b));
});

test('an honest trace of any words is accepted', () => {
  forAll(fc.tuple(f32(), f32()), ([a, b]) => {
    const steps = MNEMONICS.flatMap((mnemonic) => [step(mnemonic, a, b), step(mnemonic, a, a)]);
    expectAccepted(fp32SignChip, run(steps).trace(fp32SignChip));
  });
});

describe('forgeries', () => {
  const one = (mnemonic: string, a: number, b: number): Rows => run([step(mnemonic, a, b)]).trace(fp32SignChip);
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(fp32SignAir, honest, 0, changes),
    rejectedBy,
  });
  const inject = one('fsgnj.s', 0x3f80_0001, 0xc000_0000);
  const positive = one('fsgnj.s', 0x3f80_0001, 0x4000_0000);
  const negative = one('fsgnjx.s', 0xbf80_0001, 0xc000_0000);
  const padding = paddingRow(fp32SignChip);
  const both = withCells(fp32SignAir, positive, 0, { isOpposite: 1, isProduct: 1, outHi: 0xbf80 });
  const forgeries: Forgery[] = [
    ...fp32FrameForgeries(fp32SignAir, inject),
    lie('the sign is kept', inject, { outHi: 0x3f80 }, 'the high limb has the sign of the operation'),
    lie('fs2 is positive', inject, { signB: 0, outHi: 0x3f80 }, 'the sign of b is its top bit'),
    lie(
      'fs1 is positive, and the high limb gains a bit',
      negative,
      { signA: 0, outHi: 0x1_3f80 },
      'the sign of a is its top bit',
    ),
    lie('an injection is a product', positive, { isProduct: 1 }, 'the program has this instruction'),
    lie('rs1 held another value', inject, { rs1Lo: 2 }, 'rs1 holds the value last written'),
    lie('rs2 held another value', inject, { rs2Lo: 2 }, 'rs2 holds the value last written'),
    {
      claim: 'an instruction whose id follows fsgnjx.s is both',
      honest: both,
      forged: both,
      rejectedBy: ['one operation is selected'],
    },
    lie('isOpposite is 2 on padding', padding, { isOpposite: 2, outHi: 2 ** 16 }, 'isOpposite is a bit'),
    lie('isProduct is 2 on padding', padding, { isProduct: 2 }, 'isProduct is a bit'),
    lie('signA is 2 on padding', padding, { signA: 2, rs1Hi: 2 ** 16 }, 'signA is a bit'),
    lie('signB is 2 on padding', padding, { signB: 2, rs2Hi: 2 ** 16, outHi: 2 ** 16 }, 'signB is a bit'),
  ];
  describeForgeries(fp32SignAir, forgeries, { neverAlone: fp32NeverAlone(fp32SignAir) });

  test('the search finds no second result, and finds one when a check is deleted', () => {
    const query = {
      honest: inject,
      inputs: ['isReal', 'isOpposite', 'isProduct', 'pc', 'clk', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi'],
      outputs: ['outHi'],
    };
    expect(findSecondWitness(fp32SignAir, query)).toBeUndefined();
    expect(
      findSecondWitness(fp32SignAir, { ...query, without: ['the high limb has the sign of the operation'] }),
    ).toBeDefined();
  });
});
