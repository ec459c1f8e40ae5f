/**
 * Determinism: looks for a second witness, a row with the same inputs and other outputs that every check accepts. One
 * that is found is a missing constraint. The search changes one cell and lets the constraints lead: a broken constraint
 * is repaired by solving it for another cell in which it is linear, until nothing is broken or the steps are used up.
 * It is a search and proves nothing by finding nothing.
 */
import type { Air } from '../stark/air/air.ts';
import { RANGE_BUS } from '../stark/air/bus.ts';
import { evaluateAt, messageAt, type Rows, violations } from '../stark/air/check.ts';
import { type Column, columnsOf } from '../stark/air/expr.ts';
import { add, type Felt, inverse, mul, neg, P, reduce, sub } from '../stark/field/koala-bear.ts';
import type { Tables } from './forgery.ts';
import { type Random, seeded } from './random.ts';

export interface DeterminismQuery {
  readonly honest: Rows;
  /** The row that is changed; default 0. */
  readonly row?: number;
  /** Columns or arrays (`lhs` for `lhs[0]`, `lhs[1]`, ...) that stay as they are: what the others of the machine fix. */
  readonly inputs: readonly string[];
  /** Columns or arrays whose value must be determined by the inputs. */
  readonly outputs: readonly string[];
  readonly tables?: Tables;
  /** Number of starts; default 300. */
  readonly tries?: number;
  readonly seed?: number;
  /** Checks by name that are treated as deleted: the search must then find something. */
  readonly without?: readonly string[];
}

/** Whether a name is a column of `names` or an element of an array of `names`. */
const named = (names: readonly string[]) => (column: Column) =>
  names.includes(column.name) || names.includes(column.name.replace(/\[\d+\]$/, ''));

/** A second witness with other outputs, or undefined if the search finds none. */
export function findSecondWitness(air: Air, query: DeterminismQuery): Rows | undefined {
  const { honest, row = 0, tables = {}, tries = 300, seed = 1, without = [] } = query;
  const random = seeded(seed);
  const isInput = named(query.inputs);
  const outputs = air.main.filter(named(query.outputs));
  const free = air.main.filter((c) => !isInput(c));
  const checked = { ...air, constraints: air.constraints.filter((c) => !without.includes(c.name)) };
  const lookups = air.interactions.filter((i) => i.bus.kind === 'table' && !without.includes(i.name));
  const differs = (rows: Rows): boolean => outputs.some((c) => rows.main[row]![c.index] !== honest.main[row]![c.index]);
  const accepted = (rows: Rows): boolean =>
    lookups.every((lookup) =>
      rows.main.every((_, r) => {
        const { tuple, multiplicity } = messageAt(lookup, rows, r);
        if (multiplicity === 0) return true;
        const oracle = tables[lookup.bus.name];
        if (oracle !== undefined) return oracle(tuple);
        if (lookup.bus.name === RANGE_BUS.name) return tuple[1]! < 2 ** tuple[0]!;
        return honest.main.some((_, h) => messageAt(lookup, honest, h).tuple.join() === tuple.join());
      }),
    );

  for (let attempt = 0; attempt < tries; attempt++) {
    const start = attempt % 2 === 0 && outputs.length > 0 ? random.pick(outputs) : random.pick(free);
    let rows = setCell(honest, row, start, perturb(honest.main[row]![start.index]!, random));
    const pinned = new Set<Column>([start]);
    for (let step = 0; step < 12; step++) {
      const broken = violations(checked, rows);
      if (broken.length === 0) break;
      const repaired = repair(checked, rows, row, random.pick(broken), (c) => !isInput(c) && !pinned.has(c), random);
      if (repaired === undefined) break;
      pinned.add(repaired.column);
      rows = repaired.rows;
    }
    if (differs(rows) && violations(checked, rows).length === 0 && accepted(rows)) return rows;
  }
  return undefined;
}

/** Makes one broken constraint hold by solving it for one allowed cell of the row in which it is linear. */
function repair(
  air: Air,
  rows: Rows,
  row: number,
  broken: { readonly constraint: string; readonly row: number },
  allowed: (column: Column) => boolean,
  random: Random,
): { rows: Rows; column: Column } | undefined {
  const { expr } = air.constraints.find((c) => c.name === broken.constraint)!;
  const candidates = new Set<Column>();
  columnsOf(expr, (column) => {
    if (column.kind === 'main' && allowed(column)) candidates.add(column);
  });
  for (const column of random.shuffled([...candidates])) {
    const at = (value: number): Felt => evaluateAt(expr, setCell(rows, row, column, value), broken.row);
    const [constant, one, two] = [at(0), at(1), at(2)];
    const slope = sub(one, constant);
    if (slope === 0 || sub(two, one) !== slope) continue;
    return { rows: setCell(rows, row, column, mul(neg(constant), inverse(slope))), column };
  }
  return undefined;
}

const setCell = (rows: Rows, row: number, { index }: Column, value: number): Rows => ({
  ...rows,
  main: rows.main.with(row, rows.main[row]!.with(index, value)),
});

/** Another value: a neighbour, a limb's carry away, an edge or anything. */
function perturb(value: number, random: Random): Felt {
  const steps = [1, -1, 2, -2, 2 ** 8, -(2 ** 8), 2 ** 15, 2 ** 16, -(2 ** 16), 2 ** 24, -(2 ** 24)];
  const changed =
    random.below(4) < 2
      ? add(reduce(value), reduce(random.pick(steps)))
      : random.below(2) === 0
        ? reduce(random.pick([0, 1, 2, -1, 2 ** 16 - 1, 2 ** 16]))
        : reduce(random.below(P));
  return changed === value ? add(changed, 1 as Felt) : changed;
}

/**
 * Every assignment of the named columns over their declared domains (bit, `below`), the other cells as in `rows`, that
 * satisfies all constraints of the row. For chips small enough that all witnesses of some inputs can be listed.
 * @throws {RangeError} above 2^20 assignments or for a column without such a domain.
 */
export function allWitnesses(air: Air, rows: Rows, row: number, names: readonly string[]): number[][] {
  const columns = air.main.filter(named(names));
  const sizes = columns.map(({ name, domain }) => {
    if (domain === 'bit') return 2;
    if (domain.startsWith('below 2^')) return 2 ** Number(domain.slice('below 2^'.length));
    throw new RangeError(`allWitnesses: expected a column with an enumerable domain, got ${name}: ${domain}`);
  });
  const total = sizes.reduce((product, size) => product * size, 1);
  if (total > 2 ** 20) throw new RangeError(`allWitnesses: expected at most 2^20 assignments, got ${total}`);
  const found: number[][] = [];
  for (let code = 0; code < total; code++) {
    let rest = code;
    const values = sizes.map((size) => {
      const value = rest % size;
      rest = Math.floor(rest / size);
      return value;
    });
    const tried = columns.reduce((r, column, i) => setCell(r, row, column, values[i]!), rows);
    if (violations(air, tried).length === 0) found.push(values);
  }
  return found;
}
