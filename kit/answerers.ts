/**
 * Chips that answer on the same bus: whether one of them has a row for a request that is another's. The search for a
 * second witness keeps the rows of an event; which chip answers is what it does not vary.
 *
 * That there is no row is proven by cases: the request is assigned, all that follows from it, and what contradicts itself
 * is refused; else each value of a cell with few of them, each tuple of a look-up with few left. Messages to other chips
 * are not followed: a row that only they refuse counts as one.
 */
import type { Machine } from '../machine/machine.ts';
import { type Air, tupleOf } from '../stark/air/air.ts';
import { evaluateAt, messageAt } from '../stark/air/check.ts';
import type { Felt } from '../stark/field/koala-bear.ts';
import { fixedAnswers } from './event-system.ts';
import type { HonestEvent } from './honest.ts';
import { Propagation } from './propagation.ts';
import { checksByCell, rowSystem } from './row-system.ts';

/** A request that a chip answers with a row of its own. */
export interface Answered {
  readonly chip: string;
  readonly air: Air;
  /** Name of the interaction that receives it. */
  readonly name: string;
  readonly bus: string;
  readonly row: readonly number[];
  /** The fields that the other side fixes. */
  readonly request: readonly number[];
}

/** All requests on the named buses that rows of these events answer, once. */
export function answeredRequests(
  machine: Machine,
  events: readonly HonestEvent[],
  buses: readonly string[],
): Answered[] {
  return events.flatMap(({ rows }) =>
    [...rows].flatMap(([chip, own]) => {
      const { air } = machine.chips.get(chip)! as { air: Air };
      const received = air.interactions.filter((i) => i.direction === 'receive' && buses.includes(i.bus.name));
      return received.flatMap((interaction) =>
        own.main.flatMap((row, r): Answered[] => {
          if (evaluateAt(interaction.multiplicity, own, r) !== 1) return [];
          const request = messageAt(interaction, own, r).tuple.slice(0, interaction.given.length);
          return [{ chip, air, name: interaction.name, bus: interaction.bus.name, row: [...row], request }];
        }),
      );
    }),
  );
}

/** True: the chip of `answerer` is proven to have no row for the request. False: nothing is said. */
export function isRefused(machine: Machine, answerer: Answered, { request }: Pick<Answered, 'request'>): boolean {
  const { chip, air, name, row } = answerer;
  const messages = [...machine.chips.values()].flatMap((other) => other.air.interactions as Air['interactions']);
  const everything = new Map(messages.map((i) => [i.bus.name, tupleOf(i).length]));
  const system = rowSystem([{ air, rows: { main: [row] } }], fixedAnswers(machine), everything);
  const received = `${chip}: ${name}`;
  const others = air.interactions.filter((i) => i.bus.kind === 'peer').map((i) => `${chip}: ${i.name}`);
  // What the received tuple is held to: its multiplicity, and field by field what was asked. Other messages are free.
  let field = -1;
  const checks = system.checks.flatMap((check) => {
    const [from] = check.from as [string];
    if (check.kind !== 'equation' || !others.includes(from)) return [check];
    if (from !== received) return [];
    const constant = field < 0 ? check.constant : (request[field]! as Felt);
    field += 1;
    return [{ ...check, constant }];
  });
  const state = new Propagation({ ...system, checks, checksOf: checksByCell(checks, system.honest.length) });
  do {
    if (!state.propagate()) return true;
  } while (state.boundByTables());
  return isContradictory(state, 0) || isContradictory(state, 1);
}

/** Cells and look-ups with at most this many values or tuples are taken apart. */
const MOST_CASES = 300;
const MOST_TUPLES = 16;
/** `depth`: cases within cases, then of bits only. */
function isContradictory(state: Propagation, depth: number): boolean {
  const isOpen = (cell: number): boolean => state.isAssigned[cell] === 0;
  const isPossible = (step: () => boolean): boolean => {
    const mark = state.mark;
    const isLeft = step() && state.propagate() && (depth === 0 || !isContradictory(state, depth - 1));
    state.undo(mark);
    return isLeft;
  };
  /** Takes the step that is left, if it is one; false if none is. */
  const narrowed = (steps: readonly (() => boolean)[]): boolean => {
    const left = steps.filter(isPossible);
    return left.length > 1 || (left.length === 1 && left[0]!() && state.propagate());
  };
  for (let before = -1; before < state.mark; ) {
    before = state.mark;
    for (let cell = 0; cell < state.isAssigned.length; cell++) {
      const size = state.sizes[cell]!;
      if (!isOpen(cell) || size > (depth > 0 ? 2 : MOST_CASES)) continue;
      if (!narrowed(Array.from({ length: size }, (_, k) => () => state.assign(cell, state.choice(cell, k)))))
        return true;
    }
    for (const check of state.system.checks) {
      if (check.kind === 'equation' || !check.cells.some(isOpen)) continue;
      const tuples = state.remaining(check, MOST_TUPLES + 1);
      if (tuples === undefined || tuples.length > MOST_TUPLES) continue;
      if (!narrowed(tuples.map((tuple) => () => state.assignTuple(check, tuple)))) return true;
    }
  }
  return false;
}
