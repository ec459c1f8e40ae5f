/** Why a guest stopped without halting: a value, never an exception of the host. A run that trapped has no proof. */

export type TrapCause =
  | 'illegal-instruction'
  | 'misaligned-fetch'
  | 'unmapped-fetch'
  | 'misaligned-access'
  | 'unmapped-access'
  | 'hint-out-of-range'
  | 'advice-exhausted'
  | 'advice-not-a-field-element'
  | 'public-input-out-of-range'
  | 'public-output-out-of-order'
  | 'invalid-operand'
  | 'assertion-failed'
  | 'breakpoint'
  | 'unknown-environment-call'
  /** The instruction executes, but no chip of this machine proves it; only when recording. */
  | 'unsupported'
  /** More instructions than `maxCycles`. */
  | 'out-of-cycles'
  /** The times of a provable run stay below `CLK_LIMIT`; only when recording. */
  | 'out-of-time';

export interface SourceLine {
  readonly file: string;
  readonly line: number;
}

export interface Trap {
  readonly cause: TrapCause;
  /** Address of the instruction that trapped, or that could not be fetched. */
  readonly pc: number;
  /** Number of instructions completed before it. */
  readonly cycle: number;
  /** Where the program's line table has the instruction. */
  readonly source: SourceLine | undefined;
  /** The particulars: an address, the message of an assertion. */
  readonly detail: string;
}

/** How a step leaves its instruction when it traps. Thrown by `Machine.trap`, caught by `run`, seen by nobody else. */
export class TrapSignal extends Error {
  readonly trap: Trap;

  constructor(trap: Trap) {
    super(`${trap.cause}: ${trap.detail}`);
    this.trap = trap;
  }
}
