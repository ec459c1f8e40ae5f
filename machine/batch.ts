/**
 * Values of expressions on some rows of a table at a time, an array with one entry a row for each cell that is read and
 * for each expression. Linear expressions, which almost all of a message are, are sums of coefficient * cell in doubles:
 * 1 ns a term. The rest are operations on the values of their parts. Reference: `evaluateAt` in `stark/air/check.ts`.
 */
import type { Column, Expr, ExprNode } from '../stark/air/expr.ts';
import { add, type Felt, mul, P, sub } from '../stark/field/koala-bear.ts';
import { type LinearForm, linearFormOver } from './linear-form.ts';

/** The cells of one table. Known and fixed columns may end early: later cells are 0. */
export interface TableCells {
  /** Main cell c of row r is `cells[r * stride + c]`. */
  readonly cells: Uint32Array;
  readonly stride: number;
  readonly known: readonly Uint32Array[];
  readonly fixed: readonly Uint32Array[];
}

/** Rows of a batch: their cells and values stay in the cache of a core (the cells of 900 columns are 230 KB). */
export const BATCH = 64;

/** Canonical residues, one for each row of the batch. */
export type BatchValues = Float64Array;

/** constant + sum of low[i] * terms[i] + 2^16 * sum of high[i] * terms[i]. */
interface Sum {
  readonly to: BatchValues;
  readonly constant: number;
  readonly terms: readonly BatchValues[];
  readonly low: readonly number[];
  /** Empty if all are 0. */
  readonly high: readonly number[];
}

interface Operation {
  readonly to: BatchValues;
  readonly op: 'add' | 'sub' | 'mul';
  readonly left: BatchValues;
  readonly right: BatchValues;
}

/** Expressions over one table; `evaluate` fills the arrays that `valuesOf` gave. */
export class BatchExpressions {
  readonly #columns = new Map<Column, BatchValues>();
  readonly #values = new Map<Expr | number, BatchValues>();
  readonly #steps: (Sum | Operation)[] = [];

  /** @throws {RangeError} if the expression reads the next row. */
  valuesOf(expr: Expr): BatchValues {
    return once(this.#values, expr, () => {
      const form = linearFormOver(expr, (part) => this.#termOf(part));
      if (form === undefined) return this.#operation(expr.node);
      const [first] = form.terms;
      if (first === undefined) return once(this.#values, form.constant, () => this.#sum(form)!);
      const isTerm = form.terms.size === 1 && form.constant === 0 && first[1] === 1;
      return isTerm ? first[0] : (this.#sum(form) ?? this.#operation(expr.node));
    });
  }

  /** On `rows` <= BATCH rows from `first` on. */
  evaluate(table: TableCells, first: number, rows: number): void {
    for (const [column, to] of this.#columns) copyCells(table, column, first, rows, to);
    for (const step of this.#steps) {
      if ('op' in step) operate(step, rows);
      else sumUp(step, rows);
    }
  }

  /** What has values already, or is read as it is. */
  #termOf(expr: Expr): BatchValues | undefined {
    const known = this.#values.get(expr);
    if (known !== undefined || expr.node.op !== 'column' || expr.node.rotation === 1) return known;
    return once(this.#columns, expr.node.column, () => new Float64Array(BATCH));
  }

  /** Undefined if the sums might not be exact. */
  #sum(form: LinearForm<BatchValues>): BatchValues | undefined {
    const [terms, coefficients] = [[...form.terms.keys()], [...form.terms.values()]];
    const high = isExact(coefficients) ? [] : coefficients.map((c) => Math.round(c / 2 ** 16));
    const low = coefficients.map((c, i) => c - 2 ** 16 * (high[i] ?? 0));
    if (!isExact(high) || !isExact(low)) return undefined;
    const to = new Float64Array(BATCH);
    this.#steps.push({ to, constant: form.constant, terms, low, high });
    return to;
  }

  #operation(node: ExprNode): BatchValues {
    if (node.op === 'constant') throw new RangeError('valuesOf: a constant is linear');
    if (node.op === 'column') {
      throw new RangeError(`valuesOf: expected local cells only, got the next ${node.column.name}`);
    }
    const [left, right] = [this.valuesOf(node.left), this.valuesOf(node.right)];
    const to = new Float64Array(BATCH);
    this.#steps.push({ to, op: node.op, left, right });
    return to;
  }
}

function once<K, V>(known: Map<K, V>, key: K, make: () => V): V {
  const value = known.get(key) ?? make();
  known.set(key, value);
  return value;
}

/** Cells are below p < 2^31: the sum is below 2^52, and below 2^53 - p with the constant and 2^16 times a residue. */
const isExact = (coefficients: readonly number[]): boolean =>
  coefficients.reduce((total, c) => total + Math.abs(c), 0) < 2 ** 21;

function copyCells(
  { cells, stride, known, fixed }: TableCells,
  { kind, index }: Column,
  first: number,
  rows: number,
  to: BatchValues,
): void {
  if (kind === 'main') {
    for (let i = 0; i < rows; i++) to[i] = cells[(first + i) * stride + index]!;
    return;
  }
  const column = (kind === 'known' ? known : fixed)[index];
  for (let i = 0; i < rows; i++) to[i] = column?.[first + i] ?? 0;
}

function sumUp({ to, constant, terms, low, high }: Sum, rows: number): void {
  to.fill(0, 0, rows);
  if (high.length > 0) {
    addTerms(terms, high, rows, to);
    for (let i = 0; i < rows; i++) to[i] = 2 ** 16 * residueOf(to[i]!);
  }
  addTerms(terms, low, rows, to);
  for (let i = 0; i < rows; i++) to[i] = residueOf(to[i]! + constant);
}

function addTerms(terms: readonly BatchValues[], factors: readonly number[], rows: number, to: BatchValues): void {
  for (let t = 0; t < terms.length; t++) {
    const [factor, term] = [factors[t]!, terms[t]!];
    for (let i = 0; i < rows; i++) to[i]! += factor * term[i]!;
  }
}

/** Of an integer below 2^53 - p in magnitude: the product by 1/p is off by less than 1, so the quotient by at most 1. */
function residueOf(n: number): number {
  const r = n - Math.floor(n * (1 / P)) * P;
  return r < 0 ? r + P : r < P ? r : r - P;
}

function operate({ to, op, left, right }: Operation, rows: number): void {
  const f = { add, sub, mul }[op];
  for (let i = 0; i < rows; i++) to[i] = f(left[i]! as Felt, right[i]! as Felt);
}
