import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imbalance } from '../../test/support/balance.ts';
import { hasVectors, vectorsOf } from '../../test/support/fp32.ts';
import { expectAccepted, MODES } from '../../test/support/fp32-frame.ts';
import { forAll, u32 } from '../../test/support/property.ts';
import { type Step, stepped } from '../../test/support/step.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32RoundChip } from '../fp32-round/trace.ts';
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
