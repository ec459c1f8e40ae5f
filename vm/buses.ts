/** The buses that the machine's chips share. Precompiles add their own beside themselves. */
import { defineBus, RANGE_BUS } from '../stark/air/bus.ts';
import { BLOCK_HALVES } from './space.ts';

export { RANGE_BUS };

/** Machine state between instructions: where the next one is and its time. Started by the statement, ended by `halt`. */
export const EXECUTION_BUS = defineBus('execution', 'peer', ['pc', 'clk']);

/**
 * The program: one row an instruction. `op` is the instruction's id in the ISA table; `rd`, `rs1`, `rs2` are register
 * addresses (see `space.ts`), a write to x0 being decoded to the sink; `immLo`, `immHi` are the limbs of the
 * sign-extended immediate, or whatever constant the instruction's `decode` puts there; `target` is pc + immediate of a
 * branch, the next pc of a constant, or what else the chip's `decode` says, below 2^28.
 */
export const PROGRAM_BUS = defineBus('program', 'table', ['pc', 'op', 'rd', 'rs1', 'rs2', 'immLo', 'immHi', 'target']);

/** Read-write memory by offline checking: every access receives the last (value, clk) of an address and sends the next. */
export const MEMORY_BUS = defineBus('memory', 'peer', ['space', 'address', 'lo', 'hi', 'clk']);

/** First word address of zero-initialised RAM: sent once by the statement, received once by the `memory` chip. */
export const RAM_BASE_BUS = defineBus('ram-base', 'peer', ['address']);

/** Public input words by index; the guest reads any of them any number of times. */
export const PUBLIC_INPUT_BUS = defineBus('public-input', 'table', ['index', 'lo', 'hi']);

/** Public output words: each index below the length is written exactly once. */
export const PUBLIC_OUTPUT_BUS = defineBus('public-output', 'peer', ['index', 'lo', 'hi']);

/** The exit code, sent once by `halt` and received by the statement. */
export const EXIT_BUS = defineBus('exit', 'peer', ['lo', 'hi']);

/** The hint tape: a block of 16 halfwords by block index. Word i is halves 2i (low) and 2i + 1. */
export const HINT_BUS = defineBus('hint', 'peer', [
  'block',
  ...Array.from({ length: BLOCK_HALVES }, (_, i) => `h${i}`),
]);

/**
 * The same block decoded for dot products: per element the signed significand sm and the exponent e, meaning
 * sm * 2^(e - 7) with e = max(biased, 1) - 127, except a zero, which has sm = 0 and e = -400, and an infinity or NaN,
 * which has a code that no finite chip accepts.
 */
export const OPERAND_BUS = defineBus('operand', 'peer', [
  'block',
  ...Array.from({ length: BLOCK_HALVES }, (_, i) => `sm${i}`),
  ...Array.from({ length: BLOCK_HALVES }, (_, i) => `e${i}`),
]);

/** (pattern, sm, e): the decoding of OPERAND_BUS for each of the 2^16 patterns. A look-up range-checks the pattern. */
export const BF16_DECODE_BUS = defineBus('bf16-decode', 'table', ['pattern', 'sm', 'e']);
