/**
 * Four dot products that share their operands: entry yij of a 2 x 2 tile is row ai times row bj. The chip's log has one
 * event per row: blocks of a0, a1, b0, b1, then of y00, y01, y10, y11 the time of the call, sign (bit 31) and significand
 * of its accumulator, and its exponent code as an i32.
 */
export const BF16_DOT_TILE_CHIP = 'bf16-dot-tile';
/** Entries of a tile with their rows of a and b, in the order of the calls that make it up. */
export const ENTRIES = [
  { entry: 'y00', a: 'a0', b: 'b0' },
  { entry: 'y01', a: 'a0', b: 'b1' },
  { entry: 'y10', a: 'a1', b: 'b0' },
  { entry: 'y11', a: 'a1', b: 'b1' },
] as const;
/** Rows in the order of an event. */
export const OPERANDS = ['a0', 'a1', 'b0', 'b1'] as const;
export const ENTRY_EVENT_WORDS = 3;
export const TILE_EVENT_WORDS = OPERANDS.length + ENTRIES.length * ENTRY_EVENT_WORDS;
