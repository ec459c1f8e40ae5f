/**
 * Runs a program to its end. Without recording the base instructions go through `interpret`; when recording, every
 * instruction is executed by its chip, which appends the events that its trace is filled from.
 */
import { EventLog } from '../chip.ts';
import { CLK_LIMIT } from '../space.ts';
import type { Execution, MemoryWords } from './execution.ts';
import { interpret } from './interpret.ts';
import { Machine } from './machine.ts';
import type { Program, ProgramInput } from './program.ts';
import { type Trap, TrapSignal } from './trap.ts';

/** A chip that has events. */
export interface RecordedChip {
  readonly air: { readonly name: string };
  readonly eventWords: number;
}

export interface RunOptions {
  /** The run traps after this many instructions. Default 2^40. */
  readonly maxCycles?: number;
  /** Record events for these chips: the result then has an `execution`. */
  readonly record?: readonly RecordedChip[];
}

export interface Finished {
  /** Instructions completed. */
  readonly cycles: number;
  readonly publicOutput: Uint32Array;
  /** The state at the end, for inspection. */
  readonly machine: Machine;
}

export interface Halted extends Finished {
  readonly kind: 'halted';
  readonly exitCode: number;
  /** With `record`. */
  readonly execution: Execution | undefined;
}

export interface Trapped extends Finished {
  readonly kind: 'trapped';
  readonly trap: Trap;
}

export type RunResult = Halted | Trapped;

/** Runs until the program halts or traps. Deterministic. */
export function run(program: Program, input: ProgramInput = {}, options: RunOptions = {}): RunResult {
  const { maxCycles = 2 ** 40, record } = options;
  const logs = record && new Map(record.map((chip) => [chip.air.name, new EventLog(chip.eventWords)]));
  const machine = new Machine(program, input, logs);
  let trap: Trap | undefined;
  try {
    if (logs === undefined) interpret(machine, maxCycles);
    else executeAll(machine, maxCycles);
  } catch (signal) {
    if (!(signal instanceof TrapSignal)) throw signal;
    trap = signal.trap;
  }
  const publicOutput = Uint32Array.from(machine.publicOutput);
  const finished = { cycles: machine.cycles, publicOutput, machine };
  if (trap !== undefined) return { kind: 'trapped', trap, ...finished };
  const execution = logs && executionOf(machine, logs, publicOutput);
  return { kind: 'halted', exitCode: machine.exitCode!, execution, ...finished };
}

/** Every instruction through its own `execute`: the reference of `interpret`, and the way that records. */
export function executeAll(machine: Machine, maxCycles: number): void {
  while (machine.exitCode === undefined) {
    if (machine.cycles >= maxCycles) machine.trap('out-of-cycles', `${maxCycles} instructions`);
    const row = machine.fetch();
    row.instruction.execute(machine, row);
    // All times of the instruction are below the one it leaves.
    if (machine.recording && machine.clk >= CLK_LIMIT) machine.trap('out-of-time', `time ${machine.clk}`);
    machine.cycles += 1;
  }
}

function executionOf(machine: Machine, logs: ReadonlyMap<string, EventLog>, publicOutput: Uint32Array): Execution {
  const { program, ram } = machine;
  const touched: number[] = [];
  ram.forEachTouched(program.ramBase, (word) => touched.push(word));
  return {
    exitCode: machine.exitCode!,
    cycles: machine.cycles,
    clk: machine.clk,
    logs,
    registers: { value: machine.registers, clk: machine.registerClk },
    image: { ...wordsAt(machine, program.image.address), initial: program.image.value },
    ramBase: program.ramBase,
    memory: wordsAt(machine, Uint32Array.from(touched)),
    hints: machine.hints,
    publicInput: machine.publicInput,
    publicOutput,
  };
}

const wordsAt = ({ ram }: Machine, address: Uint32Array): MemoryWords => ({
  address,
  value: address.map((word) => ram.read(word)),
  clk: address.map((word) => ram.clk(word)),
});
