/** The same columns several times in one table, each time under another prefix: `quotient` as `firstQuotient`. */
import type { Declaration } from '../../stark/air/air.ts';
import type { Expr } from '../../stark/air/expr.ts';

type Columns = Readonly<Record<string, Declaration<number | undefined>>>;
type Named<P extends string, K extends string> = P extends '' ? K : `${P}${Capitalize<K>}`;
export type Prefixed<P extends string, D> = { readonly [K in keyof D & string as Named<P, K>]: D[K] };
/** The cells of columns under their own names. */
export type CellsOf<D> = { readonly [K in keyof D]: D[K] extends Declaration<undefined> ? Expr : readonly Expr[] };

export const named = (prefix: string, name: string): string =>
  prefix === '' ? name : `${prefix}${name[0]!.toUpperCase()}${name.slice(1)}`;

export const withPrefix = <const P extends string, D extends Columns>(prefix: P, columns: D): Prefixed<P, D> =>
  Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [named(prefix, name), column]),
  ) as unknown as Prefixed<P, D>;

/** Cells or offsets of the columns under a prefix, by their own names. */
export function partOf<T, K extends string>(
  all: object,
  prefix: string,
  names: readonly K[],
): { readonly [N in K]: T } {
  const values = all as Readonly<Record<string, T>>;
  return Object.fromEntries(names.map((name) => [name, values[named(prefix, name)]])) as { readonly [N in K]: T };
}
