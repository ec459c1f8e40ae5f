import { expect, test } from 'vitest';
import { violations } from '../../../stark/air/check.ts';
import { describeForgeries, type Forgery, withCells } from '../../../test/support/forgery.ts';
import { withKnown, withKnownCell } from '../../../test/support/known.ts';
import { traceOf } from '../../../test/support/step.ts';
import type { Execution } from '../../executor/execution.ts';
import type { Program } from '../../executor/program.ts';
import { REGISTER, SPACE } from '../../space.ts';
import { imageAir } from './air.ts';
import { imageRows } from './known.ts';
import { imageChip } from './trace.ts';

const image = { address: Uint32Array.of(0x4000, 0x4005), value: Uint32Array.of(0x0001_0002, 9) };
const known = imageRows({ image } as Program);
const value = new Uint32Array(REGISTER.count);
const clk = new Uint32Array(REGISTER.count);
[value[5], clk[5]] = [0x1234_5678, 20];
const execution = {
  registers: { value, clk },
  image: { ...image, initial: image.value, value: Uint32Array.of(0x0003_0004, 9), clk: Uint32Array.of(31, 0) },
} as unknown as Execution;
const padding = imageAir.main.map(() => 0);
const honest = withKnown([...traceOf(imageChip, execution).main, padding], known);
const FIRST_WORD = REGISTER.count;

test('holds the registers and then the image words', () => {
  expect([known.rows, imageChip.rows(execution)]).toEqual([REGISTER.count + 2, REGISTER.count + 2]);
  expect(honest.known![64]).toEqual([1, SPACE.register, 64, 0, 0]);
  expect(honest.known![FIRST_WORD]).toEqual([1, SPACE.ram, 0x4000, 2, 1]);
  expect(honest.main[5]!.slice(0, 3)).toEqual([0x5678, 0x1234, 20]);
  expect(honest.main[FIRST_WORD]!.slice(0, 3)).toEqual([4, 3, 31]);
});

test('an untouched word ends as it started', () => {
  const row = FIRST_WORD + 1;
  expect(honest.main[row]!.slice(0, 3)).toEqual([...honest.known![row]!.slice(3), 0]);
});

test('no constraint is needed: both ends are on the bus', () => {
  expect(violations(imageAir, honest)).toEqual([]);
});

const ends = 'the word ends with the value last written';
const starts = 'the word starts with its initial value';
const forgeries: Forgery[] = [
  {
    claim: 'a register ends with another value',
    honest,
    forged: withCells(imageAir, honest, 5, { finalLo: 1 }),
    rejectedBy: [ends],
  },
  {
    claim: 'the last access to a word is left out',
    honest,
    forged: withCells(imageAir, honest, FIRST_WORD, { finalLo: 2, finalHi: 1, finalClk: 0 }),
    rejectedBy: [ends],
  },
  {
    claim: 'the image of another statement: another initial value',
    honest,
    forged: withKnownCell(honest, FIRST_WORD, 3, 3),
    rejectedBy: [starts],
  },
  {
    claim: 'a word of the image is initialised twice',
    honest,
    forged: withKnownCell(honest, FIRST_WORD + 1, 2, 0x4000),
    rejectedBy: [starts, ends],
  },
];
describeForgeries(imageAir, forgeries);
