/**
 * Random programs that record what every instruction did, for two machines to agree on.
 *
 * A program is assembly text for a static Linux executable. Each step puts an instruction between stores of its result
 * and, where there are floating-point flags, of the flags, so that a difference is seen where it arises. At its end it
 * writes the memory from `window` to `_end` (operands, stores, records) to standard output by system call 64: Linux
 * prints it, this project's machine stops there, and its memory has the same bytes.
 *
 * x28, x29 are scratch, x30 points into the records, x31 at the middle of the window. Everything else is operand.
 */
import { disassemble } from '../../asm/disassemble.ts';
import { encode, variableFields } from '../../vm/isa/encoding.ts';
import { F } from '../../vm/isa/f.ts';
import { type Fields, type InstructionSpec, operandsOf } from '../../vm/isa/instruction.ts';
import { M } from '../../vm/isa/m.ts';
import { RV32I } from '../../vm/isa/rv32i.ts';
import type { InstructionTable } from '../../vm/isa/table.ts';
import { ZFBFMIN } from '../../vm/isa/zfbfmin.ts';
import { ZICSR } from '../../vm/isa/zicsr.ts';
import type { Random } from '../support/random.ts';

const [SCRATCH, FLAGS, RECORD, WINDOW] = [28, 29, 30, 31];
const WINDOW_BYTES = 4096;
/** x30 moves on when the next record is farther away: a step has at most three, the last at 2044. */
const RECORD_REACH = 2036;

/** What the emulator has: the standard instructions but BF16 conversions, and without those that end the program. */
const EMULATED: ReadonlySet<string> = new Set(
  [...RV32I, ...M, ...F, ...ZICSR, ...ZFBFMIN]
    .map(({ mnemonic }) => mnemonic)
    .filter((mnemonic) => !/bf16|^e(?:call|break)$/.test(mnemonic)),
);

const EDGES = [
  ...[0, 1, 2, 3, 31, 32, 33, 0x7f, 0x80, 0xff, 0x100, 0x7ff, 0x800, 0x7fff, 0x8000, 0xffff, 0x1_0000],
  ...[0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_0000, 0xffff_7fff, 0xffff_fffe, 0xffff_ffff, 0x5555_5555],
];
/** Zero, the subnormals' ends, one, around 2^24 and 2^31, the largest number, infinity, NaNs of both kinds. */
const FP32_EDGES = [
  ...[0x0000_0000, 0x0000_0001, 0x007f_ffff, 0x0080_0000, 0x0080_0001, 0x3f00_0000, 0x3f7f_ffff, 0x3f80_0000],
  ...[0x3f80_0001, 0x3fc0_0000, 0x4020_0000, 0x4b7f_ffff, 0x4b80_0000, 0x4eff_ffff, 0x4f00_0000, 0x4f7f_ffff],
  ...[0x4f80_0000, 0x7f7f_ffff, 0x7f80_0000, 0x7f80_0001, 0x7fbf_ffff, 0x7fc0_0000, 0x7fc0_0001, 0x7fff_ffff],
];

export interface GenerateOptions {
  /** The programs hold only what it has. */
  readonly table: InstructionTable;
  /** Restricts what is under test. Whatever the table has is used to set up and record. */
  readonly mnemonics?: readonly string[];
  /** Instructions under test; there are two to six others for each. */
  readonly numInstructions: number;
}

/** The mnemonics that take part, in the order of the table. */
export function testedMnemonics({ specs }: InstructionTable): readonly string[] {
  return specs.map(({ mnemonic }) => mnemonic).filter((mnemonic) => EMULATED.has(mnemonic));
}

/** @returns the program's text */
export function randomProgram(random: Random, { table, mnemonics, numInstructions }: GenerateOptions): string {
  const writer = new Writer(random, table, mnemonics ?? testedMnemonics(table));
  for (let i = 0; i < numInstructions; i++) writer.step();
  return writer.text();
}

class Writer {
  private readonly lines: string[] = [];
  private readonly random: Random;
  private readonly table: InstructionTable;
  private readonly specs: readonly InstructionSpec[];
  private readonly hasFloats: boolean;
  private readonly hasFlags: boolean;
  private recorded = 0;
  private reach = 0;

  constructor(random: Random, table: InstructionTable, mnemonics: readonly string[]) {
    this.random = random;
    this.table = table;
    const tested = new Set(testedMnemonics(table));
    const has = (mnemonic: string): boolean => tested.has(mnemonic);
    this.hasFlags = has('csrrs') && has('csrrw');
    this.hasFloats = has('flw') && has('fsw');
    // Floating-point results are recorded by fsw, the flags by csrrs: without them there is nothing to compare.
    this.specs = table.specs.filter(
      ({ mnemonic, syntax }) =>
        mnemonics.includes(mnemonic) && (this.hasFloats || operandsOf(syntax).every((o) => o.register !== 'f')),
    );
    this.prologue();
  }

  text(): string {
    const window = Array.from({ length: WINDOW_BYTES / 4 }, () => `0x${this.value().toString(16)}`);
    const data: string[] = [];
    for (let i = 0; i < window.length; i += 8) data.push(`.word ${window.slice(i, i + 8).join(', ')}`);
    return [
      ...['.globl _start', '.text', '_start:', ...this.lines],
      ...['li a0, 1', 'la a1, window', 'la a2, _end', 'sub a2, a2, a1', 'li a7, 64', 'ecall'],
      ...['li a0, 0', 'li a7, 93', 'ecall'],
      ...[
        '.data',
        '.balign 16',
        'window:',
        ...data,
        '.bss',
        '.balign 4',
        'records:',
        `.space ${4 * this.recorded}`,
        '',
      ],
    ].join('\n');
  }

  /** All registers from the window. */
  private prologue(): void {
    this.lines.push(`la x${WINDOW}, window + ${WINDOW_BYTES / 2}`, `la x${RECORD}, records`);
    for (let x = 1; x < RECORD; x++) this.lines.push(`lw x${x}, ${4 * x}(x${WINDOW})`);
    if (this.hasFloats) for (let f = 0; f < 32; f++) this.lines.push(`flw f${f}, ${4 * f - 512}(x${WINDOW})`);
    if (this.hasFlags) this.lines.push('csrrw x0, fcsr, x0');
  }

  step(): void {
    const { random } = this;
    if (this.reach > RECORD_REACH) {
      this.lines.push(`addi x${RECORD}, x${RECORD}, ${this.reach}`);
      this.reach = 0;
    }
    // Fresh operands keep the edges alive: results soon look like anything.
    const reload = `${4 * random.below(1024) - 2048}(x${WINDOW})`;
    if (random.below(2) === 0) this.lines.push(`lw x${1 + random.below(SCRATCH - 1)}, ${reload}`);
    if (this.hasFloats && random.below(2) === 0) this.lines.push(`flw f${random.below(32)}, ${reload}`);
    const spec = random.pick(this.specs);
    if (spec.format === 'B') this.branch(spec);
    else if (spec.format === 'J') this.jump(spec);
    else if (spec.mnemonic === 'jalr') this.indirectJump();
    else if (operandsOf(spec.syntax).some(({ name }) => name === 'csr')) this.csr(spec);
    else this.plain(spec);
  }

  /** A branch over a record: the record says whether it was taken. */
  private branch(spec: InstructionSpec): void {
    const [rs1, rs2] = [this.random.below(32), this.random.below(4) === 0 ? undefined : this.random.below(32)];
    this.emit(spec, { rs1, rs2: rs2 ?? rs1, imm: 8 });
    this.record('sw', WINDOW);
  }

  private jump(spec: InstructionSpec): void {
    const rd = this.target();
    this.emit(spec, { rd, imm: 8 });
    this.record('sw', WINDOW);
    this.record('sw', rd);
  }

  private indirectJump(): void {
    const rd = this.target();
    // The lowest bit of the address is cleared.
    const odd = this.random.below(2);
    this.lines.push(`auipc x${SCRATCH}, 0`, `jalr x${rd}, ${12 + odd}(x${SCRATCH})`);
    this.record('sw', WINDOW);
    this.record('sw', rd);
  }

  private plain(spec: InstructionSpec): void {
    const operands = operandsOf(spec.syntax);
    const isMemory = operands.some(({ base }) => base);
    const fields: Partial<Fields> = isMemory ? this.memoryFields(spec) : this.fields(spec);
    this.emit(spec, fields);
    const target = operands.find(({ field }) => field === 'rd');
    if (target?.register === 'x') this.record('sw', fields.rd!);
    if (target?.register === 'f') this.record('fsw', fields.rd!);
    if (this.hasFlags && operands.some(({ register }) => register === 'f')) this.recordFlags();
  }

  private fields(spec: InstructionSpec): Partial<Fields> {
    const { random } = this;
    const fields: Record<string, number> = {};
    for (const name of variableFields(spec)) {
      if (name === 'rd') fields[name] = isFloatTarget(spec) ? random.below(32) : this.target();
      else if (name === 'rm') fields[name] = random.pick(this.hasFlags ? [0, 1, 2, 3, 4, 7] : [0]);
      else if (name === 'imm') fields[name] = this.immediate(spec);
      else fields[name] = random.below(32);
    }
    return fields;
  }

  private immediate({ format, mnemonic }: InstructionSpec): number {
    const { random } = this;
    // fence rw, rw and its like; fm and empty sets are reserved or hints.
    if (mnemonic === 'fence') return 0x11 * (1 + random.below(15));
    if (format === 'shift') return random.below(32);
    if (format === 'U') return random.pick([0, 0x1000, 0x7ffff000, -0x80000000, -0x1000, random.u32() & 0x7ffff000]);
    return random.below(3) === 0 ? random.pick([-2048, -1, 0, 1, 2, 31, 2047]) : random.below(4096) - 2048;
  }

  private memoryFields(spec: InstructionSpec): Partial<Fields> {
    const bytes = /^(?:l|s)bu?$/.test(spec.mnemonic) ? 1 : /h/.test(spec.mnemonic) ? 2 : 4;
    const imm = this.random.below(WINDOW_BYTES / bytes) * bytes - WINDOW_BYTES / 2;
    const value = isFloatTarget(spec) ? this.random.below(32) : this.target();
    return spec.format === 'S' ? { rs1: WINDOW, rs2: this.random.below(32), imm } : { rd: value, rs1: WINDOW, imm };
  }

  /** Reads and writes of fflags, frm and fcsr that leave a rounding mode in force. */
  private csr(spec: InstructionSpec): void {
    const { random } = this;
    const rd = this.target();
    const [fflags, frm, fcsr] = [1, 2, 3];
    const isWrite = /^csrrwi?$/.test(spec.mnemonic);
    const csr = isWrite ? random.pick([fflags, frm, fcsr]) : fflags;
    const mode = random.below(5);
    const value = csr === frm ? mode : (csr === fcsr ? mode << 5 : 0) | random.below(32);
    if (spec.mnemonic.endsWith('i')) {
      // 5 bits set the flags of fcsr and clear the rounding mode.
      this.emit(spec, { rd, rs1: csr === frm ? mode : random.below(32), imm: csr });
    } else {
      this.lines.push(`li x${SCRATCH}, ${value}`);
      this.emit(spec, { rd, rs1: random.below(3) === 0 && !isWrite ? 0 : SCRATCH, imm: csr });
    }
    this.record('sw', rd);
    this.recordFlags();
  }

  private emit(spec: InstructionSpec, fields: Partial<Fields>): void {
    this.lines.push(disassemble(encode(spec, fields), this.table));
  }

  /** A register that instructions may write. */
  private target(): number {
    return this.random.below(SCRATCH);
  }

  private recordFlags(): void {
    if (!this.hasFlags) return;
    this.lines.push(`csrrs x${FLAGS}, fcsr, x0`);
    this.record('sw', FLAGS);
  }

  /** A store to the next record. It is one instruction, because branches go over it. */
  private record(store: 'sw' | 'fsw', register: number): void {
    this.lines.push(`${store} ${store === 'sw' ? 'x' : 'f'}${register}, ${this.reach}(x${RECORD})`);
    this.recorded++;
    this.reach += 4;
  }

  /** An initial word: edges of integers and of FP32, random words, numbers of nearby exponents. */
  private value(): number {
    const { random } = this;
    const kind = random.below(4);
    if (kind === 0) return random.pick(EDGES);
    if (kind === 1) return (random.pick(FP32_EDGES) | (random.below(2) << 31)) >>> 0;
    if (kind === 2) return random.u32();
    return ((random.below(2) << 31) | ((110 + random.below(40)) << 23) | (random.u32() >>> 9)) >>> 0;
  }
}

const isFloatTarget = ({ syntax }: InstructionSpec): boolean =>
  operandsOf(syntax).some(({ field, register }) => field === 'rd' && register === 'f');
