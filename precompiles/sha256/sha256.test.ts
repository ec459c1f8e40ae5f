import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { lookupLayout } from '../../stark/logup/layout.ts';
import { imbalance } from '../../test/support/balance.ts';
import { forAll, u32 } from '../../test/support/property.ts';
import { type Step, stepped } from '../../test/support/step.ts';
import { trapOf } from '../../test/support/trap.ts';
import { SHA256_MESSAGE_BUS, SHA256_ROUND_BUS, SHA256_STATE_BUS } from './bus.ts';
import { sha256CallChip } from './call/trace.ts';
import { SHA256_INSTRUCTIONS } from './execute.ts';
import { sha256RoundsChip } from './rounds/trace.ts';
import { sha256ScheduleChip } from './schedule/trace.ts';
import { compress } from './semantics.ts';

/** FIPS 180-4, 5.3.3. */
const INITIAL = [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];
const CHIPS = [sha256CallChip, sha256ScheduleChip, sha256RoundsChip];
const BUSES = [SHA256_MESSAGE_BUS, SHA256_ROUND_BUS, SHA256_STATE_BUS];
const [STATE, MESSAGE] = [0x0002_0000, 0x0002_0100];

const words = (address: number, values: readonly number[]): Record<number, number> =>
  Object.fromEntries(values.map((value, i) => [address / 4 + i, value]));
const call = (state: readonly number[], message: readonly number[]): Step => ({
  mnemonic: 'sha256.compress',
  fields: { rs1: 1, rs2: 2 },
  registers: { 1: STATE, 2: MESSAGE },
  ram: { ...words(MESSAGE, message), ...words(STATE, state) },
});
const run = (...steps: Step[]) => stepped(SHA256_INSTRUCTIONS, [sha256CallChip], steps);

/** The blocks of a message with its padding, FIPS 180-4, 5.1.1. */
function blocksOf(message: Uint8Array): number[][] {
  const numBlocks = Math.ceil((message.length + 9) / 64);
  const padded = new Uint8Array(numBlocks * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, message.length * 8);
  return Array.from({ length: numBlocks }, (_, block) =>
    Array.from({ length: 16 }, (_, i) => view.getUint32(64 * block + 4 * i)),
  );
}
const hashed = (message: Uint8Array): string => {
  const state = blocksOf(message).reduce<ArrayLike<number>>(compress, INITIAL);
  return Array.from(state, (word) => word.toString(16).padStart(8, '0')).join('');
};

test.each([
  ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
  ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
  [
    'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
    '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
  ],
])('%j has the digest of the NIST example values for FIPS 180-4', (text, digest) => {
  expect(hashed(new TextEncoder().encode(text))).toBe(digest);
});

test('any message has the digest that OpenSSL computes', () => {
  forAll(fc.uint8Array({ maxLength: 200 }), (message) => {
    expect(hashed(message)).toBe(createHash('sha256').update(message).digest('hex'));
  });
});

test('a million letters a have the digest of the NIST example values', () => {
  expect(hashed(new Uint8Array(1_000_000).fill(0x61))).toBe(
    'cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0',
  );
});

test('any block leaves its compression in memory, with rows that satisfy every constraint and buses that cancel', () => {
  const block = fc.tuple(
    fc.array(u32(), { minLength: 8, maxLength: 8 }),
    fc.array(u32(), { minLength: 16, maxLength: 16 }),
  );
  forAll(
    fc.array(block, { minLength: 1, maxLength: 2 }),
    (blocks) => {
      const { machine, trace } = run(...blocks.map(([state, message]) => call(state, message)));
      const [state, message] = blocks.at(-1)!;
      expect(Array.from({ length: 8 }, (_, i) => machine.ram.read(STATE / 4 + i))).toEqual([
        ...compress(state, message),
      ]);
      const tables = CHIPS.map((chip) => {
        const { main } = trace(chip);
        const padding = new Array<number>(chip.air.main.length).fill(0);
        return [chip.air, { main: [...main, padding, padding] }] as const;
      });
      for (const [air, rows] of tables) expect(violations(air, rows)).toEqual([]);
      for (const bus of BUSES) expect(imbalance(bus, tables)).toEqual([]);
    },
    12,
  );
});

test('the state may be part of the message', () => {
  const message = Array.from({ length: 16 }, (_, i) => i * 0x0101_0101);
  const step: Step = {
    mnemonic: 'sha256.compress',
    fields: { rs1: 1, rs2: 2 },
    registers: { 1: MESSAGE + 16, 2: MESSAGE },
    ram: words(MESSAGE, message),
  };
  const { machine, trace } = run(step);
  expect(machine.ram.read(MESSAGE / 4 + 4)).toBe(compress(message.slice(4, 12), message)[0]);
  expect(violations(sha256CallChip.air, trace(sha256CallChip))).toEqual([]);
});

test('traps where a word is missing', () => {
  const at = (state: number, message: number) =>
    trapOf(() => run({ ...call([], []), registers: { 1: state, 2: message } }))?.cause;
  expect(at(STATE + 2, MESSAGE)).toBe('misaligned-access');
  expect(at(STATE, MESSAGE + 1)).toBe('misaligned-access');
  expect(at(0x1000_0000 - 28, MESSAGE)).toBe('unmapped-access');
  expect(at(STATE, 0x1000_0000 - 60)).toBe('unmapped-access');
});

test('a block takes 7,558 cells: one row, four rows and 17 rows', () => {
  const widths = CHIPS.map(({ air }) => [air.main.length, air.interactions.length]);
  expect(widths).toEqual([
    [143, 128],
    [549, 5],
    [287, 2],
  ]);
  const { tables } = lookupLayout(CHIPS.map(({ air }) => air));
  const cells = tables.map(({ auxWidth }, i) => auxWidth + CHIPS[i]!.air.main.length);
  expect(cells[0]! + 4 * cells[1]! + 17 * cells[2]!).toBe(7558);
});
