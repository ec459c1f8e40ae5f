/**
 * A small relation that uses every feature of the proof system: a chain of states over a peer bus, a range table with
 * fixed columns, inputs as known columns, domains, first, last and transition constraints, tables of different heights,
 * and terms of the statement. It proves v_k for v_{i+1} = v_i^2 + in_i (mod p), in_i < 2^8.
 */
import { type Air, below, bit, defineAir, fixed, given, known } from '../../stark/air/air.ts';
import { defineBus, RANGE_BUS } from '../../stark/air/bus.ts';
import type { Rows } from '../../stark/air/check.ts';
import { add, type Felt, mul, P } from '../../stark/field/koala-bear.ts';
import { FAST, numBlindingRows } from '../../stark/parameters.ts';
import type { Relation, Statement } from '../../stark/relation.ts';
import { imbalance } from './balance.ts';

const STATE_BUS = defineBus('state', 'peer', ['index', 'value']);
const INPUT_BUS = defineBus('input', 'table', ['index', 'value']);

const step = defineAir({
  name: 'step',
  columns: {
    isReal: bit('1 on a step'),
    index: given('the state bus', 'number of the step'),
    value: given('the state bus', 'v_i'),
    input: below(8, 'in_i'),
    square: given('its constraint', 'v_i^2'),
    rows: given('its constraints', 'number of this row, padding included'),
  },
  define({ local: { isReal, index, value, input, square, rows }, next, assertZero, send, receive }) {
    assertZero('the square is right', square.minus(value.times(value)));
    assertZero('a padding row has no value', isReal.not().times(value).times(value).times(value));
    assertZero('rows start at 0', rows, 'first');
    assertZero('rows count up', next.rows.minus(rows).minus(1), 'transition');
    assertZero('the last row is padding', isReal, 'last');
    receive('this is the state', STATE_BUS, { given: [index, value] }, isReal);
    send('the input is the public one', INPUT_BUS, { claimed: [index, input] }, isReal);
    send('this is the next state', STATE_BUS, { claimed: [index.plus(1), square.plus(input)] }, isReal);
  },
});

const range = defineAir({
  name: 'range',
  columns: {
    bits: fixed('8'),
    value: fixed('0 .. 255'),
    count: given('none needed: there is one row per value', 'multiplicity'),
  },
  define({ local: { bits, value, count }, receive }) {
    receive('a value below 2^8', RANGE_BUS, { claimed: [bits, value] }, count);
  },
});

const inputs = defineAir({
  name: 'inputs',
  columns: {
    index: known('index'),
    value: known('in_i'),
    count: given('none needed: indexes are distinct', 'multiplicity'),
  },
  define({ local: { index, value, count }, receive }) {
    receive('an input', INPUT_BUS, { claimed: [index, value] }, count);
  },
});

export const toyRelation = (fixedRoots: Record<string, string> = {}): Relation => ({
  name: 'toy',
  airs: [step, range, inputs] as readonly Air[],
  buses: [STATE_BUS, INPUT_BUS, RANGE_BUS],
  heightLimits: [{ name: 'number of steps', weights: new Map([['step', 1]]), limit: 2 ** 20 }],
  fixedTables: new Map([
    [
      'range',
      {
        logHeight: 9,
        columns: () => [new Uint32Array(256).fill(8), Uint32Array.from({ length: 256 }, (_, i) => i)],
      },
    ],
  ]),
  fixedRoots,
});

/** The true end of the chain. */
export function toyResult(start: number, values: readonly number[]): number {
  return values.reduce((v, input) => add(mul(v as Felt, v as Felt), input as Felt), start);
}

export function toyStatement(start: number, values: readonly number[], result: number): Statement {
  const bytes = new Uint8Array(4 * (values.length + 2));
  const view = new DataView(bytes.buffer);
  for (const [i, word] of [start, result, ...values].entries()) view.setUint32(4 * i, word, true);
  return {
    bytes,
    known: new Map([
      ['inputs', { logHeight: 9, columns: [Uint32Array.from(values, (_, i) => i), Uint32Array.from(values)] }],
    ]),
    terms: [
      { bus: STATE_BUS, tuple: [0, start], multiplicity: 1 },
      { bus: STATE_BUS, tuple: [values.length, result], multiplicity: -1 },
    ],
  };
}

/** The witness: heights by table, and a writer of the active rows. `spoil` may change any cell before it is proven. */
export function toyWitness(
  start: number,
  values: readonly number[],
  logStepHeight = 10,
  spoil: (tables: ReadonlyMap<string, number[][]>) => void = () => {},
) {
  const logHeights = new Map([
    ['step', logStepHeight],
    ['range', 9],
    ['inputs', 9],
  ]);
  return {
    logHeights,
    fill(tables: ReadonlyMap<string, { readonly cells: Uint32Array; readonly stride: number; readonly rows: number }>) {
      const rows = new Map<string, number[][]>();
      const steps: number[][] = [];
      const counts = new Array<number>(256).fill(0);
      let value = start;
      for (let i = 0; i < tables.get('step')!.rows; i++) {
        const input = values[i] ?? 0;
        counts[input]! += 1;
        if (i >= values.length) steps.push(step.encode({ rows: i }));
        else {
          const square = mul(value as Felt, value as Felt);
          steps.push(step.encode({ isReal: 1, index: i, value, input, square, rows: i }));
          value = add(square, input as Felt);
        }
      }
      rows.set('step', steps);
      rows.set(
        'range',
        counts.map((count) => range.encode({ count })),
      );
      rows.set(
        'inputs',
        values.map(() => inputs.encode({ count: 1 })),
      );
      spoil(rows);
      for (const [name, list] of rows) {
        const { cells, stride } = tables.get(name)!;
        for (const [r, row] of list.entries()) cells.set(row, r * stride);
      }
    },
  };
}

/**
 * The statement with the terms that balance whatever the witness sends, in place of its own. Its bytes are the same, so
 * a prover who is told this lie makes a proof that the verifier, who knows the terms, looks at to the end.
 */
export function liarsStatement(statement: Statement, witness: ReturnType<typeof toyWitness>): Statement {
  const blinding = numBlindingRows(FAST);
  const { airs, fixedTables, buses } = toyRelation();
  const tables = airs
    .filter(({ name }) => witness.logHeights.has(name))
    .map((air) => ({ air, stride: air.main.length, rows: 2 ** witness.logHeights.get(air.name)! - blinding }))
    .map((table) => ({ ...table, cells: new Uint32Array(table.rows * table.stride) }));
  witness.fill(new Map(tables.map((table) => [table.air.name, table])));
  const rowsOf = (columns: readonly Uint32Array[] | undefined, rows: number): number[][] =>
    Array.from({ length: rows }, (_, r) => (columns ?? []).map((column) => column[r] ?? 0));
  const filled = tables.map(({ air, stride, rows, cells }): readonly [Air, Rows] => [
    air,
    {
      main: Array.from({ length: rows }, (_, r) => [...cells.subarray(r * stride, (r + 1) * stride)]),
      fixed: rowsOf(fixedTables.get(air.name)?.columns(), rows),
      known: rowsOf(statement.known.get(air.name)?.columns, rows),
    },
  ]);
  const terms = buses.flatMap((bus) =>
    imbalance(bus, filled).map(({ tuple, left }) => ({ bus, tuple, multiplicity: left > P / 2 ? P - left : -left })),
  );
  return { ...statement, terms };
}
