import { fAddress, type Instruction } from '../../vm/executor/instruction.ts';
import { opOf, specOf } from '../../vm/isa/op.ts';
import { recordAddition } from '../fp32-add/execute.ts';
import { addFp32 } from '../fp32-add/semantics.ts';
import { ROUNDING, wordOf } from '../fp32-round/semantics.ts';

/** Log of the adapter; one event per instruction. */
export const FP32_ADD_CALL_CHIP = 'fp32-add-call';
/**
 * Event: pc, clk, fs1 | fs2 << 8 | fd << 16 | isSub << 24 | mode << 25, values of fs1, fs2, of fd before, time of the
 * access before to fs1, fs2, fd.
 */
export const ADD_CALL_EVENT_WORDS = 9;

/** `rm` of an instruction for the dynamic mode; without fcsr that is round to nearest. */
const DYNAMIC = 7;

export const FP32_ADD_INSTRUCTIONS: readonly Instruction[] = ['fadd.s', 'fsub.s'].map((mnemonic) => ({
  spec: specOf(mnemonic),
  decode: ({ rd, rs1, rs2, rm }) => ({
    op: opOf(mnemonic),
    rd: fAddress(rd),
    rs1: fAddress(rs1),
    rs2: fAddress(rs2),
    immLo: rm === DYNAMIC ? ROUNDING.rne : rm,
  }),
  execute(machine, { rd, rs1, rs2, immLo: mode }) {
    const { registers, clk } = machine;
    const isSub = mnemonic === 'fsub.s';
    const [a, b] = [registers[rs1]!, registers[rs2]!];
    const log = machine.log(FP32_ADD_CALL_CHIP);
    if (log !== undefined) {
      recordAddition(machine, mode, isSub, a, b);
      const at = log.push();
      const { words } = log;
      words[at] = machine.pc;
      words[at + 1] = clk;
      words[at + 2] = rs1 | (rs2 << 8) | (rd << 16) | ((isSub ? 1 : 0) << 24) | (mode << 25);
      words[at + 3] = a;
      words[at + 4] = b;
      words[at + 5] = registers[rd]!;
      words[at + 6] = machine.touchRegister(rs1, clk);
      words[at + 7] = machine.touchRegister(rs2, clk + 1);
      words[at + 8] = machine.touchRegister(rd, clk + 3);
    }
    registers[rd] = wordOf(addFp32(mode, isSub, a, b));
    machine.next();
  },
}));
