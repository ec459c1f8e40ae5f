/**
 * The debug checker: fills all tables of an execution and looks for everything that is wrong in them, without a proof.
 * Every constraint on every row, and every bus as a multiset of tuples. It is what a chip has to pass before it is worth
 * proving: "a program that uses the instruction satisfies the relation".
 *
 * Cost: about 15 us an instruction; meant for programs of up to some 10^5.
 */
import type { Interaction } from '../stark/air/air.ts';
import { type Rows, violations } from '../stark/air/check.ts';
import { add, type Felt, neg, reduce } from '../stark/field/koala-bear.ts';
import { strideOf } from '../stark/kernels/matrix.ts';
import type { Execution } from '../vm/executor/execution.ts';
import type { Program } from '../vm/executor/program.ts';
import type { SourceLine } from '../vm/executor/trap.ts';
import type { TableCells } from './batch.ts';
import type { Machine } from './machine.ts';
import { messagesOf } from './messages.ts';
import { knownRowsOf, publicTerms } from './statement.ts';
import { claimOf, fillTables, rowsInUse } from './witness.ts';

/** Padding rows after the rows in use: one after a real row, and one after a padding row. */
const PADDING_ROWS = 2;
/** Findings are listed up to this number. */
const MAX_FINDINGS = 50;

/** A constraint that does not hold. */
export interface BrokenConstraint {
  readonly kind: 'constraint';
  readonly chip: string;
  readonly constraint: string;
  readonly row: number;
  /** All main cells of the row by column name. */
  readonly cells: Readonly<Record<string, number>>;
  readonly source: SourceLine | undefined;
}

/** A tuple that was not sent as often as received. */
export interface UnbalancedTuple {
  readonly kind: 'bus';
  readonly bus: string;
  readonly tuple: Readonly<Record<string, number>>;
  /** Sends less receives, as a residue. */
  readonly balance: number;
  /** Who sent or received it. */
  readonly by: readonly {
    readonly chip: string;
    readonly interaction: string;
    readonly row: number;
    readonly source: SourceLine | undefined;
  }[];
}

export type Finding = BrokenConstraint | UnbalancedTuple;

/** Empty if the execution satisfies the relation. */
export function checkExecution(machine: Machine, program: Program, execution: Execution): Finding[] {
  const tables = filledTables(machine, program, execution);
  const findings = [...tables].flatMap(([name, table]) => brokenConstraints(machine, program, name, table));
  return [...findings, ...unbalancedTuples(machine, program, execution, tables)].slice(0, MAX_FINDINGS);
}

/** A filled table; every row is active. */
export interface FilledTable extends TableCells {
  readonly rows: number;
}

/** All tables of the execution with two padding rows each, by air name. */
export function filledTables(
  machine: Machine,
  program: Program,
  execution: Execution,
): ReadonlyMap<string, FilledTable> {
  const known = knownRowsOf(claimOf(program, execution));
  const tables = new Map<string, FilledTable>();
  for (const [name, inUse] of rowsInUse(machine, program, execution)) {
    const { air } = machine.chips.get(name)!;
    const [rows, stride] = [inUse + PADDING_ROWS, strideOf(air.main.length)];
    tables.set(name, {
      rows,
      stride,
      cells: new Uint32Array(rows * stride),
      known: known.get(name)?.columns ?? [],
      fixed: machine.relation.fixedTables.get(name)?.columns() ?? [],
    });
  }
  // A tuple that no table answers is not counted: it is found as unbalanced.
  fillTables(machine, program, execution, tables, () => {});
  return tables;
}

function brokenConstraints(machine: Machine, program: Program, name: string, table: FilledTable): BrokenConstraint[] {
  const { air } = machine.chips.get(name)!;
  if (air.constraints.length === 0) return [];
  const row = (r: number): number[] =>
    Array.from(table.cells.subarray(r * table.stride, r * table.stride + air.main.length));
  const columns = (list: readonly Uint32Array[]): number[][] =>
    Array.from({ length: table.rows }, (_, r) => list.map((column) => column[r] ?? 0));
  const rows: Rows = {
    main: Array.from({ length: table.rows }, (_, r) => row(r)),
    ...(air.known.length > 0 ? { known: columns(table.known) } : {}),
    ...(air.fixed.length > 0 ? { fixed: columns(table.fixed) } : {}),
  };
  return violations(air, rows)
    .slice(0, MAX_FINDINGS)
    .map((violation) => ({
      kind: 'constraint',
      chip: name,
      constraint: violation.constraint,
      row: violation.row,
      cells: Object.fromEntries(air.main.map((column) => [column.name, rows.main[violation.row]![column.index]!])),
      source: sourceOf(machine, program, name, table, violation.row),
    }));
}

/** The guest's source line of a row: that of its pc, if the table has one. */
function sourceOf(
  machine: Machine,
  program: Program,
  name: string,
  table: FilledTable,
  row: number,
): SourceLine | undefined {
  const pc = machine.chips.get(name)!.air.main.find((column) => column.name === 'pc');
  return pc === undefined ? undefined : program.lineOf(table.cells[row * table.stride + pc.index]!);
}

function unbalancedTuples(
  machine: Machine,
  program: Program,
  execution: Execution,
  tables: ReadonlyMap<string, FilledTable>,
): UnbalancedTuple[] {
  const balances = new Map<string, Felt>();
  const change = (key: string, by: Felt): void => {
    balances.set(key, add(balances.get(key) ?? (0 as Felt), by));
  };
  const terms = publicTerms(claimOf(program, execution));
  for (const { bus, tuple, multiplicity } of terms) change(`${bus.name} ${tuple.join(' ')}`, reduce(multiplicity));
  const forEachMessage = (visit: (key: string, m: Felt, name: string, i: Interaction, row: number) => void): void => {
    for (const [name, table] of tables) {
      messagesOf(machine.chips.get(name)!.air.interactions)(table, 0, table.rows, (messages, first, rows) => {
        const { interaction, fields, multiplicity } = messages;
        for (let i = 0; i < rows; i++) {
          if (multiplicity[i] === 0) continue;
          const m = multiplicity[i] as Felt;
          const key = `${interaction.bus.name} ${fields.map((field) => field[i]).join(' ')}`;
          visit(key, interaction.direction === 'send' ? m : neg(m), name, interaction, first + i);
        }
      });
    }
  };
  forEachMessage(change);

  const found = new Map<string, { finding: UnbalancedTuple; by: UnbalancedTuple['by'][number][] }>();
  const fieldsOf = new Map(
    [...machine.relation.airs.flatMap((air) => air.interactions.map((i) => i.bus)), ...machine.relation.buses].map(
      (bus) => [bus.name, bus.fields] as const,
    ),
  );
  for (const [key, balance] of balances) {
    if (balance === 0) continue;
    const [bus, ...tuple] = key.split(' ') as [string, ...string[]];
    const named = Object.fromEntries(fieldsOf.get(bus)!.map((field, i) => [field, Number(tuple[i])]));
    const by: UnbalancedTuple['by'][number][] = [];
    found.set(key, { finding: { kind: 'bus', bus, tuple: named, balance, by }, by });
    if (found.size === MAX_FINDINGS) break;
  }
  if (found.size === 0) return [];
  forEachMessage((key, _, name, interaction, row) => {
    found.get(key)?.by.push({
      chip: name,
      interaction: interaction.name,
      row,
      source: sourceOf(machine, program, name, tables.get(name)!, row),
    });
  });
  return [...found.values()].map(({ finding }) => finding);
}

/** A finding in one line. */
export function explainFinding(finding: Finding): string {
  const place = (source: SourceLine | undefined): string => (source ? ` (${source.file}:${source.line})` : '');
  const values = (record: Readonly<Record<string, number>>): string =>
    Object.entries(record)
      .filter(([, value]) => value !== 0)
      .map(([name, value]) => `${name} ${value}`)
      .join(', ');
  switch (finding.kind) {
    case 'constraint': {
      const { chip, constraint, row, cells, source } = finding;
      return `${chip}, row ${row}${place(source)}: "${constraint}" does not hold for ${values(cells)}`;
    }
    case 'bus': {
      const { bus, tuple, balance, by } = finding;
      const who = by.map((b) => `${b.chip} row ${b.row}${place(b.source)} "${b.interaction}"`).join('; ');
      return `bus ${bus} is off by ${balance} for ${values(tuple)}: ${who || 'the statement alone'}`;
    }
  }
}
