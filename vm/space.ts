/** Address spaces of the memory bus, register addresses and the memory map. */

export const SPACE = { register: 0, ram: 1 } as const;

/**
 * x0..x31 are 0..31, f0..f31 are 32..63. Writes to x0 are decoded to the sink, so that x0 is never written and stays 0.
 * The parts of fcsr: `frm` holds the dynamic rounding mode, 3 bits, `fflags` the accrued exceptions, 5 bits.
 */
export const REGISTER = { x0: 0, f0: 32, sink: 64, frm: 65, fflags: 66, count: 67 } as const;

/** First byte that a program may occupy: the page below stays unmapped, so that a null pointer traps. */
export const TEXT_BASE = 0x0001_0000;
/** RAM ends here (exclusive); the stack starts here and grows down. Word addresses stay below 2^26, pcs below 2^28. */
export const RAM_END = 0x1000_0000;

/**
 * Every instruction advances the time by this, so that (clk - CLK_START) / CLK_STEP have run before it. Its accesses to an
 * address have distinct times: rs1 at clk, rs2 at clk + 1, rs3 or RAM at clk + 2, rd at clk + 3, frm at clk + 4, fflags at
 * clk + 5.
 */
export const CLK_STEP = 8;
/** The first instruction runs at this time; initial values are written at time 0. */
export const CLK_START = 1;
/** All times of a run stay below this. Differences of times are range-checked to 29 bits as 16 + 13. */
export const CLK_LIMIT = 2 ** 29;

/** Halfwords in one block of the hint tape: 16 BF16, 8 words, 32 bytes. */
export const BLOCK_HALVES = 16;
