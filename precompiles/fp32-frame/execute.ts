/**
 * Executor side of the frame of floating-point instructions: decoding, rounding mode, flags, and the event of the row.
 * Source: RISC-V Unprivileged ISA, 21.2 (fcsr, reserved rounding modes).
 */
import { fAddress, type Instruction, type ProgramFields, xAddress, xTarget } from '../../vm/executor/instruction.ts';
import type { Machine } from '../../vm/executor/machine.ts';
import { hasRoundingMode } from '../../vm/isa/encoding.ts';
import { type Fields, type InstructionSpec, operandsOf } from '../../vm/isa/instruction.ts';
import { specOf } from '../../vm/isa/op.ts';
import { REGISTER } from '../../vm/space.ts';
import { flagsOf, wordOf } from '../fp32-round/semantics.ts';

/** Instructions that one chip proves. */
export interface Fp32Family {
  /** Log of the chip. */
  readonly chip: string;
  readonly mnemonics: readonly string[];
  /** Whether the chip has `flagsColumns`. */
  readonly raises: boolean;
  /**
   * What rd receives, with its flags (`fp32-round/semantics.ts`). `op` is that of the ISA table, `mode` in [0, 4] (0
   * without a rounding mode), a, b, c the sources as u32, 0 for those that the instruction lacks.
   */
  readonly compute: (op: number, mode: number, a: number, b: number, c: number) => number;
  /** Appends what services need to answer. Called when the run records. */
  readonly record?: (machine: Machine, op: number, mode: number, a: number, b: number, c: number) => void;
}

/**
 * pc, clk, addresses rs1 | rs2 << 8 | rs3 << 16 | rd << 24, op | immLo << 8 | immHi << 16, values of rs1, rs2, rs3, of rd
 * before, time of the access before to each of the four, frm | fflags before << 8, time of the access before to frm, to
 * fflags. 0 for what the instruction lacks.
 */
export const FP32_EVENT_WORDS = 15;

/** `rm` of an instruction that takes its mode from frm. */
const DYNAMIC = 7;
const LAST_MODE = 4;

export const fp32Instructions = (family: Fp32Family): readonly Instruction[] =>
  family.mnemonics.map((mnemonic) => fp32Instruction(family, specOf(mnemonic)));

function fp32Instruction({ chip, raises, compute, record }: Fp32Family, spec: InstructionSpec): Instruction {
  const decode = decodeOf(spec);
  const { op } = spec;
  const rounds = hasRoundingMode(spec);
  const has = (field: 'rs2' | 'rs3'): boolean => operandsOf(spec.syntax).some((operand) => operand.field === field);
  const [hasRs2, hasRs3] = [has('rs2'), has('rs3')];
  return {
    spec,
    decode,
    execute(machine, { rd, rs1, rs2, target: rs3, immLo, immHi }) {
      const { registers, clk } = machine;
      const [frm, fflags] = [registers[REGISTER.frm]!, registers[REGISTER.fflags]!];
      const mode = rounds && immHi === 1 ? frm : immLo;
      if (mode > LAST_MODE) machine.trap('illegal-instruction', `reserved rounding mode ${mode} in frm`);
      const a = registers[rs1]!;
      const b = hasRs2 ? registers[rs2]! : 0;
      const c = hasRs3 ? registers[rs3]! : 0;
      const result = compute(op, mode, a, b, c);
      const log = machine.log(chip);
      if (log !== undefined) {
        record?.(machine, op, mode, a, b, c);
        const at = log.push();
        const { words } = log;
        words[at] = machine.pc;
        words[at + 1] = clk;
        words[at + 2] = rs1 | (rs2 << 8) | (rs3 << 16) | (rd << 24);
        words[at + 3] = op | (immLo << 8) | (immHi << 16);
        words[at + 4] = a;
        words[at + 5] = b;
        words[at + 6] = c;
        words[at + 7] = registers[rd]!;
        words[at + 8] = machine.touchRegister(rs1, clk);
        if (hasRs2) words[at + 9] = machine.touchRegister(rs2, clk + 1);
        if (hasRs3) words[at + 10] = machine.touchRegister(rs3, clk + 2);
        words[at + 11] = machine.touchRegister(rd, clk + 3);
        words[at + 12] = frm | (fflags << 8);
        if (rounds) words[at + 13] = machine.touchRegister(REGISTER.frm, clk + 4);
        if (raises) words[at + 14] = machine.touchRegister(REGISTER.fflags, clk + 5);
      }
      registers[rd] = wordOf(result);
      registers[REGISTER.fflags] = fflags | flagsOf(result);
      machine.next();
    },
  };
}

/** Register addresses by the operands of the syntax; a static mode in immLo, 1 in immHi for the dynamic one. */
function decodeOf(spec: InstructionSpec): (fields: Fields) => ProgramFields {
  const inF = new Map(operandsOf(spec.syntax).map(({ field, register }) => [field, register === 'f']));
  const source = (field: 'rs1' | 'rs2' | 'rs3', value: number): number =>
    inF.get(field) === true ? fAddress(value) : xAddress(value);
  const rounds = hasRoundingMode(spec);
  return ({ rd, rs1, rs2, rs3, rm }) => ({
    op: spec.op,
    rd: inF.get('rd') === true ? fAddress(rd) : xTarget(rd),
    rs1: source('rs1', rs1),
    ...(inF.has('rs2') && { rs2: source('rs2', rs2) }),
    ...(inF.has('rs3') && { target: source('rs3', rs3) }),
    ...(rounds && { immLo: rm === DYNAMIC ? 0 : rm, immHi: rm === DYNAMIC ? 1 : 0 }),
  });
}
