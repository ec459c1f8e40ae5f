/**
 * Proof by cases that the inputs of an event have one output, where propagation alone (`propagation.ts`) does not reach it:
 * a cell with few values left, or a look-up with few tuples, is given each of them in turn, until every case contradicts
 * itself or has the honest outputs.
 *
 * Proof    a case assigns only consequences of its suppositions, the values that it supposes are all that the checks leave
 *          to the cell, and the tuples all that the table has. Every solution of the system is in some case, so all have the
 *          honest outputs. What is given up says nothing.
 */
import { Propagation } from './propagation.ts';
import type { Lookup, RowSystem } from './row-system.ts';

export interface CasesOptions {
  /** `chip: name` of checks that are treated as deleted: there should be no proof then. */
  readonly without?: readonly string[];
  /** Cases after which it is given up; default 4,096, some seconds for the largest rows. */
  readonly most?: number;
}

export interface CasesResult {
  readonly isProven: boolean;
  readonly cases: number;
}

/** Cells with more values, and look-ups with more tuples left, are not taken apart. */
const MOST_VALUES = 300;
const MOST_TUPLES = 64;
/** Values that are tried in a case for the cell with the fewest possible ones. */
const MOST_TRIED = 600;

type Supposition = readonly (readonly [cell: number, value: number])[];

export function proveByCases(system: RowSystem, { without = [], most = 2 ** 12 }: CasesOptions = {}): CasesResult {
  const deleted = new Set(without);
  const said = system.outputs.filter(({ from }) => from.every((name) => !deleted.has(name)));
  const outputs = [...new Set(said.flatMap(({ cells }) => [...cells]))];
  let cases = 0;

  /** Whether all solutions of this case have the honest outputs. */
  const holds = (supposed: Supposition): boolean => {
    if (++cases > most) return false;
    // Bounds of cells are for good: every case finds its own, from all that it supposes.
    const state = new Propagation(system, deleted);
    if (!supposed.every(([cell, value]) => state.assign(cell, value))) return true;
    do {
      if (!state.propagate()) return true;
    } while (state.boundByTables());
    if (outputs.every((cell) => state.isAssigned[cell] === 1 && state.values[cell] === system.honest[cell]))
      return true;
    const split = smaller(splitCell(state), splitLookup(state));
    return split?.every((further) => holds([...supposed, ...further])) ?? false;
  };
  return { isProven: holds([]), cases };
}

type Split = readonly Supposition[] | undefined;

const smaller = (a: Split, b: Split): Split => (a === undefined || (b !== undefined && b.length < a.length) ? b : a);

/** The values of a cell with few of them that are not refuted at once; at best none or one. */
function splitCell(state: Propagation): Split {
  const { isAssigned, sizes } = state;
  const cells = [...isAssigned.keys()].filter((cell) => isAssigned[cell] === 0 && sizes[cell]! <= MOST_VALUES);
  cells.sort((a, b) => sizes[a]! - sizes[b]!);
  let best: Split;
  let tried = 0;
  for (const cell of cells) {
    if (best !== undefined && (best.length <= 1 || tried > MOST_TRIED)) break;
    const values = Array.from({ length: sizes[cell]! }, (_, k) => state.choice(cell, k));
    tried += values.length;
    const left = values.filter((value) => {
      const mark = state.mark;
      const isPossible = state.assign(cell, value) && state.propagate();
      state.undo(mark);
      return isPossible;
    });
    best = smaller(
      best,
      left.map((value) => [[cell, value]]),
    );
  }
  return best;
}

/** The tuples of the look-up with the fewest, each with what follows from it. */
function splitLookup(state: Propagation): Split {
  const open = state.system.checks.filter(
    (check): check is Lookup => check.kind === 'lookup' && check.cells.some((cell) => state.isAssigned[cell] === 0),
  );
  const lists = open.flatMap((check) => {
    const tuples = state.remaining(check, MOST_TUPLES + 1);
    return tuples === undefined || tuples.length > MOST_TUPLES ? [] : [{ check, tuples }];
  });
  lists.sort((a, b) => a.tuples.length - b.tuples.length);
  const [first] = lists;
  if (first === undefined) return undefined;
  const left = first.tuples.flatMap((tuple): Supposition[] => {
    const mark = state.mark;
    const isPossible = state.assignTuple(first.check, tuple) && state.propagate();
    const following = state.since(mark).map((cell) => [cell, state.values[cell]!] as const);
    state.undo(mark);
    return isPossible ? [following] : [];
  });
  // A tuple that says nothing, of a look-up that may not count, leaves the case as it was.
  return left.some((following) => following.length === 0) ? undefined : left;
}
