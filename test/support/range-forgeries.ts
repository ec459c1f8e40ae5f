/**
 * Forgeries just past a range: a value in [2^bits, 2^(bits + 1)) that only its range check rejects. A range one bit wider
 * would accept it. One cell of an honest row goes past its range and constraints are solved for others.
 */

import { type Forgery, objections, type Tables, withCells } from '../../kit/forgery.ts';
import { repaired } from '../../kit/mutation.ts';
import { seeded } from '../../kit/random.ts';
import type { Air, Interaction } from '../../stark/air/air.ts';
import { tupleOf } from '../../stark/air/air.ts';
import { messageAt, type Rows, violations } from '../../stark/air/check.ts';
import { type Column, columnsOf } from '../../stark/air/expr.ts';
import { centred, felt, inverse, mul, P, reduce, sub } from '../../stark/field/koala-bear.ts';

const TRIES = 20_000;

/**
 * One for each of these checks on the range tables. The honest rows are those of `forgeries`.
 * @throws {RangeError} if none is found.
 */
export function pastRanges(
  air: Air,
  forgeries: readonly Forgery[],
  names: readonly string[],
  tables: Tables = {},
): Forgery[] {
  const traces = [...new Set(forgeries.map(({ honest }) => honest))].filter(
    (honest) => objections(air, honest, honest, tables).length === 0,
  );
  return names.map((name) => {
    const check = air.interactions.find((i) => i.name === name);
    if (check === undefined) throw new RangeError(`names: expected interactions of ${air.name}, got ${name}`);
    return pastRange(air, traces, check, tables);
  });
}

function pastRange(air: Air, traces: readonly Rows[], check: Interaction, tables: Tables): Forgery {
  const random = seeded(1);
  const columns: Column[] = [];
  columnsOf(tupleOf(check).at(-1)!, (column) => column.kind === 'main' && columns.push(column));
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const honest = random.pick(traces);
    const row = random.below(honest.main.length);
    if (messageAt(check, honest, row).multiplicity === 0 || !isActive(air, honest, row)) continue;
    const { size, value } = rangeAt(check, honest, row);
    const past = random.pick([value + size, size, size + random.below(4), size + random.below(size), 2 * size - 1]);
    const column = random.pick(columns);
    const cell = honest.main[row]![column.index]!;
    const next = withCells(air, honest, row, { [column.name]: cell + 1 });
    const slope = sub(felt(rangeAt(check, next, row).value), felt(value));
    if (slope === 0) continue;
    const change = new Map([[column, (cell + mul(reduce(past - value), inverse(slope))) % P]]);
    const others = (other: Column): boolean => attempt % 4 === 0 || !columns.includes(other);
    const forged = repaired(air, honest, row, change, others, random);
    if (violations(air, forged).length > 0) continue;
    const got = rangeAt(check, forged, row);
    if (got.value < got.size || got.value >= 2 * got.size) continue;
    const rejectedBy = objections(air, forged, honest, tables);
    if (rejectedBy.length !== 1 || rejectedBy[0] !== check.name) continue;
    // A cell that could hold anything says nothing on this row.
    const anything = withCells(air, forged, row, { [column.name]: random.below(P) });
    if (objections(air, anything, honest, tables).length === 1) continue;
    return {
      claim: `${check.name}: ${got.value} of ${got.size}, ${changes(air, honest, forged, row)}`,
      honest,
      forged,
      rejectedBy,
    };
  }
  throw new RangeError(`names: expected a row that "${check.name}" alone rejects`);
}

/** Not a row of padding. */
const isActive = (air: Air, rows: Rows, row: number): boolean =>
  air.interactions.some((i) => i.bus.kind === 'peer' && messageAt(i, rows, row).multiplicity !== 0);

/** What a range check says on a row: value < size. */
function rangeAt(check: Interaction, rows: Rows, row: number): { size: number; value: number } {
  const { tuple } = messageAt(check, rows, row);
  const size = check.bus.name === 'complement-range' ? 2 ** 16 / tuple[0]! : 2 ** tuple[0]!;
  return { size, value: tuple.at(-1)! };
}

function changes(air: Air, honest: Rows, forged: Rows, row: number): string {
  const changed = air.main.filter(({ index }) => honest.main[row]![index] !== forged.main[row]![index]);
  return changed.map(({ name, index }) => `${name} = ${centred(forged.main[row]![index]!)}`).join(', ');
}
