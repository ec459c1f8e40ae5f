import { SPECIAL_EXPONENT } from '../../vm/chips/bf16-decode/decode.ts';
import { fAddress, type Instruction, xAddress } from '../../vm/executor/instruction.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { specOf } from '../../vm/isa/op.ts';
import {
  BLOCK,
  dotHopper,
  dotHopperBlock,
  exponentOf,
  isSpecialBlock,
  overflowSignificand,
  significandOf,
} from '../bf16-dot/semantics.ts';
import { BF16_DOT_CHIP, BF16_DOT_SPECIAL_CHIP } from '../bf16-dot/state.ts';

/** Log of the adapter; one event per instruction. */
export const BF16_DOT_CALL_CHIP = 'bf16-dot-call';
/**
 * Event: pc, clk, addresses rs1 | rs2 << 8 | rs3 << 16 | rd << 24, values of rs1, rs2, rs3, of rd before, of rd after,
 * significand of the last state, time of the access before to rs1, rs2, rs3, rd.
 */
export const CALL_EVENT_WORDS = 13;

const spec = specOf('bf16.dot.hopper');
const BLOCK_BYTES = 2 * BLOCK;

export const BF16_DOT_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    // The program table has no third source: its address takes the place of an immediate.
    decode: ({ rd, rs1, rs2, rs3 }) => ({
      op: spec.op,
      rd: fAddress(rd),
      rs1: xAddress(rs1),
      rs2: xAddress(rs2),
      immLo: xAddress(rs3),
    }),
    execute(machine, { rd, rs1, rs2, immLo: rs3 }) {
      const { registers, pc, clk, hints } = machine;
      const [aAddress, bAddress, blocks] = [registers[rs1]!, registers[rs2]!, registers[rs3]!];
      if (blocks >= 2 ** 16) machine.trap('invalid-operand', `${blocks} blocks, expected less than 2^16`);
      const a = machine.requireHints(aAddress, BLOCK_BYTES, blocks * BLOCK_BYTES);
      const b = machine.requireHints(bAddress, BLOCK_BYTES, blocks * BLOCK_BYTES);
      const old = registers[rd]!;
      const log = machine.log(BF16_DOT_CALL_CHIP);
      if (log === undefined) registers[rd] = dotHopper(old, hints, a, hints, b, blocks);
      else {
        const last = recordBlocks(machine, old, a, b, blocks);
        const at = log.push();
        const { words } = log;
        words[at] = pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rs2 << 8) | (rs3 << 16) | (rd << 24);
        words[at + 3] = aAddress;
        words[at + 4] = bAddress;
        words[at + 5] = blocks;
        words[at + 6] = old;
        words[at + 7] = last.word;
        words[at + 8] = last.significand;
        words[at + 9] = machine.touchRegister(rs1, clk);
        words[at + 10] = machine.touchRegister(rs2, clk + 1);
        words[at + 11] = machine.touchRegister(rs3, clk + 2);
        words[at + 12] = machine.touchRegister(rd, clk + 3);
        registers[rd] = last.word;
      }
      machine.next();
    },
  },
];

/**
 * Appends one event per block to the chip that proves it. `a`, `b`: indexes into the hints, multiples of 16. Returns the
 * last state; the significand of an infinity from an overflow is not that of its word (`state.ts`).
 */
function recordBlocks(machine: Machine, old: number, a: number, b: number, blocks: number) {
  const { hints, clk } = machine;
  const [ordinary, special] = [machine.log(BF16_DOT_CHIP)!, machine.log(BF16_DOT_SPECIAL_CHIP)!];
  let word = old;
  let significand = significandOf(old);
  for (let block = 0; block < blocks; block++) {
    const [x, y] = [a + BLOCK * block, b + BLOCK * block];
    const isSpecial = isSpecialBlock(word, hints, x, hints, y);
    const log = isSpecial ? special : ordinary;
    const at = log.push();
    const { words } = log;
    words[at] = clk;
    words[at + 1] = x / BLOCK;
    words[at + 2] = y / BLOCK;
    words[at + 3] = (word & 0x8000_0000) | significand;
    words[at + 4] = exponentOf(word);
    const next = dotHopperBlock(word, hints, x, hints, y);
    const overflows = !isSpecial && exponentOf(next) === SPECIAL_EXPONENT;
    significand = overflows ? overflowSignificand(word, hints, x, hints, y) : significandOf(next);
    word = next;
  }
  return { word, significand };
}
