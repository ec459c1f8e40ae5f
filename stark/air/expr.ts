/**
 * Constraint expressions: polynomials over the columns of one table, as an immutable tree.
 *
 * One tree has many readers: the checker, the degree count, the prover's bytecode, the verifier's evaluation over the
 * extension field, the cost tables. Each reads it through `evaluate` or `fold`. There is no operator overloading in
 * TypeScript, so sums and products are verbs: `a.plus(b).times(c)`.
 */
import { type Felt, reduce } from '../field/koala-bear.ts';

/**
 * Who fills a column, and who can evaluate it.
 * `main` the prover, committed; `fixed` the machine, committed once in the verifying key, the same for every program;
 * `known` the statement (program text, public values): never committed, the verifier evaluates it itself.
 */
export type ColumnKind = 'main' | 'fixed' | 'known';

export interface Column {
  readonly kind: ColumnKind;
  /** Position among the columns of its kind. */
  readonly index: number;
  /** `carry` or `carry[2]`. */
  readonly name: string;
  readonly doc: string;
  /** What values it can hold and what enforces that, in words: `bit`, `below 2^16`, or the reason it needs no check. */
  readonly domain: string;
}

/** 0: this row. 1: the next row, cyclically. */
export type Rotation = 0 | 1;

export type ExprNode =
  | { readonly op: 'constant'; readonly value: Felt }
  | { readonly op: 'column'; readonly column: Column; readonly rotation: Rotation }
  | { readonly op: 'add' | 'sub' | 'mul'; readonly left: Expr; readonly right: Expr };

/** An operand: an expression, or an integer of either sign that stands for its residue. */
export type Operand = Expr | number;

export class Expr {
  readonly node: ExprNode;
  /** Degree as a polynomial in the columns. */
  readonly degree: number;

  constructor(node: ExprNode) {
    this.node = node;
    this.degree = degreeOf(node);
  }

  plus(other: Operand): Expr {
    return binary('add', this, expr(other));
  }

  minus(other: Operand): Expr {
    return binary('sub', this, expr(other));
  }

  times(other: Operand): Expr {
    return binary('mul', this, expr(other));
  }

  /** 1 - this: the complement of a bit. */
  not(): Expr {
    return constant(1).minus(this);
  }
}

export const constant = (value: number): Expr => new Expr({ op: 'constant', value: reduce(value) });
export const expr = (operand: Operand): Expr => (typeof operand === 'number' ? constant(operand) : operand);
export const columnExpr = (column: Column, rotation: Rotation): Expr => new Expr({ op: 'column', column, rotation });
/** The sum of the terms; zero for none. */
export const sum = (terms: readonly Operand[]): Expr =>
  terms.length === 0 ? constant(0) : terms.slice(1).reduce<Expr>((total, term) => total.plus(term), expr(terms[0]!));
/** sum of base^i * limbs[i]: the value of little-endian limbs. */
export const compose = (limbs: readonly Operand[], base: number): Expr =>
  sum(limbs.map((limb, i) => expr(limb).times(base ** i)));

function binary(op: 'add' | 'sub' | 'mul', left: Expr, right: Expr): Expr {
  const [l, r] = [left.node, right.node];
  if (r.op === 'constant' && r.value === 0) return op === 'mul' ? right : left;
  if (l.op === 'constant' && l.value === 0 && op !== 'sub') return op === 'mul' ? left : right;
  if (op === 'mul' && r.op === 'constant' && r.value === 1) return left;
  if (op === 'mul' && l.op === 'constant' && l.value === 1) return right;
  return new Expr({ op, left, right });
}

function degreeOf(node: ExprNode): number {
  switch (node.op) {
    case 'constant':
      return 0;
    case 'column':
      return 1;
    case 'add':
    case 'sub':
      return Math.max(node.left.degree, node.right.degree);
    case 'mul':
      return node.left.degree + node.right.degree;
  }
}

/** What `evaluate` needs of a ring: F_p for the checker, its extension for the verifier, bytecode slots for the compiler. */
export interface Algebra<T> {
  constant(value: Felt): T;
  column(column: Column, rotation: Rotation): T;
  add(a: T, b: T): T;
  sub(a: T, b: T): T;
  mul(a: T, b: T): T;
}

/** Evaluates an expression in any ring. Shared nodes are evaluated once per `memo`; pass the same map for one row. */
export function evaluate<T>(root: Expr, ring: Algebra<T>, memo: Map<Expr, T> = new Map()): T {
  const known = memo.get(root);
  if (known !== undefined) return known;
  const node = root.node;
  let value: T;
  switch (node.op) {
    case 'constant':
      value = ring.constant(node.value);
      break;
    case 'column':
      value = ring.column(node.column, node.rotation);
      break;
    default:
      value = ring[node.op](evaluate(node.left, ring, memo), evaluate(node.right, ring, memo));
  }
  memo.set(root, value);
  return value;
}

/** Calls `visit` for every column read, with its rotation; a column may come several times. */
export function columnsOf(
  root: Expr,
  visit: (column: Column, rotation: Rotation) => void,
  seen = new Set<Expr>(),
): void {
  if (seen.has(root)) return;
  seen.add(root);
  const node = root.node;
  if (node.op === 'column') visit(node.column, node.rotation);
  else if (node.op !== 'constant') {
    columnsOf(node.left, visit, seen);
    columnsOf(node.right, visit, seen);
  }
}
