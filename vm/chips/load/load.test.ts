import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { describeForgeries, type Forgery, messages, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { loadAir } from './air.ts';
import { LOAD_INSTRUCTIONS } from './execute.ts';
import { loadNarrowAir } from './narrow-air.ts';
import { loaded } from './semantics.ts';
import { loadChip, loadNarrowChip } from './trace.ts';

type Kind = keyof typeof loaded;
const run = (steps: readonly Step[]) => stepped(LOAD_INSTRUCTIONS, [loadChip, loadNarrowChip], steps);
const load = (mnemonic: string, base: number, imm: number, ram: Record<number, number> = {}): Step => ({
  mnemonic,
  fields: { rd: 3, rs1: 1, imm },
  registers: { 1: base },
  ram,
});

describe('known answers of riscv-tests', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv64ui/{lb,lbu,lh,lhu,lw}.S, tests 2 to 5, low 32 bits, with
  // their data: bytes ff 00 f0 0f; halfwords 00ff ff00 0ff0 f00f; words.
  const [BYTES, HALVES_0, HALVES_4] = [0x0ff0_00ff, 0xff00_00ff, 0xf00f_0ff0];
  test.each<[Kind, number, number, number]>([
    ['lb', 0xffffffff, 0, BYTES],
    ['lb', 0x00000000, 1, BYTES],
    ['lb', 0xfffffff0, 2, BYTES],
    ['lb', 0x0000000f, 3, BYTES],
    ['lbu', 0x000000ff, 0, BYTES],
    ['lbu', 0x00000000, 1, BYTES],
    ['lbu', 0x000000f0, 2, BYTES],
    ['lbu', 0x0000000f, 3, BYTES],
    ['lh', 0x000000ff, 0, HALVES_0],
    ['lh', 0xffffff00, 2, HALVES_0],
    ['lh', 0x00000ff0, 4, HALVES_4],
    ['lh', 0xfffff00f, 6, HALVES_4],
    ['lhu', 0x000000ff, 0, HALVES_0],
    ['lhu', 0x0000ff00, 2, HALVES_0],
    ['lhu', 0x00000ff0, 4, HALVES_4],
    ['lhu', 0x0000f00f, 6, HALVES_4],
    ['lw', 0x0ff00ff0, 8, 0x0ff0_0ff0],
  ])('%s gives %i at %i of the word %i', (kind, expected, address, word) => {
    expect(loaded[kind](word, address)).toBe(expected);
  });
});

/** Sign- or zero-extended bytes of a little-endian word. */
const oracle = (kind: Kind, word: number, address: number): number => {
  const bytes = kind === 'lw' ? 4 : kind.startsWith('lh') ? 2 : 1;
  const bits = BigInt(8 * bytes);
  const field = (BigInt(word) / 256n ** BigInt(address % 4)) % 2n ** bits;
  return Number(BigInt.asUintN(32, kind.endsWith('u') ? field : BigInt.asIntN(Number(bits), field)));
};
const aligned = (kind: Kind, address: number): number =>
  address - (address % (kind === 'lw' ? 4 : kind.startsWith('lh') ? 2 : 1));
const KINDS: readonly Kind[] = ['lw', 'lh', 'lhu', 'lb', 'lbu'];

test('an honest trace of any word and address satisfies every constraint, and rd is what the bytes mean', () => {
  const address = fc.integer({ min: 0x2_0000, max: 0x0fff_ffff });
  forAll(
    fc.tuple(u32(), address, fc.integer({ min: -2048, max: 2047 })),
    ([word, any, imm]) => {
      for (const kind of KINDS) {
        const at = aligned(kind, any);
        const { trace, machine } = run([load(kind, (at - imm) >>> 0, imm, { [at >>> 2]: word })]);
        const [air, chip] = kind === 'lw' ? [loadAir, loadChip] : [loadNarrowAir, loadNarrowChip];
        const { main } = trace(chip);
        expect(main.length).toBe(1);
        expect(violations(air, { main: [...main, ...paddingRow(chip).main] })).toEqual([]);
        expect(machine.registers[3]).toBe(oracle(kind, word, at));
      }
    },
    60,
  );
});

describe('executor', () => {
  test('flw loads into an f register', () => {
    const { machine } = run([{ ...load('flw', 0x2_0000, 4, { 32769: 0x7fc0_0001 }) }]);
    expect(machine.registers[32 + 3]).toBe(0x7fc0_0001);
  });

  test('flh loads either half into an f register, and sets the upper one', () => {
    for (const [offset, half] of [
      [0, 0x8001],
      [2, 0x7f80],
    ] as const) {
      const { machine, trace } = run([load('flh', 0x2_0000, offset, { 32768: 0x7f80_8001 })]);
      expect(machine.registers[32 + 3]).toBe(0xffff_0000 + half);
      expect(violations(loadNarrowAir, trace(loadNarrowChip))).toEqual([]);
      expect(messages(loadNarrowAir, trace(loadNarrowChip), 'rd is left with its value')[0]!.slice(1, 4)).toEqual([
        35,
        half,
        0xffff,
      ]);
    }
  });

  test('the address is taken modulo 2^32', () => {
    const { machine, trace } = run([load('lw', 0x2_0010, -16, { 32768: 5 })]);
    expect(machine.registers[3]).toBe(5);
    expect(violations(loadAir, trace(loadChip))).toEqual([]);
  });

  test.each([
    ['lw', 2],
    ['lh', 1],
    ['lhu', 3],
    ['flh', 1],
  ])('%s at an address that is %i mod 4 traps', (kind, offset) => {
    expect(() => run([load(kind, 0x2_0000 + offset, 0)])).toThrow('misaligned-access');
  });

  test('an address from 2^28 on traps', () => {
    expect(() => run([load('lw', 0x1000_0000, 0)])).toThrow('unmapped-access');
  });
});

const UNMAPPED =
  'the word address would be 2^26 or more, or wrap mod p from one where the machine traps: no honest trace has it';

describe('forgeries of lw', () => {
  const forge = (rows: ReturnType<typeof pair>, changes: Record<string, number>, row = 0) =>
    withCells(loadAir, rows, row, changes);
  /** Two loads of equal words that were last accessed at the same time. */
  const pair = (first: [number, number], second: [number, number]) => {
    const words = [first, second].map(([base, imm]) => ((base + imm) >>> 0) >>> 2);
    const ram = Object.fromEntries(words.map((word) => [word, 0xdead_beef]));
    return run([load('lw', ...first, ram), load('lw', ...second)]).trace(loadChip);
  };
  const honest = pair([0x0300_0010, 0], [0x0301_0010, 0]);
  const neighbours = pair([0x0300_0010, 0], [0x0300_0010, 4]);
  const carrying = pair([0x0001_fffc, 8], [0x0300_0010, 0]);
  const wrapping = pair([0x0003_0010, -4], [0x0300_0010, 0]);

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: loadAir, honest, accesses: { rs1: 0, ram: 2, rd: 3 } }),
    {
      claim: 'two loads exchange their addresses, which differ by 2^16',
      honest,
      forged: forge(forge(honest, { addressHi: 0x301 }), { addressHi: 0x300 }, 1),
      rejectedBy: ['the high limbs add up'],
    },
    {
      claim: 'two loads exchange their addresses, which are neighbours',
      honest: neighbours,
      forged: forge(forge(neighbours, { wordLo: 5 }), { wordLo: 4 }, 1),
      rejectedBy: ['the low limbs add up', 'the high limbs add up'],
    },
    {
      claim: 'two loads exchange their immediates and with them their addresses',
      honest: neighbours,
      forged: forge(forge(neighbours, { immLo: 4, wordLo: 5 }), { immLo: 0, wordLo: 4 }, 1),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'the low limb of the address takes over the high one',
      honest: carrying,
      forged: forge(carrying, { wordLo: 2 ** 14 + 1, addressHi: 1 }),
      rejectedBy: ['wordLo is below 2^14'],
    },
    {
      claim: 'the address is 2^32 higher',
      honest: wrapping,
      forged: forge(wrapping, { addressHi: 2 ** 16 + 3 }),
      rejectedBy: ['addressHi is below 2^12', 'ram holds the value last written', 'ram is left with its value'],
    },
    {
      claim: 'another value than the word holds',
      honest,
      forged: forge(honest, { ramLo: 0xbeee }),
      rejectedBy: ['ram holds the value last written'],
    },
  ];
  describeForgeries(loadAir, forgeries, {
    neverAlone: {
      ...frameNeverAlone(['rs1', 'ram', 'rd']),
      'the low limbs add up':
        'a false carry of k 0x7f00 needs a difference of -k, a multiple of 4 only from an address that is none, where ' +
        'the machine traps: no honest trace has it',
      'addressHi is below 2^12': UNMAPPED,
    },
  });
});

describe('forgeries of lh, lhu, lb, lbu and flh', () => {
  const forge = (rows: ReturnType<typeof one>, changes: Record<string, number>, row = 0) =>
    withCells(loadNarrowAir, rows, row, changes);
  const one = (kind: Kind, base: number, imm = 0, word = 0x8070_c0f1) =>
    run([load(kind, base, imm, { [((base + imm) >>> 0) >>> 2]: word })]).trace(loadNarrowChip);
  const padding = paddingRow(loadNarrowChip);
  const unsigned = one('lbu', 0x0300_0011); // 0xc0
  const signed = one('lb', 0x0300_0011); // -64
  const positive = one('lh', 0x0300_0010, 0, 0x0000_1234);
  const unsignedHalf = one('lhu', 0x0300_0010);
  /** The machine asks for just this. */
  const asked = (rows: ReturnType<typeof one>) => ({ honest: rows, forged: rows });
  const carrying = one('lbu', 0x0001_fffc, 9);
  const wrapping = one('lbu', 0x0003_0010, -3);
  const swap = (first: [number, number], second: [number, number]) => {
    const ram = Object.fromEntries([first, second].map(([b, i]) => [((b + i) >>> 0) >>> 2, 0x1234_1234]));
    return run([load('lhu', ...first, ram), load('lhu', ...second)]).trace(loadNarrowChip);
  };
  const farApart = swap([0x0300_0010, 0], [0x0100_0022, -16]);
  const highApart = swap([0x0300_0010, 0], [0x0301_0010, 0]);
  const onPadding = (column: string, changes: Record<string, number>): Forgery => ({
    claim: `${column} is ${changes[column]} on padding`,
    honest: padding,
    forged: forge(padding, changes),
    rejectedBy: [`${column} is a bit`],
  });

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: loadNarrowAir, honest: signed, accesses: { rs1: 0, ram: 2, rd: 3 } }),
    {
      claim: 'the byte 0xc0 is 0xc1',
      honest: unsigned,
      forged: forge(unsigned, { top: 0xc1, outLo: 0xc1 }),
      rejectedBy: ['the bytes make up the limb addressed'],
    },
    {
      claim: 'the byte 0xc0 is 0xc1, and the other byte what is left: 2^8 less',
      honest: unsigned,
      forged: forge(unsigned, { top: 0xc1, other: 0xf1 - 2 ** 8, outLo: 0xc1 }),
      rejectedBy: ['other is below 2^8'],
    },
    {
      claim: 'the byte 0xc0 is -0x40 - 2^8, its sign 1, and the other byte takes over the rest',
      honest: signed,
      forged: forge(signed, { top: 0x140, other: 0xf1 - 2 ** 15, sign: 1, outLo: 0x140 + 0xff00 }),
      rejectedBy: ['other is below 2^8', 'the sign is the top bit'],
    },
    {
      claim: 'the sign of 0xc0 is 0',
      honest: signed,
      forged: forge(signed, { sign: 0, outLo: 0xc0 }),
      rejectedBy: ['the sign is the top bit'],
    },
    {
      claim: 'lbu extends the sign',
      honest: unsigned,
      forged: forge(unsigned, { sign: 1, outLo: 0xffc0 }),
      rejectedBy: ['the sign is a bit, and 0 if unsigned'],
    },
    {
      claim: 'rd receives something else',
      honest: unsigned,
      forged: forge(unsigned, { outLo: 0 }),
      rejectedBy: ['the low limb of rd is the halfword or the extended byte'],
    },
    {
      claim: 'another byte of the word',
      honest: unsigned,
      forged: forge(unsigned, { isOdd: 0, top: 0xf1, other: 0xc0, outLo: 0xf1 }),
      rejectedBy: ['the low limbs add up', 'the high limbs add up'],
    },
    {
      claim: 'an lh is an lhu',
      honest: positive,
      forged: forge(positive, { isUnsigned: 1 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'a byte is loaded for a halfword',
      honest: positive,
      forged: forge(positive, { isHalf: 0, top: 0x34, other: 0x12, outLo: 0x34 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'an unaligned halfword, on padding',
      honest: padding,
      forged: forge(padding, { isHalf: 1, isOdd: 1, rs1Lo: 1 }),
      rejectedBy: ['a halfword is aligned'],
    },
    {
      claim: 'two loads exchange their addresses: differences of 2 are carries of 2 / 2^16 mod p',
      honest: farApart,
      forged: forge(
        forge(farApart, { wordLo: 4, isUpper: 1, addressHi: 0x100 }),
        { wordLo: 4, isUpper: 0, addressHi: 0x300 },
        1,
      ),
      rejectedBy: ['the low limbs add up'],
    },
    {
      claim: 'two loads exchange their addresses, which differ by 2^16',
      honest: highApart,
      forged: forge(forge(highApart, { addressHi: 0x301 }), { addressHi: 0x300 }, 1),
      rejectedBy: ['the high limbs add up'],
    },
    {
      claim: 'the low limb of the address takes over the high one',
      honest: carrying,
      forged: forge(carrying, { wordLo: 2 ** 14 + 1, addressHi: 1 }),
      rejectedBy: ['wordLo is below 2^14'],
    },
    {
      claim: 'the address is 2^32 higher',
      honest: wrapping,
      forged: forge(wrapping, { addressHi: 2 ** 16 + 3 }),
      rejectedBy: ['addressHi is below 2^12', 'ram holds the value last written', 'ram is left with its value'],
    },
    {
      claim: 'an lhu boxes what it loads',
      honest: unsignedHalf,
      forged: forge(unsignedHalf, { isBoxed: 1 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'an instruction whose id is as far above lb as flh above lhu loads a byte',
      ...asked(forge(unsigned, { isBoxed: 1, isUnsigned: 0, isHalf: 0, sign: 1, outLo: 0xffc0 })),
      rejectedBy: ['what is boxed is an unsigned halfword'],
    },
    {
      claim: 'isBoxed is 2 on padding',
      honest: padding,
      forged: forge(padding, { isBoxed: 2, isHalf: 1, isUnsigned: 1 }),
      rejectedBy: ['isBoxed is a bit'],
    },
    onPadding('isHalf', { isHalf: 2 }),
    onPadding('isUnsigned', { isUnsigned: 2 }),
    onPadding('isOdd', { isOdd: -4, wordLo: 1 }),
    onPadding('isUpper', { isUpper: -2, wordLo: 1 }),
  ];
  describeForgeries(loadNarrowAir, forgeries, {
    pastRanges: ['other is below 2^8'],
    neverAlone: { ...frameNeverAlone(['rs1', 'ram', 'rd']), 'addressHi is below 2^12': UNMAPPED },
  });
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const query = {
    honest: run([load('lb', 0x0300_0011, 0, { [0x0300_0010 / 4]: 0x8070_c0f1 })]).trace(loadNarrowChip),
    inputs: [
      'isReal',
      'isHalf',
      'isUnsigned',
      'isBoxed',
      'pc',
      'clk',
      'immLo',
      'immHi',
      'rs1Lo',
      'rs1Hi',
      'ramLo',
      'ramHi',
    ],
    outputs: ['outLo', 'sign', 'wordLo', 'addressHi'],
  };
  expect(findSecondWitness(loadNarrowAir, query)).toBeUndefined();
  for (const name of ['the low limb of rd is the halfword or the extended byte', 'the sign is the top bit']) {
    expect(findSecondWitness(loadNarrowAir, { ...query, without: [name] }), name).toBeDefined();
  }

  const word = {
    honest: run([load('lw', 0x0300_0010, -16, { [0x0300_0000 / 4]: 5 })]).trace(loadChip),
    inputs: ['isReal', 'pc', 'clk', 'immLo', 'immHi', 'rs1Lo', 'rs1Hi'],
    outputs: ['wordLo', 'addressHi'],
  };
  expect(findSecondWitness(loadAir, word)).toBeUndefined();
  expect(findSecondWitness(loadAir, { ...word, without: ['the high limbs add up'] })).toBeDefined();
});
