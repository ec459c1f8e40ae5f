/** What both kinds of ELF files are written from: sections one after the other, then their headers, then the file's. */

import { ByteWriter } from './bytes.ts';
import {
  BINDINGS,
  type Binding,
  CLASS_32,
  ELF_MAGIC,
  FILE_HEADER_BYTES,
  FLOAT_ABI_SINGLE,
  LITTLE_ENDIAN,
  MACHINE_RISCV,
  PROGRAM_HEADER_BYTES,
  SECTION_ALLOC,
  SECTION_EXECUTE,
  SECTION_HEADER_BYTES,
  SECTION_NOBITS,
  SECTION_PROGBITS,
  SECTION_STRTAB,
  SECTION_SYMTAB,
  SECTION_WRITE,
  SYMBOL_BYTES,
  SYMBOL_KINDS,
  type SymbolKind,
  VERSION,
} from './elf-format.ts';
import type { SectionFlags } from './section.ts';

export interface SectionHeader {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly address: number;
  readonly offset: number;
  readonly size: number;
  readonly link?: number;
  readonly info?: number;
  readonly alignment: number;
  readonly entryBytes?: number;
}

/** A symbol as the symbol table has it. */
export interface TableSymbol {
  readonly name: string;
  readonly value: number;
  readonly size: number;
  readonly binding: Binding;
  readonly kind: SymbolKind | 'other';
  /** Index of its section, or one of the reserved ones. */
  readonly section: number;
}

export class ElfSections {
  /** The file; its first bytes are left for the headers. */
  readonly body = new ByteWriter();
  private readonly headers: SectionHeader[] = [
    { name: '', type: 0, flags: 0, address: 0, offset: 0, size: 0, alignment: 0 },
  ];

  constructor(numSegments: number) {
    this.body.bytes(new Uint8Array(FILE_HEADER_BYTES + numSegments * PROGRAM_HEADER_BYTES));
  }

  /** The index the next section gets. */
  get next(): number {
    return this.headers.length;
  }

  /** Appends a section that is loaded, at the present end of the file. @returns its index */
  loaded(name: string, flags: SectionFlags, address: number, alignment: number, length: number, bytes: Uint8Array) {
    const bits =
      (flags.alloc ? SECTION_ALLOC : 0) | (flags.write ? SECTION_WRITE : 0) | (flags.execute ? SECTION_EXECUTE : 0);
    const type = flags.nobits ? SECTION_NOBITS : SECTION_PROGBITS;
    this.headers.push({ name, type, flags: bits, address, offset: this.body.length, size: length, alignment });
    this.body.bytes(bytes);
    return this.headers.length - 1;
  }

  /** Appends a section that is not loaded, at a multiple of 4. @returns its index */
  extra(name: string, bytes: Uint8Array, more: Partial<SectionHeader> = {}): number {
    this.body.align(4);
    const place = { type: SECTION_PROGBITS, flags: 0, address: 0, offset: this.body.length, size: bytes.length };
    this.headers.push({ name, ...place, alignment: 4, ...more });
    this.body.bytes(bytes);
    return this.headers.length - 1;
  }

  /** Appends the symbol table and its names. Symbols stand in the order given, after the empty one: local ones first. */
  symbols(symbols: readonly TableSymbol[]): void {
    const names = new StringTable();
    const writer = new ByteWriter().bytes(new Uint8Array(SYMBOL_BYTES));
    for (const { name, value, size, binding, kind, section } of symbols) {
      const info = (BINDINGS.indexOf(binding) << 4) | Math.max(0, SYMBOL_KINDS.indexOf(kind as SymbolKind));
      writer.u32(names.add(name), value, size).u8(info, 0).u16(section);
    }
    const numLocals = 1 + symbols.filter(({ binding }) => binding === 'local').length;
    const about = { link: this.headers.length + 1, info: numLocals, entryBytes: SYMBOL_BYTES };
    this.extra('.symtab', writer.finish(), { type: SECTION_SYMTAB, ...about });
    this.extra('.strtab', names.bytes(), { type: SECTION_STRTAB, alignment: 1 });
  }

  /** Appends section names and headers and fills in the file header. */
  finish(type: number, entry: number, programHeaders: Uint8Array): Uint8Array {
    const { body, headers } = this;
    const names = new StringTable();
    for (const name of [...headers.map((header) => header.name), '.shstrtab']) names.add(name);
    this.extra('.shstrtab', names.bytes(), { type: SECTION_STRTAB, alignment: 1 });
    body.align(4);
    const at = body.length;
    for (const header of headers) {
      const { type: kind, flags, address, offset, size, link = 0, info = 0, alignment, entryBytes = 0 } = header;
      body.u32(names.add(header.name), kind, flags, address, offset, size, link, info, alignment, entryBytes);
    }
    const file = body.finish();
    const numSegments = programHeaders.length / PROGRAM_HEADER_BYTES;
    const head = new ByteWriter();
    head.u32(ELF_MAGIC).u8(CLASS_32, LITTLE_ENDIAN, VERSION, 0).bytes(new Uint8Array(8));
    head.u16(type, MACHINE_RISCV);
    head.u32(VERSION, entry, numSegments === 0 ? 0 : FILE_HEADER_BYTES, at, FLOAT_ABI_SINGLE);
    head.u16(FILE_HEADER_BYTES, numSegments === 0 ? 0 : PROGRAM_HEADER_BYTES, numSegments, SECTION_HEADER_BYTES);
    head.u16(headers.length, headers.length - 1);
    head.bytes(programHeaders);
    file.set(head.finish());
    return file;
  }
}

/** Zero-terminated strings, each once. */
class StringTable {
  private readonly writer = new ByteWriter().u8(0);
  private readonly offsets = new Map([['', 0]]);

  /** The offset of a string, appended if it is new. */
  add(text: string): number {
    const known = this.offsets.get(text);
    if (known !== undefined) return known;
    const offset = this.writer.length;
    this.offsets.set(text, offset);
    this.writer.bytes(new TextEncoder().encode(text)).u8(0);
    return offset;
  }

  bytes(): Uint8Array {
    return this.writer.finish();
  }
}
