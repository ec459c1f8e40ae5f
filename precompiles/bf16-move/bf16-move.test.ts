import { expect, test } from 'vitest';
import { findSecondWitness } from '../../test/support/determinism.ts';
import { digestProgram } from '../../test/support/digest-forgeries.ts';
import { describeForgeries, type Forgery, withCells } from '../../test/support/forgery.ts';
import { expectAccepted, fp32FrameForgeries, fp32NeverAlone } from '../../test/support/fp32-frame.ts';
import { forAll, u32 } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { bf16MoveAir } from './air.ts';
import { BF16_MOVE_INSTRUCTIONS } from './execute.ts';
import { bf16MoveChip } from './trace.ts';

const move = (word: number): Step => ({ mnemonic: 'fmv.x.h', fields: { rd: 3, rs1: 1 }, registers: { 33: word } });
const run = (word: number) => stepped(BF16_MOVE_INSTRUCTIONS, [bf16MoveChip], [move(word)]);

test('the low half is sign-extended, boxed or not, and the trace is accepted', () => {
  forAll(u32(), (word) => {
    const { machine, trace } = run(word);
    expect(machine.registers[3]).toBe(Number(BigInt.asUintN(32, BigInt.asIntN(16, BigInt(word)))));
    expectAccepted(bf16MoveChip, trace(bf16MoveChip));
  });
});

const honest = run(0x1234_8001).trace(bf16MoveChip);
const padding = paddingRow(bf16MoveChip);
const forge = (rows: typeof honest, changes: Record<string, number>) => withCells(bf16MoveAir, rows, 0, changes);
const elsewhere = forge(honest, { pc: honest.main[0]![1]! + 8 });
const forgeries: Forgery[] = [
  ...fp32FrameForgeries(bf16MoveAir, honest),
  {
    claim: 'the machine is where the program has another instruction',
    honest: elsewhere,
    forged: elsewhere,
    rejectedBy: ['the program has this instruction'],
  },
  {
    claim: 'the sign is not extended',
    honest,
    forged: forge(honest, { sign: 0 }),
    rejectedBy: ['the sign is the top bit'],
  },
  {
    claim: 'the sign is 2 on padding, of a low limb of 2^16',
    honest: padding,
    forged: forge(padding, { sign: 2, rs1Lo: 2 ** 16 }),
    rejectedBy: ['sign is a bit'],
  },
  {
    claim: 'another half than the register holds',
    honest,
    forged: forge(honest, { rs1Lo: 0x8002 }),
    rejectedBy: ['rs1 holds the value last written'],
  },
];
describeForgeries(bf16MoveAir, forgeries, {
  tables: digestProgram(bf16MoveAir, honest),
  neverAlone: fp32NeverAlone(bf16MoveAir),
});

test('the search finds no second sign, and finds one when a check is deleted', () => {
  const query = { honest, inputs: ['isReal', 'pc', 'clk', 'rs1Lo', 'rs1Hi'], outputs: ['sign'] };
  expect(findSecondWitness(bf16MoveAir, query)).toBeUndefined();
  expect(findSecondWitness(bf16MoveAir, { ...query, without: ['the sign is the top bit'] })).toBeDefined();
});
