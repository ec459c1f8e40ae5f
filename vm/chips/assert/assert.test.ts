import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone, swapOperands } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { trapOf } from '../../../test/support/trap.ts';
import { assertAir } from './air.ts';
import { ASSERT_INSTRUCTIONS } from './execute.ts';
import { assertChip } from './trace.ts';

const run = (...steps: Step[]) => stepped(ASSERT_INSTRUCTIONS, [assertChip], steps);
const equal = (a: number, b: number, id = 0): Step => ({
  mnemonic: 'ulp.assert.eq',
  fields: { rs1: 1, rs2: 2, imm: id },
  registers: { 1: a, 2: b },
});

describe('executor', () => {
  test('goes on when both operands are equal', () => {
    const { machine } = run(equal(0xffff_0001, 0xffff_0001));
    expect(machine.pc).toBe(0x1_0004);
  });

  test.each([
    [1, 2],
    [0, 0x8000_0000],
    [0x7f00_0001, 0],
  ])('traps on %i and %i', (a, b) => {
    expect(trapOf(() => run(equal(a, b, 12)))).toMatchObject({
      cause: 'assertion-failed',
      pc: 0x1_0000,
      detail: `assertion 12: ${a} is not ${b}`,
    });
  });
});

test('an honest trace satisfies every constraint, with equal registers and padding too', () => {
  forAll(u32(), (a) => {
    const same: Step = { mnemonic: 'ulp.assert.eq', fields: { rs1: 3, rs2: 3 }, registers: { 3: a } };
    const { main } = run(equal(a, a), same).trace(assertChip);
    expect(violations(assertAir, { main: [...main, ...paddingRow(assertChip).main] })).toEqual([]);
  });
});

const honest = run(equal(0x0001_0002, 0x0001_0002)).trace(assertChip);
const forgeries: Forgery[] = [
  ...frameForgeries({ air: assertAir, honest, accesses: { rs1: 0, rs2: 1 } }),
  {
    claim: 'other operands than the registers hold: equal ones',
    honest,
    forged: withCells(assertAir, honest, 0, { rs1Lo: 3 }),
    rejectedBy: ['rs1 holds the value last written', 'rs2 holds the value last written'],
  },
  {
    claim: 'another instruction is an assertion',
    honest,
    forged: withCells(assertAir, honest, 0, { pc: 0x1_0004 }),
    rejectedBy: ['the machine is at this instruction', 'the program has this instruction'],
  },
  {
    claim: 'the operands are swapped: the program has another instruction',
    honest,
    forged: swapOperands(assertAir, honest),
    rejectedBy: ['the program has this instruction'],
  },
];
describeForgeries(assertAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rs2']) });
