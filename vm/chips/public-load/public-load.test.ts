import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { addressForgeries } from '../../../test/support/address-forgeries.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { trapOf } from '../../../test/support/trap.ts';
import { publicLoadAir } from './air.ts';
import { PUBLIC_LOAD_INSTRUCTIONS } from './execute.ts';
import { publicLoadChip } from './trace.ts';

const publicInput = Uint32Array.of(0x0001_0002, 0x8003_0004, 5);
const run = (...steps: Step[]) => stepped(PUBLIC_LOAD_INSTRUCTIONS, [publicLoadChip], steps, { publicInput });
/** ulp.pub.w x3, imm(x1) */
const load = (base: number, imm = 0): Step => ({
  mnemonic: 'ulp.pub.w',
  fields: { rd: 3, rs1: 1, imm },
  registers: { 1: base },
});

describe('executor', () => {
  test('loads words by byte address', () => {
    for (const [i, word] of publicInput.entries()) expect(run(load(4 * i)).machine.registers[3]).toBe(word);
    expect(run(load(0xffff_fffc, 8)).machine.registers[3]).toBe(publicInput[1]);
  });

  test.each([
    [1, 'misaligned-access'],
    [6, 'misaligned-access'],
    [12, 'public-input-out-of-range'],
    [0xffff_fffc, 'public-input-out-of-range'],
  ])('traps on address %i: %s', (base, cause) => expect(trapOf(() => run(load(base)))?.cause).toBe(cause));
});

test('an honest trace satisfies every constraint, with wrapping addresses, rd = rs1, x0 and padding too', () => {
  forAll(fc.tuple(fc.integer({ min: 0, max: 2 }), fc.integer({ min: -2048, max: 2047 }), u32()), ([i, imm, old]) => {
    const base = (4 * i - imm) >>> 0;
    const { main } = run(
      { ...load(base, imm), registers: { 1: base, 3: old } },
      { ...load(base, imm), fields: { rd: 0, rs1: 1, imm } },
      { ...load(base, imm), fields: { rd: 1, rs1: 1, imm } },
    ).trace(publicLoadChip);
    expect(violations(publicLoadAir, { main: [...main, ...paddingRow(publicLoadChip).main] })).toEqual([]);
  });
});

const WORD = 'the word is in the public input';
const PROGRAM = 'the program has this instruction';
const plain = run(load(0)).trace(publicLoadChip);
const wrapping = run(load(0xffff_fffc, 4)).trace(publicLoadChip);
const forge = (changes: Record<string, number>) => withCells(publicLoadAir, plain, 0, changes);

const forgeries: Forgery[] = [
  ...frameForgeries({ air: publicLoadAir, honest: plain, accesses: { rs1: 0, rd: 3 } }),
  ...addressForgeries({
    air: publicLoadAir,
    plain,
    wrapping,
    step: 4,
    stepped: { indexLo: 1 },
    part: { name: 'indexLo', bits: 14 },
  }),
  {
    claim: 'another word than the public input has',
    honest: plain,
    forged: forge({ valueLo: 3 }),
    rejectedBy: [WORD],
  },
  {
    claim: 'a word past the end of the public input is 0',
    honest: plain,
    forged: forge({ rs1Lo: 12, indexLo: 3, valueLo: 0, valueHi: 0 }),
    rejectedBy: [WORD, 'rs1 holds the value last written'],
  },
  {
    claim: 'a misaligned address: word 1/2',
    honest: plain,
    forged: forge({ rs1Lo: 2, indexLo: inverse(felt(2)) }),
    rejectedBy: ['indexLo is below 2^14', WORD, 'rs1 holds the value last written'],
  },
  {
    claim: 'another immediate than the program has',
    honest: run(load(0), load(4)).trace(publicLoadChip),
    forged: withCells(publicLoadAir, run(load(0), load(4)).trace(publicLoadChip), 0, {
      immLo: 4,
      indexLo: 1,
      valueLo: 4,
      valueHi: 0x8003,
    }),
    rejectedBy: [PROGRAM],
  },
];
describeForgeries(publicLoadAir, forgeries, { neverAlone: frameNeverAlone(['rs1', 'rd']) });

test('the search finds no second address, and finds one when a check is deleted', () => {
  const query = {
    honest: wrapping,
    inputs: ['isReal', 'pc', 'clk', 'immLo', 'immHi', 'rs1Lo', 'rs1Hi'],
    outputs: ['indexLo', 'addressHi'],
    tables: { 'public-input': () => true },
  };
  expect(findSecondWitness(publicLoadAir, query)).toBeUndefined();
  for (const name of ['the low limb of the address adds up', 'the high limb of the address adds up']) {
    expect(findSecondWitness(publicLoadAir, { ...query, without: [name] }), name).toBeDefined();
  }
});
