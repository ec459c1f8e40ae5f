import { describe, expect, test } from 'vitest';
import { bit, defineAir, given, u16 } from '../../stark/air/air.ts';
import { defineBus } from '../../stark/air/bus.ts';
import type { Rows } from '../../stark/air/check.ts';
import { P } from '../../stark/field/koala-bear.ts';
import { allWitnesses, findSecondWitness } from './determinism.ts';
import { cells, describeForgeries, domainForgeries, type Forgery, messages, objections, withCells } from './forgery.ts';

const ASK = defineBus('ask', 'peer', ['lhs', 'rhs', 'out']);
const ODD = defineBus('odd', 'table', ['value']);

/** lhs + rhs on one 16-bit limb, carry dropped; `withCarryCheck` false leaves the carry free, a real class of bug. */
const adder = (withCarryCheck: boolean) =>
  defineAir({
    name: 'adder',
    columns: {
      lhs: given('16 bits by the sender on `ask`', 'first operand'),
      rhs: given('16 bits by the sender on `ask`', 'second operand'),
      out: u16('sum modulo 2^16'),
      carry: withCarryCheck ? bit('carry out') : given('nothing: the bug', 'carry out'),
      isReal: bit('1 on the row of an addition'),
    },
    define({ local: { lhs, rhs, out, carry, isReal }, assertZero, receive }) {
      assertZero('the sum adds up', lhs.plus(rhs).minus(out).minus(carry.times(65536)));
      receive('the sum was asked for', ASK, { given: [lhs, rhs], claimed: [out] }, isReal);
    },
  });

const air = adder(true);
const row = (lhs: number, rhs: number): number[] =>
  air.encode({ lhs, rhs, out: (lhs + rhs) & 0xffff, carry: (lhs + rhs) >>> 16, isReal: 1 });
const honest: Rows = { main: [row(0xffff, 1), row(3, 4)] };

const forgeries: Forgery[] = [
  { claim: '3 + 4 = 8', honest, forged: withCells(air, honest, 1, { out: 8 }), rejectedBy: ['the sum adds up'] },
  {
    claim: 'a carry of 1/65536 pays for 3 + 4 = 6',
    honest,
    forged: withCells(air, honest, 1, { out: 6, carry: 2_130_673_921 }), // 65536 * 2130673921 = 1 mod p
    rejectedBy: ['carry is a bit'],
  },
  {
    claim: 'operands nobody asked for',
    honest,
    forged: { main: [row(0xffff, 1), row(4, 3)] },
    rejectedBy: ['the sum was asked for'],
  },
  {
    claim: 'one row of weight 2 answers two questions',
    honest: { main: [row(3, 4), row(3, 4)] },
    forged: withCells(air, withCells(air, { main: [row(3, 4), row(3, 4)] }, 0, { isReal: 2 }), 1, { isReal: 0 }),
    rejectedBy: ['isReal is a bit'],
  },
  ...domainForgeries(air, honest, { out: { carry: 0 } }),
];

describeForgeries(air, forgeries);

describe('objections', () => {
  test('a table that lacks a constraint accepts the forgery which only that constraint rejects', () => {
    const free = forgeries.find((f) => f.rejectedBy.includes('carry is a bit'))!;
    expect(objections(adder(false), free.forged, free.honest)).toEqual([]);
  });

  test('a tuple sent with multiplicities that cancel in the field needs no table row', () => {
    const sender = defineAir({
      name: 'sender',
      columns: { value: given('nothing', 'v'), weight: given('nothing', 'multiplicity') },
      define: ({ local, send }) => send('value is odd', ODD, { claimed: [local.value] }, local.weight),
    });
    const tables = { odd: ([value]: readonly number[]) => value! % 2 === 1 };
    const rows = (value: number, ...weights: number[]): Rows => ({
      main: weights.map((weight) => sender.encode({ value, weight })),
    });
    expect(objections(sender, rows(4, 1), rows(3, 1), tables)).toEqual(['value is odd']);
    expect(objections(sender, rows(4, 1, P - 1), rows(3, 1), tables)).toEqual([]);
    expect(objections(sender, rows(5, 1), rows(3, 1)), 'without an oracle the honest trace is the table').toEqual([
      'value is odd',
    ]);
  });

  test('a domain forgery that something else rejects too is not counted', () => {
    expect(domainForgeries(air, honest).map((f) => f.claim)).not.toContain('carry is outside its domain');
  });
});

describe('determinism', () => {
  const query = { honest, inputs: ['lhs', 'rhs', 'isReal'], outputs: ['out'] };

  test('finds the second sum of an adder whose carry is free, and none when it is a bit', () => {
    const second = findSecondWitness(adder(false), query);
    expect(cells(adder(false), second ?? honest, 'out')[0]).not.toBe(0);
    expect(findSecondWitness(air, query)).toBeUndefined();
  });

  test('finds one when a check is treated as deleted', () => {
    for (const name of ['carry is a bit', 'out is below 2^16', 'the sum adds up']) {
      expect(findSecondWitness(air, { ...query, without: [name] }), name).toBeDefined();
    }
  });

  test('lists all witnesses over the declared domains', () => {
    expect(allWitnesses(air, honest, 0, ['carry'])).toEqual([[1]]);
    expect(allWitnesses(air, honest, 1, ['out', 'carry'])).toEqual([[7, 0]]);
  });
});

test('cells and messages read a trace by name', () => {
  expect(cells(air, honest, 'out')).toEqual([0, 7]);
  expect(messages(air, honest, 'the sum was asked for')).toEqual([
    [0xffff, 1, 0],
    [3, 4, 7],
  ]);
});
