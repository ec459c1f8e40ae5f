/**
 * An object: what one source is assembled to, and what is read from a relocatable ELF file. Sections of bytes, symbols,
 * and relocations, the places that wait for an address. `object-of.ts` makes one of an assembled source, `link.ts` makes
 * a program of several.
 */

import type { Binding, SymbolKind } from './elf-format.ts';
import type { LineEntry } from './line-table.ts';
import type { SectionFlags } from './section.ts';
import type { Span } from './source.ts';

export interface ObjectFile {
  /** For diagnostics: the path of the source or of the object file, `archive.a(member.o)` in an archive. */
  readonly path: string;
  readonly sections: readonly ObjectSection[];
  /** All that have a name; local ones too. */
  readonly symbols: readonly ObjectSymbol[];
  /** Where diagnostics of the whole object point. */
  readonly start: Span;
}

export interface ObjectSection {
  readonly name: string;
  readonly flags: SectionFlags;
  /** A power of two. */
  readonly alignment: number;
  /** Bytes in memory. */
  readonly length: number;
  /** As many as `length`; none of a nobits section. */
  readonly bytes: Uint8Array;
  readonly relocations: readonly Relocation[];
  /** Of executable sections; pcs count from the start of the section. */
  readonly lines: readonly LineEntry[];
  /** Instructions by offset, where the text they came from is at hand. */
  readonly spans: ReadonlyMap<number, Span>;
}

/** Where a symbol is. */
export type SymbolPlace =
  | { readonly kind: 'section'; readonly section: ObjectSection }
  /** Its value is a number. */
  | { readonly kind: 'absolute' }
  /** In another object. */
  | { readonly kind: 'undefined' }
  /** Zeros the linker allots; the value is the alignment. */
  | { readonly kind: 'common' }
  /** The id of an assertion's message. */
  | { readonly kind: 'message'; readonly text: string };

export interface ObjectSymbol {
  /** Empty for the start of a section and for the number 0. */
  readonly name: string;
  readonly binding: Binding;
  readonly kind: SymbolKind | 'other';
  readonly place: SymbolPlace;
  /** Offset in its section, or a number; below 2^32. */
  readonly value: number;
  readonly size: number;
  /** Its definition; of an undefined one its first use. */
  readonly span: Span;
}

/** A place that gets its value when the program is linked. */
export interface Relocation {
  readonly offset: number;
  /** A number of `RELOCATION` in `relocation.ts`. */
  readonly type: number;
  readonly symbol: ObjectSymbol;
  /** Added to the symbol's address. */
  readonly addend: number;
  readonly span: Span;
}
