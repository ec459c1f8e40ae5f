import fc from 'fast-check';
import { expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { lookupLayout } from '../../stark/logup/layout.ts';
import { objections } from '../../test/support/forgery.ts';
import { forAll, u32 } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { trapOf } from '../../test/support/trap.ts';
import { bytesTable } from '../../vm/chips/bytes/air.ts';
import { philoxAir } from './air.ts';
import { PHILOX_INSTRUCTIONS } from './execute.ts';
import { philox4x32 } from './semantics.ts';
import { philoxChip } from './trace.ts';

/** Random123 1.14.0, tests/kat_vectors, the lines `philox4x32 10`: counter, key, result. */
const KNOWN_ANSWERS = [
  '00000000 00000000 00000000 00000000 00000000 00000000 6627e8d5 e169c58d bc57ac4c 9b00dbd8',
  'ffffffff ffffffff ffffffff ffffffff ffffffff ffffffff 408f276d 41c83b0e a20bc7c6 6d5451fd',
  '243f6a88 85a308d3 13198a2e 03707344 a4093822 299f31d0 d16cfe09 94fdcceb 5001e420 24126ea1',
].map((line) => line.split(' ').map((word) => Number.parseInt(word, 16)));

const [COUNTER, KEY] = [0x0002_0000, 0x0002_0100];
const TABLES = { bytes: (tuple: readonly number[]) => bytesTable.provider.positionOf(tuple) !== undefined };

const words = (address: number, values: readonly number[]): Record<number, number> =>
  Object.fromEntries(values.map((value, i) => [address / 4 + i, value]));
const call = (counter: readonly number[], key: readonly number[]): Step => ({
  mnemonic: 'philox',
  fields: { rs1: 1, rs2: 2 },
  registers: { 1: COUNTER, 2: KEY },
  ram: { ...words(COUNTER, counter), ...words(KEY, key) },
});
const run = (...steps: Step[]) => stepped(PHILOX_INSTRUCTIONS, [philoxChip], steps);

test.each(KNOWN_ANSWERS)('counter %i %i %i %i and key %i %i have the words of Random123', (...line) => {
  const [counter, key, result] = [line.slice(0, 4), line.slice(4, 6), line.slice(6)];
  expect([...philox4x32(counter, key)]).toEqual(result);
  const { machine } = run(call(counter, key));
  expect(result.map((_, i) => machine.ram.read(COUNTER / 4 + i))).toEqual(result);
});

test('an honest trace of any counter and key is accepted, with padding too', () => {
  const of = (length: number) => fc.array(u32(), { minLength: length, maxLength: length });
  forAll(
    fc.tuple(of(4), of(2)),
    ([counter, key]) => {
      const { main } = run(call(counter, key)).trace(philoxChip);
      const rows = { main: [...main, ...paddingRow(philoxChip).main] };
      expect(violations(philoxAir, rows)).toEqual([]);
      expect(objections(philoxAir, rows, rows, TABLES)).toEqual([]);
    },
    60,
  );
});

test('the key may be part of the counter', () => {
  const counter = [1, 2, 3, 4];
  const { machine, trace } = run({ ...call(counter, []), registers: { 1: COUNTER, 2: COUNTER + 4 } });
  expect(machine.ram.read(COUNTER / 4)).toBe(philox4x32(counter, [2, 3])[0]);
  expect(violations(philoxAir, trace(philoxChip))).toEqual([]);
});

test('traps where a word is missing', () => {
  const at = (counter: number, key: number) =>
    trapOf(() => run({ ...call([], []), registers: { 1: counter, 2: key } }))?.cause;
  expect(at(COUNTER + 2, KEY)).toBe('misaligned-access');
  expect(at(COUNTER, KEY + 1)).toBe('misaligned-access');
  expect(at(0x1000_0000 - 12, KEY)).toBe('unmapped-access');
  expect(at(COUNTER, 0x1000_0000 - 4)).toBe('unmapped-access');
});

test('four words take 893 cells', () => {
  expect([philoxAir.main.length, philoxAir.interactions.length]).toEqual([443, 269]);
  expect(philoxAir.main.length + lookupLayout([philoxAir]).tables[0]!.auxWidth).toBe(893);
});
