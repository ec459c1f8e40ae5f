/**
 * The bit layout of the formats: fields to a 32-bit word and back. Words are unsigned numbers in [0, 2^32).
 *
 * Source: RISC-V Unprivileged ISA, figures of chapters 2.2, 2.3 and 22.2 (R4).
 */

import { type FieldName, type Fields, type Format, type InstructionSpec, operandsOf } from './instruction.ts';

/** The fields each format has room for. `rm` shares its bits with funct3. */
const FIELDS_OF: Readonly<Record<Format, readonly FieldName[]>> = {
  R: ['rd', 'rs1', 'rs2'],
  R4: ['rd', 'rs1', 'rs2', 'rs3'],
  I: ['rd', 'rs1', 'imm'],
  shift: ['rd', 'rs1', 'imm'],
  S: ['rs1', 'rs2', 'imm'],
  B: ['rs1', 'rs2', 'imm'],
  U: ['rd', 'imm'],
  J: ['rd', 'imm'],
};

const IMMEDIATE_MASK: Readonly<Record<Format, number>> = {
  R: 0,
  R4: 0,
  I: 0xfff00000,
  shift: 0x01f00000,
  S: 0xfe000f80,
  B: 0xfe000f80,
  U: 0xfffff000,
  J: 0xfffff000,
};

const NO_FIELDS: Fields = { rd: 0, rs1: 0, rs2: 0, rs3: 0, imm: 0, rm: 0 };

/**
 * Whether the immediate is an unsigned 12-bit number instead of a signed one, which the operands decide. Fence sets
 * are included: `imm` is then fm, pred and succ as one number.
 */
function hasUnsignedImmediate(spec: InstructionSpec): boolean {
  return operandsOf(spec.syntax).some(({ name }) => name === 'csr' || name === 'id' || name === 'pred');
}

/** Fields of the instruction an author or a decoder may vary, in the format's order. */
export function variableFields(spec: InstructionSpec): readonly FieldName[] {
  const names = FIELDS_OF[spec.format].filter((name) => spec.fixed?.[name] === undefined);
  return hasRoundingMode(spec) ? [...names, 'rm'] : names;
}

/** The bits that identify the instruction: a word w is this instruction exactly when (w & mask) >>> 0 === match. */
export function identity(spec: InstructionSpec): { readonly mask: number; readonly match: number } {
  let mask = 0x7f;
  if (spec.funct3 !== undefined) mask |= 0x7000;
  if (spec.funct7 !== undefined) mask |= 0xfe000000;
  if (spec.funct2 !== undefined) mask |= 0x06000000;
  for (const name of Object.keys(spec.fixed ?? {})) mask |= fieldMask(spec.format, name as FieldName);
  return { mask: mask >>> 0, match: layOut(spec, { ...NO_FIELDS, ...spec.fixed }) };
}

/**
 * Encodes one instruction. Fields left out are 0; those the instruction fixes need not be given.
 *
 * @returns the word, in [0, 2^32)
 * @throws RangeError if a field is out of its range or contradicts one the instruction fixes
 */
export function encode(spec: InstructionSpec, operands: Partial<Fields>): number {
  const allowed = variableFields(spec);
  for (const [name, value] of Object.entries(operands) as [FieldName, number][]) {
    const fixed = spec.fixed?.[name] ?? (allowed.includes(name) ? undefined : 0);
    if (fixed !== undefined && value !== fixed) throw new RangeError(`${name}: expected ${fixed}, got ${value}`);
    const [low, high, step] = fieldRange(spec, name);
    if (!Number.isInteger(value) || value < low || value > high || value % step !== 0) {
      const multiple = step === 1 ? '' : `, a multiple of ${step}`;
      throw new RangeError(`${name}: expected an integer in ${low}..${high}${multiple}, got ${value}`);
    }
  }
  return layOut(spec, { ...NO_FIELDS, ...operands, ...spec.fixed });
}

/** Reads the fields out of a word known to be this instruction. Fields the format lacks are 0. */
export function fieldsOf(spec: InstructionSpec, word: number): Fields {
  const names = FIELDS_OF[spec.format];
  const register = (name: FieldName, shift: number) => (names.includes(name) ? (word >>> shift) & 31 : 0);
  const imm = immediateOf(spec.format, word);
  return {
    rd: register('rd', 7),
    rs1: register('rs1', 15),
    rs2: register('rs2', 20),
    rs3: register('rs3', 27),
    imm: hasUnsignedImmediate(spec) ? imm & 0xfff : imm,
    rm: hasRoundingMode(spec) ? (word >>> 12) & 7 : 0,
  };
}

/** The word with another immediate, of which the bits that the format stores are taken. */
export function withImmediate(format: Format, word: number, imm: number): number {
  return ((word & ~IMMEDIATE_MASK[format]) | placeImmediate(format, imm)) >>> 0;
}

/** Lowest value, highest value and step of a field, both ends included. */
export function fieldRange(spec: InstructionSpec, name: FieldName): readonly [low: number, high: number, step: number] {
  if (name === 'rm') return [0, 7, 1];
  if (name !== 'imm') return [0, 31, 1];
  switch (spec.format) {
    case 'I':
    case 'S':
      return hasUnsignedImmediate(spec) ? [0, 4095, 1] : [-2048, 2047, 1];
    case 'shift':
      return [0, 31, 1];
    case 'B':
      return [-4096, 4094, 2];
    case 'U':
      return [-0x80000000, 0x7ffff000, 4096];
    case 'J':
      return [-0x100000, 0xffffe, 2];
    case 'R':
    case 'R4':
      return [0, 0, 1];
  }
}

/** Whether bits 14..12 are the rounding mode operand. */
export function hasRoundingMode(spec: InstructionSpec): boolean {
  return spec.funct3 === undefined && (spec.format === 'R' || spec.format === 'R4');
}

function fieldMask(format: Format, name: FieldName): number {
  if (name === 'imm') return IMMEDIATE_MASK[format];
  return { rd: 31 << 7, rm: 7 << 12, rs1: 31 << 15, rs2: 31 << 20, rs3: 31 << 27 }[name];
}

/** Puts every field in its place. Fields are in range. */
function layOut(spec: InstructionSpec, { rd, rs1, rs2, rs3, imm, rm }: Fields): number {
  const funct3 = spec.funct3 ?? rm;
  const word =
    spec.opcode |
    (rd << 7) |
    (funct3 << 12) |
    (rs1 << 15) |
    (rs2 << 20) |
    (rs3 << 27) |
    ((spec.funct2 ?? 0) << 25) |
    ((spec.funct7 ?? 0) << 25);
  return (word | placeImmediate(spec.format, imm)) >>> 0;
}

function placeImmediate(format: Format, imm: number): number {
  switch (format) {
    case 'R':
    case 'R4':
      return 0;
    case 'I':
      return imm << 20;
    case 'shift':
      return (imm & 31) << 20;
    case 'S':
      return ((imm >> 5) << 25) | ((imm & 31) << 7);
    case 'B':
      return ((imm >> 12) << 31) | (((imm >> 5) & 0x3f) << 25) | (((imm >> 1) & 15) << 8) | (((imm >> 11) & 1) << 7);
    case 'U':
      return imm & 0xfffff000;
    case 'J':
      return (
        ((imm >> 20) << 31) | (((imm >> 1) & 0x3ff) << 21) | (((imm >> 11) & 1) << 20) | (((imm >> 12) & 0xff) << 12)
      );
  }
}

function immediateOf(format: Format, word: number): number {
  switch (format) {
    case 'R':
    case 'R4':
      return 0;
    case 'I':
      return word >> 20;
    case 'shift':
      return (word >>> 20) & 31;
    case 'S':
      return ((word >> 25) << 5) | ((word >>> 7) & 31);
    case 'B':
      return (
        ((word >> 31) << 12) | (((word >>> 7) & 1) << 11) | (((word >>> 25) & 0x3f) << 5) | (((word >>> 8) & 15) << 1)
      );
    case 'U':
      return word & 0xfffff000;
    case 'J':
      return (
        ((word >> 31) << 20) |
        (((word >>> 12) & 0xff) << 12) |
        (((word >>> 20) & 1) << 11) |
        (((word >>> 21) & 0x3ff) << 1)
      );
  }
}
