/**
 * What is known while one source is assembled: sections that grow, the symbols defined in them, and fixups, the places
 * that wait for a definition. At the end of the source `object-of.ts` makes an object of them.
 */

import type { Fields, InstructionSpec, OperandName } from '../vm/isa/instruction.ts';
import { fail } from './diagnostic.ts';
import type { Binding } from './elf-format.ts';
import type { Span } from './source.ts';
import type { Expression } from './syntax.ts';

/** Program text lies below 2^28 in every machine; a section alone may not be larger. */
const MAX_SECTION_BYTES = 2 ** 28;

export interface SectionFlags {
  readonly alloc: boolean;
  readonly write: boolean;
  readonly execute: boolean;
  /** Occupies memory but no bytes of the file (.bss). */
  readonly nobits: boolean;
}

/** An instruction one of whose operands is not a number yet. */
export interface InstructionFixup {
  readonly kind: 'instruction';
  readonly offset: number;
  readonly spec: InstructionSpec;
  /** All but the one that is missing. */
  readonly fields: Partial<Fields>;
  readonly operand: OperandName;
  readonly expression: Expression;
}

/** A little-endian number of `bytes` bytes. */
export interface DataFixup {
  readonly kind: 'data';
  readonly offset: number;
  readonly bytes: number;
  readonly expression: Expression;
}

export type Fixup = InstructionFixup | DataFixup;

/** An instruction in a section and the text it came from. */
export interface PlacedInstruction {
  readonly offset: number;
  readonly span: Span;
}

export interface AssemblySymbol {
  readonly name: string;
  /** The place of its definition; absent while it is only referred to (`.globl` before the label). */
  span?: Span;
  /** The definition, already bound to its place. */
  expression?: Expression;
  /** Defined by `.set`, so it may be defined again. */
  variable: boolean;
  binding: Binding;
  /** Said by `.local`, not only because nothing else was said. */
  declaredLocal?: boolean;
  kind: 'notype' | 'function' | 'object';
  size?: Expression;
  /** Zeros the linker allots (`.comm`): no definition here, and those of one name in several objects are one. */
  common?: { readonly size: number; readonly alignment: number };
}

/** A section while it grows. */
export class Section {
  readonly name: string;
  readonly flags: SectionFlags;
  readonly fixups: Fixup[] = [];
  readonly instructions: PlacedInstruction[] = [];
  alignment = 1;
  /** Bytes so far; of a nobits section the size only. */
  length = 0;
  private buffer = new Uint8Array(0);

  constructor(name: string, flags: SectionFlags) {
    this.name = name;
    this.flags = flags;
  }

  get bytes(): Uint8Array {
    return this.buffer.subarray(0, this.flags.nobits ? 0 : this.length);
  }

  /** Appends `count` bytes of `fill`. @throws DiagnosticError if the section would grow too large */
  fill(count: number, fill: number, span: Span): void {
    const start = this.grow(count, span);
    if (!this.flags.nobits) this.buffer.fill(fill, start, start + count);
    else if (fill !== 0) throw this.nobitsError(span);
  }

  append(bytes: Uint8Array, span: Span): void {
    const start = this.grow(bytes.length, span);
    if (!this.flags.nobits) this.buffer.set(bytes, start);
    else if (bytes.some((byte) => byte !== 0)) throw this.nobitsError(span);
  }

  /** Appends a little-endian number of 1 to 8 bytes, modulo its size. */
  appendNumber(value: bigint, bytes: number, span: Span): void {
    const start = this.grow(bytes, span);
    if (this.flags.nobits) {
      if (value !== 0n) throw this.nobitsError(span);
      return;
    }
    let rest = BigInt.asUintN(64, value);
    for (let i = 0; i < bytes; i++, rest >>= 8n) this.buffer[start + i] = Number(rest & 0xffn);
  }

  appendWord(word: number, span: Span): void {
    const start = this.grow(4, span);
    if (this.flags.nobits) throw this.nobitsError(span);
    this.setWord(start, word);
  }

  setWord(offset: number, word: number): void {
    for (let i = 0; i < 4; i++) this.buffer[offset + i] = word >>> (8 * i);
  }

  setNumber(offset: number, value: bigint, bytes: number): void {
    for (let i = 0; i < bytes; i++) this.buffer[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn);
  }

  /** @throws DiagnosticError if so many bytes more are too many */
  checkRoom(count: number, span: Span): void {
    if (count <= MAX_SECTION_BYTES - this.length) return;
    throw fail('section-too-large', `section \`${this.name}\` would be larger than 2^28 bytes`, span);
  }

  private grow(count: number, span: Span): number {
    const start = this.length;
    this.checkRoom(count, span);
    this.length += count;
    if (!this.flags.nobits && this.length > this.buffer.length) {
      const larger = new Uint8Array(Math.max(4096, 2 * this.buffer.length, this.length));
      larger.set(this.buffer);
      this.buffer = larger;
    }
    return start;
  }

  private nobitsError(span: Span) {
    return fail('section-conflict', `section \`${this.name}\` holds no data, only zeros`, span, 'use `.data`');
  }
}
