/** What the tests of the adapters of binary32 services share: accepted steps, and the forgeries of an adapter. */
import { expect } from 'vitest';
import { imbalance } from '../../kit/balance.ts';
import { paddingRow, type Step, stepped } from '../../kit/step.ts';
import { FP32_ROUND_BUS } from '../../precompiles/fp32-round/bus.ts';
import { fp32RoundChip } from '../../precompiles/fp32-round/trace.ts';
import { fp32SpecialChip } from '../../precompiles/fp32-special/trace.ts';
import type { Air } from '../../stark/air/air.ts';
import type { Bus } from '../../stark/air/bus.ts';
import { type Rows, violations } from '../../stark/air/check.ts';
import { FLAGS_BUS } from '../../vm/chips/csr/flags-table.ts';
import type { Instruction } from '../../vm/executor/instruction.ts';
import { cells, type Forgery, type ForgeryOptions, objections, withCells } from './forgery.ts';
import { FP32_TABLES, type RecordedChip } from './fp32.ts';
import { withService } from './fp32-forger.ts';
import { fp32FrameForgeries, fp32NeverAlone } from './fp32-frame.ts';

/** An adapter with the chip of its service. */
export interface Call {
  readonly call: RecordedChip;
  readonly service: RecordedChip;
  readonly bus: Bus;
  readonly instructions: readonly Instruction[];
}

const FD = 35;
const FFLAGS = 66;

/** fd = f3 of f1, f2, f4, in a mode; with no flags before. */
export const callStep = (mnemonic: string, rm: number, a: number, b = 0, c = 0): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, rs2: 2, rs3: 4, rm },
  registers: { 33: a, 34: b, 36: c, [FFLAGS]: 0 },
});

/**
 * Runs the step; expects all traces to be accepted and to agree with one another, and fd and fflags to be `expected`.
 */
export function expectProven(
  { call, service, bus, instructions }: Call,
  step: Step,
  expected: readonly [number, number],
): void {
  const chips = [call, service, fp32SpecialChip, fp32RoundChip];
  const { machine, trace } = stepped(instructions, chips, [step]);
  const tables = chips.map((chip): [Air, Rows] => [
    chip.air,
    { main: [...trace(chip).main, ...paddingRow(chip).main] },
  ]);
  for (const [air, rows] of tables) {
    expect(violations(air, rows), air.name).toEqual([]);
    if (air !== call.air) expect(objections(air, rows, rows, FP32_TABLES), air.name).toEqual([]);
  }
  for (const each of [bus, FP32_ROUND_BUS]) expect(imbalance(each, tables), each.name).toEqual([]);
  expect([machine.registers[FD]!, machine.registers[FFLAGS]!]).toEqual(expected);
}

/**
 * The forgeries of an adapter for `describeForgeries`: those of the frame, and results that the service does not give.
 * `step` is exact in mode RNE; `isAnswer` says whether the service gives a tuple, `request` is the name of its use.
 */
export function callForgeries(
  { call, service, bus, instructions }: Call,
  step: Step,
  request: string,
  isAnswer: (tuple: readonly number[]) => boolean,
  more: (honest: Rows) => readonly Forgery[] = () => [],
): { air: Air; forgeries: Forgery[]; options: ForgeryOptions } {
  const air = withService(call.air, bus);
  const traced = stepped(instructions, [call, service, fp32SpecialChip, fp32RoundChip], [step]).trace(call);
  // frm and fflags are made older than the sources, by their place in the instruction.
  const [frm, fflags] = [cells(air, traced, 'frmAgeLo')[0]!, cells(air, traced, 'fflagsAgeLo')[0]!];
  const honest = withCells(air, traced, 0, {
    frmClk: cells(air, traced, 'frmClk')[0]! + frm,
    frmAgeLo: 0,
    fflagsClk: cells(air, traced, 'fflagsClk')[0]! + fflags,
    fflagsAgeLo: 0,
  });
  const lie = (claim: string, changes: Record<string, number>): Forgery => ({
    claim,
    honest,
    forged: withCells(air, honest, 0, changes),
    rejectedBy: [request],
  });
  return {
    air,
    forgeries: [
      ...fp32FrameForgeries(air, honest),
      lie('another low limb', { outLo: cells(air, honest, 'outLo')[0]! ^ 1 }),
      lie('another sign', { outHi: cells(air, honest, 'outHi')[0]! ^ 0x8000 }),
      lie('an exact result is inexact', { flags: 1, accrued: 1 }),
      {
        claim: 'toward zero, which is the same',
        honest,
        forged: withCells(air, honest, 0, { immLo: 1, mode: 1 }),
        rejectedBy: ['the program has this instruction'],
      },
      ...more(honest),
    ],
    options: {
      tables: { [bus.name]: isAnswer, [FLAGS_BUS.name]: ([before, raised, after]) => after === (before! | raised!) },
      neverAlone: fp32NeverAlone(air),
    },
  };
}
