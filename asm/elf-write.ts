/**
 * A linked program as an ELF32 executable that GNU tools read: program headers, section headers, a symbol table, and
 * our line and assertion tables as sections that are not loaded.
 */

import { encodeAssertions } from './assertion-table.ts';
import { ByteWriter } from './bytes.ts';
import {
  ASSERTS_SECTION,
  BIND_GLOBAL,
  CLASS_32,
  ELF_MAGIC,
  FILE_HEADER_BYTES,
  FLOAT_ABI_SINGLE,
  INDEX_ABSOLUTE,
  LINES_SECTION,
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
  SEGMENT_EXECUTE,
  SEGMENT_LOAD,
  SEGMENT_READ,
  SEGMENT_WRITE,
  SYMBOL_BYTES,
  SYMBOL_KINDS,
  TYPE_EXECUTABLE,
  VERSION,
} from './elf-format.ts';
import { encodeLines, lineEntries } from './line-table.ts';
import { type Linked, PAGE_BYTES, type Segment } from './link.ts';
import type { Section } from './section.ts';

interface SectionHeader {
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

/** Encodes the file. The same program gives the same bytes everywhere. */
export function writeElf(linked: Linked): Uint8Array {
  const { segments, addressOf } = linked;
  const body = new ByteWriter();
  const headers: SectionHeader[] = [{ name: '', type: 0, flags: 0, address: 0, offset: 0, size: 0, alignment: 0 }];
  const indexOf = new Map<Section, number>();
  const headerBytes = FILE_HEADER_BYTES + segments.length * PROGRAM_HEADER_BYTES;
  body.bytes(new Uint8Array(headerBytes));

  const placed = segments.map((segment) => {
    // Offset and address agree modulo the page, so that the file can be mapped.
    body.align(PAGE_BYTES);
    const start = body.length;
    for (const section of segment.sections) {
      const address = addressOf.get(section)!;
      if (!section.flags.nobits) body.bytes(new Uint8Array(start + (address - segment.address) - body.length));
      indexOf.set(section, headers.length);
      headers.push(loadedHeader(section, address, body.length));
      body.bytes(section.bytes);
    }
    return { segment, offset: start, fileBytes: body.length - start };
  });

  const extra = (name: string, bytes: Uint8Array, more: Partial<SectionHeader> = {}) => {
    body.align(4);
    const place = { name, type: SECTION_PROGBITS, flags: 0, address: 0, offset: body.length, size: bytes.length };
    headers.push({ ...place, alignment: 4, ...more });
    body.bytes(bytes);
  };
  extra(LINES_SECTION, encodeLines(lineEntries(linked.instructions)));
  extra(ASSERTS_SECTION, encodeAssertions(linked.messages));
  const { bytes, names, numLocals } = symbolTable(linked, indexOf);
  const stringsIndex = headers.length + 1;
  const about = { link: stringsIndex, info: numLocals, entryBytes: SYMBOL_BYTES };
  extra('.symtab', bytes, { type: SECTION_SYMTAB, ...about });
  extra('.strtab', names, { type: SECTION_STRTAB, alignment: 1 });
  const sectionNames = new StringTable();
  for (const name of [...headers.map((header) => header.name), '.shstrtab']) sectionNames.add(name);
  extra('.shstrtab', sectionNames.bytes(), { type: SECTION_STRTAB, alignment: 1 });

  body.align(4);
  const sectionHeaders = body.length;
  for (const header of headers) {
    const { type, flags, address, offset, size, link = 0, info = 0, alignment, entryBytes = 0 } = header;
    body.u32(sectionNames.add(header.name), type, flags, address, offset, size, link, info, alignment, entryBytes);
  }

  const file = body.finish();
  const head = new ByteWriter();
  head.u32(ELF_MAGIC).u8(CLASS_32, LITTLE_ENDIAN, VERSION, 0).bytes(new Uint8Array(8));
  head
    .u16(TYPE_EXECUTABLE, MACHINE_RISCV)
    .u32(VERSION, linked.entry, FILE_HEADER_BYTES, sectionHeaders, FLOAT_ABI_SINGLE);
  head.u16(FILE_HEADER_BYTES, PROGRAM_HEADER_BYTES, segments.length, SECTION_HEADER_BYTES);
  head.u16(headers.length, headers.length - 1);
  for (const { segment, offset, fileBytes } of placed) {
    const memoryBytes = memoryEnd(segment, addressOf) - segment.address;
    head.u32(SEGMENT_LOAD, offset, segment.address, segment.address, fileBytes, memoryBytes);
    head.u32(segmentFlags(segment), PAGE_BYTES);
  }
  file.set(head.finish());
  return file;
}

function loadedHeader({ name, flags, length, alignment }: Section, address: number, offset: number): SectionHeader {
  const bits = SECTION_ALLOC | (flags.write ? SECTION_WRITE : 0) | (flags.execute ? SECTION_EXECUTE : 0);
  const type = flags.nobits ? SECTION_NOBITS : SECTION_PROGBITS;
  return { name, type, flags: bits, address, offset, size: length, alignment };
}

function segmentFlags({ write, execute }: Segment): number {
  return SEGMENT_READ | (write ? SEGMENT_WRITE : 0) | (execute ? SEGMENT_EXECUTE : 0);
}

function memoryEnd({ sections }: Segment, addressOf: ReadonlyMap<Section, number>): number {
  const last = sections.at(-1)!;
  return addressOf.get(last)! + last.length;
}

/** Local symbols come before global ones, the first is empty. */
function symbolTable({ symbols }: Linked, indexOf: ReadonlyMap<Section, number>) {
  const names = new StringTable();
  const ordered = [...symbols].sort((a, b) => Number(a.global) - Number(b.global));
  const writer = new ByteWriter().bytes(new Uint8Array(SYMBOL_BYTES));
  for (const { name, value, size, section, kind, global } of ordered) {
    const info = ((global ? BIND_GLOBAL : 0) << 4) | SYMBOL_KINDS.indexOf(kind);
    const index = section === undefined ? INDEX_ABSOLUTE : (indexOf.get(section) ?? INDEX_ABSOLUTE);
    writer.u32(names.add(name), value, size).u8(info, 0).u16(index);
  }
  const numLocals = 1 + symbols.filter(({ global }) => !global).length;
  return { bytes: writer.finish(), names: names.bytes(), numLocals };
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
