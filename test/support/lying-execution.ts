/**
 * Executions that cheat: a machine that lies at one instruction and is honest at all others, so that every table is
 * filled consistently with the lie, and what the checker says of it.
 */
import { expect, test } from 'vitest';
import { assemble, readElf, renderAll } from '../../asm/index.ts';
import { checkExecution, type Finding } from '../../machine/check.ts';
import type { Machine } from '../../machine/machine.ts';
import { ulpMachine } from '../../machine/relation.ts';
import { reduce } from '../../stark/field/koala-bear.ts';
import type { EventLog } from '../../vm/chip.ts';
import type { Execution } from '../../vm/executor/execution.ts';
import type { ProgramRow } from '../../vm/executor/instruction.ts';
import { loadProgram } from '../../vm/executor/load.ts';
import type { Machine as Executor } from '../../vm/executor/machine.ts';
import type { Program, ProgramInput } from '../../vm/executor/program.ts';
import { run } from '../../vm/executor/run.ts';

const machine = ulpMachine();

/** @throws {Error} with the diagnostics if the text is no program */
export function load(text: string): Program {
  const { elf, diagnostics } = assemble({ path: 'test.s', text }, { table: machine.instructions.table });
  if (elf === undefined) throw new Error(renderAll(diagnostics));
  return loadProgram(readElf(elf), machine.instructions);
}

/**
 * What the cheating machine does in place of an instruction. `honest` executes it, with other fields if given;
 * `execute` executes the one at a label as if it were at this pc.
 */
export type Cheat = (
  m: Executor,
  row: ProgramRow,
  honest: (fields?: Partial<ProgramRow>) => void,
  execute: (label: string, pc?: number) => void,
) => void;

export interface LyingExecution {
  readonly claim: string;
  /** By the label of the instruction. */
  readonly at?: Readonly<Record<string, Cheat>>;
  /** Done to the record of the run. */
  readonly after?: (execution: Execution) => Execution;
  /** By chip: cells of a row to write over, by name, given those that the chip wrote; numbers of either sign. */
  readonly cells?: Readonly<
    Record<string, (row: Readonly<Record<string, number>>) => Readonly<Record<string, number>>>
  >;
  readonly rejectedBy: readonly string[];
}

/** The instruction at a label. @throws {RangeError} if there is none */
export const rowAt = (program: Program, label: string): ProgramRow => {
  const symbol = program.symbols.find(({ name }) => name === label);
  if (symbol === undefined) throw new RangeError(`label: expected one of the program, got ${label}`);
  return program.rows[(symbol.address - program.textBase) / 4]!;
};

/** The record of a run. @throws {Error} if it traps in spite of the lies */
export function executionOf(
  program: Program,
  input: ProgramInput,
  { at = {}, after = (e) => e }: Partial<LyingExecution>,
): Execution {
  const cheats = new Map(Object.entries(at).map(([label, cheat]) => [rowAt(program, label).pc, cheat]));
  const rows = program.rows.map((row) => {
    const cheat = row && cheats.get(row.pc);
    if (row === undefined || cheat === undefined) return row;
    const execute = (m: Executor): void => {
      const other = (label: string, pc = m.pc): void => {
        m.pc = pc;
        rowAt(program, label).instruction.execute(m, rowAt(program, label));
      };
      cheat(m, row, (fields) => row.instruction.execute(m, { ...row, ...fields }), other);
    };
    return { ...row, instruction: { ...row.instruction, execute } };
  });
  const result = run({ ...program, rows }, input, { record: machine.recorded });
  if (result.kind === 'trapped') throw new Error(`${result.trap.cause}: ${result.trap.detail}`);
  return after(result.execution!);
}

/** The machine, some of whose chips write other cells. */
function forging(cells: NonNullable<LyingExecution['cells']>): Machine {
  const chips = new Map(
    [...machine.chips].map(([name, chip]) => {
      const change = cells[name];
      if (change === undefined) return [name, chip];
      const fill: typeof chip.fill = (execution, table) => {
        chip.fill(execution, table);
        for (let row = 0; row < chip.rows(execution); row++) {
          const columns = chip.air.main.map((column) => ({ ...column, at: row * table.stride + column.index }));
          const changes = change(Object.fromEntries(columns.map((c) => [c.name, table.cells[c.at]!])));
          for (const { name, at } of columns) if (name in changes) table.cells[at] = reduce(changes[name]!);
        }
      };
      return [name, { ...chip, fill }];
    }),
  );
  return { ...machine, chips };
}

const nameOf = (finding: Finding): string =>
  finding.kind === 'bus' ? `bus ${finding.bus}` : `${finding.chip}: ${finding.constraint}`;

/** The names of what the checker finds, each once. */
export function findings(program: Program, input: ProgramInput, forgery: Partial<LyingExecution>): string[] {
  const found = checkExecution(forging(forgery.cells ?? {}), program, executionOf(program, input, forgery));
  return [...new Set(found.map(nameOf))].sort();
}

/** Registers a test of the honest execution and one for each lie. */
export function testExecutions(text: string, input: ProgramInput, lies: readonly LyingExecution[]): void {
  const program = load(text);
  test('the honest execution satisfies the relation', () => expect(findings(program, input, {})).toEqual([]));

  test.each(lies.map((lie) => [lie.claim, lie] as const))('%s', (_, lie) => {
    expect(findings(program, input, lie)).toEqual([...lie.rejectedBy].sort());
  });
}

/** Something else, and then the instruction. */
export const first =
  (change: (m: Executor, row: ProgramRow) => void): Cheat =>
  (m, row, honest) => {
    change(m, row);
    honest();
  };

/** The instruction, and then something else. */
export const afterwards =
  (change: (m: Executor, row: ProgramRow) => void): Cheat =>
  (m, row, honest) => {
    honest();
    change(m, row);
  };

/** Changes the events of one chip: `edit` gets the events as arrays and gives others. */
export const edited =
  (chip: string, edit: (events: number[][]) => readonly (readonly number[])[]) =>
  (execution: Execution): Execution => {
    const log = execution.logs.get(chip)!;
    const { eventWords, count } = log;
    const events = Array.from({ length: count }, (_, i) =>
      Array.from(log.words.subarray(i * eventWords, (i + 1) * eventWords)),
    );
    const after = edit(events);
    const changes = { words: Uint32Array.from(after.flat()), count: after.length };
    const changed: EventLog = Object.assign(Object.create(log), changes);
    return { ...execution, logs: new Map(execution.logs).set(chip, changed) };
  };

/** Executes the instruction with the machine's own checks of addresses switched off. */
export const unchecked: Cheat = (m, _, honest) => {
  const requireMapped = m.requireMapped;
  m.requireMapped = () => {};
  honest();
  m.requireMapped = requireMapped;
};
