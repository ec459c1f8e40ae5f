/**
 * The check of a chip: honest events against the machine, the padding row, out-of-domain cells, deletion of every check
 * by mutation, the search for a second witness, and the author's own forgeries where there are some. It says what was
 * checked and what was not. Searches prove nothing by finding nothing.
 */
import type { Machine } from '../machine/machine.ts';
import { type Air, tupleOf } from '../stark/air/air.ts';
import { messageAt, type Rows, violations } from '../stark/air/check.ts';
import { type Column, columnsOf, type Expr } from '../stark/air/expr.ts';
import { EXECUTION_BUS, MEMORY_BUS, PROGRAM_BUS } from '../vm/buses.ts';
import type { FixedTable } from '../vm/chips/table.ts';
import { findSecondWitness } from './determinism.ts';
import {
  domainForgeries,
  type Forgery,
  type ForgeryOptions,
  judgeForgeries,
  objectors,
  type Tables,
} from './forgery.ts';
import { frameForgeries, frameNeverAlone } from './frame-forgeries.ts';
import { type HonestEvent, honestEvents, tableDraws, tableOracles } from './honest.ts';
import { rejectedAlone } from './mutation.ts';

/** What the author of a chip states about it: the forgeries of its test, with their options. */
export interface ChipForgeries extends ForgeryOptions {
  readonly air: Pick<Air, 'name'>;
  readonly forgeries: readonly Forgery[];
}

/** One part of a check. `not checked` fails nothing and promises nothing. */
export interface CheckPart {
  readonly name: 'honest events' | 'padding' | 'domains' | 'forgeries' | 'deletion' | 'determinism' | 'table';
  readonly verdict: 'passed' | 'failed' | 'not checked';
  /** One line: what was done and found. */
  readonly summary: string;
  /** What is wrong, or was not found. */
  readonly details: readonly string[];
}

export interface ChipCheckOptions {
  /** Events of each instruction; default 16. */
  readonly events?: number;
  /** Mutations for each check, and starts of the search on each row; default 200, less for large tables. */
  readonly tries?: number;
  readonly seed?: number;
}

const MAX_DETAILS = 20;
/** Events on which mutations and searches start. */
const MAX_TRACES = 12;
/** Rows of each of them. */
const SEARCHED_ROWS = 4;
/** Tries where `tries` is left out, and the nodes of expressions that bound them: a few seconds for large tables. */
const TRIES = 200;
const WORK = { deletion: 1e7, determinism: 2e6 };
/** Fewer mutations for each check say nothing. */
const MIN_TRIES = 5;

/** @throws {RangeError} if the machine has no chip of this name */
export function checkChip(
  machine: Machine,
  name: string,
  own: ChipForgeries | undefined,
  options: ChipCheckOptions = {},
): CheckPart[] {
  const chip = machine.chips.get(name);
  if (chip === undefined) throw new RangeError(`name: expected a chip of the machine, got ${name}`);
  if ('fixedRows' in chip) return [checkTable(chip)];
  const { events: count = 16, seed = 1 } = options;
  const { air } = chip;
  const all = [...machine.instructions.byOp.values()];
  const probe = honestEvents(machine, all, { count: 4, seed }).events.filter(({ rows }) => rows.has(name));
  const mnemonics = new Set(probe.map(({ mnemonic }) => mnemonic));
  const users = all.filter(({ spec }) => mnemonics.has(spec.mnemonic));
  const events = [
    ...probe,
    ...honestEvents(machine, users, { count, seed: seed + 1 }).events.filter(({ rows }) => rows.has(name)),
  ];
  const traces = spread(events.map(({ rows }) => rows.get(name)!));
  const tables = tableOracles(machine);
  const work = workOf(air) * Math.max(1, ...traces.map(({ main }) => main.length));
  const triesOf = (part: keyof typeof WORK, searches: number): number => {
    const affordable = Math.floor(WORK[part] / (work * searches));
    return options.tries ?? (affordable < MIN_TRIES ? 0 : Math.min(TRIES, affordable));
  };
  return [
    checkEvents(air, events, [...mnemonics]),
    checkPadding(air, events[0]?.rows.get(name), tables),
    ...(own === undefined ? [] : [checkForgeries(air as Air, own)]),
    ...(traces.length === 0
      ? (['domains', 'deletion', 'determinism'] as const).map((part) =>
          notChecked(part, 'no honest rows to start from'),
        )
      : [
          checkDomains(air),
          checkDeletion(air, traces, tables, own, { tries: triesOf('deletion', objectors(air).length), seed }),
          checkDeterminism(machine, air, traces, {
            tries: Math.max(1, triesOf('determinism', searchedRows(traces))),
            seed,
          }),
        ]),
  ];
}

/** Nodes of all expressions, each counted once: what evaluating one row costs. */
function workOf(air: Air): number {
  const seen = new Set<Expr>();
  const exprs = [
    ...air.constraints.map((c) => c.expr),
    ...air.interactions.flatMap((i) => [...tupleOf(i), i.multiplicity]),
  ];
  for (const e of exprs) columnsOf(e, () => {}, seen);
  return Math.max(1, seen.size);
}

/** Rows on which the search for a second witness starts. */
const searchedRows = (traces: readonly Rows[]): number =>
  traces.reduce((sum, { main }) => sum + Math.min(main.length, SEARCHED_ROWS), 0);

/** At most MAX_TRACES of them, from all over the list. */
const spread = (traces: readonly Rows[]): Rows[] =>
  traces.filter((_, i) => i % Math.ceil(traces.length / MAX_TRACES) === 0);

const notChecked = (name: CheckPart['name'], summary: string): CheckPart => ({
  name,
  verdict: 'not checked',
  summary,
  details: [],
});

const judged = (name: CheckPart['name'], summary: string, wrong: readonly string[]): CheckPart => ({
  name,
  verdict: wrong.length === 0 ? 'passed' : 'failed',
  summary,
  details: [...new Set(wrong)].slice(0, MAX_DETAILS),
});

function checkTable({ air, fixedRows, fixedRow, provider }: FixedTable): CheckPart {
  const wrong: string[] = [];
  const perRow = provider.multiplicities.length;
  const fields = air.fixed.length / perRow;
  const tupleAt = (index: number): number[] => {
    const row = fixedRow(Math.floor(index / perRow));
    return Array.from({ length: fields }, (_, f) => row[f * perRow + (index % perRow)]!);
  };
  const first = tupleAt(0).join(' ');
  for (let index = 0; index < fixedRows * perRow; index++) {
    const tuple = tupleAt(index);
    const position = provider.positionOf(tuple);
    const repeats = position !== undefined && tupleAt(position).join(' ') === tuple.join(' ');
    // Past the last tuple stands tuple 0, and a relation may hold a tuple twice.
    if (!repeats) wrong.push(`tuple ${index} (${tuple.join(', ')}) is at ${index}, indexOf says ${position}`);
  }
  for (const row of [fixedRows, fixedRows + 255]) {
    const padding = fixedRow(row).filter((_, c) => c % perRow === 0);
    if (padding.join(' ') !== first) wrong.push(`row ${row} is padding and holds ${padding.join(', ')}, not tuple 0`);
  }
  return judged('table', `all ${fixedRows * perRow} tuples are found where they are; padding repeats tuple 0`, wrong);
}

function checkEvents(air: Air, events: readonly HonestEvent[], mnemonics: readonly string[]): CheckPart {
  if (events.length === 0) {
    return notChecked('honest events', 'no instruction on random operands gives this chip a row');
  }
  const wrong = events.flatMap(({ mnemonic, rows, disagreements }) => [
    ...violations(air, rows.get(air.name)!).map((v) => `${mnemonic}: "${v.constraint}" does not hold in row ${v.row}`),
    ...disagreements.map((text) => `${mnemonic}: ${text}`),
  ]);
  const numRows = events.reduce((sum, { rows }) => sum + rows.get(air.name)!.main.length, 0);
  const summary = `${numRows} rows of ${mnemonics.join(', ')} hold, and say what the machine did`;
  return judged('honest events', summary, wrong);
}

function checkPadding(air: Air, honest: Rows | undefined, tables: Tables): CheckPart {
  if (air.known.length > 0) return notChecked('padding', 'the table has known columns');
  const zero = air.main.map(() => 0);
  const main = [...(honest?.main ?? []), zero, zero];
  const from = main.length - 2;
  const rows = { main };
  const wrong = violations(air, rows)
    .filter(({ row }) => row >= from - 1 && (honest !== undefined || row > 0))
    .map((v) => `"${v.constraint}" does not hold on padding`);
  for (const interaction of air.interactions) {
    const { tuple, multiplicity } = messageAt(interaction, rows, from);
    // A fixed table answers whoever asks: a row that stands for nothing may look up what is there.
    const harmless = tables[interaction.bus.name]?.(tuple) === true;
    if (multiplicity !== 0 && !harmless)
      wrong.push(`"${interaction.name}" speaks on a row of zeros: ${tuple.join(', ')}`);
  }
  return judged(
    'padding',
    'a row of zeros satisfies every constraint and asks for nothing that is not in a fixed table',
    wrong,
  );
}

function checkForgeries(air: Air, own: ChipForgeries): CheckPart {
  const { misjudged, unnamed, unneeded, excusedInVain } = judgeForgeries(air, own.forgeries, own);
  const wrong = [
    // biome-ignore lint/suspicious/useIterableCallbackReturn: the switch is exhaustive, every case returns
    ...misjudged.map(({ claim, problem, expected, got }) => {
      switch (problem) {
        case 'honest trace':
          return `${claim}: the honest trace is rejected by ${quoted(got)}`;
        case 'unknown names':
          return `${claim}: the chip has no ${quoted(expected)}, and it is rejected by ${quoted(got)}`;
        case 'objections':
          return `${claim}: expected to be rejected by ${quoted(expected)}, it is by ${quoted(got)}`;
      }
    }),
    ...unnamed.map((name) => `"${name}" rejects none of the forgeries`),
    ...unneeded
      .filter((name) => !unnamed.includes(name))
      .map((name) => `"${name}" is never the only one to reject: if it were deleted, no forgery would notice`),
    ...excusedInVain.map((name) => `"${name}" is excused by neverAlone and rejects a forgery alone`),
  ];
  const summary = `${own.forgeries.length} forgeries, each rejected by exactly what it names; together they name everything`;
  return judged('forgeries', summary, wrong);
}

const quoted = (names: readonly string[]): string =>
  names.length === 0 ? 'nothing' : names.map((name) => `"${name}"`).join(', ');

function checkDomains(air: Air): CheckPart {
  const checked = air.main.filter(({ domain }) => domain === 'bit' || domain.startsWith('below 2^'));
  const bare = air.main.filter(({ domain }) => domain.trim() === '').map(({ name }) => `${name} has no domain`);
  const summary = `${checked.length} of ${air.main.length} columns are bits or ranges, the others say who enforces theirs`;
  return judged('domains', summary, bare);
}

function checkDeletion(
  air: Air,
  traces: readonly Rows[],
  tables: Tables,
  own: ChipForgeries | undefined,
  { tries, seed }: { readonly tries: number; readonly seed: number },
): CheckPart {
  if (tries === 0)
    return notChecked('deletion', `${objectors(air).length} checks are too many to delete one by one here`);
  const alone = new Set(rejectedAlone(air, traces, { tables, tries, seed }));
  for (const forgery of own?.forgeries ?? []) if (forgery.rejectedBy.length === 1) alone.add(forgery.rejectedBy[0]!);
  for (const honest of traces.slice(0, 4)) {
    for (const { rejectedBy } of domainForgeries(air, honest, {}, { tables })) alone.add(rejectedBy[0]!);
  }
  const accesses = accessTimes(air, traces[0]!);
  for (const { rejectedBy } of hasFrame(air) ? frameForgeriesThatHold(air, traces[0]!, accesses, tables) : []) {
    alone.add(rejectedBy[0]!);
  }
  const reasons = { ...frameNeverAlone(Object.keys(accesses)), ...own?.neverAlone };
  const all = objectors(air);
  const open = all.filter((name) => !alone.has(name) && reasons[name] === undefined);
  const excused = all.filter((name) => !alone.has(name) && reasons[name] !== undefined).length;
  const summary = `deleting any of ${all.length - open.length - excused} of ${all.length} checks lets a false row through${
    excused > 0 ? `; ${excused} never decide alone, for a stated reason` : ''
  }`;
  return {
    name: 'deletion',
    verdict: open.length === 0 ? 'passed' : 'not checked',
    summary,
    details: open.map((name) => `"${name}": no mutation that it alone rejects was found`),
  };
}

const hasFrame = (air: Air): boolean =>
  ['isReal', 'pc', 'clk'].every((name) => air.main.some((column) => column.name === name));

/** The accesses of the frame with their time after clk, read off an honest row. */
function accessTimes(air: Air, honest: Rows): Record<string, number> {
  const cell = (name: string): number | undefined => {
    const column = air.main.find((c) => c.name === name);
    return column && honest.main[0]![column.index];
  };
  const times: Record<string, number> = {};
  for (const { name } of air.main) {
    const access = /^(\w+)AgeLo$/.exec(name)?.[1];
    const [before, hi, clk] = [cell(`${access}Clk`), cell(`${access}AgeHi`), cell('clk')];
    if (access === undefined || before === undefined || hi === undefined || clk === undefined) continue;
    times[access] = before + cell(name)! + 2 ** 16 * hi + 1 - clk;
  }
  return times;
}

function frameForgeriesThatHold(
  air: Air,
  honest: Rows,
  accesses: Readonly<Record<string, number>>,
  tables: Tables,
): Forgery[] {
  if (honest.main.length > 1) return [];
  const list = frameForgeries({ air, honest, accesses });
  const { misjudged } = judgeForgeries(air, list, { tables });
  const wrong = new Set(misjudged.map(({ claim }) => claim));
  return list.filter(({ claim, rejectedBy }) => !wrong.has(claim) && rejectedBy.length === 1);
}

function checkDeterminism(
  machine: Machine,
  air: Air,
  traces: readonly Rows[],
  { tries, seed }: { readonly tries: number; readonly seed: number },
): CheckPart {
  const asked = askedBuses(machine, air);
  const inputs = [...fixedByOthers(air, asked)].map(({ name }) => name);
  const wrong: string[] = [];
  const [tables, answers] = [tableOracles(machine), tableDraws(machine)];
  for (const [i, honest] of traces.entries()) {
    for (let row = 0; row < Math.min(honest.main.length, SEARCHED_ROWS); row++) {
      const second = findSecondWitness(air, { honest, row, inputs, asked, tables, answers, tries, seed: seed + i });
      if (second === undefined) continue;
      const changed = air.main.filter((c) => second.main[row]![c.index] !== honest.main[row]![c.index]);
      const cells = changed.map((c) => `${c.name} ${honest.main[row]![c.index]} -> ${second.main[row]![c.index]}`);
      wrong.push(`the same inputs have a second witness: ${cells.join(', ')}`);
    }
  }
  const answered = asked.length === 0 ? '' : `, given the answers on ${asked.join(', ')}`;
  return judged('determinism', `no second witness in ${searchedRows(traces) * tries} starts${answered}`, wrong);
}

/** Peer buses on which the chip only sends and another chip answers. */
function askedBuses(machine: Machine, air: Air): string[] {
  const others = [...machine.chips.values()].filter((chip) => chip.air.name !== air.name);
  const buses = new Map(air.interactions.filter(({ bus }) => bus.kind === 'peer').map(({ bus }) => [bus.name, bus]));
  return [...buses.keys()].filter(
    (bus) =>
      bus !== EXECUTION_BUS.name &&
      bus !== MEMORY_BUS.name &&
      air.interactions.every((i) => i.bus.name !== bus || i.direction === 'send') &&
      others.some((chip) => chip.air.interactions.some((i) => i.bus.name === bus && i.direction === 'receive')),
  );
}

/** Columns that the other sides of buses fix: what is given on peer buses, and the program's answer. */
function fixedByOthers(air: Air, asked: readonly string[]): ReadonlySet<Column> {
  const columns = new Set<Column>();
  const add = (e: Expr): void => columnsOf(e, (c) => void (c.kind === 'main' && columns.add(c)));
  for (const { bus, direction, given, claimed, multiplicity } of air.interactions) {
    if (bus.name === PROGRAM_BUS.name) for (const e of [...given, ...claimed]) add(e);
    if (bus.kind === 'table' || (direction === 'send' && asked.includes(bus.name))) continue;
    for (const e of [...given, multiplicity]) add(e);
  }
  return columns;
}
