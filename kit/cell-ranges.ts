/**
 * Integer ranges of the cells of all chips, as the tables themselves state them: bits, look-ups in the tables of the
 * machine, constraints that are linear in a cell, and what the other side of a bus can say.
 *
 * Rows are those with isReal = 1, the next row included. Look-ups and messages that are not made on all of these say
 * nothing here. Believed are ranges that a declaration gives in words (`the state bus: below 2^9`), and that the memory
 * holds limbs, at addresses and times below their limits (`vm/chips/frame.ts`).
 */
import type { Machine } from '../machine/machine.ts';
import { tupleOf } from '../stark/air/air.ts';
import { type Fact, factsOf, type Side } from './cell-facts.ts';
import { type Cells, cellsIn, rangeOf } from './cells.ts';
import { both, hullOf, type Known, solved } from './interval.ts';
import type { TableIntervals } from './table-intervals.ts';

/** Ranges follow from others; after so many rounds they are taken as they are. */
const ROUNDS = 20;

/** Of every chip, by name; what a declaration does not say is derived for chips that `isAsked`. */
export function cellsOf(
  machine: Pick<Machine, 'chips'>,
  tables: TableIntervals,
  isAsked: (chip: string) => boolean = () => true,
): ReadonlyMap<string, Cells> {
  const airs = [...machine.chips.values()].filter((chip) => !('fixedRows' in chip)).map(({ air }) => air);
  const all = new Map(airs.map((air) => [air.name, cellsIn(air)]));
  const messages = messagesOf([...all.values()]);
  const asked = [...all.values()].filter(({ air }) => isAsked(air.name));
  const facts = asked.map((cells) => ({ cells, version: 0, facts: [...factsOf(cells, tables, messages.of)] }));
  let changed = true;
  for (let round = 0; round < ROUNDS && changed; round++) {
    changed = false;
    messages.forget();
    for (const own of facts) for (const fact of own.facts) changed = learn(own, fact) || changed;
  }
  return all;
}

/** Whether anything new follows from a fact. */
function learn(of: { readonly cells: Cells; version: number }, fact: Fact): boolean {
  const { ranges } = of.cells;
  const value = fact.target();
  const { from } = fact;
  if (value === undefined) return false;
  if (from?.version === of.version && from.value.low === value.low && from.value.high === value.high) return false;
  const { version } = of;
  for (const variable of fact.variables) {
    const before = ranges.get(variable);
    const found = hullOf(fact.anyOf.map((polynomial) => solved(polynomial, variable, value, ranges)));
    const after = both(before, found);
    if (after === undefined || after.low > after.high) continue;
    if (before?.low === after.low && before.high === after.high) continue;
    ranges.set(variable, after);
    of.version++;
  }
  fact.from = { version: of.version, value };
  return of.version > version;
}

/** What all senders or all receivers of a peer bus can say, field by field. */
function messagesOf(all: readonly Cells[]) {
  const memo = new Map<string, readonly Known[]>();
  const said = (bus: string, side: Side): readonly Known[] => {
    const tuples = all.flatMap((cells) =>
      cells.air.interactions
        .filter((i) => i.bus.name === bus && i.direction === side)
        .map((i) => tupleOf(i).map((expr) => rangeOf(cells, expr, cells.ranges))),
    );
    return tuples[0]?.map((_, f) => hullOf(tuples.map((tuple) => tuple[f]))) ?? [];
  };
  return {
    of(bus: string, side: Side, field: number): Known {
      const key = `${bus} ${side}`;
      const found = memo.get(key) ?? said(bus, side);
      memo.set(key, found);
      return found[field];
    },
    /** Ranges have changed. */
    forget: (): void => memo.clear(),
  };
}
