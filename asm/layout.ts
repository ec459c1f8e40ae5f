/**
 * Where sections go. Memory from low to high, every segment on pages of its own: executable sections from 0x10000,
 * read-only data, writable data, zeros. Sections of one kind follow each other in order of appearance; those of one
 * output name (`.text.hot` belongs to `.text`) are one section of the executable.
 */

import { fail } from './diagnostic.ts';
import type { ObjectSection } from './object.ts';
import type { Report } from './report.ts';
import type { SectionFlags } from './section.ts';
import type { Span } from './source.ts';

export const TEXT_BASE = 0x10000;
export const PAGE_BYTES = 0x1000;
/** Programs and their zeros end below this address; see `vm/space.ts` and the program table. */
const ADDRESS_LIMIT = 2 ** 31;

/** One contiguous range of memory. */
export interface Segment {
  readonly address: number;
  readonly sections: readonly OutputSection[];
  readonly write: boolean;
  readonly execute: boolean;
}

/** A section of the executable. */
export interface OutputSection {
  readonly name: string;
  readonly flags: SectionFlags;
  readonly address: number;
  readonly alignment: number;
  readonly length: number;
  /** As many as `length`, filled in by `link.ts`; none of a nobits section. */
  readonly bytes: Uint8Array;
  readonly parts: readonly Part[];
}

/** An object's section in the executable's. */
export interface Part {
  readonly section: ObjectSection;
  /** From the start of the output section. */
  readonly offset: number;
}

export interface Layout {
  readonly segments: readonly Segment[];
  /** All loaded sections in order of address, empty ones too. */
  readonly sections: readonly OutputSection[];
  readonly addressOf: ReadonlyMap<ObjectSection, number>;
}

/** Families whose parts are gathered under the first name. */
const FAMILIES = ['.text', '.rodata', '.srodata', '.data', '.sdata', '.bss', '.sbss'];

export function layOut(all: readonly ObjectSection[], report: Report, start: Span): Layout {
  const loaded = all.filter(({ flags }) => flags.alloc);
  const kinds: ((flags: SectionFlags) => boolean)[] = [
    (flags) => flags.execute,
    (flags) => !flags.execute && !flags.write && !flags.nobits,
    (flags) => !flags.execute && (flags.write || flags.nobits),
  ];
  const addressOf = new Map<ObjectSection, number>();
  const segments: Segment[] = [];
  const sections: OutputSection[] = [];
  let address = TEXT_BASE;
  for (const kind of kinds) {
    // Zeros last: their segment has them only in memory.
    const groups = gather(loaded.filter(({ flags }) => kind(flags))).sort(
      (a, b) => Number(a[0]!.flags.nobits) - Number(b[0]!.flags.nobits),
    );
    const empty = groups.flat().every(({ length }) => length === 0);
    // An empty section takes no page; a label in it still has an address.
    if (!empty) address = alignUp(address, Math.max(PAGE_BYTES, ...groups.flat().map(({ alignment }) => alignment)));
    const members = groups.map((group) => {
      const output = place(group, address, addressOf);
      address = output.address + output.length;
      return output;
    });
    sections.push(...members);
    const write = members.some(({ flags }) => flags.write);
    const execute = members.some(({ flags }) => flags.execute);
    if (!empty) segments.push({ address: members[0]!.address, sections: members, write, execute });
  }
  if (address > ADDRESS_LIMIT) {
    report.add(fail('section-too-large', 'the program does not fit below 2^31', start).diagnostic);
  }
  return { segments, sections, addressOf };
}

/** Groups of one output name and one way of being loaded. */
function gather(sections: readonly ObjectSection[]): ObjectSection[][] {
  const groups = new Map<string, ObjectSection[]>();
  for (const section of sections) {
    const key = `${outputName(section.name)} ${section.flags.write} ${section.flags.nobits}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [section]);
    else group.push(section);
  }
  return [...groups.values()];
}

export function outputName(name: string): string {
  return FAMILIES.find((family) => name.startsWith(`${family}.`)) ?? name;
}

function place(group: readonly ObjectSection[], start: number, addressOf: Map<ObjectSection, number>): OutputSection {
  const alignment = Math.max(...group.map((section) => section.alignment));
  const address = alignUp(start, alignment);
  let offset = 0;
  const parts = group.map((section) => {
    offset = alignUp(offset, section.alignment);
    const part = { section, offset };
    addressOf.set(section, address + offset);
    offset += section.length;
    return part;
  });
  const { flags, name } = group[0]!;
  const bytes = new Uint8Array(flags.nobits ? 0 : offset);
  return { name: outputName(name), flags, address, alignment, length: offset, bytes, parts };
}

function alignUp(address: number, alignment: number): number {
  return Math.ceil(address / alignment) * alignment;
}
