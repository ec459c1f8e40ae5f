/**
 * From an execution to the tables: which take part and how tall they are, their cells, and the multiplicities of every
 * table that answers a bus, counted from what all the others send.
 */
import { type Air, type Interaction, type Provider, tupleOf } from '../stark/air/air.ts';
import { type Column, columnsOf } from '../stark/air/expr.ts';
import { add, type Felt, mul, P } from '../stark/field/koala-bear.ts';
import { MIN_LOG_HEIGHT, numBlindingRows, type Parameters } from '../stark/parameters.ts';
import { logHeightFor, type MainTable, type Witness } from '../stark/prover/witness.ts';
import { checkCells } from '../vm/chip.ts';
import { programAir } from '../vm/chips/program/air.ts';
import { programProvider } from '../vm/chips/program/known.ts';
import type { Execution } from '../vm/executor/execution.ts';
import type { Program } from '../vm/executor/program.ts';
import { compiledMessage } from './compiled-message.ts';
import { type Machine, providersOf } from './machine.ts';
import { type RowFunction, rowFunction, type TableCells } from './row-function.ts';
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

/** Told of a send that no table answers: a bug of a trace or of an air. */
export type OnMissing = (air: Air, row: number, interaction: Interaction, tuple: Uint32Array) => void;

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
    const cells: TableCells = { ...table, known: known.get(name)?.columns ?? [], fixed: [] };
    countSends(air, cells, used, table.rows, counters, onMissing);
  };
}

/** Where the tuples of one bus are answered: cell `row * stride + columns[entry]`. */
interface Counter {
  readonly table: MainTable;
  readonly columns: readonly number[];
  readonly positionOf: Provider['positionOf'];
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

/** Adds up what one table sends to the buses in `counters`. Rows from `inUse` on are all zero: one of them stands for all. */
function countSends(
  air: Air,
  cells: TableCells,
  inUse: number,
  activeRows: number,
  counters: ReadonlyMap<string, Counter>,
  onMissing: OnMissing,
): void {
  for (const interaction of air.interactions) {
    const counter = interaction.direction === 'send' ? counters.get(interaction.bus.name) : undefined;
    if (counter === undefined) continue;
    const message = inUse >= COMPILED_ROWS ? compiledMessage(interaction) : messageFunction(interaction);
    const count = (row: number, times: number): void => {
      message.read(cells, row);
      if (!addTo(counter, message.tuple, times)) onMissing(air, row, interaction, message.tuple);
    };
    const single = inUse >= HISTOGRAM_ROWS ? singleColumn(interaction) : undefined;
    if (single !== undefined) countHistogram(message.multiplicity, single, cells, inUse, count);
    else {
      for (let row = 0; row < inUse; row++) {
        const multiplicity = message.multiplicity(cells, row);
        if (multiplicity !== 0) count(row, multiplicity);
      }
    }
    if (inUse === activeRows) continue;
    const onPadding = message.multiplicity(cells, inUse);
    if (onPadding !== 0) count(inUse, mul(onPadding as Felt, (activeRows - inUse) as Felt));
  }
}

/** Counts `times` of a tuple where it is answered; false if it is nowhere. */
function addTo({ table, columns, positionOf }: Counter, tuple: Uint32Array, times: number): boolean {
  const position = positionOf(tuple);
  if (position === undefined) return false;
  const perRow = columns.length;
  const entry = perRow === 1 ? 0 : position % perRow;
  const at = ((position - entry) / perRow) * table.stride + columns[entry]!;
  table.cells[at] = add(table.cells[at]! as Felt, times as Felt);
  return true;
}

/** From this many rows on, compiling a message is worth it. */
const COMPILED_ROWS = 2 ** 12;
/** From this many rows on, tuples that vary in one column are counted by its value: 2 ns a row instead of 20. */
const HISTOGRAM_ROWS = 2 ** 13;
const HISTOGRAM_SIZE = 2 ** 16;

/** The only column that the tuple of a send depends on, if it is one main column. */
function singleColumn(interaction: Interaction): Column | undefined {
  const columns = new Set<Column>();
  for (const field of tupleOf(interaction)) columnsOf(field, (column) => columns.add(column));
  const [column] = columns;
  return columns.size === 1 && column!.kind === 'main' ? column : undefined;
}

function countHistogram(
  multiplicity: RowFunction,
  column: Column,
  table: TableCells,
  inUse: number,
  count: (row: number, times: number) => void,
): void {
  const times = new Float64Array(HISTOGRAM_SIZE); // sums of residues: < 2^22 rows * 2^31 = 2^53, exact
  const rowOf = new Uint32Array(HISTOGRAM_SIZE);
  for (let row = 0; row < inUse; row++) {
    const m = multiplicity(table, row);
    if (m === 0) continue;
    const value = table.cells[row * table.stride + column.index]!;
    if (value < HISTOGRAM_SIZE) {
      times[value]! += m;
      rowOf[value] = row;
    } else count(row, m);
  }
  for (let value = 0; value < HISTOGRAM_SIZE; value++) if (times[value] !== 0) count(rowOf[value]!, times[value]! % P);
}

/** The tuple and multiplicity of an interaction as functions of the row; `tuple` is written over by `read`. */
export interface MessageFunction {
  readonly tuple: Uint32Array;
  readonly multiplicity: RowFunction;
  read(cells: TableCells, row: number): void;
}

export function messageFunction(interaction: Interaction): MessageFunction {
  const fields = tupleOf(interaction).map(rowFunction);
  const tuple = new Uint32Array(fields.length);
  return {
    tuple,
    multiplicity: rowFunction(interaction.multiplicity),
    read(cells, row) {
      for (let i = 0; i < fields.length; i++) tuple[i] = fields[i]!(cells, row);
    },
  };
}
