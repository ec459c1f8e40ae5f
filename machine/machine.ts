/**
 * A machine: chips, fixed tables and instructions composed into a relation for the proof system and an instruction set
 * for the executor. `relation.ts` lists what is in this one; extensions of a user join by `defineMachine`.
 */
import type { Provider } from '../stark/air/air.ts';
import type { Bus } from '../stark/air/bus.ts';
import { P } from '../stark/field/koala-bear.ts';
import { PARAMETER_SETS } from '../stark/parameters.ts';
import type { FixedTable as FixedColumns, Relation } from '../stark/relation.ts';
import { EXECUTION_BUS, EXIT_BUS, PUBLIC_OUTPUT_BUS, RAM_BASE_BUS } from '../vm/buses.ts';
import { type Chip, TraceError } from '../vm/chip.ts';
import type { FixedTable } from '../vm/chips/table.ts';
import { defineInstructionSet, type Instruction, type InstructionSet } from '../vm/executor/instruction.ts';
import type { RecordedChip } from '../vm/executor/run.ts';
import { CLK_LIMIT, CLK_START, CLK_STEP } from '../vm/space.ts';
import { linearForm } from './linear-form.ts';

/** A chip may answer buses, and may be recorded. */
export type MachineChip = Chip & { readonly providers?: readonly Provider[]; readonly eventWords?: number };

/** What joins a machine: usually the folder of one precompile. */
export interface Extension {
  readonly name: string;
  readonly chips?: readonly MachineChip[];
  readonly tables?: readonly FixedTable[];
  readonly instructions?: readonly Instruction[];
}

export interface Machine {
  readonly relation: Relation;
  readonly instructions: InstructionSet;
  /** By air name, in the order of the relation; fixed tables too. */
  readonly chips: ReadonlyMap<string, MachineChip | FixedTable>;
  /** The chips that have events, for `run`. */
  readonly recorded: readonly RecordedChip[];
}

/** Buses on which the statement itself speaks. */
export const STATEMENT_BUSES: readonly Bus[] = [EXECUTION_BUS, RAM_BASE_BUS, PUBLIC_OUTPUT_BUS, EXIT_BUS];

/** Largest number of blinding rows of any parameter set: the height of a fixed table is the same for all of them. */
const MAX_BLINDING_ROWS = 256;
/** A fixed table is part of the key under every parameter set, so that the lowest limit holds. */
const MAX_FIXED_ROWS = 2 ** Math.min(...PARAMETER_SETS.map((set) => set.maxLogHeight)) - MAX_BLINDING_ROWS;

/**
 * @param fixedRoots commitment roots of the fixed tables by parameter set, see `Relation`
 * @throws {RangeError} if two tables or instructions share a name or encoding, two tables answer the same bus, nobody
 *   answers one, a fixed table is too tall, or a chip does not advance the time by CLK_STEP for every row
 */
export function defineMachine(
  name: string,
  extensions: readonly Extension[],
  fixedRoots: Readonly<Record<string, string>> = {},
): Machine {
  const tables = extensions.flatMap((e) => e.tables ?? []);
  const members: (MachineChip | FixedTable)[] = [...extensions.flatMap((e) => e.chips ?? []), ...tables];
  const chips = new Map(members.map((chip) => [chip.air.name, chip]));
  if (chips.size < members.length) {
    const twice = members.find((chip, i) => members.findIndex((other) => other.air.name === chip.air.name) < i)!;
    throw new RangeError(`chips: expected distinct names, got ${twice.air.name} twice`);
  }
  const relation: Relation = {
    name,
    airs: members.map((chip) => chip.air),
    buses: STATEMENT_BUSES,
    heightLimits: [
      {
        // clk of the last instruction is at most CLK_START + sum of rows * CLK_STEP.
        name: 'time at the end of the longest run of these heights',
        weights: new Map(members.map((chip) => [chip.air.name, clkStep(chip)])),
        limit: CLK_LIMIT - CLK_START,
      },
    ],
    fixedTables: new Map(tables.map((table) => [table.air.name, fixedColumns(table)])),
    fixedRoots,
  };
  checkProviders(members);
  checkReceivers(members);
  return {
    relation,
    instructions: defineInstructionSet(extensions.flatMap((e) => e.instructions ?? [])),
    chips,
    recorded: members.filter((chip): chip is MachineChip & RecordedChip => 'eventWords' in chip),
  };
}

export const providersOf = (chip: MachineChip | FixedTable): readonly Provider[] =>
  'provider' in chip ? [chip.provider] : (chip.providers ?? []);

/** How far one row moves the time: what it sends on the execution bus less what it receives. CLK_STEP, or 0 if nothing. */
function clkStep({ air }: Chip): number {
  const time = (direction: 'send' | 'receive') =>
    air.interactions
      .filter((i) => i.bus.name === EXECUTION_BUS.name && i.direction === direction)
      .map((i) => [...i.given, ...i.claimed][1]!);
  const [before, after] = [time('receive'), time('send')];
  if (after.length === 0) return 0;
  const step = before.length === 1 && after.length === 1 ? linearForm(after[0]!.minus(before[0]!)) : undefined;
  if (step === undefined || step.constant !== CLK_STEP || step.terms.size > 0) {
    throw new RangeError(`${air.name}: expected one step of ${CLK_STEP} in time, got another`);
  }
  return CLK_STEP;
}

/** The columns, computed when they are first asked for. @throws {TraceError} then, if a cell is no residue */
function fixedColumns({ air, fixedRows, fixedRow, separate }: FixedTable): FixedColumns {
  if (fixedRows > MAX_FIXED_ROWS) {
    throw new RangeError(`${air.name}: expected at most ${MAX_FIXED_ROWS} rows of a fixed table, got ${fixedRows}`);
  }
  const logHeight = Math.ceil(Math.log2(fixedRows + MAX_BLINDING_ROWS));
  // A prover needs them twice, as a trace and to commit to: computed once, 15 MB for all tables of the machine.
  let computed: readonly Uint32Array[] | undefined;
  const compute = (): readonly Uint32Array[] => {
    const columns = air.fixed.map(() => new Uint32Array(2 ** logHeight));
    for (let row = 0; row < 2 ** logHeight; row++) {
      const cells = fixedRow(row);
      for (let c = 0; c < columns.length; c++) {
        const cell = cells[c]!;
        if (!(Number.isInteger(cell) && cell >= 0 && cell < P))
          throw new TraceError(air, row, air.fixed[c]!.name, cell);
        columns[c]![row] = cell;
      }
    }
    return columns;
  };
  return {
    logHeight,
    separate,
    columns: () => {
      computed ??= compute();
      return computed;
    },
  };
}

function checkProviders(members: readonly (MachineChip | FixedTable)[]): void {
  const answered = new Map<string, string>();
  for (const chip of members) {
    for (const { bus } of providersOf(chip)) {
      const other = answered.get(bus.name);
      if (other !== undefined)
        throw new RangeError(`bus ${bus.name}: expected one table, got ${other}, ${chip.air.name}`);
      answered.set(bus.name, chip.air.name);
    }
  }
}

/** What is sent on a bus that nobody receives from never balances: every proof with the chip would be rejected. */
function checkReceivers(members: readonly (MachineChip | FixedTable)[]): void {
  const interactions = members.flatMap(({ air }) => air.interactions.map((i) => ({ ...i, chip: air.name })));
  const received = new Set(STATEMENT_BUSES.map(({ name }) => name));
  for (const { bus, direction } of interactions) if (direction === 'receive') received.add(bus.name);
  const lost = interactions.find(({ bus }) => !received.has(bus.name));
  if (lost !== undefined) {
    throw new RangeError(
      `${lost.chip}, ${lost.name}: expected a table or chip of the machine that receives from bus ${lost.bus.name}, got none`,
    );
  }
}
