/** The assembler's public entry: sources, objects and archives in, ELF files and diagnostics out. */

import type { InstructionTable } from '../vm/isa/table.ts';
import { type Archive, isArchive, readArchive } from './archive.ts';
import { assembleSource, type ReadFile } from './assembler.ts';
import { type Diagnostic, fail } from './diagnostic.ts';
import { ElfError } from './elf.ts';
import { binarySpan, readObject } from './elf-object-read.ts';
import { writeObject } from './elf-object-write.ts';
import { writeElf } from './elf-write.ts';
import { link } from './link.ts';
import { uncheckedHints } from './lint.ts';
import type { ObjectFile } from './object.ts';
import { objectOf } from './object-of.ts';
import { Report } from './report.ts';
import { fileSource, type Source, type Span } from './source.ts';

export { type ArchiveMember, archiveMembers, writeArchive } from './archive.ts';
export type { ReadFile } from './assembler.ts';
export { type Diagnostic, type DiagnosticCode, render, renderAll } from './diagnostic.ts';
export { type DisassembleOptions, disassemble } from './disassemble.ts';
export { ElfError, type ElfErrorCode, type ElfImage, type ElfSegment, type ElfSymbol, readElf } from './elf.ts';
export { format } from './format.ts';
export { type LineEntry, lineAt, type SourceLine } from './line-table.ts';
export { type ListingOptions, listing } from './listing.ts';
export { locate } from './source.ts';

export interface SourceFile {
  /** As it appears in diagnostics and the line table; `.include` is read relative to it. */
  readonly path: string;
  readonly text: string;
}

/** An object or an archive of objects, as `assembleObject`, `writeArchive` or GNU tools write them. */
export interface BinaryFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

export type InputFile = SourceFile | BinaryFile;

export interface AssembleOptions {
  /** The instructions of the machine the program is for. */
  readonly table: InstructionTable;
  /** How included files are read. Without it every `.include` is an error. */
  readonly read?: ReadFile;
}

export interface Assembled {
  /** The executable; absent if there is an error among the diagnostics. */
  readonly elf?: Uint8Array;
  /** Errors and warnings by their place in the files. */
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Assembles sources, each on its own, and links them with objects and archives to a program.
 *
 * @throws RangeError if no file is a source or an object
 */
export function assemble(files: InputFile | readonly InputFile[], { table, read }: AssembleOptions): Assembled {
  const report = new Report();
  const objects: ObjectFile[] = [];
  const archives: Archive[] = [];
  const sources: Source[] = [];
  for (const file of [files].flat()) {
    if ('text' in file) {
      const source = fileSource(file.path, file.text);
      sources.push(source);
      objects.push(assembledObject(source, table, read, report));
    } else {
      report.attempt(() => addBinary(file, objects, archives));
    }
  }
  // A file that could not be read may have what the others need.
  const unread = report.diagnostics.some(({ code }) => code === 'bad-object');
  if (unread) return { diagnostics: inOrder(report.diagnostics, sources) };
  if (objects.length === 0) throw new RangeError('files: expected at least one source or object, got none');
  const linked = link(objects, archives, table, report);
  if (report.failed) return { diagnostics: inOrder(report.diagnostics, sources) };
  const warnings = uncheckedHints(linked, table);
  return { elf: writeElf(linked), diagnostics: inOrder([...report.diagnostics, ...warnings], sources) };
}

/** Assembles one source to a relocatable object file. */
export function assembleObject(
  { path, text }: SourceFile,
  { table, read }: AssembleOptions,
): { readonly object?: Uint8Array; readonly diagnostics: readonly Diagnostic[] } {
  const report = new Report();
  const source = fileSource(path, text);
  const object = assembledObject(source, table, read, report);
  const diagnostics = inOrder(report.diagnostics, [source]);
  return report.failed ? { diagnostics } : { object: writeObject(object), diagnostics };
}

function assembledObject(source: Source, table: InstructionTable, read: ReadFile | undefined, report: Report) {
  const program = assembleSource(source, table, read ?? (() => undefined));
  const object = objectOf(program);
  for (const diagnostic of program.reports.diagnostics) report.add(diagnostic);
  return object;
}

function addBinary({ path, bytes }: BinaryFile, objects: ObjectFile[], archives: Archive[]): void {
  try {
    if (isArchive(bytes)) archives.push(readArchive(path, bytes));
    else objects.push(readObject(path, bytes));
  } catch (cause) {
    if (!(cause instanceof ElfError)) throw cause;
    throw fail('bad-object', cause.message, binarySpan(path, ''));
  }
}

/** Sorted by place in the files given; what macros and includes report stands where they are used. */
function inOrder(diagnostics: readonly Diagnostic[], sources: readonly Source[]): readonly Diagnostic[] {
  const place = (span: Span): Span => (span.source.origin === undefined ? span : place(span.source.origin.at));
  const keyed = diagnostics.map((diagnostic) => ({ diagnostic, at: place(diagnostic.span) }));
  keyed.sort((a, b) => sources.indexOf(a.at.source) - sources.indexOf(b.at.source) || a.at.start - b.at.start);
  return keyed.map(({ diagnostic }) => diagnostic);
}
