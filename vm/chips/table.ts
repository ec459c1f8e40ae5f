/**
 * Fixed tables: a finite relation, the same in every proof, that answers one `table` bus.
 *
 * The relation is a list of `count` tuples, `perRow` of them side by side in a row of fixed columns, each with a main
 * column that says how often it was sent. Several tuples in a row keep the height low: 2^16 tuples do not fit in 2^16
 * rows, since the last rows of a table are blinding rows.
 *
 * Assumes  less than p sends of any tuple in a whole proof (the verifier bounds heights times interactions).
 * Ensures  whatever is sent on the bus is one of the tuples.
 * Proof    every receive is a tuple of the fixed columns, whose values are in the verifying key; the multiplicities are
 *          free, and a false one only unbalances the bus.
 * Padding  places past the last tuple, in its row and in the rows below, repeat tuple 0: received or not, it is one of
 *          the relation. Multiplicity 0 receives nothing.
 */
import { type Air, array, type Declaration, defineAir, fixed, given, type Provider } from '../../stark/air/air.ts';
import type { Bus } from '../../stark/air/bus.ts';
import type { Expr } from '../../stark/air/expr.ts';
import type { Chip } from '../chip.ts';

/** A chip without events: its rows are in every proof that has the chip, and the prover counts its multiplicities. */
export interface FixedTable extends Chip {
  readonly provider: Provider;
  /** Whether it is committed on its own: only proofs that use the table pay for it. */
  readonly separate: boolean;
  /** Number of rows that hold tuples. */
  readonly fixedRows: number;
  /** The fixed cells of a row, canonical residues in the order of `air.fixed`; defined for every row >= 0. */
  fixedRow(row: number): number[];
}

export interface Relation {
  /** Name of the table and of its air. */
  readonly name: string;
  readonly bus: Bus;
  readonly perRow: number;
  /** Number of tuples. */
  readonly count: number;
  /** The tuple at `index` in [0, count), canonical residues in the order of the bus fields; a pure function. */
  readonly tupleAt: (index: number) => readonly number[];
  /** The inverse: where a tuple is, undefined if the relation does not have it. */
  readonly indexOf: (tuple: ArrayLike<number>) => number | undefined;
  /** See `FixedTable`; default false. */
  readonly separate?: boolean;
}

/** @throws {RangeError} if `perRow` or `count` is not a positive integer. */
export function fixedTable({ name, bus, perRow, count, tupleAt, indexOf, separate = false }: Relation): FixedTable {
  for (const [key, value] of Object.entries({ perRow, count })) {
    if (!Number.isInteger(value) || value < 1)
      throw new RangeError(`${key}: expected a positive integer, got ${value}`);
  }
  const fields = Object.fromEntries(
    bus.fields.map((field): [string, Declaration<number>] => [field, array(perRow, fixed(`${field} of each tuple`))]),
  );
  const air = defineAir({
    name,
    columns: {
      ...fields,
      multiplicity: array(perRow, given('free: the bus balances only for the true count', 'times each tuple was sent')),
    },
    define({ local, receive }) {
      const cells = local as Readonly<Record<string, readonly Expr[]>>;
      for (let entry = 0; entry < perRow; entry++) {
        const tuple = bus.fields.map((field) => cells[field]![entry]!);
        receive(`tuple ${entry} is in the table`, bus, { given: tuple }, cells['multiplicity']![entry]!);
      }
    },
  }) as unknown as Air;

  const fixedRows = Math.ceil(count / perRow);
  return {
    air,
    provider: {
      bus,
      multiplicities: Array.from({ length: perRow }, (_, entry) => `multiplicity[${entry}]`),
      positionOf: indexOf,
    },
    separate,
    fixedRows,
    fixedRow(row) {
      const cells = new Array<number>(bus.fields.length * perRow);
      for (let entry = 0; entry < perRow; entry++) {
        const index = row * perRow + entry;
        const tuple = tupleAt(index < count ? index : 0);
        for (let field = 0; field < tuple.length; field++) cells[field * perRow + entry] = tuple[field]!;
      }
      return cells;
    },
    rows: () => fixedRows,
    fill: () => {},
  };
}
