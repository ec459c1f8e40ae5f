/**
 * Addresses: sections are laid out in segments, symbols and fixups get their values.
 *
 * Memory from low to high, every segment on pages of its own: executable sections from 0x10000, read-only data,
 * writable data, zeros. Sections of one kind follow each other in order of appearance.
 */

import { encode } from '../vm/isa/encoding.ts';
import { DiagnosticError, fail } from './diagnostic.ts';
import { checkData } from './directives.ts';
import { evaluate } from './expression.ts';
import { checkReach, immediateFields, modifiedImmediate } from './immediate.ts';
import { MESSAGE_MARK, type Program } from './program.ts';
import type { DataFixup, InstructionFixup, PlacedInstruction, Section } from './section.ts';
import type { Span } from './source.ts';
import type { Expression, ModifierName, Value } from './syntax.ts';

export const TEXT_BASE = 0x10000;
export const PAGE_BYTES = 0x1000;
/** Programs and their zeros end below this address; see `vm/space.ts` and the program table. */
const ADDRESS_LIMIT = 2 ** 31;

export const ENTRY_SYMBOL = '_start';

/** One contiguous range of memory. */
export interface Segment {
  readonly address: number;
  readonly sections: readonly Section[];
  readonly write: boolean;
  readonly execute: boolean;
}

export interface Linked {
  readonly entry: number;
  readonly segments: readonly Segment[];
  readonly addressOf: ReadonlyMap<Section, number>;
  readonly symbols: readonly LinkedSymbol[];
  /** In order of address. */
  readonly instructions: readonly (PlacedInstruction & { readonly address: number; readonly section: Section })[];
  readonly messages: ReadonlyMap<number, string>;
}

export interface LinkedSymbol {
  readonly name: string;
  readonly value: number;
  readonly size: number;
  readonly section: Section | undefined;
  readonly kind: 'notype' | 'function' | 'object';
  readonly global: boolean;
}

/** Links a program in place. Errors are added to its diagnostics; the result means something only without any. */
export function link(program: Program): Linked {
  const { segments, addressOf } = layOut(program);
  defineBounds(program, segments);
  const messages = allotMessages(program);
  const linker = new Linker(program, addressOf);
  linker.applyFixups();
  const entry = linker.entry();
  const symbols = linker.symbols();
  const instructions = [...addressOf].flatMap(([section, base]) =>
    section.instructions.map((placed) => ({ ...placed, section, address: base + placed.offset })),
  );
  return { entry, segments, addressOf, symbols, instructions, messages };
}

function layOut(program: Program): { segments: Segment[]; addressOf: Map<Section, number> } {
  const sections = [...program.sections.values()].filter(({ flags }) => flags.alloc);
  const kinds: ((section: Section) => boolean)[] = [
    ({ flags }) => flags.execute,
    ({ flags }) => !flags.execute && !flags.write && !flags.nobits,
    ({ flags }) => !flags.execute && (flags.write || flags.nobits),
  ];
  const addressOf = new Map<Section, number>();
  const segments: Segment[] = [];
  let address = TEXT_BASE;
  for (const kind of kinds) {
    // Zeros last: their segment has them only in memory.
    const members = sections.filter(kind).sort((a, b) => Number(a.flags.nobits) - Number(b.flags.nobits));
    const empty = members.every(({ length }) => length === 0);
    // An empty section takes no page; a label in it still has an address.
    if (!empty) address = alignUp(address, Math.max(PAGE_BYTES, ...members.map(({ alignment }) => alignment)));
    const write = members.some(({ flags }) => flags.write);
    const execute = members.some(({ flags }) => flags.execute);
    if (!empty) segments.push({ address, sections: members, write, execute });
    for (const section of members) {
      address = alignUp(address, section.alignment);
      addressOf.set(section, address);
      address += section.length;
    }
  }
  if (address > ADDRESS_LIMIT) {
    program.report(fail('section-too-large', 'the program does not fit below 2^31', program.start).diagnostic);
  }
  return { segments, addressOf };
}

/** Symbols linkers provide, where the author has none of that name. */
function defineBounds(program: Program, segments: readonly Segment[]): void {
  const data = segments.find(({ write }) => write);
  const last = segments.at(-1)?.sections.at(-1);
  if (last === undefined) return;
  const zeros = data?.sections.find(({ flags }) => flags.nobits);
  const end: Value = { section: last, amount: BigInt(last.length) };
  const zerosBegin: Value = zeros === undefined ? end : { section: zeros, amount: 0n };
  const bounds: Readonly<Record<string, Value>> = {
    __bss_start: zerosBegin,
    _edata: zerosBegin,
    _end: end,
    ...(data === undefined ? {} : { __global_pointer$: { section: data.sections[0]!, amount: 0x800n } }),
  };
  for (const [name, value] of Object.entries(bounds)) {
    if (program.symbols.definition(name) !== undefined) continue;
    program.symbols.define(name, { kind: 'value', value, span: program.start }, program.start, false);
    program.symbols.symbol(name).global = true;
  }
}

/** Gives every message an id no author chose, the least first, from 1. Equal messages share one. */
function allotMessages(program: Program): Map<number, string> {
  const messages = new Map<number, string>();
  let id = 1;
  for (const message of program.messages) {
    while (program.chosenIds.has(id)) id++;
    messages.set(id, message);
    const value = { amount: BigInt(id) };
    program.symbols.define(MESSAGE_MARK + message, { kind: 'value', value, span: program.start }, program.start, false);
    id++;
  }
  if (id > 4096) {
    const text = `${program.messages.size} different messages, an assertion id is 12 bits`;
    program.report(fail('too-many-assertions', text, program.start).diagnostic);
  }
  return messages;
}

class Linker {
  private readonly program: Program;
  private readonly addressOf: ReadonlyMap<Section, number>;
  /** Where a `%pcrel_hi` is and what it is relative to. */
  private readonly upperParts = new Map<Section, Map<number, Expression>>();

  constructor(program: Program, addressOf: ReadonlyMap<Section, number>) {
    this.program = program;
    this.addressOf = addressOf;
  }

  applyFixups(): void {
    for (const section of this.program.sections.values()) {
      const uppers = new Map<number, Expression>();
      for (const fixup of section.fixups) {
        if (fixup.kind !== 'instruction' || fixup.expression.kind !== 'modifier') continue;
        if (fixup.expression.modifier === '%pcrel_hi') uppers.set(fixup.offset, fixup.expression.operand);
      }
      this.upperParts.set(section, uppers);
    }
    for (const section of this.program.sections.values()) {
      for (const fixup of section.fixups) {
        this.attempt(() => (fixup.kind === 'data' ? this.data(section, fixup) : this.instruction(section, fixup)));
      }
    }
  }

  entry(): number {
    const definition = this.program.symbols.definition(ENTRY_SYMBOL);
    if (definition === undefined) {
      const help = `put \`.globl ${ENTRY_SYMBOL}\` and \`${ENTRY_SYMBOL}:\` before the first instruction`;
      const { diagnostic } = fail('no-entry', `the program has no \`${ENTRY_SYMBOL}\``, this.program.start, help);
      this.program.report(diagnostic);
      return 0;
    }
    return Number(this.attempt(() => this.address(definition)) ?? 0n);
  }

  symbols(): LinkedSymbol[] {
    return [...this.program.symbols.all.values()].flatMap((symbol) => {
      const { name, expression, global, kind, size } = symbol;
      if (expression === undefined || name.startsWith('.L') || name.startsWith(MESSAGE_MARK)) return [];
      const linked = this.attempt(() => {
        const { section } = evaluate(expression, this.program.symbols);
        const value = Number(BigInt.asUintN(32, this.address(expression)));
        const bytes = size === undefined ? 0n : this.address(size);
        return { name, value, size: Number(BigInt.asUintN(32, bytes)), section, kind, global };
      });
      return linked === undefined ? [] : [linked];
    });
  }

  private attempt<T>(step: () => T): T | undefined {
    try {
      return step();
    } catch (error) {
      if (!(error instanceof DiagnosticError)) throw error;
      this.program.report(error.diagnostic);
      return undefined;
    }
  }

  /** The final number an expression is. */
  private address(expression: Expression): bigint {
    const { section, amount } = evaluate(expression, this.program.symbols);
    return section === undefined ? amount : BigInt(this.base(section, expression.span)) + amount;
  }

  private base(section: Section, span: Span): number {
    const base = this.addressOf.get(section);
    if (base !== undefined) return base;
    throw fail('section-conflict', `section \`${section.name}\` is not in memory, its labels have no address`, span);
  }

  private data(section: Section, { offset, bytes, expression }: DataFixup): void {
    const value = this.address(expression);
    checkData(value, bytes, expression.span);
    section.setNumber(offset, value, bytes);
  }

  private instruction(section: Section, fixup: InstructionFixup): void {
    const { offset, spec, operand, expression } = fixup;
    const pc = this.base(section, expression.span) + offset;
    if (expression.kind === 'modifier') {
      const wantsUpper = operand === 'uimm';
      const upper = expression.modifier === '%hi' || expression.modifier === '%pcrel_hi';
      if (wantsUpper !== upper || (operand !== 'imm' && !wantsUpper)) {
        throw fail('bad-operand', `\`${expression.modifier}\` cannot stand here`, expression.span);
      }
      const imm = modifiedImmediate(expression.modifier, this.modified(expression.modifier, expression.operand, pc));
      section.setWord(offset, encode(spec, { ...fixup.fields, imm }));
      return;
    }
    const value = this.address(expression);
    const fields = immediateFields(operand, value, expression.span, pc);
    if (operand === 'target') checkReach(fields.imm!, spec.format === 'B' ? 4096 : 0x100000, expression.span);
    const imm = (fixup.fields.imm ?? 0) | (fields.imm ?? 0);
    section.setWord(offset, encode(spec, { ...fixup.fields, ...fields, ...(fields.imm === undefined ? {} : { imm }) }));
  }

  private modified(modifier: ModifierName, operand: Expression, pc: number): bigint {
    if (modifier === '%hi' || modifier === '%lo') return this.address(operand);
    if (modifier === '%pcrel_hi') return this.address(operand) - BigInt(pc);
    // The label of the instruction that has the upper part: the lower part is of the same difference.
    const { section, amount } = evaluate(operand, this.program.symbols);
    const target = section && this.upperParts.get(section)?.get(Number(amount));
    if (section === undefined || target === undefined) {
      const help = 'its operand is the label of the `auipc` that has the `%pcrel_hi`';
      throw fail('pcrel-lo-without-hi', 'there is no `%pcrel_hi` at this label', operand.span, help);
    }
    return this.address(target) - (BigInt(this.base(section, operand.span)) + amount);
  }
}

function alignUp(address: number, alignment: number): number {
  return Math.ceil(address / alignment) * alignment;
}
