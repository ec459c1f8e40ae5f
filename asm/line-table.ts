/**
 * Which line of which file an instruction came from, in our section `.ulp.lines`.
 *
 * Format, little-endian, one table or several one after the other: u32 number of files, per file its path as u32 length, UTF-8, zeros to a multiple of 4; u32
 * number of entries, per entry 16 bytes, by strictly increasing pc: u32 pc, u16 file, u16 user file, u32 line, u32
 * user line. An entry holds from its pc to the next entry's. `file` and `line` are where the instruction is written;
 * if that is in a macro, `user file` and `user line` are where the outermost macro is used, else they repeat the same.
 */

import { ByteReader, ByteWriter } from './bytes.ts';
import { type Location, locate, macroUse, type Span } from './source.ts';

const ENTRY_BYTES = 16;

export interface SourceLine {
  readonly file: string;
  /** From 1. */
  readonly line: number;
}

export interface LineEntry {
  readonly pc: number;
  /** Where the instruction is written. */
  readonly written: SourceLine;
  /** Where the outermost macro it comes from is used; the same place outside macros. */
  readonly used: SourceLine;
}

/** The entry of a pc, or undefined below the first. @param entries by increasing pc */
export function lineAt(entries: readonly LineEntry[], pc: number): LineEntry | undefined {
  let low = 0;
  let high = entries.length;
  // Invariant: every entry below low is at or before pc, none from high on.
  while (low < high) {
    const middle = (low + high) >> 1;
    if (entries[middle]!.pc <= pc) low = middle + 1;
    else high = middle;
  }
  return entries[low - 1];
}

/** The table of instructions in order of address. */
export function lineEntries(instructions: readonly { readonly address: number; readonly span: Span }[]): LineEntry[] {
  const entries: LineEntry[] = [];
  for (const { address, span } of instructions) {
    const written = sourceLine(locate(span));
    const use = macroUse(span);
    const used = use === undefined ? written : sourceLine(locate(use));
    const last = entries.at(-1);
    if (last === undefined || !same(last.written, written) || !same(last.used, used)) {
      entries.push({ pc: address, written, used });
    }
  }
  return entries;
}

export function encodeLines(entries: readonly LineEntry[]): Uint8Array {
  const files = new Map<string, number>();
  const index = (file: string) => {
    if (!files.has(file)) files.set(file, files.size);
    return files.get(file)!;
  };
  const rows = new ByteWriter();
  for (const { pc, written, used } of entries) {
    rows.u32(pc).u16(index(written.file), index(used.file)).u32(written.line, used.line);
  }
  const table = new ByteWriter().u32(files.size);
  for (const file of files.keys()) table.text(file);
  return table.u32(entries.length).bytes(rows.finish()).finish();
}

/** Where the pcs of an encoded table are. */
export function linePlaces(entries: readonly LineEntry[], bytes: Uint8Array): { offset: number; pc: number }[] {
  const first = bytes.length - ENTRY_BYTES * entries.length;
  return entries.map(({ pc }, i) => ({ offset: first + ENTRY_BYTES * i, pc }));
}

/**
 * Reads tables one after the other, as linkers gather them.
 *
 * @returns entries by increasing pc
 * @throws OutOfBytes if one is cut short, RangeError if one names a file it does not have or is out of order
 */
export function decodeLines(bytes: Uint8Array): LineEntry[] {
  const reader = new ByteReader(bytes);
  const entries: LineEntry[] = [];
  while (reader.remaining > 0) entries.push(...decodeTable(reader));
  return entries.sort((a, b) => a.pc - b.pc);
}

function decodeTable(reader: ByteReader): LineEntry[] {
  const files: string[] = [];
  for (let left = reader.u32(); left > 0; left--) files.push(reader.text());
  const entries: LineEntry[] = [];
  for (let left = reader.u32(); left > 0; left--) {
    const pc = reader.u32();
    const [file, userFile] = [files[reader.u16()], files[reader.u16()]];
    const [line, userLine] = [reader.u32(), reader.u32()];
    if (file === undefined || userFile === undefined)
      throw new RangeError('file: expected one of the table, got another');
    if (pc <= (entries.at(-1)?.pc ?? -1)) throw new RangeError(`pc: expected increasing addresses, got ${pc}`);
    entries.push({ pc, written: { file, line }, used: { file: userFile, line: userLine } });
  }
  return entries;
}

function sourceLine({ path, line }: Location): SourceLine {
  return { file: path, line };
}

function same(a: SourceLine, b: SourceLine): boolean {
  return a.file === b.file && a.line === b.line;
}
