import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Rows } from '../../stark/air/check.ts';
import { inverse, reduce } from '../../stark/field/koala-bear.ts';
import { imbalance } from '../../test/support/balance.ts';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { hasVectors, vectorsOf } from '../../test/support/fp32.ts';
import {
  expectAccepted,
  FP32_TABLES,
  fp32FrameForgeries,
  fp32NeverAlone,
  MODES,
} from '../../test/support/fp32-frame.ts';
import { forAll, u32 } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32RoundChip } from '../fp32-round/trace.ts';
import { intToFp32Air } from './air.ts';
import { INT_TO_FP32_INSTRUCTIONS } from './execute.ts';
import { fromInteger } from './semantics.ts';
import { intToFp32Chip } from './trace.ts';

const CHIPS = [intToFp32Chip, fp32RoundChip];
const step = (mnemonic: string, word: number, rm = 0): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rm },
  registers: { 1: word, 66: 0 },
});
/** Runs the steps and expects both traces to be accepted and to agree. */
function proven(steps: readonly Step[]): void {
  const { trace } = stepped(INT_TO_FP32_INSTRUCTIONS, CHIPS, steps);
  for (const chip of CHIPS) expectAccepted(chip, trace(chip));
  expect(
    imbalance(
      FP32_ROUND_BUS,
      CHIPS.map((chip) => [chip.air, trace(chip)] as const),
    ),
  ).toEqual([]);
}

describe.skipIf(!hasVectors)('Berkeley TestFloat 3 (skipped where shared/vectors is absent)', () => {
  const cases = ['i32', 'ui32'].flatMap((from) => MODES.map(([name, mode]) => [from, name, mode] as const));
  test.each(cases)(
    '%s_to_f32 %s: word and flags of all cases, and the trace of each is accepted',
    (from, name, mode) => {
      const lines = vectorsOf(`${from}_to_f32.${name}`);
      expect(lines.length).toBe(372);
      const isUnsigned = from === 'ui32';
      const wrong = lines.filter(([integer, word, flags]) => {
        const result = fromInteger(mode, isUnsigned, integer!);
        return wordOf(result) !== word || flagsOf(result) !== flags;
      });
      expect(wrong).toEqual([]);
      proven(lines.map(([integer]) => step(isUnsigned ? 'fcvt.s.wu' : 'fcvt.s.w', integer!, mode)));
    },
  );
});

test('an honest trace of any integer in any mode is accepted', () => {
  forAll(fc.tuple(u32(), fc.nat(4)), ([word, mode]) =>
    proven([step('fcvt.s.w', word, mode), step('fcvt.s.wu', word, mode)]),
  );
});

describe('forgeries', () => {
  const one = (mnemonic: string, word: number): Rows =>
    stepped(INT_TO_FP32_INSTRUCTIONS, CHIPS, [step(mnemonic, word)]).trace(intToFp32Chip);
  const lie = (claim: string, honest: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => ({
    claim,
    honest,
    forged: withCells(intToFp32Air, honest, 0, changes),
    rejectedBy,
  });
  const asked = (claim: string, rows: Rows, changes: Record<string, number>, ...rejectedBy: string[]): Forgery => {
    const forged = withCells(intToFp32Air, rows, 0, changes);
    return { claim, honest: forged, forged, rejectedBy };
  };
  const over = (value: number): number => inverse(reduce(value));
  const zero = one('fcvt.s.w', 0);
  const positive = one('fcvt.s.w', 0x0003_0005);
  const minusFive = one('fcvt.s.w', 0xffff_fffb);
  const unsigned = one('fcvt.s.wu', 0xffff_fffb);
  const large = one('fcvt.s.w', 0x7fff_0005);
  const padding = paddingRow(intToFp32Chip);
  const magnitude = (lo: number, hi: number) => ({ magnitudeLo: lo, magnitudeHi: hi, zeroInverse: over(lo + hi) });
  const ROUNDED = 'the result is the magnitude rounded';
  const forgeries: Forgery[] = [
    ...fp32FrameForgeries(intToFp32Air, zero, { alongWeight: [{ isZero: 2 }, { isZero: 0 }] }),
    lie('another word', positive, { outLo: 1 }, ROUNDED),
    lie('other flags', positive, { flags: 1, accrued: 1 }, ROUNDED),
    lie('0 is 2^-149', zero, { outLo: 1 }, 'zero gives a low limb of 0'),
    lie('0 is 1', zero, { outHi: 0x3f80 }, 'zero gives a high limb of 0'),
    lie('0 is inexact', zero, { flags: 1, accrued: 1 }, 'zero raises no flag'),
    lie('a signed integer is an unsigned one', positive, { isUnsigned: 1 }, 'the program has this instruction'),
    // `fp32-round` answers whatever it is asked.
    asked('-5 is 5', unsigned, { negative: 1, ...magnitude(5, 0) }, 'the sign is a bit, and 0 if unsigned'),
    asked('-5 is 2^32 - 5', minusFive, { negative: 0, ...magnitude(0xfffb, 0xffff) }, 'the sign is the top bit'),
    asked('a difference of -1 is the carry -1 / 2^16 = 0x7f00', large, magnitude(4, 0xff), 'the low limbs add up'),
    asked('2^16 more', positive, magnitude(5, 4), 'the high limbs add up'),
    asked('the low limb of the magnitude takes over', positive, magnitude(5 + 2 ** 16, 2), 'magnitudeLo is below 2^16'),
    asked('the magnitude is 2^32 more', positive, magnitude(5, 3 + 2 ** 16), 'magnitudeHi is below 2^16'),
    asked(
      '0x30005 is 0',
      positive,
      { isZero: 1, zeroInverse: 0, outLo: 0, outHi: 0, flags: 0, accrued: 0 },
      'zero has no magnitude',
    ),
    asked('0 is rounded', zero, { isZero: 0 }, 'any other integer has one'),
    lie('isUnsigned is -1 on padding', padding, { isUnsigned: -1 }, 'isUnsigned is a bit'),
    lie(
      'rs1 held another value',
      zero,
      { rs1Lo: 1, magnitudeLo: 1, isZero: 0, zeroInverse: 1 },
      ROUNDED,
      'rs1 holds the value last written',
    ),
  ];
  describeForgeries(intToFp32Air, forgeries, { tables: FP32_TABLES, neverAlone: fp32NeverAlone(intToFp32Air) });

  test('the search finds no second magnitude, and finds one when a check is deleted', () => {
    const query = {
      honest: minusFive,
      inputs: ['isReal', 'isUnsigned', 'pc', 'clk', 'rs1Lo', 'rs1Hi', 'mode', 'immLo', 'immHi', 'frmLo', 'fflagsLo'],
      outputs: ['negative', 'magnitudeLo', 'magnitudeHi', 'isZero'],
      tables: FP32_TABLES,
    };
    expect(findSecondWitness(intToFp32Air, query)).toBeUndefined();
    expect(findSecondWitness(intToFp32Air, { ...query, without: ['the high limbs add up'] })).toBeDefined();
  });
});
