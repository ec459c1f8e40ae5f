/** Trace side of `frame.ts`: the cells of a frame and of an access, written in place. */

/**
 * Writes the six cells of `accessColumns(name)`, which are contiguous from `offsets[name + 'Address']`.
 * `value` is the u32 held before the access, `before` the time of the previous access, `now` of this one.
 */
export function writeAccess(
  cells: Uint32Array,
  at: number,
  address: number,
  value: number,
  before: number,
  now: number,
): void {
  cells[at] = address;
  cells[at + 1] = value & 0xffff;
  cells[at + 2] = value >>> 16;
  cells[at + 3] = before;
  writeAge(cells, at + 4, before, now);
}

/** The two limbs of now - before - 1, low limb at `at`. */
export function writeAge(cells: Uint32Array, at: number, before: number, now: number): void {
  const age = now - before - 1; // in [0, 2^29): times of a run are below CLK_LIMIT
  cells[at] = age & 0xffff;
  cells[at + 1] = age >>> 16;
}

/** Writes isReal = 1, pc and clk: the cells of `frameColumns`, contiguous from `offsets.isReal`. */
export function writeFrame(cells: Uint32Array, at: number, pc: number, clk: number): void {
  cells[at] = 1;
  cells[at + 1] = pc;
  cells[at + 2] = clk;
}
