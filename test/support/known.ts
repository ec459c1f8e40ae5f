/** Rows of tables with known columns, for tests. */
import type { Rows } from '../../stark/air/check.ts';
import type { KnownRows } from '../../vm/chip.ts';

/** The main cells with the known cells beside them; known rows past the end are zero, as in a proof. */
export const withKnown = (main: Rows['main'], { columns }: KnownRows): Rows => ({
  main,
  known: main.map((_, row) => columns.map((column) => column[row] ?? 0)),
});

/** Copies a trace with one known cell replaced: a statement that is not the one of the verifier. */
export function withKnownCell(rows: Rows, row: number, column: number, value: number): Rows {
  return { ...rows, known: rows.known!.with(row, rows.known![row]!.with(column, value)) };
}
