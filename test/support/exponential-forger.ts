/**
 * Rows of the exponential relation, honest or forged: in a forged row some cells are lies and all that follow from them are
 * what a prover would write next, in integers as long as that goes and modulo p where it does not.
 */
import { traceOf } from '../../kit/step.ts';
import { fp32ExponentialAir as air, LENT } from '../../precompiles/fp32-exponential/air.ts';
import { recordExponential } from '../../precompiles/fp32-exponential/execute.ts';
import { headLogTable, stepLogTable } from '../../precompiles/fp32-exponential/log-tables.ts';
import { exponentialRow } from '../../precompiles/fp32-exponential/row.ts';
import { FIRST_HEAD, FIRST_STEP } from '../../precompiles/fp32-exponential/tables.ts';
import { fp32ExponentialChip } from '../../precompiles/fp32-exponential/trace.ts';
import type { Rows } from '../../stark/air/check.ts';
import { centred, inverse, mul, reduce } from '../../stark/field/koala-bear.ts';
import { EventLog } from '../../vm/chip.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import type { Machine } from '../../vm/executor/machine.ts';

/** Limbs of U as on the bus. */
export type PowerLimbs = readonly [upper: number, middle: number, lower: number];

/** The rows of the executor. */
export function exponentialRows(powers: readonly PowerLimbs[]): Rows {
  const log = new EventLog(fp32ExponentialChip.eventWords);
  for (const power of powers) recordExponential({ log: () => log } as unknown as Machine, ...power);
  return traceOf(fp32ExponentialChip, { logs: new Map([[air.name, log]]) } as unknown as Execution);
}

const signed = (value: number): number => centred(reduce(value));
const product = (a: number, b: number): number => signed(mul(reduce(a), reduce(b)));
/** a / b modulo p: the integer if it is one. */
const quotient = (a: number, b: number): number => product(a, inverse(reduce(b)));
const signedCells = (cells: readonly number[]): number[] => cells.slice(1, 4).map(centred);

/** Radix of what is carried out of each sum. */
const RADIX = [2 ** 12, 2 ** 12, 2 ** 12, 2 ** 12, 2 ** 13] as const;
const OUT = ['digit[0]', 'digit[1]', 'digit[2]', 'digit[3]', 'left'] as const;

/** A row by column name, its cells integers of either sign. */
export type Cells = Readonly<Record<string, number>>;

/**
 * The row of U with these lies. A lie for digit[k] or left makes the carry out of its sum what the equation says modulo p;
 * one for w0, w1 or w2, w3 makes the other of both so. Undefined if the digits do not settle.
 */
export function forgeExponential([upper, middle, lower]: PowerLimbs, lies: Cells): Rows | undefined {
  const row = new Map(Object.entries(lies));
  const set = (name: string, value: () => number): number => {
    if (!row.has(name)) row.set(name, value());
    return row.get(name)!;
  };
  const honest = exponentialRow(upper, middle, lower);
  set('isReal', () => 1);
  const head = set('head', () => honest.head);
  const step = set('step', () => honest.step);
  const [headLog, stepLog] = [
    signedCells(headLogTable.fixedRow(head - FIRST_HEAD)),
    signedCells(stepLogTable.fixedRow(step - FIRST_STEP)),
  ];
  const logs = [0, 1, 2].map((i) => set(`headLog[${i}]`, () => headLog[i]!) + set(`stepLog[${i}]`, () => stepLog[i]!));
  const powerCarry = set('powerCarry', () => upper - logs[0]!);
  const high = signed(product(powerCarry, 2 ** 24) + middle - logs[1]! - LENT);
  const w0 = set('w0', () => (row.has('w1') ? quotient(high - row.get('w1')!, 4096) : Math.floor(high / 4096)));
  const w1 = set('w1', () => signed(high - product(w0, 4096)));
  const square = set('square', () => product(w0, w0));
  const low = signed(2 * (lower - logs[2]! + LENT * 2 ** 24) - square);
  const w2 = set('w2', () => (row.has('w3') ? quotient(low - row.get('w3')!, 8192) : Math.floor(low / 8192)));
  const w3 = set('w3', () => signed(low - product(w2, 8192)));

  const get = (name: string): number => row.get(name) ?? 0;
  const sums = [
    () => product(head, step),
    () => product(w0, head),
    () => product(w0, get('carry[0]')) + product(w1, head),
    () => product(w0, get('digit[0]')) + product(w1, get('carry[0]')) + product(w2, head),
    () =>
      2 * product(w0, get('digit[1]')) +
      2 * product(w1, get('digit[0]') - get('carry[1]')) +
      2 * product(w2, get('carry[0]')) +
      product(w3, head),
  ];
  for (let round = 0; round < 8; round++) {
    const before = [...row.values()].join();
    for (let k = 4; k >= 0; k--) {
      const total = signed(sums[k]!() + (k < 4 ? get(`carry[${k + 1}]`) : 0));
      const out = lies[OUT[k]!];
      row.set(`carry[${k}]`, out === undefined ? Math.floor(total / RADIX[k]!) : quotient(total - out, RADIX[k]!));
      if (out === undefined) row.set(OUT[k]!, total - get(`carry[${k}]`) * RADIX[k]!);
    }
    if ([...row.values()].join() === before) return { main: [air.main.map(({ name }) => reduce(get(name)))] };
  }
  return undefined;
}

/** M of a row in units of 2^-72. */
export function unitsOf(rows: Rows): bigint {
  const at = (name: string): bigint => {
    const { index } = air.main.find((column) => column.name === name)!;
    return BigInt(signed(rows.main[0]![index]!));
  };
  const digits = [0, 1, 2, 3].map((k) => at(`digit[${k}]`));
  return digits.reduce((value, digit) => (value << 12n) + digit, (at('head') << 12n) + at('carry[0]'));
}
