/**
 * The line table in DWARF 4, so that gdb, objdump and addr2line show source lines: `.debug_line`, and the one
 * compilation unit in `.debug_info` and `.debug_abbrev` that points to it. Instructions of a macro have the line that
 * uses it. Paths are as the assembler was given them; there is no build directory, so the file is the same everywhere.
 *
 * Source: DWARF Debugging Information Format 4, sections 6.2.4 (line program header), 6.2.5 (opcodes), 7.5 (abbreviations,
 * forms).
 */

import { ByteWriter } from './bytes.ts';
import type { LineEntry } from './line-table.ts';

/** Addresses [start, end) of instructions. */
export interface TextRange {
  readonly start: number;
  readonly end: number;
}

const VERSION = 4;
const ADDRESS_BYTES = 4;
const [TAG_COMPILE_UNIT, CHILDREN_NO] = [0x11, 0];
const [AT_NAME, AT_STMT_LIST, AT_LOW_PC, AT_HIGH_PC, AT_LANGUAGE, AT_PRODUCER] = [0x03, 0x10, 0x11, 0x12, 0x13, 0x25];
const [FORM_ADDR, FORM_DATA2, FORM_DATA4, FORM_STRING, FORM_SEC_OFFSET] = [0x01, 0x05, 0x06, 0x08, 0x17];
const LANG_ASSEMBLER = 0x8001; // DW_LANG_Mips_Assembler, the one that GNU as writes
const [LNS_COPY, LNS_ADVANCE_PC, LNS_ADVANCE_LINE, LNS_SET_FILE] = [1, 2, 3, 4];
const [LNE_END_SEQUENCE, LNE_SET_ADDRESS] = [1, 2];
/** Number of operands of the standard opcodes 1..12. */
const OPERANDS = [0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1];

/** The sections by name, none without lines. `text`: by increasing address, disjoint; entries by increasing pc. */
export function dwarfSections(entries: readonly LineEntry[], text: readonly TextRange[]): [string, Uint8Array][] {
  const [first, last] = [text[0], text.at(-1)];
  if (entries.length === 0 || first === undefined || last === undefined) return [];
  return [
    ['.debug_abbrev', abbreviations()],
    ['.debug_info', unitHeader(entries[0]!.used.file, { start: first.start, end: last.end })],
    ['.debug_line', lineProgram(entries, text)],
  ];
}

function abbreviations(): Uint8Array {
  const attributes = [
    ...[AT_STMT_LIST, FORM_SEC_OFFSET, AT_LOW_PC, FORM_ADDR, AT_HIGH_PC, FORM_DATA4],
    ...[AT_NAME, FORM_STRING, AT_PRODUCER, FORM_STRING, AT_LANGUAGE, FORM_DATA2],
  ];
  return new ByteWriter().u8(1, TAG_COMPILE_UNIT, CHILDREN_NO, ...attributes, 0, 0, 0).finish();
}

function unitHeader(name: string, { start, end }: TextRange): Uint8Array {
  const body = new ByteWriter().u16(VERSION).u32(0).u8(ADDRESS_BYTES);
  body.u8(1).u32(0, start, end - start);
  string(string(body, name), 'ulp').u16(LANG_ASSEMBLER);
  return withLength(body);
}

function lineProgram(entries: readonly LineEntry[], text: readonly TextRange[]): Uint8Array {
  const files = [...new Set(entries.map(({ used }) => used.file))];
  // No special opcodes: line base 0 and range 1 only have to be there.
  const header = new ByteWriter().u8(1, 1, 1, 0, 1, OPERANDS.length + 1, ...OPERANDS, 0);
  for (const file of files) string(header, file).u8(0, 0, 0);
  header.u8(0);
  const body = new ByteWriter().u16(VERSION).u32(header.length).bytes(header.finish());
  const fileNumbers = new Map(files.map((file, i) => [file, i + 1]));
  for (const { start, end } of text) {
    const inside = entries.filter(({ pc }) => pc >= start && pc < end);
    if (inside.length > 0) sequence(body, inside, fileNumbers, end);
  }
  return withLength(body);
}

/** The rows of one contiguous range; the state machine begins with file 1 and line 1. */
function sequence(body: ByteWriter, entries: readonly LineEntry[], numbers: ReadonlyMap<string, number>, end: number) {
  let [pc, file, line] = [entries[0]!.pc, 1, 1];
  body.u8(0, 1 + ADDRESS_BYTES, LNE_SET_ADDRESS).u32(pc);
  for (const entry of entries) {
    const number = numbers.get(entry.used.file)!;
    if (number !== file) unsigned(body.u8(LNS_SET_FILE), number);
    if (entry.used.line !== line) signed(body.u8(LNS_ADVANCE_LINE), entry.used.line - line);
    if (entry.pc !== pc) unsigned(body.u8(LNS_ADVANCE_PC), entry.pc - pc);
    body.u8(LNS_COPY);
    [pc, file, line] = [entry.pc, number, entry.used.line];
  }
  unsigned(body.u8(LNS_ADVANCE_PC), end - pc).u8(0, 1, LNE_END_SEQUENCE);
}

/** The unit with its length in front. */
const withLength = (body: ByteWriter): Uint8Array => new ByteWriter().u32(body.length).bytes(body.finish()).finish();

const string = (writer: ByteWriter, text: string): ByteWriter => writer.bytes(new TextEncoder().encode(text)).u8(0);

/** ULEB128 of a number below 2^32. */
function unsigned(writer: ByteWriter, value: number): ByteWriter {
  for (; value >= 0x80; value >>>= 7) writer.u8((value & 0x7f) | 0x80);
  return writer.u8(value);
}

/** SLEB128 of an i32. */
function signed(writer: ByteWriter, value: number): ByteWriter {
  for (; value < -0x40 || value >= 0x40; value >>= 7) writer.u8((value & 0x7f) | 0x80);
  return writer.u8(value & 0x7f);
}
