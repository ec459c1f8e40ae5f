/**
 * Determinism: looks for a second witness, a row with the same inputs and other outputs that every check accepts. One
 * that is found is a missing constraint. The search changes one cell and lets the constraints lead: a broken constraint
 * is repaired by solving it for another cell in which it is linear, until nothing is broken or the steps are used up.
 * It is a search and proves nothing by finding nothing.
 */
import { type Air, type Interaction, tupleOf } from '../stark/air/air.ts';
import { RANGE_BUS } from '../stark/air/bus.ts';
import { messageAt, type Rows, violations } from '../stark/air/check.ts';
import type { Column } from '../stark/air/expr.ts';
import type { Tables } from './forgery.ts';
import { mutated, repaired, setCell } from './mutation.ts';
import { type Random, seeded } from './random.ts';

export interface DeterminismQuery {
  readonly honest: Rows;
  /** The row that is changed; default 0. */
  readonly row?: number;
  /** Columns or arrays (`lhs` for `lhs[0]`, `lhs[1]`, ...) that stay as they are: what the others of the machine fix. */
  readonly inputs: readonly string[];
  /**
   * Columns or arrays whose value must be determined by the inputs. Default: everything that the chip claims on peer
   * buses, but for those in `asked`.
   */
  readonly outputs?: readonly string[];
  /** Peer buses on which what the chip sends is answered by another chip: only the honest tuples are. */
  readonly asked?: readonly string[];
  readonly tables?: Tables;
  /** A random tuple of a table by bus name: every third start replaces a whole look-up by another one. */
  readonly answers?: Readonly<Record<string, (random: Random) => readonly number[]>>;
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
  const { honest, row = 0, tables = {}, tries = 300, seed = 1, without = [], asked = [], answers = {} } = query;
  const random = seeded(seed);
  const isInput = named(query.inputs);
  const outputs = query.outputs === undefined ? [] : air.main.filter(named(query.outputs));
  const free = air.main.filter((c) => !isInput(c));
  if (free.length === 0) return undefined;
  const checked = { ...air, constraints: air.constraints.filter((c) => !without.includes(c.name)) };
  const isAsked = ({ bus, direction }: Interaction): boolean => direction === 'send' && asked.includes(bus.name);
  const lookups = air.interactions.filter((i) => (i.bus.kind === 'table' || isAsked(i)) && !without.includes(i.name));
  const claims = air.interactions.filter((i) => i.bus.kind === 'peer' && i.claimed.length > 0 && !isAsked(i));
  const claimedAt = (rows: Rows): string =>
    claims
      .map((i) => {
        const { tuple, multiplicity } = messageAt(i, rows, row);
        return multiplicity === 0 ? '' : tuple.join(' ');
      })
      .join('; ');
  const honestClaims = claimedAt(honest);
  const differs = (rows: Rows): boolean =>
    query.outputs === undefined
      ? claimedAt(rows) !== honestClaims
      : outputs.some((c) => rows.main[row]![c.index] !== honest.main[row]![c.index]);
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

  /** Cells that make one of the look-ups another tuple of its table; what the inputs fix in it stays. */
  const drawn = lookups.filter(({ bus }) => answers[bus.name] !== undefined);
  const otherLookup = (random: Random): Map<Column, number> | undefined => {
    if (drawn.length === 0) return undefined;
    const lookup = random.pick(drawn);
    const tuple = answers[lookup.bus.name]!(random);
    const { tuple: before } = messageAt(lookup, honest, row);
    const cells = new Map<Column, number>();
    for (const [i, { node }] of tupleOf(lookup).entries()) {
      if (node.op === 'column' && node.column.kind === 'main' && !isInput(node.column))
        cells.set(node.column, tuple[i]!);
      else if (before[i] !== tuple[i]) return undefined;
    }
    return cells.size === 0 ? undefined : cells;
  };

  for (let attempt = 0; attempt < tries; attempt++) {
    const start = attempt % 2 === 0 && outputs.length > 0 ? random.pick(outputs) : random.pick(free);
    const other = attempt % 3 === 2 ? otherLookup(random) : undefined;
    const rows =
      other === undefined
        ? mutated(checked, honest, row, start, (c) => !isInput(c), random)
        : repaired(checked, honest, row, other, (c) => !isInput(c), random);
    if (differs(rows) && violations(checked, rows).length === 0 && accepted(rows)) return rows;
  }
  return undefined;
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
