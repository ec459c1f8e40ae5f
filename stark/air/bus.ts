/**
 * Buses: named multisets of tuples over which tables talk. A table sends or receives a tuple with a multiplicity; the
 * LogUp argument shows that over all tables, sends and receives of every tuple cancel.
 *
 * A `table` bus is answered by a fixed or known table: whoever sends a tuple claims that it is one of its rows.
 * A `peer` bus connects two chips: what one side fixes the other answers.
 */
export interface Bus {
  readonly name: string;
  readonly kind: 'table' | 'peer';
  /** Names of the tuple's fields: every tuple on the bus has exactly these. */
  readonly fields: readonly string[];
}

export const defineBus = (name: string, kind: Bus['kind'], fields: readonly string[]): Bus => ({ name, kind, fields });

/** (bits, value): value < 2^bits, bits in [0, 16]. The domain declarations of columns send here. */
export const RANGE_BUS = defineBus('range', 'table', ['bits', 'value']);
