/**
 * An object as a relocatable ELF32 file, which this linker and GNU ld read.
 *
 * Assertion messages have no ids before the program is linked. Each gets a byte in the section `.ulp.ids`, and its id is
 * that byte's address: both linkers gather the sections of a name from address 0 on when they are not loaded, so all ids
 * of a program differ. The instruction takes it by R_RISCV_LO12_S, the tables in `.ulp.asserts` by R_RISCV_32, and the
 * pcs of `.ulp.lines` are relocations against their sections. Tables of several objects follow each other.
 */

import { encodeAssertions } from './assertion-table.ts';
import { ByteWriter } from './bytes.ts';
import {
  ASSERTS_SECTION,
  IDS_SECTION,
  INDEX_ABSOLUTE,
  INDEX_COMMON,
  LINES_SECTION,
  RELOCATION_BYTES,
  SECTION_INFO_LINK,
  SECTION_RELA,
  TYPE_RELOCATABLE,
} from './elf-format.ts';
import { ElfSections, type TableSymbol } from './elf-sections.ts';
import { encodeLines, linePlaces } from './line-table.ts';
import type { ObjectFile, ObjectSection, ObjectSymbol, Relocation } from './object.ts';
import { isPcrelLow, RELOCATION } from './relocation.ts';

/** A relocation with the index of its symbol's row in `Symbols`. */
interface Row {
  readonly offset: number;
  readonly type: number;
  readonly symbol: number;
  readonly addend: number;
}

/** Encodes an object without errors. */
export function writeObject(object: ObjectFile): Uint8Array {
  const file = new ElfSections(0);
  const sections = object.sections.filter(({ name, length }) => length > 0 || name === '.text');
  const indexOf = new Map<ObjectSection, number>();
  for (const section of sections) {
    const { name, flags, alignment, length, bytes } = section;
    file.body.align(alignment);
    indexOf.set(section, file.loaded(name, flags, 0, alignment, length, bytes));
  }
  const symbols = new Symbols(indexOf, file.next);
  const messages = messagesOf(object);
  if (messages.length > 0) file.extra(IDS_SECTION, new Uint8Array(messages.length), { alignment: 1 });
  for (const symbol of object.symbols) if (symbol.place.kind !== 'undefined') symbols.row(symbol);

  const tables: { index: number; name: string; rows: Row[] }[] = [];
  for (const section of sections) {
    const rows = section.relocations.map((one) => symbols.relocation(one));
    tables.push({ index: indexOf.get(section)!, name: section.name, rows });
  }
  for (const section of sections.filter(({ lines }) => lines.length > 0)) {
    const symbol = symbols.start(section);
    const bytes = encodeLines(section.lines);
    const rows = linePlaces(section.lines, bytes).map(({ offset, pc }) => ({
      ...{ offset, type: RELOCATION.R_RISCV_32, symbol, addend: pc },
    }));
    tables.push({ index: file.extra(LINES_SECTION, bytes), name: LINES_SECTION, rows });
  }
  for (const [i, text] of messages.entries()) {
    const symbol = symbols.message(text, i);
    const bytes = encodeAssertions(new Map([[0, text]]));
    // The id follows the count.
    const rows = [{ offset: 4, type: RELOCATION.R_RISCV_32, symbol, addend: 0 }];
    tables.push({ index: file.extra(ASSERTS_SECTION, bytes), name: ASSERTS_SECTION, rows });
  }
  const used = tables.filter(({ rows }) => rows.length > 0);
  const { ordered, indexOfRow } = symbols.finish();
  const symbolTable = file.next + used.length;
  for (const { index, name, rows } of used) {
    const bytes = new ByteWriter();
    for (const { offset, type, symbol, addend } of rows) {
      bytes.u32(offset, ((indexOfRow(symbol) << 8) | type) >>> 0, addend >>> 0);
    }
    const about = { type: SECTION_RELA, flags: SECTION_INFO_LINK, link: symbolTable, info: index };
    file.extra(`.rela${name}`, bytes.finish(), { ...about, entryBytes: RELOCATION_BYTES });
  }
  file.symbols(ordered);
  return file.finish(TYPE_RELOCATABLE, 0, new Uint8Array(0));
}

function messagesOf({ sections }: ObjectFile): string[] {
  const places = sections.flatMap(({ relocations }) => relocations.map(({ symbol }) => symbol.place));
  return [...new Set(places.flatMap((place) => (place.kind === 'message' ? [place.text] : [])))];
}

/** The rows of the symbol table, in order of use; `finish` puts local ones first. */
class Symbols {
  private readonly rows: TableSymbol[] = [];
  private readonly known = new Map<ObjectSymbol | ObjectSection | string, number>();
  private readonly indexOf: ReadonlyMap<ObjectSection, number>;
  private readonly idsSection: number;

  constructor(indexOf: ReadonlyMap<ObjectSection, number>, idsSection: number) {
    this.indexOf = indexOf;
    this.idsSection = idsSection;
  }

  relocation({ offset, type, symbol, addend }: Relocation): Row {
    const { place, name } = symbol;
    if (place.kind === 'section' && name === '') {
      // GNU ld wants the label of an upper part to be a symbol of its own.
      if (isPcrelLow(type)) return { offset, type, symbol: this.label(place.section, addend), addend: 0 };
      return { offset, type, symbol: this.start(place.section), addend };
    }
    if (place.kind === 'message') return { offset, type, symbol: this.message(place.text), addend };
    return { offset, type, symbol: this.row(symbol), addend };
  }

  row(symbol: ObjectSymbol): number {
    const { name, value, size, binding, kind, place } = symbol;
    // Symbol 0 is the number 0.
    if (name === '' && place.kind === 'absolute') return -1;
    const section =
      place.kind === 'section'
        ? this.indexOf.get(place.section)!
        : { absolute: INDEX_ABSOLUTE, common: INDEX_COMMON, undefined: 0, message: this.idsSection }[place.kind];
    return this.add(symbol, { name, value, size, binding, kind, section: section ?? INDEX_ABSOLUTE });
  }

  /** The symbol of a section's start. */
  start(section: ObjectSection): number {
    const about = { name: '', value: 0, size: 0, binding: 'local', kind: 'section' } as const;
    return this.add(section, { ...about, section: this.indexOf.get(section)! });
  }

  /** The symbol of a message's id; `index` is given the first time. */
  message(text: string, index?: number): number {
    const key = `message ${text}`;
    const known = this.known.get(key);
    if (known === undefined) {
      const about = {
        name: '',
        value: 0,
        size: 0,
        binding: 'local',
        kind: 'notype',
        section: this.idsSection,
      } as const;
      return this.add(key, { ...about, name: `.Lmessage${this.known.size}` });
    }
    if (index !== undefined) this.rows[known] = { ...this.rows[known]!, value: index };
    return known;
  }

  private label(section: ObjectSection, offset: number): number {
    const index = this.indexOf.get(section)!;
    const about = { value: offset, size: 0, binding: 'local', kind: 'notype', section: index } as const;
    return this.add(`label ${index} ${offset}`, { name: `.Lpcrel_hi${index}_${offset}`, ...about });
  }

  private add(key: ObjectSymbol | ObjectSection | string, row: TableSymbol): number {
    const known = this.known.get(key);
    if (known !== undefined) return known;
    this.known.set(key, this.rows.length);
    this.rows.push(row);
    return this.rows.length - 1;
  }

  finish(): { ordered: readonly TableSymbol[]; indexOfRow: (row: number) => number } {
    const local = this.rows.filter(({ binding }) => binding === 'local');
    const ordered = [...local, ...this.rows.filter(({ binding }) => binding !== 'local')];
    const indexes = new Map(ordered.map((row, i) => [row, i + 1]));
    return { ordered, indexOfRow: (row) => (row < 0 ? 0 : indexes.get(this.rows[row]!)!) };
  }
}
