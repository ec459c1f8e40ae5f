/** A program ready to run: the decoded text, the image words and what diagnostics need. Made by `load.ts`. */
import type { ProgramRow } from './instruction.ts';
import type { SourceLine } from './trap.ts';

/** A loadable segment: `bytes` at `address`, followed by zeros up to `memoryBytes`. */
export interface Segment {
  readonly address: number;
  readonly bytes: Uint8Array;
  readonly memoryBytes: number;
  readonly write: boolean;
  readonly execute: boolean;
}

export interface Label {
  readonly name: string;
  readonly address: number;
}

/** What an ELF file says, as `readElf` of the assembler gives it. */
export interface ElfImage {
  readonly entry: number;
  readonly segments: readonly Segment[];
  /** `absolute`: a number, not an address. */
  readonly symbols?: readonly (Label & { readonly absolute?: boolean })[];
  /** Source lines by increasing pc; each holds up to the next. */
  readonly lines?: readonly { readonly pc: number; readonly written: SourceLine }[];
  /** Messages of `ulp.assert.eq` by id. */
  readonly asserts?: ReadonlyMap<number, string>;
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
  /** By increasing address. */
  readonly symbols: readonly Label[];
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
