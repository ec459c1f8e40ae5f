/** The assembler's public entry: text in, an ELF executable and diagnostics out. */

import type { InstructionTable } from '../vm/isa/table.ts';
import { assembleSources, type ReadFile } from './assembler.ts';
import type { Diagnostic } from './diagnostic.ts';
import { writeElf } from './elf-write.ts';
import { link } from './link.ts';
import { uncheckedHints } from './lint.ts';
import { fileSource, type Source, type Span } from './source.ts';

export type { ReadFile } from './assembler.ts';
export { type Diagnostic, type DiagnosticCode, render, renderAll } from './diagnostic.ts';
export { type DisassembleOptions, disassemble } from './disassemble.ts';
export { ElfError, type ElfErrorCode, type ElfImage, type ElfSegment, type ElfSymbol, readElf } from './elf.ts';
export { type LineEntry, lineAt, type SourceLine } from './line-table.ts';
export { locate } from './source.ts';

export interface SourceFile {
  /** As it appears in diagnostics and the line table; `.include` is read relative to it. */
  readonly path: string;
  readonly text: string;
}

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
 * Assembles and links a program.
 *
 * @param files one file, or several that are assembled one after the other into one program
 * @throws RangeError if there is no file
 */
export function assemble(files: SourceFile | readonly SourceFile[], { table, read }: AssembleOptions): Assembled {
  const sources = [files].flat().map(({ path, text }) => fileSource(path, text));
  const program = assembleSources(sources, table, read ?? (() => undefined));
  const linked = link(program);
  const failed = program.diagnostics.some(({ severity }) => severity === 'error');
  if (failed) return { diagnostics: inOrder(program.diagnostics, sources) };
  const warnings = uncheckedHints(linked, table);
  return { elf: writeElf(linked), diagnostics: inOrder([...program.diagnostics, ...warnings], sources) };
}

/** Sorted by place in the files given; what macros and includes report stands where they are used. */
function inOrder(diagnostics: readonly Diagnostic[], sources: readonly Source[]): readonly Diagnostic[] {
  const place = (span: Span): Span => (span.source.origin === undefined ? span : place(span.source.origin.at));
  const keyed = diagnostics.map((diagnostic) => ({ diagnostic, at: place(diagnostic.span) }));
  keyed.sort((a, b) => sources.indexOf(a.at.source) - sources.indexOf(b.at.source) || a.at.start - b.at.start);
  return keyed.map(({ diagnostic }) => diagnostic);
}
