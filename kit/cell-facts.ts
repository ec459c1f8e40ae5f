/** What the constraints and messages of a chip say of its cells as integers, to be solved for one of them. */
import { tupleOf } from '../stark/air/air.ts';
import { RANGE_BUS } from '../stark/air/bus.ts';
import { MEMORY_BUS } from '../vm/buses.ts';
import { CLK_LIMIT } from '../vm/space.ts';
import { type Cells, factorsOf, rangeOf } from './cells.ts';
import { belowPower, type Interval, type Known, point } from './interval.ts';
import { type Polynomial, variablesOf } from './polynomial.ts';
import type { TableIntervals } from './table-intervals.ts';

const LIMB = belowPower(16);
/** Fields of the memory bus. */
export const MEMORY: readonly Interval[] = [belowPower(1), belowPower(26), LIMB, LIMB, { low: 0, high: CLK_LIMIT - 1 }];

/** One of the polynomials is in `target`. */
export interface Fact {
  readonly anyOf: readonly Polynomial[];
  readonly variables: readonly string[];
  readonly target: () => Known;
  /** What it followed from when last looked at: it says nothing new of the same. */
  from?: { readonly version: number; readonly value: Interval };
}
export type Side = 'send' | 'receive';
/** What one side of a peer bus can say in a field. */
export type Said = (bus: string, side: Side, field: number) => Known;

export function* factsOf(cells: Cells, tables: TableIntervals, said: Said): Iterable<Fact> {
  const { air, stands, polynomialOf: of } = cells;
  for (const constraint of air.constraints) {
    if (constraint.where !== 'every') continue;
    const polynomials = factorsOf(constraint.expr).map((factor) => of(factor, constraint));
    const fact = factOf(polynomials, () => point(0));
    if (fact !== undefined) yield fact;
  }
  for (const interaction of air.interactions) {
    const { bus, direction } = interaction;
    if (!cells.isAlways(interaction)) continue;
    const tuple = tupleOf(interaction);
    for (const [f, expr] of tuple.entries()) {
      const target = (): Known => {
        if (bus.name === MEMORY_BUS.name) return MEMORY[f];
        if (bus.kind === 'peer') return said(bus.name, direction === 'send' ? 'receive' : 'send', f);
        if (bus.name !== RANGE_BUS.name || f === 0) return tables.fieldsOf(bus.name)?.[f];
        return belowPower(Math.min(16, rangeOf(cells, tuple[0]!, cells.ranges)?.high ?? 16));
      };
      const fact = factOf([of(expr)], target);
      if (fact !== undefined) yield fact;
      const stand = stands.get(expr);
      if (stand?.step !== 1 || bus.kind === 'peer') continue;
      const { variable } = stand;
      yield {
        anyOf: [new Map([[variable, { coefficient: 1, variables: [variable] }]])],
        variables: [variable],
        target,
      };
    }
  }
}

/** Of the variables that all polynomials have in this row. */
function factOf(polynomials: readonly (Polynomial | undefined)[], target: () => Known): Fact | undefined {
  const anyOf = polynomials.filter((p) => p !== undefined);
  const [first, ...others] = anyOf.map(variablesOf);
  if (first === undefined || anyOf.length < polynomials.length) return undefined;
  const variables = [...first].filter((v) => !v.endsWith("'") && others.every((other) => other.has(v)));
  return { anyOf, variables, target };
}
