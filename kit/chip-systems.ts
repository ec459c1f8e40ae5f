/** Honest events of every chip of a machine, as systems to search: what a determinism search of a chip starts from. */
import type { Machine } from '../machine/machine.ts';
import type { Air } from '../stark/air/air.ts';
import { type EventSystemOptions, eventSystem } from './event-system.ts';
import { type HonestEvent, honestEvents } from './honest.ts';
import { rareEvents } from './rare-events.ts';
import type { RowSystem } from './row-system.ts';
import { type SearchOptions, type SearchResult, searchSecondWitness } from './second-witness.ts';
import { statementEvents } from './statement-event.ts';

/** Names of the chips that have witnesses: all but the fixed tables. */
export const searchedChips = (machine: Machine): string[] =>
  [...machine.chips.values()].flatMap((chip) => ('fixedRows' in chip ? [] : [chip.air.name]));

/** Draws of instructions that do not always use the same chips, beside the first. */
const MORE_ROUNDS = 24;

/**
 * Chips whose contract leaves something open that no instruction's result depends on, each with the reason. They are
 * searched together with the other chips of the instruction.
 */
const OPEN_ALONE: Readonly<Record<string, string>> = {
  'fp32-normalise': 'which multiple of a power of two is given is left to the sender',
  'ram-words': 'limbs of words that are not read are free: who asks takes only those that are',
  merkle: 'an index has one sequence of bits where the levels are at most 30, which `merkle-call` says',
  'fp32-exponential': 'all pairs near enough to (U, e^U) are accepted: who asks bounds the difference',
  'fp32-log': 'what it asks of others is bounded by what they answer',
};

/** What `searchChip` is to search: the chip alone, or the whole instruction. */
export const aloneOf = (chip: string): Pick<EventSystemOptions, 'alone'> =>
  OPEN_ALONE[chip] === undefined ? { alone: chip } : {};

export interface EventsOptions {
  readonly perChip: number;
  readonly seed?: number;
  /** The one chip whose events are wanted; default: all. */
  readonly only?: string;
  /** More draws, as long as some chip has too few; default 24. */
  readonly rounds?: number;
}

/**
 * At least `perChip` events of every chip that has some, of all its instructions, by chip; statement tables have one.
 * A chip that no event uses has an empty list.
 */
export function eventsByChip(
  machine: Machine,
  { perChip, seed = 1, only, rounds = MORE_ROUNDS }: EventsOptions,
): ReadonlyMap<string, readonly HonestEvent[]> {
  const all = [...machine.instructions.byOp.values()];
  const events = new Map(searchedChips(machine).map((name): [string, HonestEvent[]] => [name, []]));
  const trapping = new Set<string>();
  const draw = (instructions: typeof all, count: number, round: number): void => {
    const drawn = honestEvents(machine, instructions, { count, seed: seed + round, isCompared: false });
    for (const mnemonic of drawn.untried) trapping.add(mnemonic);
    for (const event of drawn.events) for (const name of event.rows.keys()) events.get(name)!.push(event);
  };
  draw(all, Math.max(2, perChip), 0);
  for (const [name, list] of events) list.push(...rareEvents(machine, name, perChip, seed));
  const wanted = [...events].filter(([name]) => (only ?? name) === name && !isStatement(machine, name));
  for (let round = 1; round <= rounds; round++) {
    const short = wanted.filter(([, list]) => list.length < perChip);
    if (short.length === 0) break;
    // Who gave a chip rows may do it again; where nobody did, everybody has another try.
    const users = new Set(short.flatMap(([, list]) => list.map(({ mnemonic }) => mnemonic)));
    const isMissing = short.some(([, list]) => list.length === 0);
    const isTried = (mnemonic: string): boolean => (isMissing ? !trapping.has(mnemonic) : users.has(mnemonic));
    draw(
      all.filter(({ spec }) => isTried(spec.mnemonic)),
      1,
      round,
    );
  }
  const like = [...events.values()].flat()[0];
  if (like !== undefined) {
    for (const event of statementEvents(machine, like, seed)) {
      for (const name of event.rows.keys()) events.get(name)!.push(event);
    }
  }
  return new Map([...events].map(([name, list]) => [name, spread(list, perChip)]));
}

const isStatement = (machine: Machine, name: string): boolean => {
  const chip = machine.chips.get(name)!;
  return !('eventWords' in chip) && !chip.air.interactions.some(({ bus }) => SHARED_BY_EVENTS.test(bus.name));
};
const SHARED_BY_EVENTS = /^sha256-/;

/** At most `count` of a list, from all over it, first those of different instructions. */
function spread<T extends { readonly mnemonic: string }>(list: readonly T[], count: number): T[] {
  const seen = new Map<string, number>();
  const rank = list.map((item) => {
    const turn = seen.get(item.mnemonic) ?? 0;
    seen.set(item.mnemonic, turn + 1);
    return turn;
  });
  return [...list.keys()]
    .sort((a, b) => rank[a]! - rank[b]! || a - b)
    .slice(0, count)
    .map((i) => list[i]!);
}

export interface ChipSearch {
  readonly events: number;
  /** Events whose inputs are proven to have one output. */
  readonly proven: number;
  readonly starts: number;
  /** A second witness: the instruction, and cells by name with their honest and other value. */
  readonly second: { readonly mnemonic: string; readonly changed: readonly string[] } | undefined;
}

/** Searches the events of one chip, each with its own `effort`. */
export function searchChip(
  machine: Machine,
  chip: string,
  events: readonly HonestEvent[],
  options: SearchOptions &
    EventSystemOptions & {
      readonly onProgress?: (fraction: number) => void;
    } = {},
): ChipSearch {
  let [proven, starts] = [0, 0];
  for (const [i, event] of events.entries()) {
    const system = eventSystem(machine, event, options);
    const result = searchSecondWitness(system, { seed: i + 1, ...options, chip });
    if (result.isProven) proven++;
    starts += result.starts;
    options.onProgress?.((i + 1) / events.length);
    if (result.second !== undefined) {
      const second = { mnemonic: event.mnemonic, changed: changedCells(system, result) };
      return { events: i + 1, proven, starts, second };
    }
  }
  return { events: events.length, proven, starts, second: undefined };
}

/** Cells that a second witness changes, by name. */
export const changedCells = ({ honest, nameOf }: RowSystem, { second }: SearchResult): string[] =>
  [...honest.keys()]
    .filter((cell) => second?.[cell] !== honest[cell])
    .map((cell) => `${nameOf(cell)} ${honest[cell]} -> ${second?.[cell]}`);

export interface Deletions {
  /** Constraints and look-ups whose deletion leads to a second witness. */
  readonly found: readonly string[];
  readonly missed: readonly string[];
}

/**
 * The power of the search: deletes each constraint and each look-up of a chip, one at a time, and searches its events
 * until one has a second witness. A check may be missed because it is implied by others, or because what it excludes
 * leaves the same outputs.
 */
export function searchDeletions(
  machine: Machine,
  air: Air,
  events: readonly HonestEvent[],
  options: Pick<SearchOptions, 'effort' | 'seed'> & { readonly only?: (name: string) => boolean } = {},
): Deletions {
  const alone = events.map((event) => eventSystem(machine, event, { alone: air.name }));
  // Where the chip alone leaves an output open, a second witness says nothing of the check.
  const closed = alone.filter((system) => searchSecondWitness(system, options).second === undefined);
  const systems = closed.length > 0 ? closed : events.map((event) => eventSystem(machine, event));
  const lookups = air.interactions.filter(({ bus, direction }) => bus.kind === 'table' && direction === 'send');
  const names = [...air.constraints, ...lookups].map(({ name }) => name).filter(options.only ?? (() => true));
  const isFound = (name: string): boolean =>
    systems.some((system, i) => {
      const without = [`${air.name}: ${name}`];
      return searchSecondWitness(system, { seed: i + 1, ...options, chip: air.name, without }).second !== undefined;
    });
  const found = names.filter(isFound);
  return { found, missed: names.filter((name) => !found.includes(name)) };
}
