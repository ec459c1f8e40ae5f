/**
 * What the tests of the correctly rounded functions share: the traces of one chip, and the exponential relation as a table
 * whose tuples an exact series decides.
 */
import { traceOf } from '../../kit/step.ts';
import { EXPONENTIAL_BUS } from '../../precompiles/fp32-exponential/bus.ts';
import { exponentialRow } from '../../precompiles/fp32-exponential/row.ts';
import type { Rows } from '../../stark/air/check.ts';
import { centred } from '../../stark/field/koala-bear.ts';
import { EventLog } from '../../vm/chip.ts';
import type { FixedTable } from '../../vm/chips/table.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import type { TableOracle } from './forgery.ts';
import type { Answer } from './forgery-search.ts';
import type { RecordedChip } from './fp32.ts';

/** One row for each word, of a chip whose events are single words. */
export function wordRows(chip: RecordedChip, words: readonly number[]): Rows {
  const log = new EventLog(chip.eventWords);
  for (const word of words) {
    const at = log.push();
    log.words[at] = word;
  }
  return traceOf(chip, { logs: new Map([[chip.air.name, log]]) } as unknown as Execution);
}

const BITS = 200n;
const ONE = 1n << BITS;
const UNIT = 1n << (BITS - 72n);
/** What `fp32-exponential` promises, in units of 2^-72. */
const ERROR = 37n * UNIT;
const series = new Map<string, bigint>();

/** e^U with 200 bits below the point. */
export function exponentialOf(upper: number, middle: number, lower: number): bigint {
  const key = `${upper} ${middle} ${lower}`;
  const known = series.get(key);
  if (known !== undefined) return known;
  const x = ((BigInt(upper) << 48n) + (BigInt(middle) << 24n) + BigInt(lower)) * UNIT;
  let [sum, term] = [0n, ONE];
  for (let k = 1n; term !== 0n && term !== -1n; k++) {
    sum += term;
    term = (term * x) / (k * ONE);
  }
  series.set(key, sum);
  return sum;
}

const keepsItsPart = ([upper, middle, lower]: readonly number[]): boolean =>
  Math.abs(centred(upper!)) < 2 ** 27 && Math.abs(centred(middle!)) < 2 ** 29 + 2 ** 24 && lower! < 3 * 2 ** 24;

/** Whether `fp32-exponential` may answer so: M within its error, or anything if the sender does not keep its part. */
export const isExponential: TableOracle = (tuple) => {
  if (!keepsItsPart(tuple)) return true;
  const [upper, middle] = [centred(tuple[0]!), centred(tuple[1]!)];
  const U = upper / 2 ** 24;
  if (U < -0.61 || U > 0.7) return false;
  const [valueUpper, value36, value48, valueLower] = tuple.slice(3) as [number, number, number, number];
  if (valueUpper >= 2 ** 25 + 2 ** 13 || value36 >= 2 ** 12 || value48 >= 2 ** 12 || valueLower >= 2 ** 24)
    return false;
  const value = (BigInt(valueUpper) << 48n) + (BigInt(value36) << 36n) + (BigInt(value48) << 24n) + BigInt(valueLower);
  const error = value * UNIT - exponentialOf(upper, middle, tuple[2]!);
  return error <= ERROR && error >= -ERROR;
};

/** By bus name: what the relation's own trace answers. */
export const EXPONENTIAL_ANSWERS: Readonly<Record<string, Answer>> = {
  [EXPONENTIAL_BUS.name]: (tuple) => {
    const U = centred(tuple[0]!) / 2 ** 24;
    if (!keepsItsPart(tuple) || U < -0.6 || U > 0.69) return undefined;
    const row = exponentialRow(centred(tuple[0]!), centred(tuple[1]!), tuple[2]!);
    return [...tuple.slice(0, 3), row.valueUpper, row.value36, row.value48, row.valueLower];
  },
};

/** Membership in a fixed table. */
export const tableOracle =
  ({ provider }: FixedTable): TableOracle =>
  (tuple) =>
    provider.positionOf(tuple) !== undefined;

/** What a fixed table has for the first field. */
export function tableAnswer({ fixedRow, fixedRows, provider }: FixedTable): Answer {
  const perRow = provider.multiplicities.length;
  const found = new Map<number, number[]>();
  for (let row = fixedRows - 1; row >= 0; row--) {
    const cells = fixedRow(row);
    for (let entry = perRow - 1; entry >= 0; entry--) {
      const tuple = provider.bus.fields.map((_, f) => cells[f * perRow + entry]!);
      found.set(tuple[0]!, tuple);
    }
  }
  return (tuple) => found.get(tuple[0]!);
}
