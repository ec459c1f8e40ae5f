/**
 * Weights: how often a row speaks on a bus. A look-up or a message counts with its multiplicity, in F_p and summed over
 * all rows; a row of weight -1, or two of weight -1/2, take back what another row says. So a weight has to be 0 or 1, and
 * 0 on a row that stands for nothing, by constraints and not because what it says were in no table.
 */
import type { Air } from '../stark/air/air.ts';
import { type Column, columnsOf, type Expr, evaluate } from '../stark/air/expr.ts';
import { add, centred, type Felt, mul, reduce, sub } from '../stark/field/koala-bear.ts';

export interface DoubtfulWeight {
  readonly air: string;
  /** The interaction. */
  readonly name: string;
  /** What it can weigh, or which column of the weight is no bit. */
  readonly reason: string;
}

/** Bits that are tried out together. */
const MAX_BITS = 14;
type Constraints = readonly { readonly expr: Expr; readonly columns: ReadonlySet<Column> }[];

/**
 * Interactions whose weight is not shown to be 0 or 1, and 0 where isReal is, by its bits and the constraints between
 * bits. A table's count of its look-ups is none of them: a false one only unbalances the bus.
 */
export function doubtfulWeights(air: Air): DoubtfulWeight[] {
  const every = air.constraints.filter(({ where }) => where === 'every').map(({ expr }) => expr);
  const bits = new Set(air.main.filter(({ domain }) => domain === 'bit'));
  for (const expr of every) {
    const column = bitOf(expr, bits);
    if (column !== undefined) bits.add(column);
  }
  const between = every
    .map((expr) => ({ expr, columns: columnsIn(expr) }))
    .filter(({ columns }) => [...columns].every((column) => bits.has(column)));
  const counts = new Set(air.main.filter(({ domain }) => domain.startsWith('free: the bus balances')));
  return air.interactions.flatMap(({ name, multiplicity }) => {
    const own = columnsIn(multiplicity);
    if ([...own].some((column) => counts.has(column) || column.kind !== 'main')) return [];
    const other = [...own].find((column) => !bits.has(column));
    const reason = other === undefined ? doubt(multiplicity, own, between) : `${other.name}: ${other.domain}`;
    return reason === undefined ? [] : [{ air: air.name, name, reason }];
  });
}

/** The column of x (x - 1) = 0 or x (x - y) = 0 with a bit y. */
function bitOf({ node }: Expr, bits: ReadonlySet<Column>): Column | undefined {
  if (node.op !== 'mul' || node.left.node.op !== 'column' || node.right.node.op !== 'sub') return undefined;
  const { left: x, right: y } = node.right.node;
  const { column } = node.left.node;
  if (x.node.op !== 'column' || x.node.column !== column) return undefined;
  const isOne = y.node.op === 'constant' && y.node.value === 1;
  return isOne || (y.node.op === 'column' && bits.has(y.node.column)) ? column : undefined;
}

/** Tries the bits of the weight, then more and more of those that constraints tie to them. */
function doubt(weight: Expr, own: ReadonlySet<Column>, between: Constraints): string | undefined {
  const tied = new Set(own);
  for (;;) {
    const found = weightOf(
      weight,
      [...tied],
      between.filter(({ columns }) => [...columns].every((c) => tied.has(c))),
    );
    if (found === undefined) return undefined;
    const news = between
      .map(({ columns }) => [...columns].filter((c) => !tied.has(c)))
      .filter((columns, i) => columns.length > 0 && [...between[i]!.columns].some((c) => tied.has(c)))
      .sort((a, b) => a.length - b.length)[0];
    if (news === undefined || tied.size + news.length > MAX_BITS) return found;
    for (const column of news) tied.add(column);
  }
}

/** A weight that is none, for some bits that the constraints allow. */
function weightOf(weight: Expr, bits: readonly Column[], constraints: Constraints): string | undefined {
  const real = bits.findIndex(({ name }) => name === 'isReal');
  for (let code = 0; code < 2 ** bits.length; code++) {
    const at = (column: Column): Felt => reduce((code >>> bits.indexOf(column)) & 1);
    if (constraints.some(({ expr }) => valueAt(expr, at) !== 0)) continue;
    const value = valueAt(weight, at);
    const isSilent = real >= 0 && ((code >>> real) & 1) === 0;
    if (value > 1 || (isSilent && value !== 0)) {
      const set = bits.filter((column) => at(column) === 1).map(({ name }) => name);
      return `${centred(value)} with ${set.join(', ') || 'no bit set'}`;
    }
  }
  return undefined;
}

const valueAt = (expr: Expr, column: (c: Column) => Felt): Felt =>
  evaluate<Felt>(expr, { constant: (value) => value, column, add, sub, mul });

function columnsIn(root: Expr): Set<Column> {
  const columns = new Set<Column>();
  columnsOf(root, (column) => void columns.add(column));
  return columns;
}
