/**
 * A relation: the tables and buses that together say what is proven, and a statement: what the verifier knows of one
 * instance. The proof system takes both; it has never heard of RISC-V.
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import { type Air, tupleOf } from './air/air.ts';
import type { Bus } from './air/bus.ts';
import { columnsOf, type Expr } from './air/expr.ts';

/** A bound that the heights of the tables must keep: sum of weight * height < limit, over the integers. */
export interface HeightLimit {
  readonly name: string;
  /** By air name; 0 where left out. */
  readonly weights: ReadonlyMap<string, number>;
  readonly limit: number;
}

export interface Relation {
  readonly name: string;
  /** All tables, in the canonical order of a proof. */
  readonly airs: readonly Air[];
  /** Buses that the statement uses, beside those of the airs. */
  readonly buses: readonly Bus[];
  readonly heightLimits: readonly HeightLimit[];
  /** The fixed cells of the airs that have fixed columns, by air name. Rows after the last one given are zero. */
  readonly fixedTables: ReadonlyMap<string, FixedTable>;
  /**
   * Roots of the fixed tables' commitments, 64 hex digits each: constants of the machine. By parameter set name for the
   * tables that share one, by `set table` for a separate table.
   */
  readonly fixedRoots: Readonly<Record<string, string>>;
}

export interface FixedTable {
  readonly logHeight: number;
  /** Whether the table has a commitment of its own, which a proof without the table neither computes nor opens. */
  readonly separate?: boolean;
  /** Columns of active cells, canonical residues. */
  readonly columns: () => readonly Uint32Array[];
}

/** The known columns of one air: the same for prover and verifier. Rows after the last one given are zero. */
export interface KnownTable {
  readonly logHeight: number;
  readonly columns: readonly Uint32Array[];
}

/** A tuple that the statement itself sends (positive multiplicity) or receives (negative). */
export interface PublicTerm {
  readonly bus: Bus;
  readonly tuple: readonly number[];
  readonly multiplicity: number;
}

export interface Statement {
  /** Canonical encoding of everything the statement says: absorbed before the first challenge. */
  readonly bytes: Uint8Array;
  /** By air name, for every air that has known columns and is part of the instance. */
  readonly known: ReadonlyMap<string, KnownTable>;
  readonly terms: readonly PublicTerm[];
}

/** Whether any constraint of the air reads the next row of one of its columns; those columns are opened at two points. */
export function columnsReadNext(air: Air): { main: boolean[]; fixed: boolean[]; known: boolean[] } {
  const flags = {
    main: air.main.map(() => false),
    fixed: air.fixed.map(() => false),
    known: air.known.map(() => false),
  };
  const seen = new Set<Expr>();
  for (const { expr } of air.constraints) {
    columnsOf(
      expr,
      ({ kind, index }, rotation) => {
        if (rotation === 1) flags[kind][index] = true;
      },
      seen,
    );
  }
  return flags;
}

const digests = new WeakMap<Relation, string>();

/** BLAKE3 of the canonical text of the relation: every column, constraint, interaction, bus and limit, and the fixed roots. */
export function relationDigest(relation: Relation): string {
  const known = digests.get(relation);
  if (known !== undefined) return known;
  const digest = bytesToHex(blake3(utf8ToBytes(canonicalText(relation))));
  digests.set(relation, digest);
  return digest;
}

/** Digest of one air with its buses: stable names for what changed. */
export const airDigest = (air: Air): string => bytesToHex(blake3(utf8ToBytes(airText(air))));

function canonicalText(relation: Relation): string {
  const { name, airs, buses, heightLimits, fixedTables, fixedRoots } = relation;
  return JSON.stringify({
    name,
    buses: buses.map((bus) => [bus.name, bus.kind, bus.fields]),
    airs: airs.map(airText),
    limits: heightLimits.map((limit) => [limit.name, [...limit.weights], limit.limit]),
    fixed: [...fixedTables].map(([air, { logHeight, separate }]) => [
      air,
      logHeight,
      ...(separate === true ? ['separate'] : []),
    ]),
    roots: Object.entries(fixedRoots),
  });
}

/**
 * Expressions are written as a list of distinct nodes that refer to earlier ones by position, as they share
 * subexpressions: written out as trees, the rounds of a permutation would not end.
 */
function airText({ name, main, fixed, known, constraints, interactions }: Air): string {
  const nodes = new Map<string, number>();
  const positions = new Map<Expr, number>();
  const position = (e: Expr): number => {
    const done = positions.get(e);
    if (done !== undefined) return done;
    const { node } = e;
    const text =
      node.op === 'constant'
        ? `${node.value}`
        : node.op === 'column'
          ? `${node.column.kind[0]}${node.column.index}${node.rotation === 1 ? "'" : ''}`
          : `${position(node.left)} ${node.op} ${position(node.right)}`;
    const at = nodes.get(text) ?? nodes.size;
    nodes.set(text, at);
    positions.set(e, at);
    return at;
  };
  const written = {
    name,
    columns: [main, fixed, known].map((list) => list.map((column) => column.name)),
    constraints: constraints.map(({ name: label, where, expr }) => [label, where, position(expr)]),
    interactions: interactions.map((i) => [
      i.name,
      i.bus.name,
      i.direction,
      tupleOf(i).map(position),
      position(i.multiplicity),
    ]),
  };
  return JSON.stringify({ ...written, nodes: [...nodes.keys()] });
}
