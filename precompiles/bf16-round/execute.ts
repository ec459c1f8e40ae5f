import { fAddress, type Instruction } from '../../vm/executor/instruction.ts';
import { opOf, specOf } from '../../vm/isa/op.ts';
import { ROUNDING, wordOf } from '../fp32-round/semantics.ts';
import { boxed, roundToBf16 } from './semantics.ts';

/** Log of the chip; one event per instruction. */
export const BF16_ROUND_CHIP = 'bf16-round';
/** Event: pc, clk, fs1 | fd << 8 | mode << 16, value of fs1, of fd before, time of the access before to fs1, fd. */
export const BF16_ROUND_EVENT_WORDS = 7;

const spec = specOf('fcvt.bf16.s');
const DYNAMIC = 7;

export const BF16_ROUND_INSTRUCTIONS: readonly Instruction[] = [
  {
    spec,
    decode: ({ rd, rs1, rm }) => ({
      op: opOf('fcvt.bf16.s'),
      rd: fAddress(rd),
      rs1: fAddress(rs1),
      immLo: rm === DYNAMIC ? ROUNDING.rne : rm,
    }),
    execute(machine, { rd, rs1, immLo: mode }) {
      const { registers, clk } = machine;
      const value = registers[rs1]!;
      const log = machine.log(BF16_ROUND_CHIP);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = machine.pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rd << 8) | (mode << 16);
        words[at + 3] = value;
        words[at + 4] = registers[rd]!;
        words[at + 5] = machine.touchRegister(rs1, clk);
        words[at + 6] = machine.touchRegister(rd, clk + 3);
      }
      registers[rd] = boxed(wordOf(roundToBf16(mode, value)));
      machine.next();
    },
  },
];
