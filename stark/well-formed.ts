/**
 * What prover and verifier demand of their caller: a relation whose parts fit together, and a statement whose numbers are
 * canonical. A public value x + p would be x to the field but not to a reader, and a tuple with a field too many would
 * be cut short without a word; both are refused here, before anything is absorbed.
 */
import { P } from './field/koala-bear.ts';
import { numBlindingRows, type Parameters } from './parameters.ts';
import type { KnownTable, PublicTerm, Relation, Statement } from './relation.ts';

/** @throws {RangeError} if two tables share a name, a name has a space, or fixed columns and fixed tables do not match */
export function checkRelation({ airs, fixedTables }: Relation): void {
  const names = airs.map((air) => air.name);
  // Openings are found by name, and the names of the proof system's own matrices have spaces.
  const bad = names.find((name, i) => names.indexOf(name) !== i || !/^\S+$/.test(name));
  if (bad !== undefined) throw new RangeError(`airs: expected distinct names without spaces, got "${bad}"`);
  for (const { name, fixed } of airs) {
    if (fixed.length > 0 !== fixedTables.has(name)) {
      throw new RangeError(`fixedTables: expected one for each air with fixed columns and no other, got ${name}`);
    }
  }
  const stray = [...fixedTables.keys()].find((name) => !names.includes(name));
  if (stray !== undefined) throw new RangeError(`fixedTables: expected names of airs, got ${stray}`);
}

/**
 * @throws {RangeError} if a known table has not the columns of its air, reaches into the blinding rows or has a cell of
 *   p or more; or a term has not the fields of its bus, one of p or more, or a multiplicity that is no integer in (-p, p)
 */
export function checkStatement(relation: Relation, { known, terms }: Statement, parameters: Parameters): void {
  for (const { name, known: columns } of relation.airs) {
    const table = known.get(name);
    if (table !== undefined) checkKnown(name, columns.length, table, numBlindingRows(parameters));
  }
  const fields = new Map(
    [...relation.buses, ...relation.airs.flatMap((air) => air.interactions.map(({ bus }) => bus))].map((bus) => [
      bus.name,
      bus.fields.length,
    ]),
  );
  for (const term of terms) checkTerm(term, fields.get(term.bus.name));
}

function checkKnown(name: string, width: number, { logHeight, columns }: KnownTable, blindingRows: number): void {
  if (columns.length !== width) {
    throw new RangeError(`known ${name}: expected ${width} columns, got ${columns.length}`);
  }
  const rows = 2 ** logHeight - blindingRows;
  for (const column of columns) {
    if (column.length > rows)
      throw new RangeError(`known ${name}: expected at most ${rows} rows, got ${column.length}`);
    const cell = column.find((value) => value >= P);
    if (cell !== undefined) throw new RangeError(`known ${name}: expected cells below ${P}, got ${cell}`);
  }
}

function checkTerm({ bus, tuple, multiplicity }: PublicTerm, numFields: number | undefined): void {
  if (numFields === undefined) throw new RangeError(`term: expected a bus of the relation, got ${bus.name}`);
  if (tuple.length !== numFields || bus.fields.length !== numFields) {
    throw new RangeError(`term on ${bus.name}: expected ${numFields} fields, got ${tuple.length}`);
  }
  const field = tuple.find((value) => !Number.isInteger(value) || value < 0 || value >= P);
  if (field !== undefined) throw new RangeError(`term on ${bus.name}: expected fields below ${P}, got ${field}`);
  if (!Number.isInteger(multiplicity) || Math.abs(multiplicity) >= P) {
    throw new RangeError(`term on ${bus.name}: expected a multiplicity below ${P}, got ${multiplicity}`);
  }
}
