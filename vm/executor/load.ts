/**
 * From an ELF image to a program: decodes the text and lays out memory.
 *
 * Memory map: the words of all segments are the image, text and zero-filled parts included, as far as file data follows
 * above them; from the end of the last file data up to RAM_END everything is zero-initialised RAM. The gaps are unmapped.
 */
import { RAM_END, TEXT_BASE } from '../space.ts';
import type { InstructionSet, ProgramRow } from './instruction.ts';
import { hex } from './machine.ts';
import type { ElfImage, Program, Segment } from './program.ts';
import type { SourceLine } from './trap.ts';

/** pcs and branch targets stay below 2^28 < p. */
const TARGET_LIMIT = RAM_END;

/**
 * @throws {RangeError} if a segment lies outside [TEXT_BASE, RAM_END), two segments share a word, there is no text, or
 *   the entry is no instruction slot of the text.
 */
export function loadProgram(elf: ElfImage, instructions: InstructionSet): Program {
  const segments = elf.segments.filter((s) => s.memoryBytes > 0).sort((a, b) => a.address - b.address);
  checkLayout(segments);
  const text = segments.filter((s) => s.execute);
  if (text.length === 0) throw new RangeError('segments: expected an executable one, got none');
  const textBase = text[0]!.address;
  const rows: (ProgramRow | undefined)[] = [];
  for (const segment of text) {
    if (segment.address % 4 !== 0) {
      throw new RangeError(`text: expected a multiple of 4 as its address, got ${hex(segment.address)}`);
    }
    const first = (segment.address - textBase) / 4;
    while (rows.length < first) rows.push(undefined);
    for (let i = 0; i + 4 <= segment.bytes.length; i += 4) {
      rows.push(decodeRow(instructions, wordAt(segment.bytes, i), segment.address + i));
    }
  }
  const slot = (elf.entry - textBase) / 4;
  if (!Number.isInteger(slot) || slot < 0 || slot >= rows.length) {
    throw new RangeError(`entry: expected an instruction of the text, got ${hex(elf.entry)}`);
  }
  const dataEnd = Math.max(...segments.map((s) => s.address + s.bytes.length));
  return {
    entry: elf.entry,
    textBase,
    rows,
    image: imageWords(segments, dataEnd),
    ramBase: Math.ceil(dataEnd / 4),
    symbols: (elf.symbols ?? []).filter((s) => s.absolute !== true).sort((a, b) => a.address - b.address),
    lineOf: (pc) => lineAt(elf.lines ?? [], pc),
    assertions: elf.asserts ?? new Map(),
  };
}

function checkLayout(segments: readonly Segment[]): void {
  let end = TEXT_BASE;
  for (const { address, bytes, memoryBytes } of segments) {
    if (bytes.length > memoryBytes) {
      throw new RangeError(
        `segment at ${hex(address)}: expected at most ${memoryBytes} bytes of data, got ${bytes.length}`,
      );
    }
    // Two segments may not even share a word: every word has one initial value.
    if (Math.floor(address / 4) < Math.ceil(end / 4) || address + memoryBytes > RAM_END) {
      const range = `${hex(address)}..${hex(address + memoryBytes)}`;
      throw new RangeError(`segment: expected it within ${hex(end)}..${hex(RAM_END)}, got ${range}`);
    }
    end = address + memoryBytes;
  }
}

/** The row of the program table, undefined for a word that is no instruction of the machine or jumps out of it. */
function decodeRow(instructions: InstructionSet, word: number, pc: number): ProgramRow | undefined {
  const decoded = instructions.table.decode(word);
  if (decoded === undefined) return undefined;
  const { spec, fields } = decoded;
  const instruction = instructions.byOp.get(spec.op)!;
  const program = instruction.decode(fields, pc);
  if (program === undefined) return undefined;
  const { op, rd = 0, rs1 = 0, rs2 = 0, immLo = 0, immHi = 0, target = 0 } = program;
  if (target < 0 || target >= TARGET_LIMIT) return undefined;
  const imm = (immLo | (immHi << 16)) >>> 0;
  return { pc, spec, fields, instruction, imm, op, rd, rs1, rs2, immLo, immHi, target };
}

function imageWords(segments: readonly Segment[], dataEnd: number): { address: Uint32Array; value: Uint32Array } {
  const address: number[] = [];
  const value: number[] = [];
  for (const segment of segments) {
    const end = Math.min(segment.address + segment.memoryBytes, dataEnd);
    for (let word = Math.floor(segment.address / 4); word * 4 < end; word++) {
      address.push(word);
      value.push(wordAt(segment.bytes, word * 4 - segment.address));
    }
  }
  return { address: Uint32Array.from(address), value: Uint32Array.from(value) };
}

/** The last line that starts at or before the pc. */
function lineAt(lines: NonNullable<ElfImage['lines']>, pc: number): SourceLine | undefined {
  let [low, high] = [0, lines.length];
  // Lines below `low` start at or before the pc, those from `high` on after it.
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (lines[middle]!.pc <= pc) low = middle + 1;
    else high = middle;
  }
  return lines[low - 1]?.written;
}

/** The little-endian word at an offset; bytes outside of the data are 0. */
function wordAt(data: Uint8Array, offset: number): number {
  const byte = (i: number): number => data[offset + i] ?? 0;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
}
