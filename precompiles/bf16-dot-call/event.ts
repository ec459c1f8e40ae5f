/** Log of the chip, one event per instruction. */
export const BF16_DOT_CALL_CHIP = 'bf16-dot-call';
/**
 * Event: pc, clk, addresses rs1 | rs2 << 8 | rs3 << 16 | rd << 24, values of rs1, rs2, rs3, of rd before, of rd after,
 * significand of the last state, time of the access before to rs1, rs2, rs3, rd, model.
 */
export const CALL_EVENT_WORDS = 14;
/** Words of an event that say which products a call sums, and when. */
export const CALL_WORD = { clk: 1, aAddress: 3, bAddress: 4, blocks: 5 } as const;
