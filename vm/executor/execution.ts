/** The record of a run that halted: everything that the chips' traces are filled from. */
import type { EventLog } from '../chip.ts';

/** The last state of a memory word that was touched (or belongs to the image). */
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
  /** Zero-initialised RAM words that were touched, ascending by word address. */
  readonly memory: MemoryWords;
  /** The hint tape, a whole number of blocks of 16 halfwords. */
  readonly hints: Uint16Array;
  readonly publicInput: Uint32Array;
  readonly publicOutput: Uint32Array;
}

export interface MemoryWords {
  /** Byte address / 4. */
  readonly address: Uint32Array;
  readonly value: Uint32Array;
  readonly clk: Uint32Array;
}
