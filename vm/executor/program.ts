/** A program ready to run: the decoded text, the image words and what diagnostics need. Made by `load.ts`. */
import type { ProgramRow } from './instruction.ts';
import type { SourceLine } from './trap.ts';

/** PT_LOAD flags. Source: ELF specification, program header. */
export const SEGMENT = { execute: 1, write: 2, read: 4 } as const;

/** A loadable segment: `data` at `address`, followed by zeros up to `memorySize` bytes. */
export interface Segment {
  readonly address: number;
  /** A sum of `SEGMENT`. */
  readonly flags: number;
  readonly data: Uint8Array;
  readonly memorySize: number;
}

/** What an ELF file says, as its reader gives it. */
export interface ElfImage {
  readonly entry: number;
  readonly segments: readonly Segment[];
  /** Functions and other labels, in any order. */
  readonly symbols?: readonly { readonly name: string; readonly address: number }[];
  /** Source line of an instruction. */
  readonly lineOf?: (pc: number) => SourceLine | undefined;
  /** Messages of `ulp.assert.eq` by id. */
  readonly assertions?: ReadonlyMap<number, string>;
}

export interface Program {
  readonly entry: number;
  /** First byte of the text and its number of instruction slots; rows[i] is at textBase + 4 i. */
  readonly textBase: number;
  /** Undefined where the word is no instruction of this machine: it traps when it is reached. */
  readonly rows: readonly (ProgramRow | undefined)[];
  /** Words that are mapped and hold file data at the start, ascending by word address. */
  readonly image: { readonly address: Uint32Array; readonly value: Uint32Array };
  /** From this word address up to RAM_END / 4 all words are mapped and start as 0. Every image word is below it. */
  readonly ramBase: number;
  readonly symbols: readonly { readonly name: string; readonly address: number }[];
  readonly lineOf: (pc: number) => SourceLine | undefined;
  readonly assertions: ReadonlyMap<number, string>;
}

/** What the prover gives the program. All of it but the public input is private. */
export interface ProgramInput {
  /** Words of the public input. */
  readonly publicInput?: Uint32Array;
  /** The hint tape in halfwords. It is padded with zeros to a whole number of blocks of 16. */
  readonly hints?: Uint16Array;
  /** Field elements for sponge salts and Merkle siblings, taken in order; canonical residues. */
  readonly advice?: Uint32Array;
}
