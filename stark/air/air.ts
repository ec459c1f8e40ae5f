/**
 * The constraint language: one table of the machine as a value.
 *
 * `defineAir` takes the columns, each with a doc and a domain, and a function that states the constraints and bus
 * interactions by name. Domains emit their own check. From the resulting `Air` come the checker (`check.ts`), the
 * prover's bytecode, the verifier's evaluation, degrees, counts, docs and the verifying key.
 *
 * Rows 0 .. height - h - 1 are active, the last h are blinding rows (random, unconstrained); h is a number of the proof
 * system that no table depends on. An active row that stands for nothing is a padding row, all zero unless the table
 * says otherwise.
 */
import { type Bus, RANGE_BUS } from './bus.ts';
import { type Column, type ColumnKind, columnExpr, columnsOf, type Expr, expr, type Operand } from './expr.ts';

/** Every constraint and every LogUp batch has at most this degree: it fixes the number of quotient chunks. */
export const MAX_DEGREE = 4;
/** Tables have at least this many main columns, so that the blinding row can mask a LogUp terminal in the extension. */
export const MIN_MAIN_WIDTH = 5;

/** Rows where a constraint holds: every active row; every active row but the last (it may read the next one); the first; the last active. */
export type Where = 'every' | 'transition' | 'first' | 'last';

export interface Constraint {
  readonly name: string;
  readonly where: Where;
  readonly expr: Expr;
}

export interface Interaction {
  readonly name: string;
  readonly bus: Bus;
  readonly direction: 'send' | 'receive';
  /** The leading fields, fixed by the other side. */
  readonly given: readonly Expr[];
  /** The trailing fields, answered or claimed by this side. */
  readonly claimed: readonly Expr[];
  /** How often the tuple counts; 0 on rows that stand for nothing. */
  readonly multiplicity: Expr;
}

/** The whole tuple of an interaction, in the order of the bus fields. */
export const tupleOf = (interaction: Interaction): readonly Expr[] => [...interaction.given, ...interaction.claimed];

/** A declared column or array of columns. `size` undefined: one column, else an array of that many. */
export interface Declaration<N extends number | undefined = number | undefined> {
  readonly kind: ColumnKind;
  readonly size: N;
  readonly doc: string;
  readonly domain: string;
  /** Emits the check of one column. */
  readonly check?: (name: string, value: Expr) => { constraint: Constraint } | { interaction: Interaction };
}

type Declarations = Readonly<Record<string, Declaration>>;
/** One expression per column, an array for an array. */
export type Cells<D extends Declarations> = {
  readonly [K in keyof D]: D[K]['size'] extends number ? readonly Expr[] : Expr;
};
/** Where each declaration starts among the columns of its kind; arrays are contiguous. For trace writers. */
export type Offsets<D extends Declarations> = { readonly [K in keyof D]: number };
/** Values for one row by name. Main columns that are left out are zero. */
export type RowValues<D extends Declarations> = {
  readonly [K in keyof D]?: D[K]['size'] extends number ? ArrayLike<number> : number;
};

function declare(kind: ColumnKind, doc: string, domain: string, check?: Declaration['check']): Declaration<undefined> {
  return { kind, size: undefined, doc, domain, ...(check === undefined ? {} : { check }) };
}

/** The same declaration for an array of `size` columns. */
export const array = <N extends number>(size: N, of: Declaration<undefined>): Declaration<N> => ({ ...of, size });

/** 0 or 1, enforced by a constraint. */
export const bit = (doc: string): Declaration<undefined> =>
  declare('main', doc, 'bit', (name, x) => ({
    constraint: { name: `${name} is a bit`, where: 'every', expr: x.times(x.minus(1)) },
  }));

/** An integer in [0, 2^bits), 0 <= bits <= 16, enforced by a lookup on every active row, padding included. */
export const below = (bits: number, doc: string): Declaration<undefined> =>
  declare('main', doc, `below 2^${bits}`, (name, x) => ({
    interaction: {
      name: `${name} is below 2^${bits}`,
      bus: RANGE_BUS,
      direction: 'send',
      given: [],
      claimed: [expr(bits), x],
      multiplicity: expr(1),
    },
  }));

/** A 16-bit limb. */
export const u16 = (doc: string): Declaration<undefined> => below(16, doc);

/** A column whose domain another party enforces; `reason` names the bus or constraint that does, or why none is needed. */
export const given = (reason: string, doc: string): Declaration<undefined> => declare('main', doc, reason);

/** A column of the machine: the same in every proof, part of the verifying key. */
export const fixed = (doc: string): Declaration<undefined> => declare('fixed', doc, 'fixed');

/** A column of the statement: the verifier holds it. */
export const known = (doc: string): Declaration<undefined> => declare('known', doc, 'known to the verifier');

/** What a table's definition is written with. */
export interface AirBuilder<D extends Declarations> {
  readonly local: Cells<D>;
  /** The next row. Only for `transition` constraints: after the last active row comes blinding. */
  readonly next: Cells<D>;
  /** States that `value` is zero on the rows `where` (default `every`). The name is a sentence that is then true. */
  assertZero(name: string, value: Expr, where?: Where): void;
  send(name: string, bus: Bus, tuple: Tuple, multiplicity: Operand): void;
  receive(name: string, bus: Bus, tuple: Tuple, multiplicity: Operand): void;
}

/** `given`: leading fields, fixed by the other side; `claimed`: trailing fields, answered here. */
export interface Tuple {
  readonly given?: readonly Operand[];
  readonly claimed?: readonly Operand[];
}

/**
 * Which rows of this table answer a bus, for the prover's bookkeeping only (it cannot weaken the proof): the tuple
 * with these values sits in entry `entry` of row `row`, and its multiplicity column counts how often it was sent.
 */
export interface Provider {
  readonly bus: Bus;
  /** Names of the multiplicity columns, one per entry of a row. */
  readonly multiplicities: readonly string[];
  /** Position of a tuple: row * multiplicities.length + entry. Undefined if it is not in the table. */
  readonly positionOf: (tuple: ArrayLike<number>) => number | undefined;
}

export interface Air<D extends Declarations = Declarations> {
  readonly name: string;
  readonly main: readonly Column[];
  readonly fixed: readonly Column[];
  readonly known: readonly Column[];
  readonly constraints: readonly Constraint[];
  readonly interactions: readonly Interaction[];
  readonly offsets: Offsets<D>;
  /** One row of main cells from values by name. @throws {RangeError} on an array of the wrong length. */
  encode(values: RowValues<D>): number[];
}

/**
 * @throws {RangeError} if two constraints or interactions share a name, a tuple does not have the fields of its bus, a
 *   constraint is above `MAX_DEGREE`, or at it on the first or last row, or one reads the next row outside a transition.
 */
export function defineAir<const D extends Declarations>(definition: {
  readonly name: string;
  readonly columns: D;
  readonly define: (builder: AirBuilder<D>) => void;
}): Air<D> {
  const { name, columns } = definition;
  const byKind: Record<ColumnKind, Column[]> = { main: [], fixed: [], known: [] };
  const offsets: Record<string, number> = {};
  const local: Record<string, Expr | Expr[]> = {};
  const next: Record<string, Expr | Expr[]> = {};
  const constraints: Constraint[] = [];
  const interactions: Interaction[] = [];

  for (const [key, { kind, size, doc, domain, check }] of Object.entries(columns)) {
    const list = byKind[kind];
    offsets[key] = list.length;
    const cells = Array.from({ length: size ?? 1 }, (_, i): Column => {
      const column = { kind, index: list.length, name: size === undefined ? key : `${key}[${i}]`, doc, domain };
      list.push(column);
      const emitted = check?.(column.name, columnExpr(column, 0));
      if (emitted !== undefined && 'constraint' in emitted) constraints.push(emitted.constraint);
      else if (emitted !== undefined) interactions.push(emitted.interaction);
      return column;
    });
    local[key] = size === undefined ? columnExpr(cells[0]!, 0) : cells.map((c) => columnExpr(c, 0));
    next[key] = size === undefined ? columnExpr(cells[0]!, 1) : cells.map((c) => columnExpr(c, 1));
  }
  for (let i = byKind.main.length; i < MIN_MAIN_WIDTH; i++) {
    const doc = 'fills the table to the width that masks a terminal';
    byKind.main.push({ kind: 'main', index: i, name: `mask[${i}]`, doc, domain: 'free: nothing reads it' });
  }

  const interact =
    (direction: Interaction['direction']) =>
    (label: string, bus: Bus, tuple: Tuple, multiplicity: Operand): void => {
      const [front, back] = [(tuple.given ?? []).map(expr), (tuple.claimed ?? []).map(expr)];
      if (front.length + back.length !== bus.fields.length) {
        throw new RangeError(
          `${name}, ${label}: expected ${bus.fields.length} fields on bus ${bus.name}, got ${front.length + back.length}`,
        );
      }
      interactions.push({ name: label, bus, direction, given: front, claimed: back, multiplicity: expr(multiplicity) });
    };
  definition.define({
    local: local as Cells<D>,
    next: next as Cells<D>,
    assertZero: (label, value, where = 'every') => void constraints.push({ name: label, where, expr: value }),
    send: interact('send'),
    receive: interact('receive'),
  });

  const air: Air<D> = {
    name,
    ...byKind,
    constraints,
    interactions,
    offsets: offsets as Offsets<D>,
    encode: (values) => encodeRow(name, columns, offsets, byKind.main.length, values),
  };
  validate(air as unknown as Air);
  return air;
}

function encodeRow(
  name: string,
  columns: Declarations,
  offsets: Record<string, number>,
  width: number,
  values: Record<string, number | ArrayLike<number> | undefined>,
): number[] {
  const row = new Array<number>(width).fill(0);
  for (const [key, value] of Object.entries(values)) {
    const { kind, size } = columns[key]!;
    if (value === undefined || kind !== 'main') continue;
    const cells = typeof value === 'number' ? [value] : Array.from(value);
    if (cells.length !== (size ?? 1)) {
      throw new RangeError(`${name}.${key}: expected ${size ?? 1} cells, got ${cells.length}`);
    }
    cells.forEach((cell, i) => {
      row[offsets[key]! + i] = cell;
    });
  }
  return row;
}

function validate({ name, constraints, interactions }: Air): void {
  const names = [...constraints, ...interactions].map((o) => o.name);
  const twice = names.find((label, i) => names.indexOf(label) !== i);
  if (twice !== undefined) throw new RangeError(`${name}: expected distinct names, got "${twice}" twice`);
  for (const { name: label, where, expr: value } of constraints) {
    // Over a single row the quotient has degree 4 (n - 1) - 1, which leaves no room for the masks of its chunks.
    const most = where === 'first' || where === 'last' ? MAX_DEGREE - 1 : MAX_DEGREE;
    if (value.degree > most) {
      throw new RangeError(`${name}, ${label}: expected degree at most ${most}, got ${value.degree}`);
    }
    if (where !== 'transition' && readsNext(value)) {
      throw new RangeError(`${name}, ${label}: expected only the local row outside a transition, got the next one`);
    }
  }
  for (const interaction of interactions) {
    if ([...tupleOf(interaction), interaction.multiplicity].some(readsNext)) {
      throw new RangeError(`${name}, ${interaction.name}: expected an interaction of the local row, got the next one`);
    }
  }
}

function readsNext(root: Expr): boolean {
  let found = false;
  columnsOf(root, (_, rotation) => {
    found ||= rotation === 1;
  });
  return found;
}
