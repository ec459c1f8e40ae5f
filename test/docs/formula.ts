/** Constraint expressions as people write them: `y - x^3`, `next.rows - rows - 1`. */
import type { Expr } from '../../stark/air/expr.ts';
import { type Felt, inverse, P } from '../../stark/field/koala-bear.ts';

/** Longer formulas are left out of the tables: the source is the better place to read them. */
const MAX_LENGTH = 110;

/** Undefined for a formula that is too long. */
export function formula(expr: Expr): string | undefined {
  if (size(expr, MAX_LENGTH) > MAX_LENGTH) return undefined;
  const text = write(expr, 0);
  return text.length > MAX_LENGTH ? undefined : text;
}

/** Nodes of the tree, counted up to the limit: shared subexpressions make some trees exponentially large. */
function size({ node }: Expr, limit: number): number {
  if (node.op === 'constant' || node.op === 'column' || limit <= 0) return 1;
  const left = size(node.left, limit - 1);
  return 1 + left + (left > limit ? 0 : size(node.right, limit - left));
}

/** `level` 0: a sum may stand here; 1: the right side of a difference; 2: a factor. */
function write({ node }: Expr, level: 0 | 1 | 2): string {
  switch (node.op) {
    case 'constant': {
      const text = constantText(node.value);
      return text.startsWith('-') && level > 0 ? `(${text})` : text;
    }
    case 'column':
      return node.rotation === 1 ? `next.${node.column.name}` : node.column.name;
    case 'mul': {
      const [left, right] = [write(node.left, 2), write(node.right, 2)];
      // Numbers come first, and 1 - x keeps its parentheses.
      return node.right.node.op === 'constant' ? `${right} ${left}` : `${left} ${right}`;
    }
    case 'add':
    case 'sub': {
      const constant = node.right.node.op === 'constant' ? node.right.node.value : undefined;
      const negated = constant !== undefined && constantText(constant).startsWith('-');
      const sign = (node.op === 'add') === negated ? '-' : '+';
      const right = negated ? constantText(P - constant) : write(node.right, node.op === 'add' ? 0 : 1);
      const text = `${write(node.left, 0)} ${sign} ${right}`;
      return level > 0 ? `(${text})` : text;
    }
  }
}

const NAMED = new Map<number, string>([8, 11, 14, 15, 16].map((k) => [inverse((2 ** k) as Felt), `2^-${k}`]));

function constantText(value: number): string {
  const negative = value > P / 2 && !NAMED.has(value);
  const magnitude = negative ? P - value : value;
  const log = Math.log2(magnitude);
  const text = NAMED.get(magnitude) ?? (Number.isInteger(log) && log >= 7 && log < 31 ? `2^${log}` : `${magnitude}`);
  return negative ? `-${text}` : text;
}
