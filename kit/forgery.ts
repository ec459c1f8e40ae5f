/**
 * Forgeries: traces that claim something false, each with the exact names of what stops it.
 *
 * A chip's list of forgeries is complete if every one is rejected by exactly the named constraints and interactions,
 * together they name all of them, and each is needed: some forgery is accepted once it is deleted (`judgeForgeries`).
 * Forgeries show that every check is needed, not that none is missing; `determinism.ts` looks for missing ones.
 */
import type { Air, Interaction } from '../stark/air/air.ts';
import { RANGE_BUS } from '../stark/air/bus.ts';
import { evaluateAt, messageAt, type Rows, violations } from '../stark/air/check.ts';
import { add, type Felt, neg, P } from '../stark/field/koala-bear.ts';

export interface Forgery {
  readonly claim: string;
  /**
   * What the rest of the machine saw: its requests and answers are those of this trace. The same object as `forged` says
   * that the machine asks for just this, and that no row may answer: a misaligned address, a length out of range.
   */
  readonly honest: Rows;
  readonly forged: Rows;
  readonly rejectedBy: readonly string[];
}

/** Whether a tuple is a row of the table that answers a bus. */
export type TableOracle = (tuple: readonly number[]) => boolean;
/** By bus name. A table bus without an oracle holds exactly the tuples that the honest trace sends. */
export type Tables = Readonly<Record<string, TableOracle>>;

export interface ForgeryOptions {
  readonly tables?: Tables;
  /** Constraints and interactions that cannot be the only one to reject a trace, each with the written reason. */
  readonly neverAlone?: Readonly<Record<string, string>>;
}

const RANGE: TableOracle = ([bits, value]) => bits! <= 16 && value! < 2 ** bits!;

/**
 * Names of all constraints and interactions that reject `forged`, in the order of the table, given that the rest of the
 * machine does what it did for `honest`. It fixes the `given` part of a tuple on a peer bus and believes any `claimed`
 * part; a table bus holds only its table. Multiplicities add up in F_p over the whole table, as in the argument.
 */
export function objections(air: Air, forged: Rows, honest: Rows, tables: Tables = {}): string[] {
  const objecting = new Set(violations(air, forged).map((v) => v.constraint));
  const buses = [...new Set(air.interactions.map((i) => i.bus))];
  for (const bus of buses) {
    const here = air.interactions.filter((i) => i.bus === bus);
    if (bus.kind === 'table') {
      const sent = tally(here, honest, 'whole');
      const oracle = tables[bus.name] ?? (bus.name === RANGE_BUS.name ? RANGE : undefined);
      const inTable = (key: string): boolean =>
        oracle?.(key.split(' ').map(Number)) ?? (sent.totals.get(key) ?? 0) !== 0;
      blame(tally(here, forged, 'whole'), undefined, inTable, objecting);
      continue;
    }
    // Tuples whose given parts are equally long can stand for one another, whichever interaction they come from.
    for (const direction of ['send', 'receive'] as const) {
      for (const length of new Set(here.map((i) => i.given.length))) {
        const group = here.filter((i) => i.direction === direction && i.given.length === length);
        blame(tally(group, forged, 'given'), tally(group, honest, 'given'), () => false, objecting);
      }
    }
  }
  return objectors(air).filter((name) => objecting.has(name));
}

/** Names of everything in a table that can reject. */
export const objectors = (air: Air): string[] => [...air.constraints, ...air.interactions].map((o) => o.name);

/** Net multiplicities by tuple, over a group of interactions and of each of them. */
interface Tally {
  readonly totals: Map<string, Felt>;
  readonly each: Map<string, Map<string, Felt>>;
}

function tally(group: readonly Interaction[], rows: Rows, part: 'whole' | 'given'): Tally {
  const totals = new Map<string, Felt>();
  const each = new Map(group.map((i) => [i.name, new Map<string, Felt>()]));
  for (const interaction of group) {
    const own = each.get(interaction.name)!;
    for (let row = 0; row < rows.main.length; row++) {
      const { tuple, multiplicity } = messageAt(interaction, rows, row);
      const key = (part === 'whole' ? tuple : tuple.slice(0, interaction.given.length)).join(' ');
      const signed =
        interaction.bus.kind === 'table' && interaction.direction === 'receive' ? neg(multiplicity) : multiplicity;
      own.set(key, add(own.get(key) ?? (0 as Felt), signed));
      totals.set(key, add(totals.get(key) ?? (0 as Felt), signed));
    }
  }
  return { totals, each };
}

/** Adds the interactions whose contribution to a tuple with the wrong total is not the honest one. */
function blame(forged: Tally, honest: Tally | undefined, excused: (key: string) => boolean, into: Set<string>): void {
  for (const key of new Set([...forged.totals.keys(), ...(honest?.totals.keys() ?? [])])) {
    if ((forged.totals.get(key) ?? 0) === (honest?.totals.get(key) ?? 0) || excused(key)) continue;
    for (const [name, own] of forged.each) {
      if ((own.get(key) ?? 0) !== (honest?.each.get(name)?.get(key) ?? 0)) into.add(name);
    }
  }
}

/** Copies a trace with some main cells replaced: `withCells(air, rows, 0, { 'limb[1]': 5 })`. Values are residues. */
export function withCells(air: Air, rows: Rows, row: number, cells: Readonly<Record<string, number>>): Rows {
  const changed = [...rows.main[row]!];
  for (const [name, value] of Object.entries(cells)) {
    const column = air.main.find((c) => c.name === name);
    if (column === undefined) throw new RangeError(`withCells: expected a main column of ${air.name}, got ${name}`);
    changed[column.index] = ((value % P) + P) % P;
  }
  return { ...rows, main: rows.main.with(row, changed) };
}

/**
 * Forgeries that put one cell outside the domain its declaration enforces (bit or `below`), for every such column for
 * which the domain check is the only objection. `compensate` gives, by column name, the other cells of the row to
 * change along (or another out-of-domain value for the cell itself); a column that needs it and has none is left out,
 * and the coverage test will say so.
 */
export function domainForgeries(
  air: Air,
  honest: Rows,
  compensate: Readonly<Record<string, Readonly<Record<string, number>>>> = {},
  { row = 0, tables = {} }: { readonly row?: number; readonly tables?: Tables } = {},
): Forgery[] {
  return air.main.flatMap(({ name, domain }): Forgery[] => {
    const check = domain === 'bit' ? `${name} is a bit` : `${name} is ${domain}`;
    if (!objectors(air).includes(check)) return [];
    const outside = domain === 'bit' ? 2 : 2 ** Number(domain.slice('below 2^'.length));
    const forged = withCells(air, honest, row, { [name]: outside, ...compensate[name] });
    const rejectedBy = objections(air, forged, honest, tables);
    if (rejectedBy.length !== 1 || rejectedBy[0] !== check) return [];
    return [{ claim: `${name} is outside its domain`, honest, forged, rejectedBy }];
  });
}

/** What is wrong with a list of forgeries; all lists empty: nothing. Names are in the order of the table. */
export interface ForgeryJudgement {
  readonly misjudged: readonly {
    readonly claim: string;
    /** The honest trace is rejected; `expected` are names of nothing; or there are other objections than expected. */
    readonly problem: 'honest trace' | 'unknown names' | 'objections';
    readonly expected: readonly string[];
    readonly got: readonly string[];
  }[];
  /** Constraints and interactions that reject none of them. */
  readonly unnamed: readonly string[];
  /** Those that are never the only one to reject, without a written reason: deleting one would go unnoticed. */
  readonly unneeded: readonly string[];
  /** Those that have a written reason and are the only one to reject some forgery. */
  readonly excusedInVain: readonly string[];
}

/** Judges the forgeries of a chip; see the file head. */
export function judgeForgeries(
  air: Air,
  forgeries: readonly Forgery[],
  { tables = {}, neverAlone = {} }: ForgeryOptions = {},
): ForgeryJudgement {
  const all = objectors(air);
  const misjudged = forgeries.flatMap((forgery): ForgeryJudgement['misjudged'][number][] => {
    const { claim, honest, forged, rejectedBy } = forgery;
    const onHonest = honest === forged ? [] : objections(air, honest, honest, tables);
    if (onHonest.length > 0) return [{ claim, problem: 'honest trace', expected: [], got: onHonest }];
    const unknown = rejectedBy.filter((name) => !all.includes(name));
    const got = objections(air, forged, honest, tables);
    if (unknown.length > 0) return [{ claim, problem: 'unknown names', expected: unknown, got }];
    const expected = all.filter((name) => rejectedBy.includes(name));
    return got.join('\n') === expected.join('\n') ? [] : [{ claim, problem: 'objections', expected, got }];
  });
  const alone = new Set(forgeries.filter((f) => f.rejectedBy.length === 1).map((f) => f.rejectedBy[0]!));
  return {
    misjudged,
    unnamed: all.filter((name) => !forgeries.some((f) => f.rejectedBy.includes(name))),
    unneeded: all.filter((name) => !alone.has(name) && neverAlone[name] === undefined),
    excusedInVain: Object.keys(neverAlone).filter((name) => alone.has(name)),
  };
}

/** Reads one column of a trace by name, for asserting what an honest trace says. */
export function cells(air: Air, rows: Rows, name: string): number[] {
  const column = air.main.find((c) => c.name === name);
  if (column === undefined) throw new RangeError(`cells: expected a main column of ${air.name}, got ${name}`);
  return rows.main.map((row) => row[column.index]!);
}

/** The tuples a trace puts on a bus with a nonzero multiplicity, in row order: what the chip says to the others. */
export function messages(air: Air, rows: Rows, interactionName: string): number[][] {
  const interaction = air.interactions.find((i) => i.name === interactionName);
  if (interaction === undefined)
    throw new RangeError(`messages: expected an interaction of ${air.name}, got ${interactionName}`);
  return rows.main.flatMap((_, row) =>
    evaluateAt(interaction.multiplicity, rows, row) === 0 ? [] : [messageAt(interaction, rows, row).tuple],
  );
}
