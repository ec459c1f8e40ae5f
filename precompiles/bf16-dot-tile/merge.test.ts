/** Which blocks go to the tile, and that all chips together prove them, whichever they are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { violations } from '../../stark/air/check.ts';
import { imbalance } from '../../test/support/balance.ts';
import { TABLES } from '../../test/support/bf16-dot.ts';
import { objections } from '../../test/support/forgery.ts';
import { bf16, f32, forAll } from '../../test/support/property.ts';
import { paddingRow, type Step, stepped } from '../../test/support/step.ts';
import { DOT_STATE_BUS } from '../bf16-dot/state.ts';
import { bf16DotChip } from '../bf16-dot/trace.ts';
import { bf16DotAmpereChip } from '../bf16-dot-ampere/trace.ts';
import { BF16_DOT_INSTRUCTIONS } from '../bf16-dot-call/execute.ts';
import { type DotModel, dotBf16 } from '../bf16-dot-call/semantics.ts';
import { bf16DotCallChip } from '../bf16-dot-call/trace.ts';
import { bf16DotSpecialChip } from '../bf16-dot-special/trace.ts';
import { bf16DotTileChip } from './trace.ts';

const CHIPS = [bf16DotCallChip, bf16DotChip, bf16DotAmpereChip, bf16DotSpecialChip, bf16DotTileChip];
const INF = 0x7f80;

interface Call {
  /** Blocks of the tape. */
  readonly a: number;
  readonly b: number;
  readonly blocks: number;
  readonly acc?: number;
  readonly model?: DotModel;
}

/** Runs the calls, each into a register of its own, and gives the rows of each chip; every result is checked. */
function rowsOf(calls: readonly Call[], tape: Uint16Array): Record<'tile' | 'one' | 'special' | 'ampere', number> {
  const steps = calls.map(
    ({ a, b, blocks, acc = 0, model = 'hopper' }, i): Step => ({
      mnemonic: `bf16.dot.${model}`,
      fields: { rd: i, rs1: 10, rs2: 11, rs3: 12 },
      registers: { 10: 32 * a, 11: 32 * b, 12: blocks, [32 + i]: acc },
    }),
  );
  const { machine, trace } = stepped(BF16_DOT_INSTRUCTIONS, CHIPS, steps, { hints: tape });
  calls.forEach(({ a, b, blocks, acc = 0, model = 'hopper' }, i) => {
    expect(machine.registers[32 + i], `call ${i}`).toBe(dotBf16(model, acc, tape, 16 * a, tape, 16 * b, blocks));
  });
  const tables = CHIPS.map((chip) => [chip.air, { main: [...trace(chip).main, ...paddingRow(chip).main] }] as const);
  for (const [air, rows] of tables) expect(violations(air, rows)).toEqual([]);
  expect(imbalance(DOT_STATE_BUS, tables)).toEqual([]);
  const tiles = trace(bf16DotTileChip);
  expect(objections(bf16DotTileChip.air, tiles, tiles, TABLES)).toEqual([]);
  const count = (chip: (typeof CHIPS)[number]): number => trace(chip).main.length;
  return {
    tile: count(bf16DotTileChip),
    one: count(bf16DotChip),
    special: count(bf16DotSpecialChip),
    ampere: count(bf16DotAmpereChip),
  };
}

/** Rows a0, a1, b0, b1 at these blocks, in the order of a tile. */
const grid = (a0: number, a1: number, b0: number, b1: number, blocks: number, model: DotModel = 'hopper'): Call[] =>
  [
    [a0, b0],
    [a0, b1],
    [a1, b0],
    [a1, b1],
  ].map(([a, b]) => ({ a: a!, b: b!, blocks, model }));

/** 12 blocks of ordinary values. */
const TAPE = Uint16Array.from({ length: 192 }, (_, k) => 0x3f00 + ((k * 37) & 0xff) + (k % 5 === 0 ? 0x8000 : 0));
const withSpecial = (...blocks: number[]): Uint16Array =>
  TAPE.map((x, k) => (k % 16 === 5 && blocks.includes(Math.floor(k / 16)) ? INF : x));

describe('what is a tile', () => {
  test.each<[string, readonly Call[], Awaited<ReturnType<typeof rowsOf>>]>([
    ['four calls of two rows and two columns', grid(0, 3, 6, 9, 3), { tile: 3, one: 0, special: 0, ampere: 0 }],
    ['of Blackwell', grid(0, 3, 6, 9, 3, 'blackwell'), { tile: 3, one: 0, special: 0, ampere: 0 }],
    ['two tiles', [...grid(0, 3, 6, 9, 3), ...grid(3, 0, 9, 6, 2)], { tile: 5, one: 0, special: 0, ampere: 0 }],
    ['equal rows: a0 = a1', grid(0, 0, 6, 9, 3), { tile: 3, one: 0, special: 0, ampere: 0 }],
    ['equal columns: b0 = b1', grid(0, 3, 6, 6, 3), { tile: 3, one: 0, special: 0, ampere: 0 }],
    ['four times the same', grid(0, 0, 0, 0, 2), { tile: 2, one: 0, special: 0, ampere: 0 }],
    ['rows that overlap', grid(0, 1, 2, 3, 3), { tile: 3, one: 0, special: 0, ampere: 0 }],
    ['a row that is also a column', grid(0, 3, 0, 3, 3), { tile: 3, one: 0, special: 0, ampere: 0 }],
    [
      'the same nine times: two tiles and one',
      [...grid(0, 0, 0, 0, 1), ...grid(0, 0, 0, 0, 1), { a: 0, b: 0, blocks: 1 }],
      { tile: 2, one: 1, special: 0, ampere: 0 },
    ],
    [
      'a tile after another call',
      [{ a: 5, b: 7, blocks: 2 }, ...grid(0, 3, 6, 9, 3)],
      { tile: 3, one: 2, special: 0, ampere: 0 },
    ],
  ])('%s', (_, calls, expected) => expect(rowsOf(calls, TAPE)).toEqual(expected));
});

describe('what is none', () => {
  const [y00, y01, y10, y11] = grid(0, 3, 6, 9, 3) as [Call, Call, Call, Call];
  test.each<[string, readonly Call[], Awaited<ReturnType<typeof rowsOf>>]>([
    ['three calls', [y00, y01, y10], { tile: 0, one: 9, special: 0, ampere: 0 }],
    ['another order', [y00, y11, y10, y01], { tile: 0, one: 12, special: 0, ampere: 0 }],
    ['different lengths', [y00, y01, y10, { ...y11, blocks: 2 }], { tile: 0, one: 11, special: 0, ampere: 0 }],
    ['a third row', [y00, y01, y10, { ...y11, a: 2 }], { tile: 0, one: 12, special: 0, ampere: 0 }],
    ['a third column', [y00, y01, y10, { ...y11, b: 8 }], { tile: 0, one: 12, special: 0, ampere: 0 }],
    ['a call in between', [y00, y01, y00, y10, y11], { tile: 0, one: 15, special: 0, ampere: 0 }],
    ['no blocks', grid(0, 3, 6, 9, 0), { tile: 0, one: 0, special: 0, ampere: 0 }],
    ['Ampere', grid(0, 3, 6, 9, 3, 'ampere'), { tile: 0, one: 0, special: 0, ampere: 12 }],
    [
      'one of Ampere among four',
      [y00, y01, y10, { ...y11, model: 'ampere' }],
      { tile: 0, one: 9, special: 0, ampere: 3 },
    ],
  ])('%s', (_, calls, expected) => expect(rowsOf(calls, TAPE)).toEqual(expected));
});

describe('a tile with an infinity', () => {
  test('in one row: from there on its two entries are special, and the others one at a time', () => {
    expect(rowsOf(grid(0, 3, 6, 9, 3), withSpecial(4))).toEqual({ tile: 1, one: 4, special: 4, ampere: 0 });
  });

  test('in the accumulator of one of four: the other three are one at a time', () => {
    const calls = grid(0, 3, 6, 9, 3).map((call, i) => (i === 2 ? { ...call, acc: 0x7f80_0000 } : call));
    expect(rowsOf(calls, TAPE)).toEqual({ tile: 0, one: 9, special: 3, ampere: 0 });
  });

  test('everywhere', () => {
    expect(rowsOf(grid(0, 3, 6, 9, 3), withSpecial(0, 3))).toEqual({ tile: 0, one: 0, special: 12, ampere: 0 });
  });

  test('and equal rows: what was left of one tile does not spoil the next', () => {
    const calls = [...grid(0, 0, 6, 9, 3), ...grid(0, 0, 6, 9, 3)];
    expect(rowsOf(calls, withSpecial(8))).toEqual({ tile: 4, one: 4, special: 4, ampere: 0 });
  });
});

test('calls of any operands at any places: the chips together prove them', () => {
  const call = fc.record({
    a: fc.integer({ min: 0, max: 2 }),
    b: fc.integer({ min: 0, max: 2 }),
    blocks: fc.integer({ min: 0, max: 2 }),
    acc: f32(),
  });
  const tile = fc
    .record({ a0: fc.nat(2), a1: fc.nat(2), b0: fc.nat(2), b1: fc.nat(2), blocks: fc.nat(2) })
    .map(({ a0, a1, b0, b1, blocks }) => grid(a0, a1, b0, b1, blocks));
  const tape = fc.array(bf16(), { minLength: 64, maxLength: 64 });
  forAll(
    fc.record({
      before: fc.array(call, { maxLength: 2 }),
      tiles: fc.array(tile, { maxLength: 2 }),
      tape,
      mild: fc.boolean(),
    }),
    ({ before, tiles, tape: values, mild }) => {
      rowsOf(
        [...before, ...tiles.flat()],
        Uint16Array.from(values, (x) => (mild ? (x & 0x80ff) | 0x3f00 : x)),
      );
    },
    40,
  );
});
