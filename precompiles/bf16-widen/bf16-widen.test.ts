import { describe, expect, test } from 'vitest';
import type { Rows } from '../../stark/air/check.ts';
import { felt, inverse } from '../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { hasVectors, vectorsOf } from '../../test/support/fp32.ts';
import {
  expectAccepted,
  FP32_TABLES,
  fp32FrameForgeries,
  fp32NeverAlone,
  nanForgeries,
} from '../../test/support/fp32-frame.ts';
import { bf16, forAll, u32 } from '../../test/support/property.ts';
import { type Step, stepped } from '../../test/support/step.ts';
import { boxed, widenBf16 } from '../bf16-round/semantics.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { bf16WidenAir } from './air.ts';
import { BF16_WIDEN_INSTRUCTIONS } from './execute.ts';
import { bf16WidenChip } from './trace.ts';

const widen = (register: number): Step => ({
  mnemonic: 'fcvt.s.bf16',
  fields: { rd: 3, rs1: 1, rm: 0 },
  registers: { 33: register, 66: 0 },
});
const run = (registers: readonly number[]) => stepped(BF16_WIDEN_INSTRUCTIONS, [bf16WidenChip], registers.map(widen));

test.skipIf(!hasVectors)('Berkeley TestFloat 3, bf16_to_f32: word and flags of all cases, traces are accepted', () => {
  const cases = vectorsOf('bf16_to_f32');
  expect(cases.length).toBe(600);
  const wrong = cases.filter(([pattern, word, flags]) => {
    const result = widenBf16(boxed(pattern!));
    return wordOf(result) !== word || flagsOf(result) !== flags;
  });
  expect(wrong).toEqual([]);
  expectAccepted(bf16WidenChip, run(cases.map(([pattern]) => boxed(pattern!))).trace(bf16WidenChip));
});

describe('a register that holds no boxed BF16', () => {
  test.each([0x0000_3f80, 0x3f80_0000, 0xfffe_3f80, 0x7fff_3f80, 0x0000_7f81])(
    '%i reads as the canonical NaN, quietly',
    (register) => {
      const { machine, trace } = run([register]);
      expect([machine.registers[35], machine.registers[66]]).toEqual([0x7fc0_0000, 0]);
      expectAccepted(bf16WidenChip, trace(bf16WidenChip));
    },
  );
});

test('an honest trace of any register is accepted', () => {
  forAll(bf16(), (pattern) => expectAccepted(bf16WidenChip, run([boxed(pattern)]).trace(bf16WidenChip)));
  forAll(u32(), (register) => expectAccepted(bf16WidenChip, run([register]).trace(bf16WidenChip)));
});

describe('forgeries', () => {
  const one = (register: number): Rows => run([register]).trace(bf16WidenChip);
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(bf16WidenAir, honest, 0, changes),
    rejectedBy,
  });
  const number = one(boxed(0x3f81));
  const signaling = one(boxed(0x7fa1));
  const quiet = one(boxed(0x7fc1));
  const infinity = one(boxed(0x7f80));
  const bare = one(0x0000_3f81);
  const NV = { invalid: 1, accrued: 16 };
  const forgeries: Forgery[] = [
    ...fp32FrameForgeries(bf16WidenAir, number, {
      alongWeight: [
        { isBoxed: 2, keeps: 2, outHi: 2 * 0x3f81 },
        { isBoxed: 0, keeps: 0, outHi: 0 },
      ],
    }),
    ...nanForgeries(bf16WidenAir, 'a', { number, infinity, signaling, quiet }, (claim) => {
      switch (claim) {
        case 'number is a NaN':
          return { aInverse: inverse(felt(2 ** 16)), aSignaling: 1, keeps: 0, outHi: 0x7fc0, ...NV };
        case 'NaN is none':
          return { aInverse: 0, keeps: 1, outHi: 0x7fc1 };
        case 'infinity is a NaN':
          return { aSignaling: 1, keeps: 0, outHi: 0x7fc0, ...NV };
        case 'signal is quiet':
          return { invalid: 0, accrued: 0 };
        case 'quiet signals':
          return NV;
      }
    }),
    lie(
      'a word without box is a BF16',
      bare,
      { isBoxed: 1, gapInverse: 0, keeps: 1, outHi: 0x3f81 },
      'a box has no gap',
    ),
    lie('a box is none', number, { isBoxed: 0, keeps: 0, outHi: 0x7fc0 }, 'a missing box has one'),
    lie('a number in its box is not kept', number, { keeps: 0, outHi: 0x7fc0 }, 'a number in its box is kept'),
    lie(
      'the payload of a NaN is kept',
      quiet,
      { outHi: 0x7fc1 },
      'the high limb is the BF16 or that of the canonical NaN',
    ),
    lie('a signaling NaN is valid', signaling, { invalid: 0, accrued: 0 }, 'a signaling NaN in its box is invalid'),
    lie(
      'another BF16 than the register holds',
      infinity,
      { rs1Hi: 0xfffe, isBoxed: 0, gapInverse: 1, keeps: 0, outHi: 0x7fc0 },
      'rs1 holds the value last written',
    ),
  ];
  describeForgeries(bf16WidenAir, forgeries, { tables: FP32_TABLES, neverAlone: fp32NeverAlone(bf16WidenAir) });

  test('the search finds no second result, and finds one when a check is deleted', () => {
    const query = {
      honest: number,
      inputs: ['isReal', 'pc', 'clk', 'rs1Lo', 'rs1Hi', 'mode', 'immLo', 'immHi', 'frmLo', 'fflagsLo'],
      outputs: ['outHi', 'invalid', 'accrued'],
      tables: FP32_TABLES,
    };
    expect(findSecondWitness(bf16WidenAir, query)).toBeUndefined();
    expect(findSecondWitness(bf16WidenAir, { ...query, without: ['a missing box has one'] })).toBeDefined();
  });
});
