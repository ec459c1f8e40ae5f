/**
 * Mutations of a trace that the constraints lead: one cell is changed, and a broken constraint is repaired by solving it
 * for another cell in which it is linear, until nothing is broken or the steps are used up.
 */
import type { Air } from '../stark/air/air.ts';
import { evaluateAt, type Rows, violations } from '../stark/air/check.ts';
import { type Column, columnsOf, type Expr } from '../stark/air/expr.ts';
import { add, type Felt, inverse, mul, neg, P, reduce, sub } from '../stark/field/koala-bear.ts';
import { objections, type Tables } from './forgery.ts';
import { type Random, seeded } from './random.ts';

const STEPS = 12;

/** `honest` with another value in `start`, repaired in cells that `allowed` names. It may still be broken. */
export const mutated = (
  air: Air,
  honest: Rows,
  row: number,
  start: Column,
  allowed: (column: Column) => boolean,
  random: Random,
): Rows => {
  const value = perturb(honest.main[row]![start.index]!, random);
  return repaired(air, honest, row, new Map([[start, value]]), allowed, random);
};

/** `honest` with these cells, repaired in others. */
export function repaired(
  air: Air,
  honest: Rows,
  row: number,
  changes: ReadonlyMap<Column, number>,
  allowed: (column: Column) => boolean,
  random: Random,
): Rows {
  let rows = honest;
  for (const [column, value] of changes) rows = setCell(rows, row, column, value);
  const pinned = new Set(changes.keys());
  for (let step = 0; step < STEPS; step++) {
    const broken = violations(air, rows);
    if (broken.length === 0) break;
    const next = repair(air, rows, row, random.pick(broken), (c) => allowed(c) && !pinned.has(c), random);
    if (next === undefined) break;
    pinned.add(next.column);
    rows = next.rows;
  }
  return rows;
}

/**
 * For each constraint and interaction, whether some mutation is rejected by it alone: deleting it would let that through.
 * @param tries mutations for each
 */
export function rejectedAlone(
  air: Air,
  traces: readonly Rows[],
  {
    tables = {},
    tries = 60,
    seed = 1,
  }: { readonly tables?: Tables; readonly tries?: number; readonly seed?: number } = {},
): ReadonlySet<string> {
  const random = seeded(seed);
  const alone = new Set<string>();
  const checks = [
    ...air.constraints.map(({ name, expr }) => ({ name, exprs: [expr] })),
    ...air.interactions.map((i) => ({ name: i.name, exprs: [...i.given, ...i.claimed, i.multiplicity] })),
  ];
  for (const { name, exprs } of checks) {
    if (alone.has(name)) continue;
    const columns = new Set<Column>();
    const seen = new Set<Expr>();
    for (const e of exprs) columnsOf(e, (c) => void (c.kind === 'main' && columns.add(c)), seen);
    if (columns.size === 0) continue;
    const others = { ...air, constraints: air.constraints.filter((c) => c.name !== name) };
    for (let attempt = 0; attempt < tries && !alone.has(name); attempt++) {
      const honest = random.pick(traces);
      const row = random.below(honest.main.length);
      const forged = mutated(
        others,
        honest,
        row,
        attempt % 2 === 0 ? random.pick([...columns]) : random.pick(air.main),
        () => true,
        random,
      );
      if (violations(others, forged).length > 0) continue;
      const by = objections(air, forged, honest, tables);
      if (by.length === 1) alone.add(by[0]!);
    }
  }
  return alone;
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

export const setCell = (rows: Rows, row: number, { index }: Column, value: number): Rows => ({
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
