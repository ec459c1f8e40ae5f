/**
 * Objects to a program: names are resolved, sections laid out, symbols get addresses, and relocations are applied.
 *
 * Nothing is ever shortened: relocations that allow it (R_RISCV_RELAX) are ignored, and padding that only works when
 * code moves (R_RISCV_ALIGN) is an error unless it happens to fit.
 */

import type { InstructionTable } from '../vm/isa/table.ts';
import type { Archive } from './archive.ts';
import { fail } from './diagnostic.ts';
import type { SymbolKind } from './elf-format.ts';
import { type Layout, layOut, type OutputSection, type Segment } from './layout.ts';
import type { LineEntry } from './line-table.ts';
import type { ObjectFile, ObjectSection, ObjectSymbol, Relocation } from './object.ts';
import { applyRelocation, isHint, isPcrelLow, RELOCATION } from './relocation.ts';
import type { Report } from './report.ts';
import { type Resolved, resolve } from './resolve.ts';
import type { Span } from './source.ts';
import { nearest } from './suggest.ts';

export const ENTRY_SYMBOL = '_start';

/** Mnemonic of the instruction whose immediate is an assertion id. */
const ASSERTION = 'ulp.assert.eq';
/** Ids are 12 bits. */
const MAX_ID = 4095;

export interface Linked {
  readonly entry: number;
  readonly segments: readonly Segment[];
  readonly sections: readonly OutputSection[];
  readonly symbols: readonly LinkedSymbol[];
  /** The words of the text in order of address, data among them too. */
  readonly instructions: readonly LinkedInstruction[];
  /** By increasing pc. */
  readonly lines: readonly LineEntry[];
  readonly messages: ReadonlyMap<number, string>;
}

export interface LinkedInstruction {
  readonly address: number;
  readonly word: number;
  /** Where it is written, if it comes from a source. */
  readonly span: Span | undefined;
}

export interface LinkedSymbol {
  readonly name: string;
  readonly value: number;
  readonly size: number;
  readonly section: OutputSection | undefined;
  readonly kind: SymbolKind | 'other';
  readonly global: boolean;
}

/**
 * Links objects, and the members of archives they need. Errors are added to the report; the result means something only
 * without any.
 *
 * @param objects at least one
 */
export function link(
  objects: readonly ObjectFile[],
  archives: readonly Archive[],
  table: InstructionTable,
  report: Report,
): Linked {
  const resolved = resolve(objects, archives, ENTRY_SYMBOL, report);
  const { start } = objects[0]!;
  const layout = layOut(
    resolved.objects.flatMap(({ sections }) => sections),
    report,
    start,
  );
  return new Linker(resolved, layout, table, report, start).linked();
}

class Linker {
  private readonly resolved: Resolved;
  private readonly layout: Layout;
  private readonly table: InstructionTable;
  private readonly report: Report;
  private readonly start: Span;
  private readonly outputOf = new Map<ObjectSection, OutputSection>();
  /** Symbols linkers provide, where no object has one of that name. */
  private readonly provided: ReadonlyMap<string, number>;
  private readonly messages = new Map<string, number>();

  constructor(resolved: Resolved, layout: Layout, table: InstructionTable, report: Report, start: Span) {
    this.resolved = resolved;
    this.layout = layout;
    this.table = table;
    this.report = report;
    this.start = start;
    for (const output of layout.sections) for (const { section } of output.parts) this.outputOf.set(section, output);
    this.provided = boundsOf(layout);
  }

  linked(): Linked {
    const { layout, resolved } = this;
    for (const { flags, bytes, parts } of layout.sections) {
      for (const { section, offset } of flags.nobits ? [] : parts) bytes.set(section.bytes, offset);
    }
    this.allotMessages();
    for (const { sections } of resolved.objects) for (const section of sections) this.relocate(section);
    const lines = layout.sections.flatMap(({ address, parts }) =>
      parts.flatMap(({ section, offset }) =>
        section.lines.map((entry) => ({ ...entry, pc: entry.pc + address + offset })),
      ),
    );
    return {
      entry: this.entry(),
      segments: layout.segments,
      sections: layout.sections,
      symbols: this.symbols(),
      instructions: layout.sections.filter(({ flags }) => flags.execute).flatMap(instructionsOf),
      lines,
      messages: new Map([...this.messages].map(([text, id]) => [id, text])),
    };
  }

  /** The address of a symbol, which another object may define. @throws DiagnosticError if nothing does */
  private address(symbol: ObjectSymbol, span: Span): number {
    const { name, binding } = symbol;
    const meant = binding === 'local' ? symbol : (this.resolved.globals.get(name) ?? symbol);
    const { place, value } = meant;
    switch (place.kind) {
      case 'section': {
        const base = this.layout.addressOf.get(place.section);
        if (base !== undefined) return base + value;
        const message = `section \`${place.section.name}\` is not in memory, its labels have no address`;
        throw fail('section-conflict', message, span);
      }
      case 'message':
        return this.messages.get(place.text)!;
      case 'absolute':
        return value;
      case 'common':
      case 'undefined': {
        const provided = this.provided.get(name);
        if (provided !== undefined) return provided;
        if (binding === 'weak') return 0;
        throw fail('undefined-symbol', `\`${name}\` is not defined`, span, this.suggestion(name));
      }
    }
  }

  private relocate(section: ObjectSection): void {
    const base = this.layout.addressOf.get(section);
    const output = this.outputOf.get(section);
    // Sections that are not loaded tell debuggers something; they are left out.
    if (base === undefined || output === undefined) return;
    const uppers = new Map(
      section.relocations
        .filter(({ type }) => type === RELOCATION.R_RISCV_PCREL_HI20)
        .map((one) => [one.offset, one] as const),
    );
    for (const one of section.relocations) {
      if (isHint(one.type)) continue;
      const at = base - output.address + one.offset;
      this.report.attempt(() => {
        const value = isPcrelLow(one.type)
          ? this.low(one, base, section, uppers)
          : one.type === RELOCATION.R_RISCV_ALIGN
            ? one.addend
            : this.address(one.symbol, one.span) + one.addend;
        applyRelocation(output.bytes, at, one.type, value, base + one.offset, one.span);
      });
    }
  }

  /** What a lower part is part of: the distance from the upper part it names to that one's target. */
  private low(
    { symbol, addend, span }: Relocation,
    base: number,
    section: ObjectSection,
    uppers: ReadonlyMap<number, Relocation>,
  ): number {
    const { place, value } = symbol;
    const upper = place.kind === 'section' && place.section === section ? uppers.get(value + addend) : undefined;
    if (upper === undefined) {
      throw fail('pcrel-lo-without-hi', 'there is no upper part (R_RISCV_PCREL_HI20) at the label', span);
    }
    return this.address(upper.symbol, upper.span) + upper.addend - (base + upper.offset);
  }

  private entry(): number {
    const named = this.resolved.objects.flatMap(({ symbols }) => symbols.filter(({ name }) => name === ENTRY_SYMBOL));
    // A program of one source need not say that its entry is global.
    const local = named.filter(({ place }) => place.kind !== 'undefined');
    const symbol = this.resolved.globals.get(ENTRY_SYMBOL) ?? (local.length === 1 ? local[0] : undefined);
    if (symbol === undefined) {
      const help = `put \`.globl ${ENTRY_SYMBOL}\` and \`${ENTRY_SYMBOL}:\` before the first instruction`;
      this.report.add(fail('no-entry', `the program has no \`${ENTRY_SYMBOL}\``, this.start, help).diagnostic);
      return 0;
    }
    return this.report.attempt(() => this.address(symbol, symbol.span)) ?? 0;
  }

  /** Gives every message an id no author chose, the least first, from 1. Equal messages share one. */
  private allotMessages(): void {
    const chosen = this.chosenIds();
    let id = 1;
    for (const { sections } of this.resolved.objects) {
      for (const { symbol } of sections.flatMap(({ relocations }) => relocations)) {
        if (symbol.place.kind !== 'message' || this.messages.has(symbol.place.text)) continue;
        while (chosen.has(id)) id++;
        this.messages.set(symbol.place.text, id++);
      }
    }
    if (id > MAX_ID + 1) {
      const text = `${this.messages.size} different messages, an assertion id is 12 bits`;
      this.report.add(fail('too-many-assertions', text, this.start).diagnostic);
    }
  }

  /** Ids that stand in the text as numbers. */
  private chosenIds(): Set<number> {
    const ids = new Set<number>();
    if (this.table.byMnemonic(ASSERTION) === undefined) return ids;
    for (const section of this.resolved.objects.flatMap(({ sections }) => sections)) {
      if (!section.flags.execute) continue;
      const waiting = new Set(section.relocations.map(({ offset }) => offset));
      for (const { offset, word } of wordsOf(section.bytes)) {
        const decoded = waiting.has(offset) ? undefined : this.table.decode(word);
        if (decoded?.spec.mnemonic === ASSERTION) ids.add(decoded.fields.imm);
      }
    }
    return ids;
  }

  private symbols(): LinkedSymbol[] {
    const own = this.resolved.objects.flatMap(({ symbols }) =>
      symbols.filter((one) => one.binding === 'local' || this.resolved.globals.get(one.name) === one),
    );
    const linked = own.flatMap((symbol): LinkedSymbol[] => {
      const { name, size, kind, binding, place } = symbol;
      if (name === '' || name.startsWith('.L') || kind === 'section' || kind === 'file') return [];
      if (place.kind === 'section' && !this.layout.addressOf.has(place.section)) {
        // Labels of debugging sections are of no use here; those of the author's own are a mistake.
        if (symbol.span.source.text === '') return [];
      }
      const section = place.kind === 'section' ? this.outputOf.get(place.section) : undefined;
      const value = this.report.attempt(() => this.address(symbol, symbol.span));
      return value === undefined ? [] : [{ name, value, size, section, kind, global: binding !== 'local' }];
    });
    const names = new Set(linked.filter(({ global }) => global).map(({ name }) => name));
    const last = this.layout.sections.at(-1);
    const provided = [...this.provided]
      .filter(([name]) => !names.has(name) && !linked.some((one) => one.name === name))
      .map(([name, value]) => ({ name, value, size: 0, section: last, kind: 'notype' as const, global: true }));
    return [...linked, ...provided];
  }

  private suggestion(name: string): string | undefined {
    const symbols = this.resolved.objects.flatMap((object) => object.symbols);
    const names = symbols.filter(({ place }) => place.kind !== 'undefined').map((symbol) => symbol.name);
    const local = symbols.find((one) => one.name === name && one.binding === 'local');
    if (local !== undefined) {
      return `${local.span.source.path} has a local \`${name}\`: put \`.globl ${name}\` there`;
    }
    const candidate = nearest(name, names);
    return candidate === undefined ? undefined : `did you mean \`${candidate}\`?`;
  }
}

/** Addresses of the ends of sections, by the names linkers use. */
function boundsOf({ segments }: Layout): Map<string, number> {
  const data = segments.find(({ write }) => write);
  const last = segments.at(-1)?.sections.at(-1);
  if (last === undefined) return new Map();
  const zeros = data?.sections.find(({ flags }) => flags.nobits);
  const end = last.address + last.length;
  const zerosBegin = zeros === undefined ? end : zeros.address;
  return new Map([
    ['__bss_start', zerosBegin],
    ['_edata', zerosBegin],
    ['_end', end],
    // The middle of what 12 signed bits reach.
    ...(data === undefined ? [] : [['__global_pointer$', data.address + 0x800] as const]),
  ]);
}

function instructionsOf({ address, bytes, parts }: OutputSection): LinkedInstruction[] {
  const spans = new Map<number, Span>();
  for (const { section, offset } of parts) for (const [at, span] of section.spans) spans.set(at + offset, span);
  return wordsOf(bytes).map(({ offset, word }) => ({ address: address + offset, word, span: spans.get(offset) }));
}

function wordsOf(bytes: Uint8Array): { offset: number; word: number }[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: bytes.length >> 2 }, (_, i) => ({ offset: 4 * i, word: view.getUint32(4 * i, true) }));
}
