/**
 * The shape of a proof: which tables take part, how tall they are, and every length that follows from that. Prover and
 * verifier derive it by the same function from the relation, the statement, the parameters and the declared heights,
 * which are all absorbed before the first challenge; no length is ever taken from a proof's own framing.
 */
import { type Air, MAX_DEGREE } from './air/air.ts';
import { P } from './field/koala-bear.ts';
import { type LookupLayout, lookupLayout, numConstraints, type TableLookups } from './logup/layout.ts';
import {
  EXTENSION_DEGREE,
  MIN_LOG_HEIGHT,
  NUM_CHUNKS,
  numBlindingRows,
  numChunkMasks,
  type Parameters,
} from './parameters.ts';
import { columnsReadNext, type Relation, type Statement } from './relation.ts';
import { type SecurityShape, securityOf } from './security.ts';
import type { Rejection } from './verifier/verdict.ts';
import { checkRelation, checkStatement } from './well-formed.ts';

export interface TableShape {
  readonly air: Air;
  readonly logHeight: number;
  readonly lookups: TableLookups;
  /** Which columns are opened at the next row too. */
  readonly next: {
    readonly main: readonly boolean[];
    readonly fixed: readonly boolean[];
    readonly known: readonly boolean[];
  };
  /** Index of the table's first constraint among all constraints of the proof. */
  readonly firstConstraint: number;
  /** Constraints of the air, then one per batch, then the end and the start of the running sum. */
  readonly numConstraints: number;
}

export interface Shape {
  readonly parameters: Parameters;
  /** Tables that take part, in the relation's order. */
  readonly tables: readonly TableShape[];
  /** log2 of the tallest table: all others are lifted to it. */
  readonly logHeight: number;
  readonly blindingRows: number;
  readonly security: SecurityShape;
  readonly bits: number;
}

/** Columns of the quotient commitment, over F_p. */
export const QUOTIENT_WIDTH = NUM_CHUNKS * EXTENSION_DEGREE;

const layouts = new WeakMap<Relation, LookupLayout>();

/**
 * Bus ids and batches of all tables of the relation, whether they take part or not.
 * @throws {RangeError} if the relation is not well-formed
 */
export function lookupsOf(relation: Relation): LookupLayout {
  const known = layouts.get(relation);
  if (known !== undefined) return known;
  checkRelation(relation);
  const layout = lookupLayout(relation.airs, relation.buses);
  layouts.set(relation, layout);
  return layout;
}

/**
 * @param logHeights one entry per air of the relation, 0 for a table that does not take part
 * @throws {RangeError} if relation or statement are not well-formed, whatever the heights are
 */
export function deriveShape(
  relation: Relation,
  statement: Statement,
  parameters: Parameters,
  logHeights: ArrayLike<number>,
): { readonly ok: true; readonly shape: Shape } | { readonly ok: false; readonly why: Rejection } {
  const wrong = (what: string, expected: string, got: string | number) =>
    ({ ok: false, why: { code: 'shape', what, expected, got: `${got}` } }) as const;
  const layout = lookupsOf(relation);
  checkStatement(relation, statement, parameters);
  if (logHeights.length !== relation.airs.length) {
    return wrong('number of heights', `${relation.airs.length}`, logHeights.length);
  }
  const tables: TableShape[] = [];
  let totalConstraints = 0;
  for (const [i, air] of relation.airs.entries()) {
    const logHeight = logHeights[i]!;
    const known = statement.known.get(air.name);
    const demanded = known?.logHeight;
    if (air.known.length > 0 && logHeight !== (demanded ?? 0)) {
      return wrong(`log height of ${air.name}, which the statement fixes`, `${demanded ?? 0}`, logHeight);
    }
    if (logHeight === 0) continue;
    const fixed = relation.fixedTables.get(air.name)?.logHeight;
    if (fixed !== undefined && logHeight !== fixed) return wrong(`log height of ${air.name}`, `${fixed}`, logHeight);
    if (logHeight < MIN_LOG_HEIGHT || logHeight > parameters.maxLogHeight) {
      return wrong(`log height of ${air.name}`, `${MIN_LOG_HEIGHT} to ${parameters.maxLogHeight}`, logHeight);
    }
    const lookups = layout.tables[i]!;
    const count = numConstraints(air, lookups);
    tables.push({
      air,
      logHeight,
      lookups,
      next: columnsReadNext(air),
      firstConstraint: totalConstraints,
      numConstraints: count,
    });
    totalConstraints += count;
  }
  if (!tables.some(({ lookups }) => lookups.batches.length > 0))
    return wrong('tables with interactions', 'at least one', 0);

  const logHeight = Math.max(...tables.map((table) => table.logHeight));
  const blindingRows = numBlindingRows(parameters);
  const height = 2 ** logHeight;
  const shortest = 2 ** Math.min(...tables.map((table) => table.logHeight));
  // A lifted quotient has degree below 3 N + N h / n; masked chunks hold 4 (N - h_p).
  const quotientRoom = NUM_CHUNKS * (height - numChunkMasks(parameters));
  const quotientNeed = (MAX_DEGREE - 1) * height + (height / shortest) * blindingRows;
  if (quotientNeed > quotientRoom) return wrong('quotient degree', `at most ${quotientRoom}`, quotientNeed);
  // Fixed tables that are not separate share one commitment; its leaves must not outnumber the queries' domain.
  const shared = [...relation.fixedTables].filter(([, table]) => table.separate !== true);
  const tallestFixed = Math.max(0, ...shared.map(([, table]) => table.logHeight));
  const usesFixed = tables.some(({ air }) => shared.some(([name]) => name === air.name));
  if (usesFixed && logHeight < tallestFixed) return wrong('log height', `at least ${tallestFixed}`, logHeight);

  // No tuple is sent or received p times: the rows of all interactions, and the statement's own terms, are fewer.
  const numFractions = tables.reduce(
    (total, { air, logHeight: log }) => total + air.interactions.length * 2 ** log,
    statement.terms.reduce((total, { multiplicity }) => total + Math.abs(multiplicity), 0),
  );
  if (numFractions >= P) return wrong('sum of interactions times height', `below ${P}`, numFractions);
  for (const { name, weights, limit } of relation.heightLimits) {
    const total = tables.reduce((sum, { air, logHeight: log }) => sum + (weights.get(air.name) ?? 0) * 2 ** log, 0);
    if (total >= limit) return wrong(name, `below ${limit}`, total);
  }

  const security = { logHeight, numFractions, numConstraints: totalConstraints };
  const { bits } = securityOf(security, parameters);
  if (bits < parameters.targetBits)
    return { ok: false, why: { code: 'security', bits, target: parameters.targetBits } };
  return { ok: true, shape: { parameters, tables, logHeight, blindingRows, security, bits } };
}
