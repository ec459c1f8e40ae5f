/** What the commands need of the machine, so that tests can run them without proving. `machine-engine.ts` is the real one. */

import type { RunCost } from '../machine/cost.ts';
import type { Machine } from '../machine/machine.ts';
import type { ProvenProgram, PublicValues } from '../machine/prove.ts';
import type { Parameters } from '../stark/parameters.ts';
import type { Verdict } from '../stark/verifier/verdict.ts';
import type { Program, ProgramInput } from '../vm/executor/program.ts';
import type { Trap } from '../vm/executor/trap.ts';
import type { InstructionTable } from '../vm/isa/table.ts';
import type { Config } from './config/config-file.ts';

export interface Trapped {
  readonly ok: false;
  readonly trap: Trap;
}

export interface Ran {
  readonly ok: true;
  readonly publicOutput: Uint32Array;
  readonly exitCode: number;
  /** Instructions executed. */
  readonly cycles: number;
  /** Rows in use of every table that takes part, by name; undefined for a run that was not recorded. */
  readonly rows: ReadonlyMap<string, number> | undefined;
}

export interface ProveOptions {
  readonly parameters: Parameters;
  readonly zeroKnowledge: boolean;
  readonly threads: number;
  /** Bytes. */
  readonly maxMemory: number;
  readonly onPhase?: (name: string, fraction: number) => void;
}

export interface Engine {
  readonly instructions: InstructionTable;
  /** What the reports and checks of chips read. */
  readonly machine: Machine;
  /** The user's extensions that are part of the machine, and where they come from. */
  readonly config: Config | undefined;
  /** @throws {ElfError} if it is no program; {RangeError} if it does not fit the machine. */
  load(elf: Uint8Array): Program;
  run(program: Program, input: ProgramInput, options: { readonly record: boolean }): Ran | Trapped;
  cost(program: Program, input: ProgramInput, parameters: Parameters): ({ readonly ok: true } & RunCost) | Trapped;
  /** @throws {MemoryLimitError} above `maxMemory`. */
  prove(program: Program, input: ProgramInput, options: ProveOptions): Promise<ProvenProgram | Trapped>;
  verify(program: Program, values: PublicValues, proof: Uint8Array): Verdict;
  /** 32 bytes in hex. */
  verifyingKey(program: Program): string;
}
