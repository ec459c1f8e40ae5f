/** Executor and trace side of `operands.ts`: how a three-register instruction is executed, recorded and written. */
import type { Air } from '../../stark/air/air.ts';
import { type Chip, eventChip } from '../chip.ts';
import { type Instruction, immediate, type ProgramFields, xAddress, xTarget } from '../executor/instruction.ts';
import type { Fields, InstructionSpec } from '../isa/instruction.ts';
import { opOf, specOf } from '../isa/op.ts';
import { writeAccess, writeFrame } from './frame-trace.ts';

/**
 * pc, clk, rs1 | rs2 << 8 | rd << 16 | op << 24, immediate, value of rs1, of rs2, of rd before, time of the access
 * before to rs1, to rs2, to rd.
 */
export const OPERAND_EVENT_WORDS = 10;

/** Decodes an R instruction as what it is. */
export const registerForm =
  (mnemonic: string) =>
  ({ rd, rs1, rs2 }: Fields): ProgramFields => ({
    op: opOf(mnemonic),
    rd: xTarget(rd),
    rs1: xAddress(rs1),
    rs2: xAddress(rs2),
  });

/** Decodes an I instruction as the R instruction `mnemonic` with rs2 = x0 and the immediate. */
export const immediateForm =
  (mnemonic: string) =>
  ({ rd, rs1, imm }: Fields): ProgramFields => ({
    op: opOf(mnemonic),
    rd: xTarget(rd),
    rs1: xAddress(rs1),
    rs2: xAddress(0),
    ...immediate(imm),
  });

/**
 * rd = compute(rs1, rs2 + immediate), recorded in the log of `chip`. Operands and result are u32.
 * @param instruction its mnemonic, or what it is if the ISA table does not have it
 */
export function operandInstruction(
  chip: string,
  instruction: string | InstructionSpec,
  decode: (fields: Fields) => ProgramFields,
  compute: (a: number, b: number) => number,
): Instruction {
  return {
    spec: typeof instruction === 'string' ? specOf(instruction) : instruction,
    decode,
    execute(machine, { op, rd, rs1, rs2, imm }) {
      const { registers, pc, clk } = machine;
      const [a, b] = [registers[rs1]!, registers[rs2]!];
      const log = machine.log(chip);
      if (log !== undefined) {
        const at = log.push();
        const { words } = log;
        words[at] = pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rs2 << 8) | (rd << 16) | (op << 24);
        words[at + 3] = imm;
        words[at + 4] = a;
        words[at + 5] = b;
        words[at + 6] = registers[rd]!;
        words[at + 7] = machine.touchRegister(rs1, clk);
        words[at + 8] = machine.touchRegister(rs2, clk + 1);
        words[at + 9] = machine.touchRegister(rd, clk + 3);
      }
      registers[rd] = compute(a, (b + imm) >>> 0);
      machine.next();
    },
  };
}

type OperandAir = Air & {
  readonly offsets: Readonly<Record<'isReal' | 'rs1Address' | 'rs2Address' | 'rdAddress', number>> & {
    readonly immLo?: number;
    readonly immHi?: number;
  };
};

/**
 * A chip with one row per event. `write` fills the chip's own cells: `cells[row + offset]`, from the op of the program
 * table and the operands a and b of `operands.ts`, all u32.
 */
export function operandChip(
  air: OperandAir,
  write: (cells: Uint32Array, row: number, op: number, a: number, b: number) => void,
): Chip & { readonly eventWords: number } {
  const { isReal, rs1Address, rs2Address, rdAddress, immLo, immHi } = air.offsets;
  return eventChip({
    air,
    eventWords: OPERAND_EVENT_WORDS,
    fill({ words, count, eventWords }, { cells, stride }) {
      for (let i = 0; i < count; i++) {
        const [event, row] = [i * eventWords, i * stride];
        const clk = words[event + 1]!;
        const ids = words[event + 2]!;
        const imm = words[event + 3]!;
        const [a, b] = [words[event + 4]!, words[event + 5]!];
        writeFrame(cells, row + isReal, words[event]!, clk);
        writeAccess(cells, row + rs1Address, ids & 0xff, a, words[event + 7]!, clk);
        writeAccess(cells, row + rs2Address, (ids >>> 8) & 0xff, b, words[event + 8]!, clk + 1);
        writeAccess(cells, row + rdAddress, (ids >>> 16) & 0xff, words[event + 6]!, words[event + 9]!, clk + 3);
        if (immLo !== undefined) cells[row + immLo] = imm & 0xffff;
        if (immHi !== undefined) cells[row + immHi] = imm >>> 16;
        write(cells, row, ids >>> 24, a, (b + imm) >>> 0);
      }
    },
  });
}
