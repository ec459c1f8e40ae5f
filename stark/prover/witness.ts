/** What the prover gets: how tall each table is, and a writer of the active rows. */

/** One table's main trace while it is being filled: cell c of row r is `cells[r * stride + c]`. All cells are zero at first. */
export interface MainTable {
  readonly cells: Uint32Array;
  readonly stride: number;
  /** Active rows. */
  readonly rows: number;
}

export interface Witness {
  /** log2 of the height of every table that takes part, by air name. */
  readonly logHeights: ReadonlyMap<string, number>;
  /** Writes the active rows of all tables, multiplicities included. */
  fill(tables: ReadonlyMap<string, MainTable>): void;
}

/** Height of a table with this many rows in use: the next power of two that leaves room for the blinding rows. */
export const logHeightFor = (rows: number, blindingRows: number, minLogHeight: number): number =>
  Math.max(minLogHeight, Math.ceil(Math.log2(rows + blindingRows)));
