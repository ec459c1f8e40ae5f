/** The system of an honest event: its rows, and what they find in the machine. */
import { type Machine, type MachineChip, providersOf } from '../machine/machine.ts';
import { knownRowsOf } from '../machine/statement.ts';
import type { Air } from '../stark/air/air.ts';
import { messageAt, type Rows } from '../stark/air/check.ts';
import { type Column, columnExpr, type Expr } from '../stark/air/expr.ts';
import { MEMORY_BUS, PROGRAM_BUS } from '../vm/buses.ts';
import type { FixedTable } from '../vm/chips/table.ts';
import type { Execution } from '../vm/executor/execution.ts';
import type { HonestEvent } from './honest.ts';
import { type Answers, type Part, type RowSystem, rowSystem } from './row-system.ts';
import { STATEMENT } from './statement-event.ts';
import { emptyProgram, traceOf } from './step.ts';
import { type TableIndex, tableIndex } from './table-index.ts';

/** Expressions of a chip's row that are private inputs, from its columns by name. */
export type Advice = (column: (name: string) => Expr) => readonly Expr[];

/** Private inputs that no bus brings: the salts and siblings of the advice, and the hint tape itself. */
const ADVICE: Readonly<Record<string, Advice>> = {
  sponge: (column) => [0, 1, 2, 3].map((i) => column(`salt[${i}]`)),
  // The sibling is the left child of a node on the right.
  merkle: (column) =>
    Array.from({ length: 9 }, (_, i) => {
      const [left, right] = [column(`left[${i}]`), column(`right[${i}]`)];
      return right.plus(column('isRight').times(left.minus(right)));
    }),
  hint: (column) => Array.from({ length: 16 }, (_, i) => column(`h[${i}]`)),
};

export function adviceOf(air: Air, own?: Advice): readonly Expr[] {
  const columns = new Map<string, Column>(air.main.map((column) => [column.name, column]));
  const advice = own ?? ADVICE[air.name];
  return (
    advice?.((name) => {
      const column = columns.get(name);
      if (column === undefined) throw new RangeError(`advice: expected a main column of ${air.name}, got ${name}`);
      return columnExpr(column, 0);
    }) ?? []
  );
}

const tablesOf = new WeakMap<Machine, ReadonlyMap<string, Answers>>();

/** The fixed tables of a machine by bus; their lists are made when they are first asked for. */
export function fixedAnswers(machine: Machine): ReadonlyMap<string, Answers> {
  let answers = tablesOf.get(machine);
  if (answers === undefined) {
    const tables = [...machine.chips.values()].filter((chip): chip is FixedTable => 'fixedRows' in chip);
    answers = new Map(
      tables.map((table) => {
        let index: TableIndex | undefined;
        const { bus, positionOf } = table.provider;
        const has = (tuple: readonly number[]): boolean => positionOf(tuple) !== undefined;
        // Ranges are arithmetic.
        if (bus.name === 'range') return [bus.name, { has }];
        return [bus.name, { has, index: () => (index ??= tableIndex(tuplesOf(table))) }];
      }),
    );
    tablesOf.set(machine, answers);
  }
  return answers;
}

function tuplesOf({ air, provider, fixedRows, fixedRow }: FixedTable): Float64Array[] {
  const perRow = provider.multiplicities.length;
  const fields = air.fixed.length / perRow;
  const tuples: Float64Array[] = [];
  for (let r = 0; r < fixedRows; r++) {
    const row = fixedRow(r);
    for (let entry = 0; entry < perRow; entry++) {
      tuples.push(Float64Array.from({ length: fields }, (_, f) => row[f * perRow + entry]!));
    }
  }
  return tuples;
}

const listed = (tuples: readonly ArrayLike<number>[]): Answers => {
  const index = tableIndex(tuples);
  return { has: (tuple) => index.has(tuple), index: () => index };
};

export interface EventSystemOptions {
  /** Private inputs by chip, beside those of the machine's own chips. */
  readonly advice?: Readonly<Record<string, Advice>>;
  /** Only the rows of this chip: what it asks of others is then an output, and what they answer an input. */
  readonly alone?: string;
}

export function eventSystem(
  machine: Machine,
  event: HonestEvent,
  { advice = {}, alone }: EventSystemOptions = {},
): RowSystem {
  const { line, words } = event;
  const isStatement = event.mnemonic === STATEMENT;
  const { pc, op, rd, rs1, rs2, immLo, immHi, target } = line;
  const program = [
    [pc, op, rd, rs1, rs2, immLo, immHi, target],
    [pc + 4, op, rd ^ 1, rs2, rs1, immHi, immLo, target],
  ];
  const answers = new Map([
    ...fixedAnswers(machine),
    ...inputAnswers(machine, event),
    [PROGRAM_BUS.name, listed(program)],
    [MEMORY_BUS.name, listed(isStatement ? words : [...words, ...words.flatMap(later)])],
  ]);
  const taking = [...event.rows].filter(([name]) => alone === undefined || name === alone);
  const parts = taking.map(([name, rows]): Part => {
    const { air } = machine.chips.get(name)!;
    return { air, rows, advice: adviceOf(air, advice[name]) };
  });
  return rowSystem(parts, answers, requestsOf(machine));
}

/** Of each peer bus, how many leading fields the chips that receive on it take as given. */
const requestsOf = (machine: Machine): ReadonlyMap<string, number> =>
  new Map(
    [...machine.chips.values()].flatMap(({ air }) =>
      air.interactions.flatMap(({ bus, direction, given }): [string, number][] =>
        bus.kind === 'peer' && direction === 'receive' ? [[bus.name, given.length]] : [],
      ),
    ),
  );

/**
 * What a word may hold after the event. A forger has it written by a later instruction: only the ages keep a row from
 * reading it. Another number, another address that is as aligned, another sign or exponent.
 */
const later = ([space, address, lo, hi]: readonly number[]): number[][] => [
  [space!, address!, lo! ^ 1, hi!, LATER],
  [space!, address!, lo! ^ 0x20, hi!, LATER],
  [space!, address!, lo!, hi! ^ 0x80, LATER],
];
/** A time after every honest event. */
const LATER = 2 ** 20;

/** What the tables of the inputs answer: the hint tape, the public input. */
function inputAnswers(machine: Machine, { hints, publicInput }: HonestEvent): [string, Answers][] {
  const execution = { hints, publicInput, logs: new Map() } as unknown as Execution;
  return [...machine.chips.values()].flatMap((chip): [string, Answers][] => {
    if ('fixedRows' in chip || providersOf(chip).length === 0) return [];
    const rows = inputRows(chip, execution);
    return providersOf(chip).map(({ bus }) => {
      const said = chip.air.interactions.filter((i) => i.bus.name === bus.name && i.direction === 'receive');
      return [bus.name, listed(rows.main.flatMap((_, r) => said.map((i) => messageAt(i, rows, r).tuple)))];
    });
  });
}

function inputRows(chip: MachineChip, execution: Execution): Rows {
  const rows = traceOf(chip, execution);
  if (chip.air.known.length === 0) return rows;
  const statement = { program: emptyProgram, publicInput: execution.publicInput, publicOutput: NONE, exitCode: 0 };
  const columns = knownRowsOf(statement).get(chip.air.name)?.columns ?? [];
  return { ...rows, known: rows.main.map((_, r) => columns.map((column) => column[r]!)) };
}

const NONE = new Uint32Array(0);
