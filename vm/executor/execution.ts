/** The record of a run that halted: everything that the chips' traces are filled from. */
import type { EventLog } from '../chip.ts';

export interface Execution {
  readonly exitCode: number;
  /** Number of instructions executed. */
  readonly cycles: number;
  /** Time after the last instruction. */
  readonly clk: number;
  /** Events by chip name. */
  readonly logs: ReadonlyMap<string, EventLog>;
  /** Final value and time of last access by register address (see `space.ts`), `REGISTER.count` entries. */
  readonly registers: { readonly value: Uint32Array; readonly clk: Uint32Array };
  /** Image words (ELF file data), ascending by word address, with final value and time of last access (0: never). */
  readonly image: MemoryWords & { readonly initial: Uint32Array };
  /** First word address of zero-initialised RAM. */
  readonly ramBase: number;
  /** Zero-initialised RAM words that were touched, ascending by word address. */
  readonly memory: MemoryWords;
  /** The hint tape, a whole number of blocks of 16 halfwords. */
  readonly hints: Uint16Array;
  readonly publicInput: Uint32Array;
  readonly publicOutput: Uint32Array;
}

/** The last state of memory words that were touched or belong to the image. */
export interface MemoryWords {
  /** Byte address / 4. */
  readonly address: Uint32Array;
  readonly value: Uint32Array;
  readonly clk: Uint32Array;
}
