import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Step, stepped } from '../../kit/step.ts';
import { hasVectors, vectorsOf } from '../../test/support/fp32.ts';
import { expectAccepted, FP32_EDGES, MODES } from '../../test/support/fp32-frame.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { FP32_TO_INT_INSTRUCTIONS } from './execute.ts';
import { toInteger } from './semantics.ts';
import { fp32ToIntChip } from './trace.ts';

const step = (mnemonic: string, word: number, rm = 0): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rm },
  registers: { 33: word, 66: 0 },
});
const run = (steps: readonly Step[]) => stepped(FP32_TO_INT_INSTRUCTIONS, [fp32ToIntChip], steps);

describe.skipIf(!hasVectors)('Berkeley TestFloat 3 (skipped where shared/vectors is absent)', () => {
  const cases = ['i32', 'ui32'].flatMap((to) => MODES.map(([name, mode]) => [to, name, mode] as const));
  test.each(cases)(
    'f32_to_%s %s: integer and flags of all cases, and the trace of each is accepted',
    (to, name, mode) => {
      const lines = vectorsOf(`f32_to_${to}.${name}`);
      expect(lines.length).toBe(600);
      const isUnsigned = to === 'ui32';
      const wrong = lines.filter(([word, integer, flags]) => {
        const result = toInteger(mode, isUnsigned, word!);
        return wordOf(result) !== integer || flagsOf(result) !== flags;
      });
      expect(wrong).toEqual([]);
      const mnemonic = isUnsigned ? 'fcvt.wu.s' : 'fcvt.w.s';
      expectAccepted(fp32ToIntChip, run(lines.map(([word]) => step(mnemonic, word!, mode))).trace(fp32ToIntChip));
    },
  );
});

test('an honest trace of any word in any mode is accepted', () => {
  const steps = FP32_EDGES.flatMap((word) =>
    MODES.flatMap(([, mode]) => [step('fcvt.w.s', word, mode), step('fcvt.wu.s', word, mode)]),
  );
  expectAccepted(fp32ToIntChip, run(steps).trace(fp32ToIntChip));
  forAll(fc.tuple(f32(), fc.nat(4)), ([word, mode]) => {
    expectAccepted(
      fp32ToIntChip,
      run([step('fcvt.w.s', word, mode), step('fcvt.wu.s', word, mode)]).trace(fp32ToIntChip),
    );
  });
});
