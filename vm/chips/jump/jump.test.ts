import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { RAM_END, TEXT_BASE } from '../../space.ts';
import { jumpAir } from './air.ts';
import { JUMP_INSTRUCTIONS } from './execute.ts';
import { jumpTarget } from './semantics.ts';
import { jumpChip } from './trace.ts';

const run = (steps: readonly Step[]) => stepped(JUMP_INSTRUCTIONS, [jumpChip], steps);
const jalr = (base: number, imm: number, pc = TEXT_BASE): Step => ({
  mnemonic: 'jalr',
  fields: { rd: 1, rs1: 2, imm },
  registers: { 2: base },
  pc,
});
const ONWARD = 'the machine goes on to the next instruction';

describe('known answers', () => {
  // RISC-V Unprivileged ISA 2.5.1: the sum with its least significant bit set to zero.
  test.each([
    [0x0001_0000, 0x0001_0000, 0],
    [0x0001_0000, 0x0001_0001, 0],
    [0x0001_0004, 0x0001_0000, 5],
    [0x0000_fffc, 0x0001_0000, 0xffff_fffd],
    [0x0000_0000, 0xffff_ffff, 1],
  ])('%i from %i + %i', (target, base, imm) => expect(jumpTarget(base, imm)).toBe(target));
});

test('an honest trace of any target below 2^28 satisfies every constraint; link and next pc are right', () => {
  const address = fc.integer({ min: 0, max: RAM_END - 1 });
  const pc = fc.integer({ min: TEXT_BASE / 4, max: RAM_END / 4 - 2 }).map((word) => word * 4);
  forAll(fc.tuple(address, fc.integer({ min: -2048, max: 2047 }), pc), ([sum, imm, at]) => {
    const base = Number(BigInt.asUintN(32, BigInt(sum) - BigInt(imm)));
    const { trace, machine } = run([jalr(base, imm, at)]);
    const rows = trace(jumpChip);
    expect(violations(jumpAir, { main: [...rows.main, ...paddingRow(jumpChip).main] })).toEqual([]);
    expect(messages(jumpAir, rows, ONWARD)[0]![0]).toBe(sum - (sum % 2));
    expect([machine.pc, machine.registers[1]]).toEqual([sum - (sum % 2), at + 4]);
    const [, , lo, hi] = messages(jumpAir, rows, 'rd is left with its value')[0]!;
    expect(lo! + 2 ** 16 * hi!).toBe(at + 4);
  });
});

test('rd = rs1 jumps to the old value and keeps the link', () => {
  const { trace, machine } = run([{ mnemonic: 'jalr', fields: { rd: 2, rs1: 2 }, registers: { 2: 0x0001_0040 } }]);
  expect([machine.pc, machine.registers[2]]).toEqual([0x0001_0040, TEXT_BASE + 4]);
  expect(violations(jumpAir, trace(jumpChip))).toEqual([]);
});

describe('forgeries', () => {
  const one = (base: number, imm: number) => run([jalr(base, imm)]).trace(jumpChip);
  const forge = (rows: ReturnType<typeof one>, changes: Record<string, number>) => withCells(jumpAir, rows, 0, changes);
  const honest = one(0x0300_0010, 0);
  const wrapping = one(0x0002_0010, -4);
  const carrying = one(0x0001_fffc, 8);

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: jumpAir, honest, accesses: { rs1: 0, rd: 3 } }),
    {
      claim: 'the target is 2^25 lower: the difference of -2 is the carry -2 / 2^16 = 0xfe00 mod p of the high limbs',
      honest,
      forged: forge(honest, { half: 9, high: 0x100 }),
      rejectedBy: ['the low limbs add up'],
    },
    {
      claim: 'the target is 2^16 higher',
      honest,
      forged: forge(honest, { high: 0x301 }),
      rejectedBy: ['the high limbs add up'],
    },
    {
      claim: 'bit 0 is 4: the target is one instruction earlier',
      honest,
      forged: forge(honest, { half: 6, bit0: 4 }),
      rejectedBy: ['bit0 is a bit'],
    },
    {
      claim: 'the low limb of the target takes over the high one',
      honest: carrying,
      forged: forge(carrying, { half: 0x8002, high: 1 }),
      rejectedBy: ['half is below 2^15'],
    },
    {
      claim: 'the target is 2^32 higher and wraps mod p',
      honest: wrapping,
      forged: forge(wrapping, { high: 2 ** 16 + 2 }),
      rejectedBy: ['high is below 2^12'],
    },
    {
      claim: 'another immediate than the program has',
      honest,
      forged: forge(honest, { immLo: 4, half: 10 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'a link that is split otherwise: 2^16 less in the low limb',
      honest,
      forged: forge(honest, { linkLo: 4 - 2 ** 16 }),
      rejectedBy: ['the program has this instruction'],
    },
  ];
  describeForgeries(jumpAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rd']) });
});

test('the search finds no second target, and finds one when a check is deleted', () => {
  const query = {
    honest: run([jalr(0x0002_0010, -4)]).trace(jumpChip),
    inputs: ['isReal', 'pc', 'clk', 'immLo', 'immHi', 'linkLo', 'rs1Lo', 'rs1Hi'],
    outputs: ['half', 'high', 'bit0'],
  };
  expect(findSecondWitness(jumpAir, query)).toBeUndefined();
  for (const name of ['the high limbs add up']) {
    expect(findSecondWitness(jumpAir, { ...query, without: [name] }), name).toBeDefined();
  }
});
