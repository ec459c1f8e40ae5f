/**
 * A linked program as an ELF32 executable that GNU tools read: program headers, section headers, a symbol table, and
 * our line and assertion tables, the lines also in DWARF, as sections that are not loaded.
 */

import { encodeAssertions } from './assertion-table.ts';
import { ByteWriter } from './bytes.ts';
import { dwarfSections } from './dwarf.ts';
import {
  ASSERTS_SECTION,
  INDEX_ABSOLUTE,
  LINES_SECTION,
  SEGMENT_EXECUTE,
  SEGMENT_LOAD,
  SEGMENT_READ,
  SEGMENT_WRITE,
  TYPE_EXECUTABLE,
} from './elf-format.ts';
import { ElfSections } from './elf-sections.ts';
import { type OutputSection, PAGE_BYTES, type Segment } from './layout.ts';
import { encodeLines } from './line-table.ts';
import type { Linked } from './link.ts';

/** Encodes the file. The same program gives the same bytes everywhere. */
export function writeElf({ entry, segments, symbols, lines, messages }: Linked): Uint8Array {
  const file = new ElfSections(segments.length);
  const indexOf = new Map<OutputSection, number>();
  const programHeaders = new ByteWriter();
  for (const segment of segments) {
    const { body } = file;
    // Offset and address agree modulo the page, so that the file can be mapped.
    body.align(PAGE_BYTES);
    const start = body.length;
    for (const section of segment.sections) {
      const { name, flags, address, alignment, length, bytes } = section;
      if (!flags.nobits) body.bytes(new Uint8Array(start + (address - segment.address) - body.length));
      indexOf.set(section, file.loaded(name, flags, address, alignment, length, bytes));
    }
    const last = segment.sections.at(-1)!;
    const memoryBytes = last.address + last.length - segment.address;
    programHeaders.u32(SEGMENT_LOAD, start, segment.address, segment.address, body.length - start, memoryBytes);
    programHeaders.u32(segmentFlags(segment), PAGE_BYTES);
  }
  file.extra(LINES_SECTION, encodeLines(lines));
  file.extra(ASSERTS_SECTION, encodeAssertions(messages));
  const text = segments
    .flatMap(({ sections }) => sections.filter(({ flags, length }) => flags.execute && length > 0))
    .map(({ address, length }) => ({ start: address, end: address + length }));
  for (const [name, bytes] of dwarfSections(lines, text)) file.extra(name, bytes);
  const ordered = [...symbols].sort((a, b) => Number(a.global) - Number(b.global));
  file.symbols(
    ordered.map(({ section, global, ...symbol }) => ({
      ...symbol,
      binding: global ? 'global' : 'local',
      section: (section === undefined ? undefined : indexOf.get(section)) ?? INDEX_ABSOLUTE,
    })),
  );
  return file.finish(TYPE_EXECUTABLE, entry, programHeaders.finish());
}

function segmentFlags({ write, execute }: Segment): number {
  return SEGMENT_READ | (write ? SEGMENT_WRITE : 0) | (execute ? SEGMENT_EXECUTE : 0);
}
