import { fAddress, type Instruction, immediate, xAddress, xTarget } from '../../executor/instruction.ts';
import { opOf, specOf } from '../../isa/op.ts';
import { loaded } from './semantics.ts';

/** Logs of the two chips. */
export const LOAD_CHIP = 'load';
export const LOAD_NARROW_CHIP = 'load-narrow';
/**
 * pc, clk, rs1 | rd << 16 | op << 24, immediate, value of rs1, the RAM word, value of rd before, time of the access
 * before to rs1, to the word, to rd.
 */
export const LOAD_EVENT_WORDS = 10;

/** `bytes` read; rd is an x register, or an f register if `toF`. */
function loadInstruction(mnemonic: string, kind: keyof typeof loaded, bytes: number, toF = false): Instruction {
  const chip = kind === 'lw' ? LOAD_CHIP : LOAD_NARROW_CHIP;
  const load = loaded[kind];
  return {
    spec: specOf(mnemonic),
    decode: ({ rd, rs1, imm }) => ({
      op: opOf(kind),
      rd: toF ? fAddress(rd) : xTarget(rd),
      rs1: xAddress(rs1),
      ...immediate(imm),
    }),
    execute(machine, { op, rd, rs1, imm }) {
      const { registers, ram, pc, clk } = machine;
      const base = registers[rs1]!;
      const address = (base + imm) >>> 0;
      machine.requireMapped(address, bytes);
      const word = ram.read(address >>> 2);
      const log = machine.log(chip);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rd << 16) | (op << 24);
        words[at + 3] = imm;
        words[at + 4] = base;
        words[at + 5] = word;
        words[at + 6] = registers[rd]!;
        words[at + 7] = machine.touchRegister(rs1, clk);
        words[at + 8] = machine.touchRam(address >>> 2, clk + 2);
        words[at + 9] = machine.touchRegister(rd, clk + 3);
      }
      registers[rd] = load(word, address);
      machine.next();
    },
  };
}

export const LOAD_INSTRUCTIONS: readonly Instruction[] = [
  loadInstruction('lw', 'lw', 4),
  loadInstruction('flw', 'lw', 4, true),
  loadInstruction('lh', 'lh', 2),
  loadInstruction('lhu', 'lhu', 2),
  loadInstruction('flh', 'flh', 2, true),
  loadInstruction('lb', 'lb', 1),
  loadInstruction('lbu', 'lbu', 1),
];
