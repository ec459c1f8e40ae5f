/** The assembler's public entry: text in, an ELF executable and diagnostics out. */

import type { InstructionTable } from '../vm/isa/table.ts';
import { assembleSources, type ReadFile } from './assembler.ts';
import type { Diagnostic } from './diagnostic.ts';
import { writeElf } from './elf-write.ts';
import { link } from './link.ts';
import { uncheckedHints } from './lint.ts';
import { fileSource } from './source.ts';

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
  /** Errors and warnings in the order they were found. */
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
  const diagnostics = distinct(program.diagnostics);
  if (diagnostics.some(({ severity }) => severity === 'error')) return { diagnostics };
  return { elf: writeElf(linked), diagnostics: [...diagnostics, ...uncheckedHints(linked, table)] };
}

/** One diagnostic for one place: a line repeated by `.rept` reports its error once. */
function distinct(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const seen = new Map<unknown, Set<string>>();
  return diagnostics.filter(({ code, span }) => {
    const places = seen.get(span.source) ?? new Set();
    seen.set(span.source, places);
    const key = `${code} ${span.start}`;
    if (places.has(key)) return false;
    places.add(key);
    return true;
  });
}
