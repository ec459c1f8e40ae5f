/**
 * From an execution to the tables: which take part and how tall they are, their cells, and the multiplicities of every
 * table that answers a bus, counted from what all the others send.
 */
import { MIN_LOG_HEIGHT, numBlindingRows, type Parameters } from '../stark/parameters.ts';
import { logHeightFor, type MainTable, type Witness } from '../stark/prover/witness.ts';
import { checkCells } from '../vm/chip.ts';
import { programAir } from '../vm/chips/program/air.ts';
import { programProvider } from '../vm/chips/program/known.ts';
import type { Execution } from '../vm/executor/execution.ts';
import type { Program } from '../vm/executor/program.ts';
import { type Machine, providersOf } from './machine.ts';
import { type Counter, countSends, type OnMissing } from './multiplicities.ts';
import { type Claim, knownRowsOf } from './statement.ts';

export const claimOf = (program: Program, { publicInput, publicOutput, exitCode }: Execution): Claim => ({
  program,
  publicInput,
  publicOutput,
  exitCode,
});

/** Rows in use by air name, for the tables that take part. A fixed table does if one that does sends on its bus. */
export function rowsInUse(machine: Machine, program: Program, execution: Execution): Map<string, number> {
  const known = knownRowsOf(claimOf(program, execution));
  const rows = new Map<string, number>();
  const sentTo = new Set<string>();
  for (const [name, chip] of machine.chips) {
    const isFixed = 'provider' in chip;
    const { air } = chip;
    const count = isFixed ? 0 : air.known.length > 0 ? (known.get(name)?.rows ?? 0) : chip.rows(execution);
    if (count === 0) continue;
    rows.set(name, count);
    for (const { bus, direction } of air.interactions) if (direction === 'send') sentTo.add(bus.name);
  }
  for (const [name, chip] of machine.chips) {
    if ('provider' in chip && sentTo.has(chip.provider.bus.name)) rows.set(name, chip.fixedRows);
  }
  return rows;
}

/** The witness of an execution that halted, for `prove`. */
export function witnessOf(machine: Machine, program: Program, execution: Execution, parameters: Parameters): Witness {
  const blindingRows = numBlindingRows(parameters);
  const inUse = rowsInUse(machine, program, execution);
  const { fixedTables } = machine.relation;
  const heightOf = (name: string, rows: number): number =>
    fixedTables.get(name)?.logHeight ?? logHeightFor(rows, blindingRows, MIN_LOG_HEIGHT);
  return {
    logHeights: new Map([...inUse].map(([name, rows]) => [name, heightOf(name, rows)])),
    fill: (tables) => fillTables(machine, program, execution, tables),
  };
}

/** A row sends what the table that answers the bus does not have: no proof would be accepted. */
export class MissingTupleError extends RangeError {
  override name = 'MissingTupleError';
}

const throwMissing: OnMissing = (air, row, interaction, tuple) => {
  const what = `${air.name}, row ${row}, ${interaction.name}`;
  throw new MissingTupleError(`${what}: expected a tuple of ${interaction.bus.name}, got ${tuple}`);
};

/** Writes all main cells of the tables given by air name, zero before: traces and multiplicities. */
export function fillTables(
  machine: Machine,
  program: Program,
  execution: Execution,
  tables: ReadonlyMap<string, MainTable>,
  onMissing: OnMissing = throwMissing,
): void {
  const fill = tableFiller(machine, program, execution, tables, onMissing);
  for (const name of tables.keys()) fill(name);
}

/** What writes one of the tables and adds what it sends to the multiplicities of the others, in any order of tables. */
export function tableFiller(
  machine: Machine,
  program: Program,
  execution: Execution,
  tables: ReadonlyMap<string, MainTable>,
  onMissing: OnMissing = throwMissing,
): (name: string) => void {
  const known = knownRowsOf(claimOf(program, execution));
  const inUse = rowsInUse(machine, program, execution);
  const counters = countersOf(machine, program, tables);
  return (name) => {
    const { air, fill } = machine.chips.get(name)!;
    const table = tables.get(name)!;
    fill(execution, table);
    const used = Math.min(table.rows, inUse.get(name) ?? 0);
    checkCells(air, table, used);
    const cells = { ...table, known: known.get(name)?.columns ?? [], fixed: [] };
    countSends(air, cells, used, table.rows, counters, onMissing);
  };
}

/** By bus name. */
function countersOf(
  machine: Machine,
  program: Program,
  tables: ReadonlyMap<string, MainTable>,
): ReadonlyMap<string, Counter> {
  const counters = new Map<string, Counter>();
  for (const [name, table] of tables) {
    const chip = machine.chips.get(name)!;
    const providers = name === programAir.name ? [programProvider(program)] : providersOf(chip);
    for (const { bus, multiplicities, positionOf } of providers) {
      const columns = multiplicities.map((label) => chip.air.main.find((column) => column.name === label)!.index);
      counters.set(bus.name, { table, columns, positionOf });
    }
  }
  return counters;
}
