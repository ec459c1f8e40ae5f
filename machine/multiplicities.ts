/** Multiplicities: what the rows of a table send, counted where the tables that answer have it. */
import type { Air, Interaction, Provider } from '../stark/air/air.ts';
import { add, type Felt, mul } from '../stark/field/koala-bear.ts';
import type { MainTable } from '../stark/prover/witness.ts';
import type { TableCells } from './batch.ts';
import { type Messages, messagesOf } from './messages.ts';

/** Where the tuples of one bus are answered: cell `row * stride + columns[entry]`. */
export interface Counter {
  readonly table: MainTable;
  readonly columns: readonly number[];
  readonly positionOf: Provider['positionOf'];
}

/** Told of a send that no table answers: a bug of a trace or of an air. */
export type OnMissing = (air: Air, row: number, interaction: Interaction, tuple: Uint32Array) => void;

/**
 * Adds up what one table sends to the buses in `counters`, by bus name. Rows from `inUse` on are all zero: one of them
 * stands for all up to `activeRows`.
 */
export function countSends(
  air: Air,
  table: TableCells,
  inUse: number,
  activeRows: number,
  counters: ReadonlyMap<string, Counter>,
  onMissing: OnMissing,
): void {
  const counted = air.interactions.filter(({ bus, direction }) => direction === 'send' && counters.has(bus.name));
  /** Counts each message `times` times its multiplicity. */
  const countBatch = (
    { interaction, fields, multiplicity }: Messages,
    first: number,
    rows: number,
    times = 1,
  ): void => {
    const counter = counters.get(interaction.bus.name)!;
    const tuple = new Uint32Array(fields.length);
    for (let i = 0; i < rows; i++) {
      if (multiplicity[i] === 0) continue;
      for (let f = 0; f < tuple.length; f++) tuple[f] = fields[f]![i]!;
      const m = times === 1 ? multiplicity[i]! : mul(multiplicity[i] as Felt, times as Felt);
      if (!addTo(counter, tuple, m)) onMissing(air, first + i, interaction, tuple);
    }
  };
  const forEachBatch = messagesOf(counted);
  forEachBatch(table, 0, inUse, countBatch);
  if (inUse === activeRows) return;
  forEachBatch(table, inUse, 1, (messages, first, rows) => countBatch(messages, first, rows, activeRows - inUse));
}

/** Counts `times` of a tuple where it is answered; false if it is nowhere. */
function addTo({ table, columns, positionOf }: Counter, tuple: Uint32Array, times: number): boolean {
  const position = positionOf(tuple);
  if (position === undefined) return false;
  const row = Math.floor(position / columns.length);
  const at = row * table.stride + columns[position - row * columns.length]!;
  table.cells[at] = add(table.cells[at]! as Felt, times as Felt);
  return true;
}
