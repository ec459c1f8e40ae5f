import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { TEXT_BASE } from '../../space.ts';
import { upperAir } from './air.ts';
import { UPPER_INSTRUCTIONS } from './execute.ts';
import { auipcResult, linkOf, luiResult } from './semantics.ts';
import { upperChip } from './trace.ts';

const run = (steps: readonly Step[]) => stepped(UPPER_INSTRUCTIONS, [upperChip], steps);
const PROGRAM = 'the program has this instruction';

describe('known answers', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv64ui/{lui,auipc}.S; the immediates times 4096.
  test.each([
    [0x00000000, 0x00000000],
    [0xfffff800, 0xfffff000],
    [0x000007ff, 0x7ffff000],
    [0xfffff800, 0x80000000],
  ])('lui then shifted right by 1 or 20 gives %i', (expected, imm) => {
    const shift = imm === 0x7ffff000 || imm === 0x80000000 ? 20 : 1;
    expect(((luiResult(imm | 0) | 0) >> shift) >>> 0).toBe(expected);
  });

  test('auipc 10000 and -10000 pages from 0x80001000', () => {
    expect(auipcResult(10000 * 4096, 0x8000_1000)).toBe(0x8271_1000);
    expect(auipcResult(-10000 * 4096, 0x8000_1000)).toBe(0x7d8f_1000);
  });

  test('the link is the address after the jump', () => expect(linkOf(0x0001_0ffc)).toBe(0x0001_1000));
});

test('lui, auipc, jal and fence of any immediate: trace, result and next pc', () => {
  const upper = fc.integer({ min: -(2 ** 19), max: 2 ** 19 - 1 }).map((pages) => pages * 4096);
  forAll(
    fc.tuple(
      upper,
      fc.integer({ min: -16384, max: 2 ** 19 }).map((half) => half * 2),
    ),
    ([imm, offset]) => {
      const { trace, machine } = run([
        { mnemonic: 'lui', fields: { rd: 5, imm } },
        { mnemonic: 'auipc', fields: { rd: 6, imm } },
        { mnemonic: 'fence', fields: { rd: 7, imm: 0xff } },
        { mnemonic: 'jal', fields: { rd: 1, imm: offset } },
      ]);
      const rows = trace(upperChip);
      expect(violations(upperAir, { main: [...rows.main, ...paddingRow(upperChip).main] })).toEqual([]);
      const expected = [BigInt(imm), BigInt(imm) + BigInt(TEXT_BASE + 4), BigInt(TEXT_BASE + 16)];
      expect([5, 6, 1].map((r) => machine.registers[r])).toEqual(expected.map((v) => Number(BigInt.asUintN(32, v))));
      expect(machine.registers[7]).toBe(0);
      expect(machine.pc).toBe(TEXT_BASE + 12 + offset);
      const onward = messages(upperAir, rows, 'the machine goes on to the next instruction').map(
        ([pc]) => pc! - TEXT_BASE,
      );
      expect(onward).toEqual([4, 8, 12, 12 + offset]);
    },
    50,
  );
});

describe('forgeries', () => {
  const honest = run([{ mnemonic: 'jal', fields: { rd: 1, imm: 64 } }]).trace(upperChip);
  const forge = (changes: Record<string, number>) => withCells(upperAir, honest, 0, changes);
  const forgeries: Forgery[] = [
    ...frameForgeries({ air: upperAir, honest, accesses: { rd: 3 } }),
    { claim: 'jal goes elsewhere', honest, forged: forge({ target: TEXT_BASE }), rejectedBy: [PROGRAM] },
    { claim: 'jal leaves another link', honest, forged: forge({ immLo: 8 }), rejectedBy: [PROGRAM] },
    {
      claim: 'the link is out of range, the same mod p',
      honest,
      forged: forge({ immLo: 4 - 2 ** 16, immHi: 2 }),
      rejectedBy: [PROGRAM],
    },
  ];
  describeForgeries(upperAir, forgeries, { neverAlone: frameNeverAlone(['rd']) });
});
