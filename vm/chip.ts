/**
 * What a chip is to the machine: an air, and how to fill its trace from the record of an execution. An instruction chip
 * has one row per recorded event; the executor appends an event of `eventWords` u32 words to the chip's log for every
 * row the chip needs (a multi-row precompile appends several).
 */
import type { Air } from '../stark/air/air.ts';
import { P } from '../stark/field/koala-bear.ts';
import type { Execution } from './executor/execution.ts';

/** Main trace cells, row-major: cell c of row r is `cells[r * stride + c]`, a canonical residue. Zero where not written. */
export interface TraceTable {
  readonly cells: Uint32Array;
  readonly stride: number;
}

export interface Chip {
  readonly air: Air;
  /** Number of rows that stand for something; 0 leaves the chip out of the proof. */
  rows(execution: Execution): number;
  /** Writes rows 0 .. rows - 1, all main columns but multiplicities of providers. */
  fill(execution: Execution, table: TraceTable): void;
}

/** A trace writer or a fixed table wrote what is no canonical residue: a bug of the chip, not of the execution. */
export class TraceError extends RangeError {
  override name = 'TraceError';
  readonly chip: string;

  constructor({ name }: Pick<Air, 'name'>, row: number, column: string, value: number) {
    super(`${name}, row ${row}, ${column}: expected a field element in 0..${P - 1}, got ${value}`);
    this.chip = name;
  }
}

/** @throws {TraceError} if a cell of the first `rows` rows is no canonical residue */
export function checkCells(air: Air, { cells, stride }: TraceTable, rows: number): void {
  const end = rows * stride;
  for (let i = 0; i < end; i++) {
    if (cells[i]! < P) continue;
    const column = air.main[i % stride]?.name ?? `cell ${i % stride}, past the last column`;
    throw new TraceError(air, Math.floor(i / stride), column, cells[i]!);
  }
}

/**
 * What the statement puts into the known columns of a table: `rows` rows, columns in the order of `air.known`,
 * canonical residues. All later rows are zero.
 */
export interface KnownRows {
  readonly rows: number;
  readonly columns: readonly Uint32Array[];
}

/** A growing list of events of equal size. */
export class EventLog {
  readonly eventWords: number;
  words: Uint32Array;
  count = 0;

  constructor(eventWords: number) {
    this.eventWords = eventWords;
    this.words = new Uint32Array(eventWords * 64);
  }

  /** Appends an event of zeros and returns the offset of its first word in `words` (read `words` again after the call). */
  push(): number {
    const offset = this.count * this.eventWords;
    if (offset + this.eventWords > this.words.length) {
      const grown = new Uint32Array(this.words.length * 2);
      grown.set(this.words);
      this.words = grown;
    }
    this.count += 1;
    return offset;
  }
}

/** A chip whose rows are the events of its own log; the log's name is the air's name. */
export function eventChip(definition: {
  readonly air: Air;
  readonly eventWords: number;
  readonly fill: (log: EventLog, table: TraceTable, execution: Execution) => void;
}): Chip & { readonly eventWords: number } {
  const { air, eventWords, fill } = definition;
  return {
    air,
    eventWords,
    rows: (execution) => execution.logs.get(air.name)?.count ?? 0,
    fill: (execution, table) => {
      const log = execution.logs.get(air.name);
      if (log !== undefined) fill(log, table, execution);
    },
  };
}
