/**
 * Reads relocatable ELF32 files, ours and those of GNU or LLVM assemblers. As in `elf.ts` nothing in the file is trusted.
 *
 * Read: sections that are loaded, the symbol table, relocations with addends, and our own tables. Left out: everything
 * that is not loaded (debugging information, attributes).
 */

import { MARCH } from '../vm/isa/foreign.ts';
import { assertionPlaces } from './assertion-table.ts';
import { OutOfBytes } from './bytes.ts';
import { checkHeader, ElfError, type ElfSection, readSections, readSymbolRows, type SymbolRow } from './elf.ts';
import {
  ASSERTS_SECTION,
  FLOAT_ABI_MASK,
  FLOAT_ABI_SINGLE,
  IDS_SECTION,
  INDEX_ABSOLUTE,
  INDEX_COMMON,
  LINES_SECTION,
  RELOCATION_BYTES,
  SECTION_ALLOC,
  SECTION_EXECUTE,
  SECTION_GROUP,
  SECTION_NOBITS,
  SECTION_RELA,
  SECTION_WRITE,
  TYPE_RELOCATABLE,
} from './elf-format.ts';
import { decodeLines, type LineEntry } from './line-table.ts';
import type { ObjectFile, ObjectSection, ObjectSymbol, Relocation, SymbolPlace } from './object.ts';
import { isKnownRelocation, relocationBytes, relocationName } from './relocation.ts';
import { fileSource, type Span } from './source.ts';

/** A section larger than this is refused: program text and data lie below 2^28. */
const MAX_SECTION_BYTES = 2 ** 28;

type OpenSection = ObjectSection & { readonly relocations: Relocation[]; lines: readonly LineEntry[] };

/** @param path for diagnostics @throws ElfError */
export function readObject(path: string, file: Uint8Array): ObjectFile {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  checkHeader(view, TYPE_RELOCATABLE);
  if ((view.getUint32(36, true) & FLOAT_ABI_MASK) !== FLOAT_ABI_SINGLE) {
    throw new ElfError('float-abi', `the object passes numbers in other registers; compile it by \`${MARCH}\``);
  }
  try {
    return new Reader(path, readSections(file)).object();
  } catch (cause) {
    if (!(cause instanceof OutOfBytes || cause instanceof RangeError)) throw cause;
    throw new ElfError('bad-table', 'a table of source lines or assertions is damaged', { cause });
  }
}

/** A place in a file without text: `what` is shown in place of the line. */
export function binarySpan(path: string, what: string): Span {
  return { source: fileSource(path, what), start: 0, end: what.length };
}

class Reader {
  private readonly path: string;
  private readonly file: readonly ElfSection[];
  private readonly sections = new Map<number, OpenSection>();
  private readonly rows: readonly SymbolRow[];
  private readonly symbols: readonly ObjectSymbol[];
  /** Texts of assertions by the offset of their byte in `.ulp.ids`. */
  private readonly messages: ReadonlyMap<number, string>;
  /** Index of that section; there may be none. */
  private readonly idsIndex: number;

  constructor(path: string, file: readonly ElfSection[]) {
    this.path = path;
    this.file = file;
    if (file.some(({ type }) => type === SECTION_GROUP)) {
      throw new ElfError('bad-section', 'the object has groups of sections, which only C++ needs');
    }
    this.idsIndex = file.findIndex(({ name }) => name === IDS_SECTION);
    file.forEach((section, index) => {
      if ((section.flags & SECTION_ALLOC) !== 0) this.sections.set(index, loadedSection(section));
    });
    this.rows = readSymbolRows(file);
    this.messages = this.readMessages(this.rows);
    this.symbols = this.rows.map((row) => {
      const { name, value, size, kind, section } = row;
      const place = this.place(section);
      const binding = row.binding ?? 'global';
      if (place.kind === 'section' && value > place.section.length) {
        throw new ElfError('bad-section', `symbol ${name} lies outside its section`);
      }
      if (place.kind === 'common' && !Number.isInteger(Math.log2(value))) {
        throw new ElfError('bad-section', `the alignment of ${name} is no power of two`);
      }
      return { name, binding, kind, place, value, size, span: binarySpan(path, name) };
    });
  }

  object(): ObjectFile {
    for (const table of this.file) {
      const section = this.sections.get(table.info);
      if (table.type !== SECTION_RELA || section === undefined) continue;
      section.relocations.push(...this.relocations(table, section));
    }
    this.lines();
    const symbols = this.symbols.filter(({ name, kind }) => name !== '' && kind !== 'file' && kind !== 'section');
    return { path: this.path, sections: [...this.sections.values()], symbols, start: binarySpan(this.path, '') };
  }

  private place(index: number): SymbolPlace {
    if (index === 0) return { kind: 'undefined' };
    if (index === INDEX_COMMON) return { kind: 'common' };
    const section = this.sections.get(index);
    if (section !== undefined) return { kind: 'section', section };
    if (index !== INDEX_ABSOLUTE && this.file[index] === undefined) {
      throw new ElfError('bad-section', `a symbol is in section ${index}, which the file does not have`);
    }
    // Also labels of what is not loaded: only what is not loaded refers to them.
    return { kind: 'absolute' };
  }

  private relocations(table: ElfSection, section: OpenSection): Relocation[] {
    return this.rawRelocations(table).map(({ offset, type, symbol: index, addend }) => {
      const symbol = this.symbols[index];
      const { name } = section;
      if (symbol === undefined) throw new ElfError('bad-relocation', `a relocation of ${name} has no symbol ${index}`);
      if (!isKnownRelocation(type)) {
        const help = `compile it by \`${MARCH} -fno-pic\``;
        throw new ElfError(
          'bad-relocation',
          `${name} has a relocation of type ${type}, which is not supported; ${help}`,
        );
      }
      if (offset + relocationBytes(type) > section.bytes.length) {
        throw new ElfError('bad-relocation', `a relocation lies outside its section ${name}`);
      }
      const target = symbol.name === '' ? 'a section' : symbol.name;
      const span = binarySpan(this.path, `${name}+0x${offset.toString(16)}: ${relocationName(type)} ${target}`);
      // Row 0 is the number 0, not an undefined symbol.
      if (index === 0) return { offset, type, symbol: { ...symbol, place: { kind: 'absolute' } }, addend, span };
      if (this.rows[index]!.section !== this.idsIndex) return { offset, type, symbol, addend, span };
      const text = this.messages.get(symbol.value + addend);
      if (text === undefined) throw new ElfError('bad-table', `the assertion at ${name}+${offset} has no message`);
      return { offset, type, symbol: { ...symbol, place: { kind: 'message', text } }, addend: 0, span };
    });
  }

  private rawRelocations({ bytes, name }: ElfSection) {
    if (bytes.length % RELOCATION_BYTES !== 0) throw new ElfError('bad-relocation', `${name} is damaged`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    return Array.from({ length: bytes.length / RELOCATION_BYTES }, (_, i) => {
      const at = i * RELOCATION_BYTES;
      const info = view.getUint32(at + 4, true);
      const addend = view.getInt32(at + 8, true);
      return { offset: view.getUint32(at, true), type: info & 0xff, symbol: info >>> 8, addend };
    });
  }

  /** Our tables of a name, each with the relocations for it. */
  private tables(name: string) {
    return this.file.flatMap((section, index) => {
      if (section.name !== name) return [];
      const own = this.file.filter(({ type, info }) => type === SECTION_RELA && info === index);
      return [{ section, relocations: own.flatMap((table) => this.rawRelocations(table)) }];
    });
  }

  private readMessages(rows: readonly SymbolRow[]): ReadonlyMap<number, string> {
    const messages = new Map<number, string>();
    for (const { section, relocations } of this.tables(ASSERTS_SECTION)) {
      const texts = new Map(assertionPlaces(section.bytes).map(({ offset, text }) => [offset, text]));
      for (const { offset, symbol, addend } of relocations) {
        const [row, text] = [rows[symbol], texts.get(offset)];
        if (row?.section === this.idsIndex && text !== undefined) messages.set(row.value + addend, text);
      }
    }
    return messages;
  }

  private lines(): void {
    for (const { section, relocations } of this.tables(LINES_SECTION)) {
      const place = this.symbols[relocations[0]?.symbol ?? 0]?.place;
      const bytes = Uint8Array.from(section.bytes); // a copy, which `slice` of a Buffer is not
      const view = new DataView(bytes.buffer);
      for (const { offset, addend } of relocations) view.setUint32(offset, addend, true);
      if (place?.kind !== 'section') continue;
      const open = [...this.sections.values()].find((one) => one === place.section);
      if (open !== undefined) open.lines = decodeLines(bytes);
    }
  }
}

function loadedSection({ name, type, flags, size, alignment, bytes }: ElfSection): OpenSection {
  const nobits = type === SECTION_NOBITS;
  if (size > MAX_SECTION_BYTES) throw new ElfError('bad-section', `section ${name} is larger than 2^28 bytes`);
  if (!Number.isInteger(Math.log2(alignment)) || alignment > 2 ** 16) {
    throw new ElfError('bad-section', `the alignment of ${name} is no power of two up to 2^16`);
  }
  const bits = {
    ...{ alloc: true, nobits },
    ...{ write: (flags & SECTION_WRITE) !== 0, execute: (flags & SECTION_EXECUTE) !== 0 },
  };
  return { name, flags: bits, alignment, length: size, bytes, relocations: [], lines: [], spans: new Map() };
}
