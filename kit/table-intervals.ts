/** What the tables of a machine answer, as intervals: of every field, and of groups of tuples. */
import type { Machine } from '../machine/machine.ts';
import { centred } from '../stark/field/koala-bear.ts';
import { PROGRAM_BUS, PUBLIC_INPUT_BUS } from '../vm/buses.ts';
import type { FixedTable } from '../vm/chips/table.ts';
import { belowPower, type Interval } from './interval.ts';

/** An interval for every field. */
export type Tuple = readonly Interval[];

const LIMB = belowPower(16);
/** Text is below 2^28; registers and their sink have 7 bits. */
const STATEMENT: ReadonlyMap<string, Tuple> = new Map([
  [PUBLIC_INPUT_BUS.name, [belowPower(26), LIMB, LIMB]],
  [
    PROGRAM_BUS.name,
    [belowPower(28), belowPower(8), belowPower(7), belowPower(7), belowPower(7), LIMB, LIMB, belowPower(28)],
  ],
]);

/** Fields with at most this many values tell groups of tuples apart. */
const MAX_VALUES = 64;
/** A table with more groups is not taken apart. */
const MAX_GROUPS = 400;

/** By the name of a bus, computed when asked for; undefined for a bus without a table. */
export interface TableIntervals {
  fieldsOf(bus: string): Tuple | undefined;
  /** Of tables with few groups: of (2^k, what is below 2^k) one for every k. */
  groupsOf(bus: string): readonly Tuple[] | undefined;
}

export function tableIntervals(machine: Pick<Machine, 'chips'>): TableIntervals {
  const tables = new Map<string, FixedTable>();
  for (const chip of machine.chips.values()) if ('fixedRows' in chip) tables.set(chip.provider.bus.name, chip);
  const values = once((bus) => {
    const table = tables.get(bus);
    return table && valuesOf(table);
  });
  return {
    fieldsOf: once((bus) => STATEMENT.get(bus) ?? values(bus)?.map(({ low, high }) => ({ low, high }))),
    groupsOf: once((bus) => {
      const table = tables.get(bus);
      return table && groupsOf(table, values(bus)!);
    }),
  };
}

function once<T>(compute: (bus: string) => T): (bus: string) => T {
  const known = new Map<string, T>();
  return (bus) => {
    if (!known.has(bus)) known.set(bus, compute(bus));
    return known.get(bus)!;
  };
}

/** Ends of every field, and its values if they are few. */
function valuesOf(table: FixedTable) {
  const all = table.provider.bus.fields.map(() => ({ low: Infinity, high: -Infinity, few: new Set<number>() }));
  eachTuple(table, (value, field) => {
    const own = all[field]!;
    if (value < own.low) own.low = value;
    if (value > own.high) own.high = value;
    if (own.few.size <= MAX_VALUES) own.few.add(value);
  });
  return all;
}

function groupsOf(table: FixedTable, values: ReturnType<typeof valuesOf>): readonly Tuple[] | undefined {
  const isFew = values.map(({ few }) => few.size <= MAX_VALUES);
  if (!isFew.includes(true) || values.length === 1) return undefined;
  const groups = new Map<string, { low: number; high: number }[]>();
  const tuple: number[] = [];
  eachTuple(table, (value, field) => {
    tuple[field] = value;
    if (field < values.length - 1 || groups.size > MAX_GROUPS) return;
    const key = tuple.map((v, f) => (isFew[f] ? v : '')).join(' ');
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(
        key,
        tuple.map((v) => ({ low: v, high: v })),
      );
    } else {
      for (const [f, v] of tuple.entries()) {
        group[f]!.low = Math.min(group[f]!.low, v);
        group[f]!.high = Math.max(group[f]!.high, v);
      }
    }
  });
  return groups.size > MAX_GROUPS ? undefined : [...groups.values()];
}

/** Calls `visit` for all fields of a tuple, in order, tuple by tuple. */
function eachTuple({ fixedRows, fixedRow, provider }: FixedTable, visit: (value: number, field: number) => void): void {
  const perRow = provider.multiplicities.length;
  const numFields = provider.bus.fields.length;
  for (let row = 0; row < fixedRows; row++) {
    const cells = fixedRow(row);
    for (let entry = 0; entry < perRow; entry++) {
      for (let field = 0; field < numFields; field++) visit(centred(cells[field * perRow + entry]!), field);
    }
  }
}
