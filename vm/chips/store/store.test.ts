import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { felt, inverse } from '../../../stark/field/koala-bear.ts';
import { findSecondWitness } from '../../../test/support/determinism.ts';
import { describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { frameForgeries, frameNeverAlone } from '../../../test/support/frame-forgeries.ts';
import { forAll, u32 } from '../../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../../test/support/step.ts';
import { storeAir } from './air.ts';
import { STORE_INSTRUCTIONS } from './execute.ts';
import { storeNarrowAir } from './narrow-air.ts';
import { stored } from './semantics.ts';
import { storeChip, storeNarrowChip } from './trace.ts';

type Kind = keyof typeof stored;
const run = (steps: readonly Step[]) => stepped(STORE_INSTRUCTIONS, [storeChip, storeNarrowChip], steps);
const store = (mnemonic: string, base: number, imm: number, value: number, ram: Record<number, number> = {}): Step => ({
  mnemonic,
  fields: { rs1: 1, rs2: 2, imm },
  registers: { 1: base, 2: value },
  ram,
});

describe('known answers of riscv-tests', () => {
  // https://github.com/riscv-software-src/riscv-tests isa/rv64ui/{sb,sh,sw}.S, tests 2 to 5: the word read back.
  test.each<[Kind, number, number, number, number]>([
    ['sb', 0xefefefaa, 0xefefefef, 0xffffffaa, 0],
    ['sb', 0xefef00aa, 0xefefefaa, 0x00000000, 1],
    ['sb', 0xefa000aa, 0xefef00aa, 0xffffefa0, 2],
    ['sb', 0x0aa000aa, 0xefa000aa, 0x0000000a, 3],
    ['sh', 0xbeef00aa, 0xbeefbeef, 0x000000aa, 0],
    ['sh', 0xaa0000aa, 0xbeef00aa, 0xffffaa00, 2],
    ['sh', 0xbeef0aa0, 0xbeefbeef, 0xbeef0aa0, 4],
    ['sh', 0xa00a0aa0, 0xbeef0aa0, 0xffffa00a, 6],
    ['sw', 0x00aa00aa, 0xdeadbeef, 0x00aa00aa, 0],
  ])('%s leaves %i of %i with %i at %i', (kind, after, before, value, address) => {
    expect(stored[kind](before, value, address)).toBe(after);
  });
});

/** The word as four bytes, of which some are replaced. */
const oracle = (kind: Kind, before: number, value: number, address: number): number => {
  const bytes = kind === 'sw' ? 4 : kind === 'sh' ? 2 : 1;
  const digits = [0n, 1n, 2n, 3n].map((i) => (BigInt(before) / 256n ** i) % 256n);
  for (let i = 0; i < bytes; i++) digits[(address % 4) + i] = (BigInt(value) / 256n ** BigInt(i)) % 256n;
  return Number(digits.reduce((word, digit, i) => word + digit * 256n ** BigInt(i), 0n));
};
const KINDS: readonly Kind[] = ['sw', 'sh', 'sb'];

test('an honest trace of any words and address satisfies every constraint, and RAM holds what the bytes mean', () => {
  const address = fc.integer({ min: 0x2_0000, max: 0x0fff_ffff });
  forAll(
    fc.tuple(u32(), u32(), address, fc.integer({ min: -2048, max: 2047 })),
    ([before, value, any, imm]) => {
      for (const kind of KINDS) {
        const at = any - (any % (kind === 'sw' ? 4 : kind === 'sh' ? 2 : 1));
        const { trace, machine } = run([store(kind, (at - imm) >>> 0, imm, value, { [at >>> 2]: before })]);
        const [air, chip] = kind === 'sw' ? [storeAir, storeChip] : [storeNarrowAir, storeNarrowChip];
        const { main } = trace(chip);
        expect(main.length).toBe(1);
        expect(violations(air, { main: [...main, ...paddingRow(chip).main] })).toEqual([]);
        expect(machine.ram.read(at >>> 2)).toBe(oracle(kind, before, value, at));
      }
    },
    60,
  );
});

describe('executor', () => {
  test('fsh stores the low half of an f register, boxed or not', () => {
    const step = { ...store('fsh', 0x2_0000, 2, 0), registers: { 1: 0x2_0000, 34: 0x1234_3f80 } };
    const { machine } = run([{ ...step, ram: { 32768: 0x7777_5555 } }]);
    expect(machine.ram.read(32768)).toBe(0x3f80_5555);
  });

  test('fsw stores an f register', () => {
    const step = { ...store('fsw', 0x2_0000, 4, 0), registers: { 1: 0x2_0000, 34: 0x7fc0_0001 } };
    expect(run([step]).machine.ram.read(0x8001)).toBe(0x7fc0_0001);
  });

  test.each([
    ['sw', 2],
    ['sh', 1],
  ])('%s at an address that is %i mod 4 traps', (kind, offset) => {
    expect(() => run([store(kind, 0x2_0000 + offset, 0, 0)])).toThrow('misaligned-access');
  });
});

const UNMAPPED =
  'the word address would be 2^26 or more, or wrap mod p from one where the machine traps: no honest trace has it';

describe('forgeries of sw', () => {
  const forge = (rows: ReturnType<typeof pair>, changes: Record<string, number>, row = 0) =>
    withCells(storeAir, rows, row, changes);
  /** Two stores to equal words that were last accessed at the same time. */
  const pair = (first: [number, number], second: [number, number]) => {
    const ram = Object.fromEntries([first, second].map(([b, i]) => [((b + i) >>> 0) >>> 2, 0xdead_beef]));
    return run([store('sw', ...first, 7, ram), store('sw', ...second, 7)]).trace(storeChip);
  };
  const honest = pair([0x0300_0010, 0], [0x0301_0010, 0]);
  const neighbours = pair([0x0300_0010, 0], [0x0300_0010, 4]);
  const carrying = pair([0x0001_fffc, 8], [0x0300_0010, 0]);
  const wrapping = pair([0x0003_0010, -4], [0x0300_0010, 0]);

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: storeAir, honest, accesses: { rs1: 0, rs2: 1, ram: 2 } }),
    {
      claim: 'two stores exchange their addresses, which differ by 2^16',
      honest,
      forged: forge(forge(honest, { addressHi: 0x301 }), { addressHi: 0x300 }, 1),
      rejectedBy: ['the high limbs add up'],
    },
    {
      claim: 'two stores exchange their addresses, which are neighbours',
      honest: neighbours,
      forged: forge(forge(neighbours, { wordLo: 5 }), { wordLo: 4 }, 1),
      rejectedBy: ['the low limbs add up', 'the high limbs add up'],
    },
    {
      claim: 'two stores exchange their immediates and with them their addresses',
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
      claim: 'another value than rs2 is stored',
      honest,
      forged: forge(honest, { rs2Lo: 8 }),
      rejectedBy: ['rs2 holds the value last written'],
    },
  ];
  describeForgeries(storeAir, forgeries, {
    neverAlone: {
      ...frameNeverAlone(['rs1', 'rs2', 'ram']),
      'the low limbs add up':
        'a false carry of k 0x7f00 needs a difference of -k, a multiple of 4 only from an address that is none, where ' +
        'the machine traps: no honest trace has it',
      'addressHi is below 2^12': UNMAPPED,
    },
  });
});

describe('forgeries of sh and sb', () => {
  const forge = (rows: ReturnType<typeof one>, changes: Record<string, number>, row = 0) =>
    withCells(storeNarrowAir, rows, row, changes);
  const one = (kind: Kind, base: number, imm: number, value: number, word = 0x8070_c0f1) =>
    run([store(kind, base, imm, value, { [((base + imm) >>> 0) >>> 2]: word })]).trace(storeNarrowChip);
  const padding = paddingRow(storeNarrowChip);
  const even = one('sb', 0x0300_0010, 0, 0x1234); // 0xc0f1 becomes 0xc034
  const half = one('sh', 0x0300_0010, 0, 0xc034);
  const carrying = one('sb', 0x0001_fffc, 8, 1);
  const wrapping = one('sb', 0x0003_0010, -4, 1);
  const swap = (first: [number, number], second: [number, number]) => {
    const ram = Object.fromEntries([first, second].map(([b, i]) => [((b + i) >>> 0) >>> 2, 0x1234_1234]));
    return run([store('sh', ...first, 0x1234, ram), store('sh', ...second, 0x1234)]).trace(storeNarrowChip);
  };
  const farApart = swap([0x0300_0010, 0], [0x0100_0022, -16]);
  const highApart = swap([0x0300_0010, 0], [0x0301_0010, 0]);
  const quotient = inverse(felt(2 ** 8));
  const onPadding = (column: string, changes: Record<string, number>): Forgery => ({
    claim: `${column} is ${changes[column]} on padding`,
    honest: padding,
    forged: forge(padding, changes),
    rejectedBy: [`${column} is a bit`],
  });

  const forgeries: Forgery[] = [
    ...frameForgeries({ air: storeNarrowAir, honest: even, accesses: { rs1: 0, rs2: 1, ram: 2 } }),
    {
      claim: 'the low byte of 0x1234 is 0x35, and the high one what is left: a quotient',
      honest: even,
      forged: forge(even, { byte: 0x35, newLo: 0xc035 }),
      rejectedBy: ['the rest of the low limb of rs2 is a byte'],
    },
    {
      claim: 'the low byte of 0x1234 is 0x134',
      honest: even,
      forged: forge(even, { byte: 0x134, newLo: 0xc134 }),
      rejectedBy: ['byte is below 2^8'],
    },
    {
      claim: 'the old byte 0xf1 is 0xf2',
      honest: even,
      forged: forge(even, { replaced: 0xf2, newLo: 0xc033 }),
      rejectedBy: ['the old bytes make up the limb addressed'],
    },
    {
      claim: 'the old byte 0xf1 is 0xf2, and the other one what is left: a quotient',
      honest: even,
      forged: forge(even, { replaced: 0xf2, kept: 0xc0 - quotient, newLo: 0xc033 }),
      rejectedBy: ['kept is below 2^8'],
    },
    {
      claim: 'the old byte takes over from the one kept, which the store then changes',
      honest: even,
      forged: forge(even, { replaced: 0x1f1, kept: 0xbf, newLo: 0xbf34 }),
      rejectedBy: ['replaced is below 2^8'],
    },
    {
      claim: 'the limb addressed receives something else',
      honest: even,
      forged: forge(even, { newLo: 0 }),
      rejectedBy: ['the low limb changes only if addressed'],
    },
    {
      claim: 'the limb that is not addressed changes',
      honest: even,
      forged: forge(even, { newHi: 0x34 }),
      rejectedBy: ['the high limb changes only if addressed'],
    },
    {
      claim: 'a byte is stored for a halfword',
      honest: half,
      forged: forge(half, { isHalf: 0 }),
      rejectedBy: ['the program has this instruction'],
    },
    {
      claim: 'an unaligned halfword, on padding',
      honest: padding,
      forged: forge(padding, { isHalf: 1, isOdd: 1, rs1Lo: 1 }),
      rejectedBy: ['a halfword is aligned'],
    },
    {
      claim: 'two stores exchange their addresses: differences of 2 are carries of 2 / 2^16 mod p',
      honest: farApart,
      forged: forge(
        forge(farApart, { wordLo: 4, isUpper: 1, addressHi: 0x100 }),
        { wordLo: 4, isUpper: 0, addressHi: 0x300 },
        1,
      ),
      rejectedBy: ['the low limbs add up'],
    },
    {
      claim: 'two stores exchange their addresses, which differ by 2^16',
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
    onPadding('isHalf', { isHalf: 2 }),
    onPadding('isOdd', { isOdd: -4, wordLo: 1 }),
    onPadding('isUpper', { isUpper: -2, wordLo: 1 }),
  ];
  describeForgeries(storeNarrowAir, forgeries, {
    neverAlone: { ...frameNeverAlone(['rs1', 'rs2', 'ram']), 'addressHi is below 2^12': UNMAPPED },
  });
});

test('the search finds no second result, and finds one when a check is deleted', () => {
  const query = {
    honest: run([store('sb', 0x0300_0011, 0, 0x1234, { [0x0300_0010 / 4]: 0x8070_c0f1 })]).trace(storeNarrowChip),
    inputs: ['isReal', 'isHalf', 'pc', 'clk', 'immLo', 'immHi', 'rs1Lo', 'rs1Hi', 'rs2Lo', 'rs2Hi', 'ramLo', 'ramHi'],
    outputs: ['newLo', 'newHi', 'wordLo', 'addressHi'],
  };
  expect(findSecondWitness(storeNarrowAir, query)).toBeUndefined();
  for (const name of ['the low limb changes only if addressed', 'the rest of the low limb of rs2 is a byte']) {
    expect(findSecondWitness(storeNarrowAir, { ...query, without: [name] }), name).toBeDefined();
  }

  const word = {
    honest: run([store('sw', 0x0300_0010, -16, 7, { [0x0300_0000 / 4]: 5 })]).trace(storeChip),
    inputs: ['isReal', 'pc', 'clk', 'immLo', 'immHi', 'rs1Lo', 'rs1Hi'],
    outputs: ['wordLo', 'addressHi'],
  };
  expect(findSecondWitness(storeAir, word)).toBeUndefined();
  expect(findSecondWitness(storeAir, { ...word, without: ['the high limbs add up'] })).toBeDefined();
});
