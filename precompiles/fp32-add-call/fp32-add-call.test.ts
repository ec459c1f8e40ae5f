import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rows, violations } from '../../stark/air/check.ts';
import { imbalance } from '../../test/support/balance.ts';
import { cells, describeForgeries, type Forgery, objections, withCells } from '../../test/support/forgery.ts';
import { withService } from '../../test/support/fp32-forger.ts';
import { frameForgeries, frameNeverAlone } from '../../test/support/frame-forgeries.ts';
import { f32, forAll } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { FLAGS_BUS } from '../../vm/chips/csr/flags-table.ts';
import { complementRangeTable } from '../../vm/chips/range/air.ts';
import { alignTable } from '../align/air.ts';
import { FP32_ADD_BUS } from '../fp32-add/bus.ts';
import { addFp32 } from '../fp32-add/semantics.ts';
import { fp32AddChip } from '../fp32-add/trace.ts';
import { fp32AddSpecialChip } from '../fp32-add-special/trace.ts';
import { fp32DecodeTable } from '../fp32-decode/air.ts';
import { FP32_ROUND_BUS } from '../fp32-round/bus.ts';
import { wordOf } from '../fp32-round/semantics.ts';
import { powerTable, roundingTable, tailTable } from '../fp32-round/tables.ts';
import { fp32RoundChip } from '../fp32-round/trace.ts';
import { fp32AddCallAir } from './air.ts';
import { FP32_ADD_INSTRUCTIONS } from './execute.ts';
import { fp32AddCallChip } from './trace.ts';

const CHIPS = [fp32AddCallChip, fp32AddChip, fp32AddSpecialChip, fp32RoundChip];
const TABLES = Object.fromEntries(
  [fp32DecodeTable, alignTable, complementRangeTable, powerTable, tailTable, roundingTable].map(({ provider }) => [
    provider.bus.name,
    (tuple: readonly number[]): boolean => provider.positionOf(tuple) !== undefined,
  ]),
);

const step = (mnemonic: string, a: number, b: number, rm: number): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rs2: 2, rm },
  registers: { 33: a, 34: b },
});

/** Runs the steps; expects all traces to be accepted and to agree with one another. Returns the last value of fd. */
function proven(steps: readonly Step[]): number {
  const { machine, trace } = stepped(FP32_ADD_INSTRUCTIONS, CHIPS, steps);
  const tables = CHIPS.map((chip): [(typeof chip)['air'], Rows] => {
    return [chip.air, { main: [...trace(chip).main, ...paddingRow(chip).main] }];
  });
  for (const [air, rows] of tables) {
    expect(violations(air, rows)).toEqual([]);
    const { ...oracles } = TABLES;
    if (air.name !== 'fp32-add-call') expect(objections(air, rows, rows, oracles)).toEqual([]);
  }
  expect(imbalance(FP32_ADD_BUS, tables)).toEqual([]);
  expect(imbalance(FP32_ROUND_BUS, tables)).toEqual([]);
  return machine.registers[35]!;
}

const VECTORS = new URL('../../../shared/vectors/testfloat/', import.meta.url);
describe.skipIf(!existsSync(VECTORS))('Berkeley TestFloat 3 (skipped where shared/vectors is absent)', () => {
  const modes = ['near_even', 'minMag', 'min', 'max', 'near_maxMag'];
  const cases = ['add', 'sub'].flatMap((op) => modes.map((name, mode) => [op, name, mode] as const));
  test.each(cases)('f32_%s %s: the traces of one case in 211 are accepted', (op, name, mode) => {
    const lines = gunzipSync(readFileSync(new URL(`f32_${op}.${name}.txt.gz`, VECTORS)))
      .toString()
      .trim()
      .split('\n')
      .filter((_, i) => i % 211 === mode)
      .map((line) => line.split(' ').map((field) => Number.parseInt(field, 16)));
    const last = lines.at(-1)!;
    expect(proven(lines.map(([a, b]) => step(`f${op}.s`, a!, b!, mode)))).toBe(last[2]!);
  });
});

test('any operands in any mode, dynamic included', () => {
  forAll(fc.tuple(f32(), f32(), fc.integer({ min: 0, max: 4 })), ([a, b, mode]) => {
    const value = proven([step('fadd.s', a, b, mode), step('fsub.s', a, b, mode), step('fsub.s', b, a, 7)]);
    expect(value).toBe(wordOf(addFp32(0, true, b, a)));
  });
});

describe('forgeries', () => {
  const air = withService(fp32AddCallAir, FP32_ADD_BUS);
  /** `stepped` makes frm and fflags older than the sources, by their place in the instruction. */
  const one = (each: Step): Rows => {
    const rows = stepped(FP32_ADD_INSTRUCTIONS, CHIPS, [each]).trace(fp32AddCallChip);
    const [frm, fflags] = [cells(air, rows, 'frmAgeLo')[0]!, cells(air, rows, 'fflagsAgeLo')[0]!];
    return withCells(air, rows, 0, {
      frmClk: cells(air, rows, 'frmClk')[0]! + frm,
      frmAgeLo: 0,
      fflagsClk: cells(air, rows, 'fflagsClk')[0]! + fflags,
      fflagsAgeLo: 0,
    });
  };
  const [ONE, TWO, THREE] = [0x3f80_0000, 0x4000_0000, 0x4040_0000];
  const honest = one(step('fadd.s', ONE, TWO, 0));
  const forge = (changes: Record<string, number>): Rows => withCells(air, honest, 0, changes);
  const isSum = ([mode, subtract, aLo, aHi, bLo, bHi, lo, hi, flags]: readonly number[]): boolean =>
    addFp32(mode!, subtract === 1, aHi! * 2 ** 16 + aLo!, bHi! * 2 ** 16 + bLo!) ===
    flags! * 2 ** 32 + hi! * 2 ** 16 + lo!;

  const forgeries: Forgery[] = [
    ...frameForgeries({ air, honest, accesses: { rs1: 0, rs2: 1, rd: 3, frm: 4, fflags: 5 } }),
    { claim: '1 + 2 = 2', honest, forged: forge({ outHi: TWO >>> 16 }), rejectedBy: ['the result is the sum'] },
    {
      claim: '1 + 2 is inexact',
      honest,
      forged: forge({ flags: 1, accrued: 1 }),
      rejectedBy: ['the result is the sum'],
    },
    { claim: 'an exact sum accrues a flag', honest, forged: forge({ accrued: 1 }), rejectedBy: ['the flags accrue'] },
    {
      claim: 'another mode than the instruction has, with the same sum',
      honest,
      forged: forge({ mode: 1 }),
      rejectedBy: ['the mode is that of the instruction or of frm'],
    },
    {
      claim: 'mode 5 is reserved',
      honest,
      forged: forge({ mode: 5 }),
      rejectedBy: ['the mode is that of the instruction or of frm', 'the mode is not reserved'],
    },
    {
      claim: 'an fadd.s is an fsub.s',
      honest,
      forged: forge({ isSub: 1, outHi: 0xbf80 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: '1 + 2 toward zero, which is the same',
      honest,
      forged: forge({ immLo: 1, mode: 1 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: '1 + 3: the other operand',
      honest,
      forged: forge({ rs2Hi: THREE >>> 16, outHi: 0x4080 }),
      rejectedBy: ['rs2 holds the value last written'],
    },
    {
      claim: 'a selector on padding is any value',
      honest: paddingRow(fp32AddCallChip),
      forged: withCells(air, paddingRow(fp32AddCallChip), 0, { isSub: 2 }),
      rejectedBy: ['isSub is a bit'],
    },
  ];

  describeForgeries(air, forgeries, {
    tables: {
      'fp32-add': isSum,
      [FLAGS_BUS.name]: ([before, raised, after]) => after === (before! | raised!),
    },
    neverAlone: {
      ...frameNeverAlone(['rs1', 'rs2', 'rd', 'frm', 'fflags']),
      'the mode is not reserved': 'the program and frm fix the mode, and a reserved one has no honest row',
    },
  });
});
