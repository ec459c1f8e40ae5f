/**
 * Ranges by cases: where one cell bounds another (2^k and what is below 2^k), a range for each says too little, and a
 * case for each group of tuples of the table that ties them says it all.
 */
import { type Interaction, tupleOf } from '../stark/air/air.ts';
import { RANGE_BUS } from '../stark/air/bus.ts';
import { type Cells, constantOf, rangeOf } from './cells.ts';
import { areApart, belowPower, both, hullOf, intervalOf, type Known, type Ranges, solved } from './interval.ts';
import { variablesOf } from './polynomial.ts';
import type { TableIntervals, Tuple } from './table-intervals.ts';

/** Look-ups that are taken apart for one question, one after another. */
const MAX_LOOKUPS = 8;
/** What a case says of one look-up narrows another. */
const ROUNDS = 2;

interface Lookup {
  readonly interaction: Interaction;
  readonly variables: ReadonlySet<string>;
}

/** For some variables: by each of the look-ups that tie them, the ranges of all its cases. */
export type CasesOf = (variables: ReadonlySet<string>) => Iterable<Iterable<Ranges>>;

export function casesOf(cells: Cells, tables: TableIntervals): CasesOf {
  const lookups = cells.air.interactions
    .filter(({ bus, direction }) => bus.kind === 'table' && direction === 'send')
    .filter((interaction) => cells.isAlways(interaction))
    .filter((interaction) => interaction.bus.name !== RANGE_BUS.name || bitsOf(interaction) === undefined)
    .map((interaction): Lookup => ({ interaction, variables: variablesIn(cells, interaction) }));
  const shared = (lookup: Lookup, variables: ReadonlySet<string>): number =>
    [...lookup.variables].filter((v) => variables.has(v)).length;

  return function* (variables) {
    const close = lookups.filter((lookup) => shared(lookup, variables) > 0);
    const reach = new Set([...variables, ...close.flatMap((lookup) => [...lookup.variables])]);
    const near = lookups.filter((lookup) => shared(lookup, reach) > 0);
    const all = new Set([...reach, ...near.flatMap((lookup) => [...lookup.variables])]);
    const ranges: Ranges = new Map([...cells.ranges].filter(([variable]) => all.has(variable)));
    const split = close
      .filter(
        ({ interaction }) =>
          interaction.bus.name !== RANGE_BUS.name && tables.groupsOf(interaction.bus.name) !== undefined,
      )
      .sort((a, b) => shared(b, variables) - shared(a, variables));
    const others = near.map(({ interaction }) => interaction);
    for (const { interaction } of split.slice(0, MAX_LOOKUPS))
      yield casesBy(cells, tables, interaction, others, ranges);
  };
}

const bitsOf = (interaction: Interaction): number | undefined => constantOf(tupleOf(interaction)[0]!);

const variablesIn = (cells: Cells, interaction: Interaction): Set<string> =>
  new Set(tupleOf(interaction).flatMap((expr) => [...variablesOf(cells.polynomialOf(expr) ?? new Map())]));

/** The cases of one look-up that the others allow. */
function* casesBy(
  cells: Cells,
  tables: TableIntervals,
  lookup: Interaction,
  others: readonly Interaction[],
  ranges: Ranges,
): Iterable<Ranges> {
  next: for (const group of tables.groupsOf(lookup.bus.name)!) {
    const chosen = new Map(ranges);
    if (!narrow(cells, chosen, lookup, group)) continue;
    for (let round = 0; round < ROUNDS; round++) {
      for (const other of others) {
        const answers = answersTo(cells, tables, other, chosen);
        if (answers === undefined) continue;
        if (answers.length === 0) continue next;
        const hull = answers[0]!.map((_, f) => hullOf(answers.map((answer) => answer[f]))!);
        if (!narrow(cells, chosen, other, hull)) continue next;
      }
    }
    yield chosen;
  }
}

/** Groups of tuples that a look-up may still have. */
function answersTo(
  cells: Cells,
  tables: TableIntervals,
  lookup: Interaction,
  ranges: Ranges,
): readonly Tuple[] | undefined {
  const asked = tupleOf(lookup).map((expr) => rangeOf(cells, expr, ranges));
  if (lookup.bus.name === RANGE_BUS.name) {
    const [bits] = asked;
    return bits === undefined ? undefined : [[bits, belowPower(Math.min(bits.high, 16))]];
  }
  return tables.groupsOf(lookup.bus.name)?.filter((group) => !group.some((field, f) => areApart(asked[f], field)));
}

/** Narrows the variables of a look-up to those of a group of tuples; false if there are none. */
function narrow(cells: Cells, ranges: Map<string, NonNullable<Known>>, lookup: Interaction, group: Tuple): boolean {
  for (const [f, expr] of tupleOf(lookup).entries()) {
    const polynomial = cells.polynomialOf(expr);
    const field = group[f]!;
    if (polynomial === undefined) continue;
    if (areApart(intervalOf(polynomial, ranges), field)) return false;
    const found = [...variablesOf(polynomial)].map((v) => [v, solved(polynomial, v, field, ranges)] as const);
    const stand = cells.stands.get(expr);
    if (stand?.step === 1) found.push([stand.variable, field]);
    for (const [variable, range] of found) {
      if (range === undefined || variable.endsWith("'")) continue;
      if (range.low > range.high || areApart(ranges.get(variable), range)) return false;
      ranges.set(variable, both(ranges.get(variable), range)!);
    }
  }
  return true;
}
