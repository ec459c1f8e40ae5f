/**
 * Finds forgeries: for every constraint and interaction of a chip a row that it alone rejects. One or two cells of an
 * honest row are changed and the others repaired: a broken constraint is solved for a cell in which it is linear, a
 * look-up is answered by its table. What the other side of the bus fixes stays as it is.
 *
 * Rows whose outputs differ from the honest ones are preferred: those are false claims that would be accepted if the
 * check were deleted. A check for which no row is found must be forged by hand or say why it is never alone.
 */

import { type Random, seeded } from '../../kit/random.ts';
import type { Air, Interaction } from '../../stark/air/air.ts';
import { tupleOf } from '../../stark/air/air.ts';
import { evaluateAt, messageAt, type Rows } from '../../stark/air/check.ts';
import { type Column, columnsOf, type Expr } from '../../stark/air/expr.ts';
import { add, centred, type Felt, inverse, mul, neg, P, reduce, sub } from '../../stark/field/koala-bear.ts';
import { type Forgery, objections, type Tables } from './forgery.ts';

/** What a table answers to a tuple whose last fields are this side's guess; undefined if it has none. */
export type Answer = (tuple: readonly number[]) => readonly number[] | undefined;

export interface Base {
  readonly name: string;
  readonly honest: Rows;
  /** Where the search starts; default the honest rows. Row 0 is changed, any further one is left as it is here. */
  readonly start?: Rows;
  /** Columns that keep the value they have at the start. */
  readonly pinned?: readonly string[];
}

export interface SearchQuery {
  readonly air: Air;
  readonly bases: readonly Base[];
  /** Columns that the other side fixes. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly tables: Tables;
  /** By bus name. */
  readonly answers: Readonly<Record<string, Answer>>;
  /** Names to search for; default all. */
  readonly names?: readonly string[];
  readonly tries?: number;
  readonly seed?: number;
}

const STEPS = 16;
/** Further tries for a false claim once a row with the honest outputs is found. */
const TRIES_FOR_CLAIM = 60;

/** At most one forgery per name. */
export function searchForgeries(query: SearchQuery): Forgery[] {
  const { air, names = [...air.constraints, ...air.interactions].map((o) => o.name) } = query;
  return names.flatMap((name) => {
    const found = searchFor(query, name);
    return found === undefined ? [] : [found];
  });
}

function searchFor(
  { air, bases, inputs, outputs, tables, answers, tries = 1200, seed = 1 }: SearchQuery,
  name: string,
) {
  const random = seeded(seed);
  const constraints = air.constraints.filter((c) => c.name !== name);
  const lookups = air.interactions.filter((i) => i.name !== name && answers[i.bus.name] !== undefined);
  const target = air.constraints.find((c) => c.name === name) ?? air.interactions.find((i) => i.name === name)!;
  const free = air.main.filter((column) => !inputs.includes(column.name));
  const near = columnsIn('expr' in target ? [target.expr] : [...tupleOf(target)]).filter((c) => free.includes(c));
  let second: Forgery | undefined;
  let last = tries;
  for (let attempt = 0; attempt < last; attempt++) {
    const base = random.pick(bases);
    const pinned = new Set(air.main.filter((c) => inputs.includes(c.name) || base.pinned?.includes(c.name)));
    let rows = base.start ?? base.honest;
    const starts = attempt % 3 === 0 ? 2 : 1;
    for (let i = 0; i < starts && (base.start === undefined || attempt % 2 === 0); i++) {
      const column = near.length > 0 && random.below(4) > 0 ? random.pick(near) : random.pick(free);
      if (pinned.has(column)) continue;
      rows = setCell(rows, column, perturbed(rows.main[0]![column.index]!, random));
      pinned.add(column);
    }
    for (let step = 0; step < STEPS; step++) {
      const fixes = [
        ...constraints.flatMap(({ expr }) => (evaluateAt(expr, rows, 0) === 0 ? [] : [{ expr }])),
        ...lookups.flatMap((lookup) => {
          const cells = corrections(lookup, rows, answers[lookup.bus.name]!, pinned);
          return cells.length === 0 ? [] : [{ cells }];
        }),
      ];
      if (fixes.length === 0) break;
      const fix = random.pick(fixes);
      if ('cells' in fix) for (const [column, value] of fix.cells) rows = setCell(rows, column, value);
      else {
        const solved = solve(fix.expr, rows, pinned, random);
        if (solved === undefined) break;
        rows = setCell(rows, ...solved);
        if (random.below(2) === 0) pinned.add(solved[0]);
      }
    }
    const rejectedBy = objections(air, rows, base.honest, tables);
    if (rejectedBy.length !== 1 || rejectedBy[0] !== name) continue;
    const forgery = { claim: claimOf(air, base, rows, outputs), honest: base.honest, forged: rows, rejectedBy };
    if (differs(air, base, rows, outputs)) return { ...forgery, claim: `${name}: ${forgery.claim}` };
    if (second === undefined) last = Math.min(tries, attempt + TRIES_FOR_CLAIM);
    second ??= { ...forgery, claim: `${name}: ${forgery.claim}` };
  }
  return second;
}

/**
 * Solves constraints in this order, each for a cell of row 0 in which it is linear, or has a bus answer its look-ups: what
 * an honest prover writes after the cells that come before.
 * @throws {RangeError} if a constraint is not linear in its cell.
 */
export function settled(
  air: Air,
  rows: Rows,
  steps: readonly (readonly [constraint: string, column: string] | readonly [bus: string])[],
  answers: Readonly<Record<string, Answer>>,
): Rows {
  let result = rows;
  for (const [name, columnName] of steps) {
    if (columnName === undefined) {
      for (const lookup of air.interactions.filter((i) => i.bus.name === name)) {
        for (const [column, value] of corrections(lookup, result, answers[name]!, new Set())) {
          result = setCell(result, column, value);
        }
      }
      continue;
    }
    const { expr } = air.constraints.find((c) => c.name === name)!;
    const column = air.main.find((c) => c.name === columnName)!;
    const value = solution(expr, result, column);
    if (value === undefined) throw new RangeError(`steps: expected "${name}" to be linear in ${columnName}`);
    result = setCell(result, column, value);
  }
  return result;
}

function columnsIn(expressions: readonly Expr[]): Column[] {
  const found = new Set<Column>();
  for (const each of expressions) columnsOf(each, (column) => column.kind === 'main' && found.add(column));
  return [...found];
}

/** Claimed cells of a look-up that its table answers otherwise. */
function corrections(lookup: Interaction, rows: Rows, answer: Answer, pinned: ReadonlySet<Column>): [Column, number][] {
  const { tuple, multiplicity } = messageAt(lookup, rows, 0);
  const right = multiplicity === 0 ? undefined : answer(tuple);
  if (right === undefined) return [];
  return tupleOf(lookup).flatMap(({ node }, i): [Column, number][] =>
    node.op === 'column' && right[i] !== tuple[i] && !pinned.has(node.column) ? [[node.column, right[i]!]] : [],
  );
}

/** A cell and the value with which a constraint holds. */
function solve(
  expr: Expr,
  rows: Rows,
  pinned: ReadonlySet<Column>,
  random: Random,
): [column: Column, value: Felt] | undefined {
  for (const column of random.shuffled(columnsIn([expr]).filter((c) => !pinned.has(c)))) {
    const value = solution(expr, rows, column);
    if (value !== undefined) return [column, value];
  }
  return undefined;
}

/** The value of a cell with which a constraint holds, if that is linear in it. */
function solution(expr: Expr, rows: Rows, column: Column): Felt | undefined {
  const at = (value: number): Felt => evaluateAt(expr, setCell(rows, column, value), 0);
  const [constant, one, two] = [at(0), at(1), at(2)];
  const slope = sub(one, constant);
  return slope !== 0 && sub(two, one) === slope ? mul(neg(constant), inverse(slope)) : undefined;
}

const setCell = (rows: Rows, { index }: Column, value: number): Rows => ({
  ...rows,
  main: rows.main.with(0, rows.main[0]!.with(index, value)),
});

/** A neighbour, a limb's carry away, a small number or anything. */
function perturbed(value: number, random: Random): Felt {
  const steps = [1, -1, 2, -2, 4, 16, 2 ** 8, -(2 ** 8), 2 ** 10, 2 ** 15, 2 ** 16, -(2 ** 16), 2 ** 24];
  const pick = random.below(8);
  const changed =
    pick < 4
      ? add(reduce(value), reduce(random.pick(steps)))
      : pick < 7
        ? reduce(random.pick([0, 1, 2, 3, -1, random.below(16), random.below(256), random.below(2 ** 16), 2 ** 16]))
        : reduce(random.below(P));
  return changed === value ? add(changed, 1 as Felt) : changed;
}

const cellOf = (rows: Rows, index: number): number => rows.main[0]![index]!;
const differs = (air: Air, { honest }: Base, forged: Rows, outputs: readonly string[]): boolean =>
  air.main.some((c) => outputs.includes(c.name) && cellOf(honest, c.index) !== cellOf(forged, c.index));

/** The changed outputs, or else the first cells that are changed. */
function claimOf(air: Air, { name, honest }: Base, forged: Rows, outputs: readonly string[]): string {
  const changed = air.main.filter((c) => cellOf(honest, c.index) !== cellOf(forged, c.index));
  const visible = changed.filter((c) => outputs.includes(c.name));
  const shown = (visible.length > 0 ? visible : changed).slice(0, 3);
  return `${name} with ${shown.map((c) => `${c.name} = ${centred(cellOf(forged, c.index))}`).join(', ')}`;
}
