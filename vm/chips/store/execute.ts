import { fAddress, type Instruction, immediate, xAddress } from '../../executor/instruction.ts';
import { opOf, specOf } from '../../isa/op.ts';
import { stored } from './semantics.ts';

/** Logs of the two chips. */
export const STORE_CHIP = 'store';
export const STORE_NARROW_CHIP = 'store-narrow';
/**
 * pc, clk, rs1 | rs2 << 8 | op << 24, immediate, value of rs1, of rs2, the RAM word before, time of the access before to
 * rs1, to rs2, to the word.
 */
export const STORE_EVENT_WORDS = 10;

/** `bytes` written; rs2 is an x register, or an f register if `fromF`. */
function storeInstruction(mnemonic: string, kind: keyof typeof stored, bytes: number, fromF = false): Instruction {
  const chip = kind === 'sw' ? STORE_CHIP : STORE_NARROW_CHIP;
  const store = stored[kind];
  return {
    spec: specOf(mnemonic),
    decode: ({ rs1, rs2, imm }) => ({
      op: opOf(kind),
      rs1: xAddress(rs1),
      rs2: fromF ? fAddress(rs2) : xAddress(rs2),
      ...immediate(imm),
    }),
    execute(machine, { op, rs1, rs2, imm }) {
      const { registers, ram, pc, clk } = machine;
      const [base, value] = [registers[rs1]!, registers[rs2]!];
      const address = (base + imm) >>> 0;
      machine.requireMapped(address, bytes);
      const before = ram.read(address >>> 2);
      const log = machine.log(chip);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rs2 << 8) | (op << 24);
        words[at + 3] = imm;
        words[at + 4] = base;
        words[at + 5] = value;
        words[at + 6] = before;
        words[at + 7] = machine.touchRegister(rs1, clk);
        words[at + 8] = machine.touchRegister(rs2, clk + 1);
        words[at + 9] = machine.touchRam(address >>> 2, clk + 2);
      }
      ram.write(address >>> 2, store(before, value, address));
      machine.next();
    },
  };
}

export const STORE_INSTRUCTIONS: readonly Instruction[] = [
  storeInstruction('sw', 'sw', 4),
  storeInstruction('fsw', 'sw', 4, true),
  storeInstruction('sh', 'sh', 2),
  storeInstruction('fsh', 'sh', 2, true),
  storeInstruction('sb', 'sb', 1),
];
