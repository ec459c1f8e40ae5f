/**
 * What the machine knows of an instruction: how it is decoded into the program table, and what one step of it does.
 *
 * `decode` is static: it runs once per instruction of the text, and what it returns is the row of the program table
 * (public, the chips look it up on PROGRAM_BUS). It may therefore turn one instruction into another (`addi` is `add`
 * with rs2 = x0 and an immediate) and precompute constants (the link of a `jal`). `execute` is the step.
 */
import type { Fields, InstructionSpec } from '../isa/instruction.ts';
import { defineTable, type InstructionTable } from '../isa/table.ts';
import { REGISTER } from '../space.ts';
import type { Machine } from './machine.ts';

/** The fields of PROGRAM_BUS after pc. Fields left out are 0, as in the frame. */
export interface ProgramFields {
  /** Id of the instruction that proves this one: one of the ISA table. */
  readonly op: number;
  /** Register addresses (`space.ts`): `xAddress`, `fAddress`, `xTarget`. */
  readonly rd?: number;
  readonly rs1?: number;
  readonly rs2?: number;
  /** A constant of the instruction as limbs, usually the sign-extended immediate. Below 2^16 each. */
  readonly immLo?: number;
  readonly immHi?: number;
  /** pc + immediate of a branch or jump, below 2^28. */
  readonly target?: number;
}

/** One row of the program table, with what only the executor needs. */
export interface ProgramRow extends Required<ProgramFields> {
  readonly pc: number;
  readonly spec: InstructionSpec;
  /** The fields of the instruction word. */
  readonly fields: Fields;
  /** immLo + 2^16 immHi, as a u32. */
  readonly imm: number;
  readonly instruction: Instruction;
}

/** One instruction of the machine. A chip or precompile exports a list of them. */
export interface Instruction {
  readonly spec: InstructionSpec;
  /** Undefined for fields that are no instruction of the machine: a register that it does not have. */
  readonly decode: (fields: Fields, pc: number) => ProgramFields | undefined;
  /**
   * Performs the instruction on the machine and, when it records, appends the events of its rows. Ends with
   * `machine.next()` or `machine.goto(...)`. See `machine.ts` for the rules.
   */
  readonly execute: (machine: Machine, row: ProgramRow) => void;
}

export interface InstructionSet {
  readonly table: InstructionTable;
  /** By `spec.op`. */
  readonly byOp: ReadonlyMap<number, Instruction>;
}

/** @throws {RangeError} if two instructions share a mnemonic, an op id or an encoding. */
export function defineInstructionSet(instructions: readonly Instruction[]): InstructionSet {
  return {
    table: defineTable(instructions.map((i) => i.spec)),
    byOp: new Map(instructions.map((i) => [i.spec.op, i])),
  };
}

/** Register address of a source x register. */
export const xAddress = (register: number): number => REGISTER.x0 + register;
/** Register address of an f register, source or target. */
export const fAddress = (register: number): number => REGISTER.f0 + register;
/** Register address of a target x register: a write to x0 goes to the sink. */
export const xTarget = (register: number): number => (register === 0 ? REGISTER.sink : REGISTER.x0 + register);
/** The limbs of an immediate, sign-extended to 32 bits. */
export const immediate = (imm: number): { immLo: number; immHi: number } => ({
  immLo: imm & 0xffff,
  immHi: (imm >>> 16) & 0xffff,
});
