/**
 * The search for a second witness: an execution that every check accepts, from the same state with the same private
 * inputs, that leaves another state. One that is found is a missing check.
 *
 * First everything that follows from the inputs is assigned (`propagation.ts`), and every bit whose other value leads to
 * a contradiction. If that reaches all outputs, there is no second witness of these inputs: this is proven, not searched.
 * Otherwise some open cell is given another value, and the constraints lead: what follows is assigned, and where nothing
 * follows the next open cell takes its honest value, or another of its range or table, until all checks hold or the
 * effort is spent.
 */
import { add, type Felt, inverse, mul, P, reduce } from '../stark/field/koala-bear.ts';
import { Propagation } from './propagation.ts';
import { type Random, seeded } from './random.ts';
import { type Lookup, type Output, openForm, type RowSystem } from './row-system.ts';
import { valueAt } from './tape.ts';

export interface SearchOptions {
  /** Whose cells the search begins at; default: any. */
  readonly chip?: string;
  /** `chip: name` of checks that are treated as deleted: the search must then find something. */
  readonly without?: readonly string[];
  /** Cells read by checks, at most about this many; default 2^20, which takes some hundredths of a second. */
  readonly effort?: number;
  readonly seed?: number;
}

export interface SearchResult {
  /** Values by cell of a second witness. */
  readonly second: Float64Array | undefined;
  /** Whether the inputs are proven to have one output. */
  readonly isProven: boolean;
  /** Other values that were tried, each completed or refuted. */
  readonly starts: number;
}

const EFFORT = 2 ** 20;
/** Cells with at most this many values are tried one by one. */
const PROBED_SIZE = 64;
/** Ways to complete one start. */
const ATTEMPTS = 2;
/** Look-ups with at most this many tuples left are tried one by one. */
const PROBED_TUPLES = 8;
/** Other values of a cell that are tried where the honest one leads nowhere. */
const ALTERNATIVES = 4;

export function searchSecondWitness(system: RowSystem, options: SearchOptions = {}): SearchResult {
  const { chip, without = [], effort = EFFORT, seed = 1 } = options;
  const random = seeded(seed);
  const deleted = new Set(without);
  const outputs = system.outputs.filter(({ from }) => from.every((name) => !deleted.has(name)));
  const state = new Propagation(system, deleted);
  do {
    if (!state.propagate()) throw new RangeError('system: expected honest rows, got a contradiction');
  } while (state.boundByTables());
  probe(state, effort / 2);
  probeLookups(state, effort / 2);

  const isOpen = (cell: number): boolean => state.isAssigned[cell] === 0;
  const openOutputs = [...new Set(outputs.flatMap(({ cells }) => [...cells].filter(isOpen)))];
  if (openOutputs.length === 0) return { second: undefined, isProven: true, starts: 0 };
  const open = [...system.honest.keys()].filter(isOpen);
  const own = chip === undefined ? [] : (system.cellsOfChip.get(chip) ?? []).filter(isOpen);
  const starts = own.length > 0 ? own : open;

  const root = state.mark;
  const limit = state.work + effort;
  let count = 0;
  // In the order of the columns, which is about the order in which cells follow from each other.
  let next = 0;
  for (; state.work < limit; count++) {
    state.work += 16;
    const start = count % 3 === 2 ? random.pick(openOutputs) : starts[next++ % starts.length]!;
    const value = otherValue(state, start, random);
    const spent = state.work;
    // A start that goes wrong late may not eat all of the effort.
    const most = Math.min(limit, spent + Math.max(effort / 8, 100 * open.length));
    if (value !== system.honest[start] && state.assign(start, value) && state.propagate()) {
      const started = state.mark;
      const suspects: number[] = [];
      for (let attempt = 0; attempt < ATTEMPTS && state.work < most; attempt++) {
        const failed = complete(state, count % 2 === 0 ? random.shuffled(open) : open, suspects, random, most);
        if (failed === undefined && differs(outputs, system, state.values)) {
          return { second: Float64Array.from(state.values), isProven: false, starts: count + 1 };
        }
        state.undo(started);
        if (failed === undefined) break;
        suspects.unshift(...failed.filter((cell) => !suspects.includes(cell)));
      }
    }
    state.undo(root);
  }
  return { second: undefined, isProven: false, starts: count };
}

/** Assigns cells of few values whose other values all contradict the checks, until none is left. */
function probe(state: Propagation, effort: number): void {
  const { system } = state;
  const limit = state.work + effort;
  const candidates = [...system.honest.keys()].filter((cell) => state.sizes[cell]! <= PROBED_SIZE);
  candidates.sort((a, b) => state.sizes[a]! - state.sizes[b]!);
  for (let found = true; found && state.work < limit; ) {
    found = false;
    for (const cell of candidates) {
      if (state.isAssigned[cell] === 1 || state.work >= limit) continue;
      const honest = system.honest[cell]!;
      const mark = state.mark;
      let isRefuted = true;
      for (let k = 0; k < state.sizes[cell]! && isRefuted; k++) {
        const value = state.choice(cell, k);
        if (value === honest) continue;
        isRefuted = !(state.assign(cell, value) && state.propagate());
        state.undo(mark);
      }
      if (!isRefuted) continue;
      found = true;
      if (!(state.assign(cell, honest) && state.propagate())) {
        throw new RangeError('system: expected honest rows, got a contradiction');
      }
    }
  }
}

/** The same for look-ups of which few tuples are left, as the words that a read may find. */
function probeLookups(state: Propagation, effort: number): void {
  const { system } = state;
  const limit = state.work + effort;
  const isOpen = (cell: number): boolean => state.isAssigned[cell] === 0;
  for (let found = true; found && state.work < limit; ) {
    found = false;
    for (const check of system.checks) {
      if (check.kind === 'equation' || !check.cells.some(isOpen) || state.work >= limit) continue;
      const left = state.remaining(check, PROBED_TUPLES + 1);
      if (left === undefined || left.length < 2 || left.length > PROBED_TUPLES) continue;
      const mark = state.mark;
      const possible = left.filter((tuple) => {
        state.work += check.cells.length;
        const isPossible = state.assignTuple(check, tuple) && state.propagate();
        state.undo(mark);
        return isPossible;
      });
      if (possible.length !== 1 || !state.assignTuple(check, possible[0]!) || !state.propagate()) continue;
      found = state.mark > mark;
    }
  }
}

/**
 * Assigns all cells of `open`. Whatever can stay honest does; a cell whose honest value is refuted waits for what the
 * others make of it, and is given another value only if they leave it open. `suspects`, which stood in the way before,
 * come first, with other values. Returns undefined, or the cells that had no value; none above `most` work.
 */
function complete(
  state: Propagation,
  open: readonly number[],
  suspects: readonly number[],
  random: Random,
  most: number,
): readonly number[] | undefined {
  const attempt = (cell: number, value: number): boolean => {
    const mark = state.mark;
    state.work += 8;
    if (state.assign(cell, value) && state.propagate()) return true;
    state.undo(mark);
    return false;
  };
  for (const cell of suspects) {
    if (state.isAssigned[cell] === 0 && random.below(4) > 0) attempt(cell, otherValue(state, cell, random));
  }
  const waiting: number[] = [];
  for (const cell of open) {
    if (state.work > most) return [];
    if (state.isAssigned[cell] === 1 || attempt(cell, state.system.honest[cell]!)) continue;
    if (state.sizes[cell] !== 2) waiting.push(cell);
    else if (!attempt(cell, otherValue(state, cell, random))) return [cell, ...waiting];
  }
  for (const cell of waiting) {
    if (state.isAssigned[cell] === 1) continue;
    let isDone = false;
    for (let i = 0; i < ALTERNATIVES && !isDone; i++) {
      if (state.work > most) return [];
      isDone = attempt(cell, otherValue(state, cell, random));
    }
    if (!isDone) return [cell, ...waiting.filter((c) => state.isAssigned[c] === 0)];
  }
  return undefined;
}

/** Another value for a cell: of its range, of a tuple of its table, one that moves a neighbour a little, or anything. */
function otherValue(state: Propagation, cell: number, random: Random): number {
  const { system, sizes } = state;
  const honest = system.honest[cell]!;
  const size = sizes[cell]!;
  if (size === 2) return state.choice(cell, state.choice(cell, 0) === honest ? 1 : 0);
  const kind = random.below(4);
  if (kind === 0) {
    const value = tableValue(state, cell, random);
    if (value !== undefined) return value;
  }
  if (kind === 1) {
    const value = neighbourly(state, cell, random);
    if (value !== undefined && state.isWithin(cell, value)) return value;
  }
  const steps = [
    1,
    -1,
    2,
    -2,
    3,
    -3,
    2 ** 7,
    2 ** 8,
    -(2 ** 8),
    2 ** 10,
    2 ** 13,
    2 ** 15,
    2 ** 16,
    -(2 ** 16),
    2 ** 24,
  ];
  const near = reduce(honest + random.pick(steps));
  if (size !== Number.POSITIVE_INFINITY) {
    if (random.below(2) === 0 && state.isWithin(cell, near)) return near;
    return state.choice(cell, random.below(8) === 0 ? size - 1 : random.below(size));
  }
  if (random.below(2) === 0) return near;
  return random.below(2) === 0 ? reduce(random.pick([0, 1, 2, -1, 2 ** 16 - 1, 2 ** 16])) : random.below(P);
}

/** The cell's value in some tuple that its look-up may have. */
function tableValue(state: Propagation, cell: number, random: Random): number | undefined {
  const lookups = state.system.checksOf[cell]!.flatMap((i) => {
    const check = state.system.checks[i]!;
    return check.kind === 'lookup' && check.answers.index !== undefined ? [check] : [];
  });
  if (lookups.length === 0) return undefined;
  const lookup: Lookup = random.pick(lookups);
  const index = lookup.answers.index!();
  const left = state.remaining(lookup, 64);
  if (left?.length === 0 || index.count === 0) return undefined;
  const tuple = left === undefined ? index.tuple(random.below(index.count)) : random.pick(left);
  const mark = state.mark;
  for (const [f, field] of lookup.tuple.entries()) {
    if (!state.assignField(field, tuple[f]!) || state.isAssigned[cell] === 0) continue;
    break;
  }
  const value = state.isAssigned[cell] === 1 ? state.values[cell] : undefined;
  state.undo(mark);
  return value;
}

/** The value that moves another open cell of one of its equations by one or two. */
function neighbourly(state: Propagation, cell: number, random: Random): number | undefined {
  const { system, values, isAssigned } = state;
  const equations = system.checksOf[cell]!.flatMap((i) => {
    const check = system.checks[i]!;
    return check.kind === 'equation' && check.cells.length > 1 ? [check] : [];
  });
  if (equations.length === 0) return undefined;
  const form = openForm(random.pick(equations), values, isAssigned);
  const own = form?.terms.get(cell);
  if (form === undefined || own === undefined || form.terms.size < 2) return undefined;
  const [other, c] = random.pick([...form.terms]);
  if (other === cell) return undefined;
  const step = reduce(random.pick([1, -1, 2, -2]));
  return add(system.honest[cell] as Felt, mul(step, mul(c, inverse(own))));
}

const differs = (outputs: readonly Output[], { honest }: RowSystem, values: Float64Array): boolean =>
  outputs.some(({ tuple }) =>
    tuple.some(({ tape, base }) => valueAt(tape, values, base) !== valueAt(tape, honest, base)),
  );
