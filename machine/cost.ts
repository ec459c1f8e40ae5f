/**
 * What a run costs to prove, counted before proving: rows, heights and cells of every chip, and which routine of the
 * guest the rows come from. Counts are exact; seconds and memory are predicted from measured costs of a cell.
 */
import { FAST, numBlindingRows, type Parameters } from '../stark/parameters.ts';
import { deriveShape, lookupsOf } from '../stark/shape.ts';
import { explain } from '../stark/verifier/verdict.ts';
import { EventLog } from '../vm/chip.ts';
import type { Execution } from '../vm/executor/execution.ts';
import { Machine as Stepper } from '../vm/executor/machine.ts';
import type { Label, Program, ProgramInput } from '../vm/executor/program.ts';
import type { Machine } from './machine.ts';
import { statementOf } from './statement.ts';
import { claimOf, rowsInUse, witnessOf } from './witness.ts';

export interface ChipCost {
  readonly name: string;
  /** Rows in use. */
  readonly rows: number;
  /** Rows of the table: a power of two. */
  readonly height: number;
  /** Rows that can be added before the height doubles; 0 for a fixed table, whose height never changes. */
  readonly rowsLeft: number;
  readonly mainColumns: number;
  readonly auxColumns: number;
  /** Committed cells: height times columns. */
  readonly cells: number;
}

export interface RoutineCost {
  /** The label before the instructions, or the address of the text where there is none. */
  readonly name: string;
  /** Instructions executed in it. */
  readonly cycles: number;
  /** Rows of instruction chips. */
  readonly rows: number;
  /** Rows times columns, before heights are rounded up. */
  readonly cells: number;
}

export interface RunCost {
  readonly cycles: number;
  /** Provable bits; undefined where the run does not fit one proof, with the reason. */
  readonly bits: number | undefined;
  readonly problem: string | undefined;
  readonly chips: readonly ChipCost[];
  /** By falling number of cells. */
  readonly routines: readonly RoutineCost[];
  /** All committed cells, main and auxiliary. */
  readonly cells: number;
  readonly predicted: { readonly seconds: number; readonly memoryBytes: number };
}

/** The cost of a run that halted. `input` is what it ran on: the run is repeated to see where its rows come from. */
export function costOf(
  machine: Machine,
  program: Program,
  input: ProgramInput,
  execution: Execution,
  parameters: Parameters,
): RunCost {
  const { relation } = machine;
  const witness = witnessOf(machine, program, execution, parameters);
  const inUse = rowsInUse(machine, program, execution);
  const blindingRows = numBlindingRows(parameters);
  const chips = [...witness.logHeights].map(([name, logHeight]): ChipCost => {
    const { main, aux } = columnsOf(machine, name);
    const [rows, height] = [inUse.get(name)!, 2 ** logHeight];
    const rowsLeft = relation.fixedTables.has(name) ? 0 : height - blindingRows - rows;
    return { name, rows, height, rowsLeft, mainColumns: main, auxColumns: aux, cells: height * (main + aux) };
  });
  const cells = chips.reduce((sum, chip) => sum + chip.cells, 0);
  const logHeights = relation.airs.map(({ name }) => witness.logHeights.get(name) ?? 0);
  const statement = statementOf(claimOf(program, execution), parameters);
  const derived = deriveShape(relation, statement, parameters, logHeights);
  return {
    cycles: execution.cycles,
    bits: derived.ok ? derived.shape.bits : undefined,
    problem: derived.ok ? undefined : explain(derived.why),
    chips,
    routines: routineCosts(machine, program, input),
    cells,
    predicted: predict(cells, 2 ** Math.max(...witness.logHeights.values()), parameters),
  };
}

function columnsOf({ relation }: Machine, name: string): { main: number; aux: number } {
  const index = relation.airs.findIndex((air) => air.name === name);
  return { main: relation.airs[index]!.main.length, aux: lookupsOf(relation).tables[index]!.auxWidth };
}

/** Rows of instruction chips by routine. Tables that are no instruction's (memory, hints, fixed) belong to none. */
export function routineCosts(machine: Machine, program: Program, input: ProgramInput): RoutineCost[] {
  const logs = machine.recorded.map((chip) => ({
    name: chip.air.name,
    log: new EventLog(chip.eventWords),
    width: Object.values(columnsOf(machine, chip.air.name)).reduce((a, b) => a + b),
    before: 0,
  }));
  const stepper = new Stepper(program, input, new Map(logs.map(({ name, log }) => [name, log])));
  const slots = program.rows.length;
  const [cycles, rows, cells] = [new Float64Array(slots), new Float64Array(slots), new Float64Array(slots)];
  while (stepper.exitCode === undefined) {
    const row = stepper.fetch();
    row.instruction.execute(stepper, row);
    const slot = (row.pc - program.textBase) / 4;
    cycles[slot]! += 1;
    for (const entry of logs) {
      const added = entry.log.count - entry.before;
      if (added === 0) continue;
      entry.before = entry.log.count;
      rows[slot]! += added;
      cells[slot]! += added * entry.width;
    }
  }
  const routines = new Map<string, { cycles: number; rows: number; cells: number }>();
  const nameOf = routineNames(program);
  for (let slot = 0; slot < slots; slot++) {
    if (cycles[slot] === 0) continue;
    const name = nameOf(program.textBase + 4 * slot);
    const routine = routines.get(name) ?? { cycles: 0, rows: 0, cells: 0 };
    routine.cycles += cycles[slot]!;
    routine.rows += rows[slot]!;
    routine.cells += cells[slot]!;
    routines.set(name, routine);
  }
  return [...routines].map(([name, sums]) => ({ name, ...sums })).sort((a, b) => b.cells - a.cells);
}

/** The last label at or before an address of the text. */
function routineNames({ symbols, textBase }: Program): (pc: number) => string {
  const labels: Label[] = symbols.filter(({ address }) => address >= textBase);
  return (pc) => {
    const label = labels.filter(({ address }) => address <= pc).at(-1);
    return label?.name ?? `0x${textBase.toString(16)}`;
  };
}

/**
 * Measured with two threads on the development machine (AMD EPYC, 2 cores), `fast`: what grows with the committed cells,
 * FRI and the quotient by the tallest table's rows, and the fixed tables and start-up, which every proof has.
 */
const SECONDS = { constant: 1.2, cell: 60e-9 };
const BYTES = { constant: 150 * 2 ** 20, cell: 21, tallestRow: 600 };

function predict(cells: number, tallest: number, { logBlowup }: Parameters): RunCost['predicted'] {
  // Blowup 8 doubles everything that is extended and committed.
  const factor = 2 ** (logBlowup - FAST.logBlowup);
  return {
    seconds: factor * (SECONDS.constant + cells * SECONDS.cell),
    memoryBytes: factor * (BYTES.constant + cells * BYTES.cell + tallest * BYTES.tallestRow),
  };
}
