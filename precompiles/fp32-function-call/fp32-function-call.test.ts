import { describe, expect, test } from 'vitest';
import { paddingRow, type Step, stepped } from '../../kit/step.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { lookupLayout } from '../../stark/logup/layout.ts';
import { edgesOf, FUNCTIONS as ORACLES } from '../../test/oracles/functions.ts';
import { type FunctionName, referenceOf } from '../../test/oracles/reference.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { drawWord, type RecordedChip, randomOf } from '../../test/support/fp32.ts';
import { withService } from '../../test/support/fp32-forger.ts';
import { FP32_TABLES, fp32FrameForgeries, fp32NeverAlone } from '../../test/support/fp32-frame.ts';
import { opOf } from '../../vm/isa/op.ts';
import { REGISTER } from '../../vm/space.ts';
import { expFp32 } from '../fp32-exp/semantics.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';
import { fp32FunctionCallAir } from './air.ts';
import { FP32_FUNCTION_BUS } from './bus.ts';
import { FP32_FUNCTION_FAMILY, FP32_FUNCTION_INSTRUCTIONS } from './execute.ts';
import { fp32FunctionCallChip } from './trace.ts';

const air = withService(fp32FunctionCallAir, FP32_FUNCTION_BUS);
const FUNCTION_OF = new Map(
  FP32_FUNCTION_FAMILY.mnemonics.map((mnemonic) => [opOf(mnemonic), mnemonic.slice(5) as FunctionName]),
);
/** Whether the services answer so. */
const isAnswer = ([op, aLo, aHi, lo, hi, flags]: readonly number[]): boolean => {
  const name = FUNCTION_OF.get(op!);
  return name !== undefined && ORACLES[name](aHi! * 2 ** 16 + aLo!) === flags! * 2 ** 32 + hi! * 2 ** 16 + lo!;
};
const TABLES = { ...FP32_TABLES, [FP32_FUNCTION_BUS.name]: isAnswer };
const chips = ulpMachine().recorded.filter((chip): chip is RecordedChip => 'fill' in chip);
const step = (mnemonic: string, a: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1 },
  registers: { 33: a, [REGISTER.fflags]: 8 },
});
const run = (...steps: Step[]) => stepped(FP32_FUNCTION_INSTRUCTIONS, chips, steps);

describe.each(FP32_FUNCTION_FAMILY.mnemonics)('%s', (mnemonic) => {
  const name = mnemonic.slice(5) as FunctionName;
  test('leaves the rounded value of the series in fd and accrues its flags, with a trace that is accepted', () => {
    const random = randomOf(8);
    const edges = edgesOf(name, 1);
    for (let i = 0; i < 150; i++) {
      const a = i % 2 === 0 ? random.pick(edges) : drawWord(random);
      const { machine: after, trace } = run(step(mnemonic, a));
      const rows = { main: [...trace(fp32FunctionCallChip).main, ...paddingRow(fp32FunctionCallChip).main] };
      expect(after.registers[35]).toBe(referenceOf(name, a));
      expect(after.registers[REGISTER.fflags]).toBe(8 | flagsOf(ORACLES[name](a)));
      expect(violations(air, rows)).toEqual([]);
      expect(objections(air, rows, rows, TABLES)).toEqual([]);
    }
  });
});

test('a call takes 54 cells', () => {
  expect(air.main.length + lookupLayout([air]).tables[0]!.auxWidth).toBe(54);
});

describe('forgeries', () => {
  const honest: Rows = run(step('fp32.exp2', 0x4000_0000)).trace(fp32FunctionCallChip);
  const lie = (claim: string, changes: Record<string, number>, name: string): Forgery => ({
    ...{ claim, honest, forged: withCells(air, honest, 0, changes), rejectedBy: [name] },
  });
  const resultCells = (result: number): Record<string, number> => ({
    outLo: wordOf(result) & 0xffff,
    outHi: wordOf(result) >>> 16,
    flags: flagsOf(result),
    accrued: 8 | flagsOf(result),
  });
  const request = 'the result is that of the function';
  const at = (name: string): number => cells(air, honest, name)[0]!;
  describeForgeries(
    air,
    [
      ...fp32FrameForgeries(air, honest),
      lie('another low limb', { outLo: at('outLo') ^ 1 }, request),
      lie('another sign', { outHi: at('outHi') ^ 0x8000 }, request),
      lie('an exact result is inexact', { flags: 1, accrued: at('accrued') | 1 }, request),
      lie(
        'e^2 instead of 2^2',
        { op: opOf('fp32.exp'), ...resultCells(expFp32(0x4000_0000)) },
        'the program has this instruction',
      ),
    ],
    { tables: TABLES, neverAlone: fp32NeverAlone(air) },
  );
});
