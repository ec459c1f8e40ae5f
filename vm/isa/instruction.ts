/**
 * What one instruction is: its place in the 32-bit encoding space and the operands its author writes.
 *
 * Source: The RISC-V Instruction Set Manual, Volume I: Unprivileged ISA (20240411), chapter 2.2 and 2.3 (formats) and
 * chapter 34 (listings). Instructions are rows of data; the assembler, the disassembler and the executor are given a
 * table of them (`table.ts`) and know no instruction by themselves.
 */

/** The base formats. `shift` is I with a 5-bit shift amount below a funct7, R4 has a third source and a funct2. */
export const FORMATS = ['R', 'R4', 'I', 'shift', 'S', 'B', 'U', 'J'] as const;
export type Format = (typeof FORMATS)[number];

/**
 * The variable parts of an instruction word. Registers are 0..31 (x or f, the operand says which).
 *
 * `imm` is what the instruction uses, not the bits it is stored in: a signed 12-bit number (I, S), a byte offset from
 * the pc (B: even, signed 13 bits; J: even, signed 21 bits), the multiple of 4096 that is loaded as a signed 32-bit
 * number (U), a shift amount 0..31 (shift), and for the operands `csr`, `id`, `pred` and `succ` an unsigned 12-bit one.
 */
export interface Fields {
  readonly rd: number;
  readonly rs1: number;
  readonly rs2: number;
  readonly rs3: number;
  readonly imm: number;
  /** Rounding mode, 3 bits in the place of funct3: 0 rne, 1 rtz, 2 rdn, 3 rup, 4 rmm, 7 dynamic. */
  readonly rm: number;
}

export type FieldName = keyof Fields;

/**
 * Names of operands in a syntax template.
 * - `rd rs1 rs2 rs3` an x register, `fd fs1 fs2 fs3` an f register
 * - `imm` signed 12 bits, `uimm` 0..2^20-1 (stored as the upper 20 bits), `shamt` 0..31, `target` a pc-relative address
 * - `csr` 0..4095, `zimm` 0..31 (in the place of rs1), `id` 0..4095, `rm` rounding mode, `pred` and `succ` fence sets
 */
export type OperandName =
  | 'rd'
  | 'rs1'
  | 'rs2'
  | 'rs3'
  | 'fd'
  | 'fs1'
  | 'fs2'
  | 'fs3'
  | 'imm'
  | 'uimm'
  | 'shamt'
  | 'target'
  | 'csr'
  | 'zimm'
  | 'id'
  | 'rm'
  | 'pred'
  | 'succ';

/** One row of the instruction table. */
export interface InstructionSpec {
  readonly mnemonic: string;
  /** Stable identity, 1..255, never reused: rv32i 1.., m 64.., f 80.., zicsr 112.., zfbfmin 120.., xulp 160... */
  readonly op: number;
  readonly format: Format;
  /** Bits 6..0. The low two are 11 (32-bit instructions). */
  readonly opcode: number;
  /** Bits 14..12. Absent where the format has none (U, J) and where the bits are the operand `rm`. */
  readonly funct3?: number;
  /** Bits 31..25 (R, shift). */
  readonly funct7?: number;
  /** Bits 26..25 (R4). */
  readonly funct2?: number;
  /** Fields that are part of the instruction's identity: `rs2` of fsqrt.s, everything of ecall. */
  readonly fixed?: Partial<Fields>;
  /** Operands as written, for example `rd, rs1, imm`, `rd, imm(rs1)`, `fd, fs1, rm?` (a `?` may be left out). */
  readonly syntax: string;
  /** The meaning in one line. */
  readonly summary: string;
}

/** One operand of a syntax template. */
export interface Operand {
  readonly name: OperandName;
  readonly field: FieldName;
  /** The register file, absent for numbers. */
  readonly register?: 'x' | 'f';
  readonly optional: boolean;
  /** Written in parentheses directly after the operand before it, as `rs1` in `imm(rs1)`. */
  readonly base: boolean;
}

const FIELD_OF: Readonly<Record<OperandName, FieldName>> = {
  rd: 'rd',
  rs1: 'rs1',
  rs2: 'rs2',
  rs3: 'rs3',
  fd: 'rd',
  fs1: 'rs1',
  fs2: 'rs2',
  fs3: 'rs3',
  imm: 'imm',
  uimm: 'imm',
  shamt: 'imm',
  target: 'imm',
  csr: 'imm',
  zimm: 'rs1',
  id: 'imm',
  rm: 'rm',
  pred: 'imm',
  succ: 'imm',
};

/** Reads a syntax template. @throws RangeError on a name that is no operand */
export function operandsOf(syntax: string): readonly Operand[] {
  return [...syntax.matchAll(/(\()?(\w+)\)?(\?)?/g)].map(([, paren, name, question]) => {
    if (!Object.hasOwn(FIELD_OF, name!)) throw new RangeError(`syntax: expected operand names, got ${name}`);
    const field = FIELD_OF[name as OperandName];
    const operand = {
      name: name as OperandName,
      field,
      optional: question !== undefined,
      base: paren !== undefined,
    };
    if (name!.startsWith('f')) return { ...operand, register: 'f' as const };
    return /^r(d|s[123])$/.test(name!) ? { ...operand, register: 'x' as const } : operand;
  });
}
