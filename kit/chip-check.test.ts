import { describe, expect, test } from 'vitest';
import { ulpMachine } from '../machine/relation.ts';
import { type Air, bit, defineAir, given, u16 } from '../stark/air/air.ts';
import { defineBus } from '../stark/air/bus.ts';
import type { Rows } from '../stark/air/check.ts';
import { eventChip } from '../vm/chip.ts';
import { fixedTable } from '../vm/chips/table.ts';
import { checkChip } from './chip-check.ts';
import { findSecondWitness } from './determinism.ts';
import { judgeForgeries, withCells } from './forgery.ts';
import { honestEvents, tableDraws } from './honest.ts';
import { rejectedAlone } from './mutation.ts';

const machine = ulpMachine();

test('every instruction says on the buses what it does to the machine, on random operands', () => {
  const { events, untried } = honestEvents(machine, [...machine.instructions.byOp.values()], { count: 3, seed: 5 });
  expect(events.flatMap(({ mnemonic, disagreements }) => disagreements.map((text) => `${mnemonic}: ${text}`))).toEqual(
    [],
  );
  // It always traps.
  expect(untried).toEqual(['ebreak']);
});

test('the same seed gives the same events', () => {
  const instructions = [...machine.instructions.byOp.values()].slice(0, 3);
  const draw = (seed: number) =>
    honestEvents(machine, instructions, { count: 2, seed }).events.map(({ rows }) => [...rows]);
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
});

test('a chip without honest rows passes nothing that was not checked', () => {
  const chip = eventChip({ air: air as unknown as Air, eventWords: 1, fill: () => {} });
  const parts = checkChip(ulpMachine([{ name: 'half', chips: [chip] }]), 'half', undefined);
  expect(parts.map(({ name, verdict }) => [name, verdict])).toEqual([
    ['honest events', 'not checked'],
    ['padding', 'passed'],
    ['integers', 'passed'],
    ['domains', 'not checked'],
    ['deletion', 'not checked'],
    ['determinism', 'not checked'],
  ]);
});

test('a name that is no chip is refused', () => {
  expect(() => checkChip(machine, 'nonesuch', undefined)).toThrow(
    new RangeError('name: expected a chip of the machine, got nonesuch'),
  );
});

test('a table whose tuples are not where it says is wrong', () => {
  const bus = defineBus('pairs', 'table', ['x', 'y']);
  const table = fixedTable({
    ...{ name: 'pairs', bus, perRow: 2, count: 6 },
    tupleAt: (x) => [x, 2 * x],
    indexOf: (tuple) => (tuple[0] === 3 ? 2 : tuple[0]),
  });
  const [part] = checkChip(ulpMachine([{ name: 'pairs', tables: [table] }]), 'pairs', undefined);
  expect(part).toMatchObject({ verdict: 'failed', details: ['tuple 3 (3, 6) is at 3, indexOf says 2'] });
});

const air = defineAir({
  name: 'half',
  columns: {
    x: given('the bus', 'x'),
    half: u16('x without its last bit'),
    odd: bit('the last bit'),
    on: bit('1 if asked'),
  },
  define({ local: { x, half, odd, on }, assertZero, receive }) {
    assertZero('x is twice its half and a bit', x.minus(half.times(2)).minus(odd));
    receive('the half was asked for', defineBus('halves', 'peer', ['x', 'half']), { given: [x], claimed: [half] }, on);
  },
});
const honest: Rows = { main: [air.encode({ x: 7, half: 3, odd: 1, on: 1 })] };

describe('a list of forgeries', () => {
  const forged = withCells(air, honest, 0, { half: 2 });
  const judge = (rejectedBy: readonly string[], from: Rows = honest) =>
    judgeForgeries(air, [{ claim: 'half of 7 is 2', honest: from, forged, rejectedBy }]).misjudged;

  test('is right if it names what rejects', () => {
    expect(judge(['x is twice its half and a bit'])).toEqual([]);
  });

  test.each<[string, readonly string[], Rows, object]>([
    ['another check', ['odd is a bit'], honest, { problem: 'objections', got: ['x is twice its half and a bit'] }],
    ['a check that is not there', ['nonesuch'], honest, { problem: 'unknown names', expected: ['nonesuch'] }],
    [
      'a trace that is not honest',
      [],
      withCells(air, honest, 0, { x: 9 }),
      { problem: 'honest trace', got: ['x is twice its half and a bit'] },
    ],
  ])('is wrong with %s', (_, rejectedBy, from, expected) => {
    expect(judge(rejectedBy, from)).toEqual([expect.objectContaining({ claim: 'half of 7 is 2', ...expected })]);
  });

  test('must decide by every check, or say why not, and not in vain', () => {
    const rejectedBy = ['x is twice its half and a bit'];
    const list = [{ claim: 'half of 7 is 2', honest, forged, rejectedBy }];
    const neverAlone = { 'odd is a bit': 'a reason', [rejectedBy[0]!]: 'in vain' };
    expect(judgeForgeries(air, list, { neverAlone })).toMatchObject({
      unnamed: ['odd is a bit', 'on is a bit', 'half is below 2^16', 'the half was asked for'],
      unneeded: ['on is a bit', 'half is below 2^16', 'the half was asked for'],
      excusedInVain: rejectedBy,
    });
  });
});

test('mutations show that the checks of an air are needed', () => {
  const twice: Rows = { main: [honest.main[0]!, air.encode({ x: 4, half: 2, odd: 0, on: 1 })] };
  expect([...rejectedAlone(air, [twice], { tries: 400 })]).toEqual(
    expect.arrayContaining(['x is twice its half and a bit', 'odd is a bit', 'half is below 2^16']),
  );
});

test('a free cell beside a look-up is found by another tuple of the table', () => {
  const bus = defineBus('squares', 'table', ['x', 'y']);
  const table = fixedTable({
    ...{ name: 'squares', bus, perRow: 1, count: 256 },
    tupleAt: (x) => [x, x * x],
    indexOf: (tuple) => (tuple[1] === tuple[0]! ** 2 ? tuple[0] : undefined),
  });
  const square = defineAir({
    name: 'square',
    columns: {
      word: given('the asker', 'a halfword'),
      low: given('the table', 'its low byte'),
      high: given('nothing: the bug', 'its high byte'),
      y: given('the table', 'the square of the low byte'),
    },
    define({ local: { word, low, high, y }, assertZero, send, receive }) {
      assertZero('the bytes make up the word', low.plus(high.times(256)).minus(word));
      send('the square is in the table', bus, { claimed: [low, y] }, 1);
      receive('asked', defineBus('ask-square', 'peer', ['word', 'y']), { given: [word], claimed: [y] }, 1);
    },
  });
  const answers = tableDraws(ulpMachine([{ name: 'squares', tables: [table] }]));
  const rows: Rows = { main: [square.encode({ word: 0x203, low: 3, high: 2, y: 9 })] };
  const tables = { squares: (tuple: readonly number[]) => tuple[1] === tuple[0]! ** 2 && tuple[0]! < 256 };
  const query = { honest: rows, inputs: ['word'], tables };
  expect(findSecondWitness(square, query)).toBeUndefined();
  const second = findSecondWitness(square, { ...query, answers });
  expect(second?.main[0]?.[square.offsets.y]).not.toBe(9);
});
