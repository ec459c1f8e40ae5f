/**
 * Reads ELF32 RISC-V executables, ours and those of GNU or LLVM linkers. Nothing in the file is trusted: every offset
 * and size is checked against the file before it is used, and a file that is not right is refused with a reason.
 *
 * What is loaded comes from program headers alone. Symbols, lines and assertion messages come from sections and are
 * optional; a stripped file has none.
 */

import { MARCH } from '../vm/isa/foreign.ts';
import { decodeAssertions } from './assertion-table.ts';
import { OutOfBytes } from './bytes.ts';
import {
  ASSERTS_SECTION,
  BINDINGS,
  type Binding,
  CLASS_32,
  ELF_MAGIC,
  FILE_HEADER_BYTES,
  FLAG_COMPRESSED,
  INDEX_ABSOLUTE,
  LINES_SECTION,
  LITTLE_ENDIAN,
  MACHINE_RISCV,
  PROGRAM_HEADER_BYTES,
  SECTION_HEADER_BYTES,
  SECTION_NOBITS,
  SECTION_SYMTAB,
  SEGMENT_EXECUTE,
  SEGMENT_INTERPRETER,
  SEGMENT_LOAD,
  SEGMENT_WRITE,
  SYMBOL_BYTES,
  SYMBOL_KINDS,
  type SymbolKind,
  TYPE_EXECUTABLE,
  TYPE_RELOCATABLE,
} from './elf-format.ts';
import { decodeLines, type LineEntry } from './line-table.ts';

export type ElfErrorCode =
  | 'not-elf'
  | 'wrong-class'
  | 'wrong-machine'
  | 'not-executable'
  | 'compressed'
  | 'truncated'
  | 'bad-segment'
  | 'bad-entry'
  | 'bad-section'
  | 'bad-archive'
  | 'bad-relocation'
  | 'float-abi'
  | 'bad-table';

/** The file is not a program this project can run; `code` says which rule it breaks. */
export class ElfError extends Error {
  readonly code: ElfErrorCode;

  constructor(code: ElfErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** A range of memory and what the file puts there. */
export interface ElfSegment {
  readonly address: number;
  /** The first bytes of the range; the rest, up to `memoryBytes`, is zero. A view of the file. */
  readonly bytes: Uint8Array;
  readonly memoryBytes: number;
  readonly write: boolean;
  readonly execute: boolean;
}

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  /** 0 if unknown. */
  readonly size: number;
  readonly kind: SymbolKind | 'other';
  readonly global: boolean;
  /** A number, not an address. */
  readonly absolute: boolean;
}

export interface ElfImage {
  readonly entry: number;
  /** By increasing address, disjoint. */
  readonly segments: readonly ElfSegment[];
  /** Named symbols, by increasing address. */
  readonly symbols: readonly ElfSymbol[];
  /** By increasing pc; empty in a file of another assembler. */
  readonly lines: readonly LineEntry[];
  /** Messages of assertions by id. */
  readonly asserts: ReadonlyMap<number, string>;
}

/** A section as the file has it. */
export interface ElfSection {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly size: number;
  readonly link: number;
  readonly info: number;
  readonly alignment: number;
  readonly bytes: Uint8Array;
}

/** Reads an executable. @throws ElfError */
export function readElf(file: Uint8Array): ElfImage {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  checkHeader(view, TYPE_EXECUTABLE);
  const entry = view.getUint32(24, true);
  const segments = readSegments(file, view);
  const inText = segments.some(
    ({ address, bytes, execute }) => execute && entry >= address && entry < address + bytes.length,
  );
  if (!inText) throw new ElfError('bad-entry', `the entry point ${hex(entry)} is in no executable segment`);
  if (entry % 4 !== 0) throw new ElfError('bad-entry', `the entry point ${hex(entry)} is no multiple of 4`);
  const sections = readSections(file);
  const table = <T>(name: string, decode: (bytes: Uint8Array) => T, empty: T): T => {
    const section = sections.find((one) => one.name === name);
    if (section === undefined) return empty;
    try {
      return decode(section.bytes);
    } catch (cause) {
      if (!(cause instanceof OutOfBytes || cause instanceof RangeError)) throw cause;
      throw new ElfError('bad-table', `section ${name} is damaged`, { cause });
    }
  };
  return {
    entry,
    segments,
    symbols: readSymbols(sections),
    lines: table(LINES_SECTION, decodeLines, []),
    asserts: table(ASSERTS_SECTION, decodeAssertions, new Map()),
  };
}

/** Checks what every file of this kind has in its header. @throws ElfError */
export function checkHeader(view: DataView, expected: number): void {
  if (view.byteLength < 4 || view.getUint32(0, true) !== ELF_MAGIC) {
    throw new ElfError('not-elf', 'this is not an ELF file');
  }
  if (view.byteLength < FILE_HEADER_BYTES) throw new ElfError('truncated', 'the file ends inside its header');
  if (view.getUint8(4) !== CLASS_32 || view.getUint8(5) !== LITTLE_ENDIAN) {
    throw new ElfError('wrong-class', 'expected a 32-bit little-endian file');
  }
  const machine = view.getUint16(18, true);
  if (machine !== MACHINE_RISCV) throw new ElfError('wrong-machine', `expected RISC-V (243), got machine ${machine}`);
  const type = view.getUint16(16, true);
  if (type !== expected) {
    if (expected === TYPE_EXECUTABLE && type === TYPE_RELOCATABLE) {
      throw new ElfError('not-executable', 'this is an object file (type 1); link it first');
    }
    const kind = expected === TYPE_EXECUTABLE ? 'a linked executable (type 2)' : 'an object file (type 1)';
    throw new ElfError('not-executable', `expected ${kind}, got type ${type}`);
  }
  if ((view.getUint32(36, true) & FLAG_COMPRESSED) !== 0) {
    throw new ElfError('compressed', `the program has 16-bit instructions; compile it by \`${MARCH}\``);
  }
}

function readSegments(file: Uint8Array, view: DataView): ElfSegment[] {
  const [start, entryBytes, count] = [view.getUint32(28, true), view.getUint16(42, true), view.getUint16(44, true)];
  if (count > 0 && entryBytes !== PROGRAM_HEADER_BYTES) {
    throw new ElfError('bad-segment', `expected program headers of ${PROGRAM_HEADER_BYTES} bytes, got ${entryBytes}`);
  }
  if (start + count * PROGRAM_HEADER_BYTES > file.length) {
    throw new ElfError('truncated', 'the program headers reach beyond the end of the file');
  }
  const segments: ElfSegment[] = [];
  for (let i = 0; i < count; i++) {
    const at = start + i * PROGRAM_HEADER_BYTES;
    const field = (index: number) => view.getUint32(at + 4 * index, true);
    const [type, offset, address, fileBytes, memoryBytes, flags] = [0, 1, 2, 4, 5, 6].map(field) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    if (type === SEGMENT_INTERPRETER) {
      throw new ElfError('not-executable', 'the program needs a dynamic linker; link it statically');
    }
    if (type !== SEGMENT_LOAD || memoryBytes === 0) continue;
    if (offset + fileBytes > file.length) {
      throw new ElfError('truncated', `the segment at ${hex(address)} reaches beyond the end of the file`);
    }
    if (fileBytes > memoryBytes || address + memoryBytes > 2 ** 32) {
      throw new ElfError('bad-segment', `the segment at ${hex(address)} has an impossible size`);
    }
    segments.push({
      address,
      bytes: file.subarray(offset, offset + fileBytes),
      memoryBytes,
      write: (flags & SEGMENT_WRITE) !== 0,
      execute: (flags & SEGMENT_EXECUTE) !== 0,
    });
  }
  segments.sort((a, b) => a.address - b.address);
  segments.forEach((segment, i) => {
    const next = segments[i + 1];
    if (next !== undefined && segment.address + segment.memoryBytes > next.address) {
      throw new ElfError('bad-segment', `the segments at ${hex(segment.address)} and ${hex(next.address)} overlap`);
    }
  });
  return segments;
}

/** All sections of a file with a good header. @throws ElfError */
export function readSections(file: Uint8Array): ElfSection[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const start = view.getUint32(32, true);
  const [entryBytes, count, namesIndex] = [46, 48, 50].map((at) => view.getUint16(at, true)) as [
    number,
    number,
    number,
  ];
  if (start === 0 || count === 0) return [];
  if (entryBytes !== SECTION_HEADER_BYTES) {
    throw new ElfError('bad-section', `expected section headers of ${SECTION_HEADER_BYTES} bytes, got ${entryBytes}`);
  }
  if (start + count * SECTION_HEADER_BYTES > file.length) {
    throw new ElfError('truncated', 'the section headers reach beyond the end of the file');
  }
  const raw = Array.from({ length: count }, (_, i) => {
    const field = (index: number) => view.getUint32(start + i * SECTION_HEADER_BYTES + 4 * index, true);
    const [type, offset, size] = [field(1), field(4), field(5)];
    // Zeros and the empty first header have no bytes in the file.
    const absent = type === SECTION_NOBITS || type === 0;
    if (!absent && offset + size > file.length) {
      throw new ElfError('truncated', `section ${i} reaches beyond the end of the file`);
    }
    const bytes = absent ? new Uint8Array(0) : file.subarray(offset, offset + size);
    const about = { flags: field(2), size, link: field(6), info: field(7), alignment: Math.max(1, field(8)) };
    return { nameOffset: field(0), type, ...about, bytes };
  });
  const names = raw[namesIndex]?.bytes ?? new Uint8Array(0);
  return raw.map(({ nameOffset, ...section }) => ({ ...section, name: stringAt(names, nameOffset) }));
}

/** A row of the symbol table. */
export interface SymbolRow {
  readonly name: string;
  readonly value: number;
  readonly size: number;
  readonly kind: SymbolKind | 'other';
  /** Undefined for a binding of an operating system. */
  readonly binding: Binding | undefined;
  /** Index of its section, or one of the reserved ones. */
  readonly section: number;
}

/** The symbol table, its empty first row too. @throws ElfError */
export function readSymbolRows(sections: readonly ElfSection[]): SymbolRow[] {
  const table = sections.find(({ type }) => type === SECTION_SYMTAB);
  if (table === undefined) return [];
  const names = sections[table.link]?.bytes;
  if (names === undefined || table.bytes.length % SYMBOL_BYTES !== 0) {
    throw new ElfError('bad-section', 'the symbol table is damaged');
  }
  const view = new DataView(table.bytes.buffer, table.bytes.byteOffset, table.bytes.length);
  return Array.from({ length: table.bytes.length / SYMBOL_BYTES }, (_, i) => {
    const at = i * SYMBOL_BYTES;
    const info = view.getUint8(at + 12);
    return {
      name: stringAt(names, view.getUint32(at, true)),
      value: view.getUint32(at + 4, true),
      size: view.getUint32(at + 8, true),
      kind: SYMBOL_KINDS[info & 15] ?? 'other',
      binding: BINDINGS[info >> 4],
      section: view.getUint16(at + 14, true),
    };
  });
}

function readSymbols(sections: readonly ElfSection[]): ElfSymbol[] {
  // Undefined ones (section 0) have no address.
  const named = readSymbolRows(sections).filter(({ name, section }) => name !== '' && section !== 0);
  return named
    .map(({ name, value, size, kind, binding, section }) => ({
      ...{ name, address: value, size, kind, global: binding !== 'local', absolute: section === INDEX_ABSOLUTE },
    }))
    .sort((a, b) => a.address - b.address);
}

/** A zero-terminated string. @throws ElfError if it does not end */
function stringAt(table: Uint8Array, offset: number): string {
  if (offset === 0 && table.length === 0) return '';
  const end = table.indexOf(0, offset);
  if (offset >= table.length || end < 0) throw new ElfError('bad-section', 'a name lies outside its string table');
  return new TextDecoder().decode(table.subarray(offset, end));
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
