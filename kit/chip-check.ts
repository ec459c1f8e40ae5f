/**
 * The check of a chip: honest events against the machine, the padding row, integer ranges, out-of-domain cells, deletion of every check
 * by mutation, the search for a second witness, and the author's own forgeries where there are some. It says what was
 * checked and what was not. Searches prove nothing by finding nothing.
 */
import type { Machine } from '../machine/machine.ts';
import { type Air, tupleOf } from '../stark/air/air.ts';
import { messageAt, type Rows, violations } from '../stark/air/check.ts';
import { columnsOf, type Expr } from '../stark/air/expr.ts';
import type { FixedTable } from '../vm/chips/table.ts';
import { aloneOf, eventsByChip, searchChip } from './chip-systems.ts';
import type { Advice } from './event-system.ts';
import {
  domainForgeries,
  type Forgery,
  type ForgeryOptions,
  judgeForgeries,
  objectors,
  type Tables,
} from './forgery.ts';
import { frameForgeries, frameNeverAlone } from './frame-forgeries.ts';
import { type HonestEvent, honestEvents, tableOracles } from './honest.ts';
import { rejectedAlone } from './mutation.ts';
import { wrapsOfChip } from './wraps.ts';

/** What the author of a chip states about it: the forgeries of its test, with their options. */
export interface ChipForgeries extends ForgeryOptions {
  readonly air: Pick<Air, 'name'>;
  readonly forgeries: readonly Forgery[];
  /** Its private inputs that no bus brings: they stay as they are in the search for a second witness. */
  readonly advice?: Advice;
}

/** One part of a check. `not checked` fails nothing and promises nothing. */
export interface CheckPart {
  readonly name:
    | 'honest events'
    | 'padding'
    | 'domains'
    | 'forgeries'
    | 'deletion'
    | 'determinism'
    | 'integers'
    | 'table';
  readonly verdict: 'passed' | 'failed' | 'not checked';
  /** One line: what was done and found. */
  readonly summary: string;
  /** What is wrong, or was not found. */
  readonly details: readonly string[];
}

export interface ChipCheckOptions {
  /** Events of each instruction; default 16. */
  readonly events?: number;
  /** Mutations for each check; default 200, less for large tables. */
  readonly tries?: number;
  /** Work of the search for a second witness on each event; default 2^20. */
  readonly effort?: number;
  readonly seed?: number;
  /** Called as parts go on, `fraction` in [0, 1]. */
  readonly onProgress?: (part: CheckPart['name'], fraction: number) => void;
}

const MAX_DETAILS = 20;
/** Events on which mutations and searches start. */
const MAX_TRACES = 12;
/** Tries where `tries` is left out, and the nodes of expressions that bound them: a few seconds for large tables. */
const TRIES = 200;
const WORK = 1e7;
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
  const { events: count = 16, seed = 1, onProgress = () => {} } = options;
  const { air } = chip;
  onProgress('honest events', 0);
  const all = [...machine.instructions.byOp.values()];
  const drawn = honestEvents(machine, all, { count: 4, seed }).events;
  const usual = drawn.filter(({ rows }) => rows.has(name));
  // Some chips serve operands that are rare, others no instruction at all.
  const probe =
    usual.length > 0 ? usual : (eventsByChip(machine, { perChip: 2, seed, only: name, rounds: 1 }).get(name) ?? []);
  const mnemonics = new Set(probe.map(({ mnemonic }) => mnemonic));
  const users = all.filter(({ spec }) => mnemonics.has(spec.mnemonic));
  onProgress('honest events', 0.5);
  const events = [
    ...probe,
    ...honestEvents(machine, users, { count, seed: seed + 1 }).events.filter(({ rows }) => rows.has(name)),
  ];
  const searched = spread(events);
  const traces = searched.map(({ rows }) => rows.get(name)!);
  const tables = tableOracles(machine);
  const work = workOf(air) * Math.max(1, ...traces.map(({ main }) => main.length));
  const affordable = Math.floor(WORK / (work * objectors(air).length));
  const tries = options.tries ?? (affordable < MIN_TRIES ? 0 : Math.min(TRIES, affordable));
  const parts = [
    checkEvents(air, events, [...mnemonics]),
    checkPadding(air, events[0]?.rows.get(name), tables),
    checkIntegers(machine, air),
  ];
  if (own !== undefined) parts.push(checkForgeries(air as Air, own));
  if (traces.length === 0) {
    for (const part of ['domains', 'deletion', 'determinism'] as const) {
      parts.push(notChecked(part, 'no honest rows to start from'));
    }
    return parts;
  }
  parts.push(checkDomains(air));
  onProgress('deletion', 0);
  parts.push(checkDeletion(air, traces, tables, own, { tries, seed }));
  onProgress('determinism', 0);
  parts.push(checkDeterminism(machine, air, searched, own, options));
  return parts;
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

/** At most MAX_TRACES of them, from all over the list. */
const spread = <T>(list: readonly T[]): T[] => list.filter((_, i) => i % Math.ceil(list.length / MAX_TRACES) === 0);

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

function checkIntegers(machine: Machine, air: Air): CheckPart {
  const open = wrapsOfChip(machine, air.name);
  const details = open.map(({ name, reason }) => `"${name}": ${reason}`);
  if (open.length === 0)
    return judged(
      'integers',
      `${air.constraints.length} constraints are equations of integers, words left in memory two limbs`,
      [],
    );
  const summary = `${open.length} of the constraints and words left in memory may hold mod p only`;
  return { name: 'integers', verdict: 'not checked', summary, details };
}

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
  events: readonly HonestEvent[],
  own: ChipForgeries | undefined,
  options: Pick<ChipCheckOptions, 'effort' | 'seed' | 'onProgress'>,
): CheckPart {
  const { effort, seed = 1, onProgress = () => {} } = options;
  const advice = own?.advice === undefined ? {} : { [air.name]: own.advice };
  const found = searchChip(machine, air.name, events, {
    ...aloneOf(air.name),
    ...{ advice, seed },
    ...(effort === undefined ? {} : { effort }),
    onProgress: (fraction) => onProgress('determinism', fraction),
  });
  const { proven, starts, second } = found;
  const wrong =
    second === undefined
      ? []
      : [
          `the same inputs have a second witness: ${second.changed.map((cell) => cell.replace(/^.*?\./, '')).join(', ')}`,
        ];
  const rest = found.events - proven;
  const proof = proven === 0 ? '' : `of ${found.events} events, ${proven} are proven to have one witness`;
  const search = rest === 0 ? '' : `no second witness in ${starts} starts${proven === 0 ? '' : ' on the others'}`;
  return judged('determinism', [proof, search].filter((text) => text !== '').join('; '), wrong);
}
