/**
 * The checker: which constraints of a table a trace violates, on which rows, with which values. It reads the same
 * expressions as the prover and the verifier, row by row over F_p, and is meant for tests and for explaining a failure.
 */
import { add, type Felt, mul, sub } from '../field/koala-bear.ts';
import { type Air, type Interaction, tupleOf, type Where } from './air.ts';
import { type Column, type Expr, evaluate, type Rotation } from './expr.ts';

/** Rows of main cells, and where the table has them of fixed and known cells. Every row listed is active. */
export interface Rows {
  readonly main: readonly (readonly number[])[];
  readonly fixed?: readonly (readonly number[])[];
  readonly known?: readonly (readonly number[])[];
}

export interface Violation {
  readonly constraint: string;
  readonly row: number;
  readonly value: Felt;
}

/** Every constraint that does not hold, row by row. The rows are the active rows of the table, first to last. */
export function violations(air: Air, rows: Rows): Violation[] {
  const last = rows.main.length - 1;
  const found: Violation[] = [];
  for (let row = 0; row <= last; row++) {
    const memo = new Map<Expr, Felt>();
    for (const { name, where, expr } of air.constraints) {
      if (!appliesAt(where, row, last)) continue;
      const value = evaluateAt(expr, rows, row, memo);
      if (value !== 0) found.push({ constraint: name, row, value });
    }
  }
  return found;
}

/** One expression on one row. */
export const evaluateAt = (expr: Expr, rows: Rows, row: number, memo: Map<Expr, Felt> = new Map()): Felt =>
  evaluate(
    expr,
    {
      constant: (value) => value,
      column: (column, rotation) => cellAt(rows, column, row, rotation),
      add,
      sub,
      mul,
    },
    memo,
  );

/** The tuple and multiplicity of an interaction on one row. */
export function messageAt(interaction: Interaction, rows: Rows, row: number): { tuple: Felt[]; multiplicity: Felt } {
  const memo = new Map<Expr, Felt>();
  return {
    tuple: tupleOf(interaction).map((e) => evaluateAt(e, rows, row, memo)),
    multiplicity: evaluateAt(interaction.multiplicity, rows, row, memo),
  };
}

const appliesAt = (where: Where, row: number, last: number): boolean =>
  where === 'every' ||
  (where === 'transition' && row < last) ||
  (where === 'first' && row === 0) ||
  (where === 'last' && row === last);

function cellAt(rows: Rows, column: Column, row: number, rotation: Rotation): Felt {
  const table = rows[column.kind];
  const cell = table?.[(row + rotation) % rows.main.length]?.[column.index];
  if (cell === undefined)
    throw new RangeError(`cellAt: expected a ${column.kind} cell ${column.name} in row ${row}, got none`);
  return cell as Felt;
}
