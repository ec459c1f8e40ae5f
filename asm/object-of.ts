/**
 * From an assembled source to an object: what the source itself decides is written into the bytes, everything else
 * becomes a relocation. Branches and jumps inside one section are decided here, because nothing ever moves code.
 */

import { encode } from '../vm/isa/encoding.ts';
import { assertionPlaces } from './assertion-table.ts';
import { OutOfBytes } from './bytes.ts';
import { fail } from './diagnostic.ts';
import { checkData } from './directives.ts';
import { ASSERTS_SECTION, IDS_SECTION } from './elf-format.ts';
import { evaluate, isAddress, undefinedSymbol } from './expression.ts';
import { immediateFields } from './immediate.ts';
import { lineEntries } from './line-table.ts';
import type { ObjectFile, ObjectSection, ObjectSymbol, Relocation, SymbolPlace } from './object.ts';
import { MESSAGE_MARK, type Program } from './program.ts';
import { applyRelocation, RELOCATION } from './relocation.ts';
import type { AssemblySymbol, DataFixup, InstructionFixup, Section } from './section.ts';
import type { Span } from './source.ts';
import { isGenerated } from './symbols.ts';
import type { Expression, ModifierName, Value } from './syntax.ts';

/** A section of which the relocations are still found. */
type OpenSection = ObjectSection & { readonly relocations: Relocation[] };

/** Errors are added to the program's reports; the object means something only without any. */
export function objectOf(program: Program): ObjectFile {
  return new Closing(program).object();
}

class Closing {
  private readonly program: Program;
  private readonly sections = new Map<Section, OpenSection>();
  private readonly starts = new Map<Section, ObjectSymbol>();
  private readonly named = new Map<string, ObjectSymbol>();

  /** Texts of assertions that are written as tables (by the C header), by their offset in `.ulp.ids`. */
  private readonly messages = new Map<number, string>();

  constructor(program: Program) {
    this.program = program;
    for (const section of program.sections.values()) {
      const { name, flags, alignment, instructions } = section;
      // Text ends at a multiple of its alignment, as GNU as has it.
      const length = flags.execute ? Math.ceil(section.length / alignment) * alignment : section.length;
      const bytes = new Uint8Array(flags.nobits ? 0 : length);
      bytes.set(section.bytes);
      const placed = instructions.map(({ offset, span }) => ({ address: offset, span }));
      const object: OpenSection = {
        ...{ name, flags, alignment, length, bytes, relocations: [], lines: lineEntries(placed) },
        spans: new Map(instructions.map(({ offset, span }) => [offset, span])),
      };
      this.sections.set(section, object);
      this.starts.set(section, nameless({ kind: 'section', section: object }, program.start));
    }
  }

  object(): ObjectFile {
    const { program } = this;
    const isTable = ({ name }: { name: string }): boolean => name === ASSERTS_SECTION || name === IDS_SECTION;
    this.readMessages();
    const fixups = [...program.sections.values()].flatMap((section) =>
      isTable(section) ? [] : section.fixups.map((fixup) => ({ section, fixup })),
    );
    for (const { section, fixup } of fixups) {
      program.reports.attempt(() =>
        fixup.kind === 'data' ? this.data(section, fixup) : this.instruction(section, fixup),
      );
    }
    // Upper parts are known now, in whatever order they were written.
    for (const { section, fixup } of fixups) {
      if (fixup.kind === 'instruction') program.reports.attempt(() => this.pcrelLow(section, fixup));
    }
    for (const symbol of program.symbols.all.values()) {
      const { name, expression, common } = symbol;
      if (expression === undefined && common === undefined) continue;
      if (name.startsWith('.L') || name.startsWith(MESSAGE_MARK)) continue;
      program.reports.attempt(() => this.symbolNamed(name, symbol.span ?? program.start));
    }
    const { path } = program.start.source;
    const sections = [...this.sections.values()].filter((section) => !isTable(section));
    return { path, sections, symbols: [...this.named.values()], start: program.start };
  }

  private readMessages(): void {
    const { program } = this;
    const table = program.sections.get(ASSERTS_SECTION);
    if (table === undefined) return;
    try {
      const texts = new Map(assertionPlaces(table.bytes).map(({ offset, text }) => [offset, text]));
      for (const fixup of table.fixups) {
        program.reports.attempt(() => {
          const text = texts.get(fixup.offset);
          const { section, amount } = evaluate(fixup.expression, program.symbols);
          if (section?.name === IDS_SECTION && text !== undefined) this.messages.set(Number(amount), text);
        });
      }
    } catch (cause) {
      if (!(cause instanceof OutOfBytes)) throw cause;
      const message = `section \`${ASSERTS_SECTION}\` is no table of messages`;
      program.report(fail('section-conflict', message, program.start).diagnostic);
    }
  }

  /** The symbol of a name; one without a definition is another object's. */
  private symbolNamed(name: string, span: Span): ObjectSymbol {
    const known = this.named.get(name);
    if (known !== undefined) return known;
    const symbol = this.objectSymbol(name, this.program.symbols.all.get(name), span);
    this.named.set(name, symbol);
    return symbol;
  }

  private objectSymbol(name: string, from: AssemblySymbol | undefined, use: Span): ObjectSymbol {
    const { kind = 'notype', binding = 'global', expression, common, span = use } = from ?? {};
    const about = { name, kind, span };
    if (common !== undefined) {
      return { ...about, binding, place: { kind: 'common' }, value: common.alignment, size: common.size };
    }
    if (expression === undefined) {
      const place = { kind: 'undefined' } as const;
      return { ...about, binding: binding === 'weak' ? 'weak' : 'global', place, value: 0, size: 0 };
    }
    const value = evaluate(expression, this.program.symbols);
    if (value.symbol !== undefined) {
      const message = `\`${name}\` would be a part of \`${value.symbol}\`, which is defined in another file`;
      throw fail('not-constant', message, expression.span, 'name the other symbol itself where it is used');
    }
    const place: SymbolPlace =
      value.section === undefined
        ? { kind: 'absolute' }
        : { kind: 'section', section: this.sections.get(value.section)! };
    const size = from?.size === undefined ? 0n : this.number(from.size);
    return { ...about, binding, place, value: u32(value.amount), size: u32(size) };
  }

  /** Leaves a place to the linker. */
  private relocate(section: Section, offset: number, type: number, value: Value, expression: Expression): void {
    const { span } = expression;
    if (value.section?.name === IDS_SECTION) {
      const text = this.messages.get(Number(value.amount));
      if (text === undefined) throw fail('bad-operand', 'no message is given for this assertion', span);
      const symbol = nameless({ kind: 'message', text }, span);
      this.sections.get(section)!.relocations.push({ offset, type, symbol, addend: 0, span });
      return;
    }
    const named = this.nameIn(expression);
    const symbol =
      named !== undefined
        ? this.symbolNamed(named, span)
        : value.section !== undefined
          ? this.starts.get(value.section)!
          : value.symbol !== undefined
            ? this.symbolNamed(value.symbol, span)
            : nameless({ kind: 'absolute' }, span);
    const addend = named === undefined ? Number(BigInt.asIntN(32, value.amount)) : 0;
    this.sections.get(section)!.relocations.push({ offset, type, symbol, addend, span });
  }

  /** The name an expression is, where object files keep it. */
  private nameIn(expression: Expression): string | undefined {
    if (expression.kind !== 'symbol' || expression.name.startsWith('.L') || isGenerated(expression.name))
      return undefined;
    const value = evaluate(expression, this.program.symbols);
    return isAddress(value) && (value.symbol ?? expression.name) === expression.name ? expression.name : undefined;
  }

  private data(section: Section, { offset, bytes, expression }: DataFixup): void {
    const { span } = expression;
    if (expression.kind === 'binary' && expression.operator === '-') {
      const [left, right] = [expression.left, expression.right].map((side) => evaluate(side, this.program.symbols));
      const apart = left!.section !== right!.section || left!.symbol !== right!.symbol;
      if (isAddress(left!) && isAddress(right!) && apart) {
        const [add, subtract] = DIFFERENCES[bytes]!;
        this.relocate(section, offset, add, left!, expression.left);
        this.relocate(section, offset, subtract, right!, expression.right);
        return;
      }
    }
    const value = evaluate(expression, this.program.symbols);
    if (!isAddress(value)) {
      checkData(value.amount, bytes, span);
      setNumber(this.sections.get(section)!.bytes, offset, value.amount, bytes);
    } else if (bytes < 4) {
      throw fail('value-out-of-range', `an address does not fit in ${8 * bytes} bits`, span, 'use `.word`');
    } else {
      // Of 8 bytes the upper four stay 0: addresses are below 2^32.
      this.relocate(section, offset, RELOCATION.R_RISCV_32, value, expression);
    }
  }

  private instruction(section: Section, { offset, spec, operand, expression, fields }: InstructionFixup): void {
    const object = this.sections.get(section)!;
    const { span } = expression;
    if (expression.kind === 'symbol' && expression.name.startsWith(MESSAGE_MARK)) {
      const text = expression.name.slice(MESSAGE_MARK.length);
      const symbol = nameless({ kind: 'message', text }, span);
      object.relocations.push({ offset, type: RELOCATION.R_RISCV_LO12_S, symbol, addend: 0, span });
      return;
    }
    if (expression.kind === 'modifier') {
      const type = modifierType(expression.modifier, operand, spec.format === 'S', span);
      if (expression.modifier === '%pcrel_lo') return;
      const value = evaluate(expression.operand, this.program.symbols);
      if (isAddress(value) || expression.modifier === '%pcrel_hi') {
        this.relocate(section, offset, type, value, expression.operand);
      } else {
        applyRelocation(object.bytes, offset, type, Number(BigInt.asIntN(32, value.amount)), 0, span);
      }
      return;
    }
    const value = evaluate(expression, this.program.symbols);
    if (operand === 'target') {
      const type = spec.format === 'B' ? RELOCATION.R_RISCV_BRANCH : RELOCATION.R_RISCV_JAL;
      if (value.section !== section) this.relocate(section, offset, type, value, expression);
      else applyRelocation(object.bytes, offset, type, Number(BigInt.asIntN(32, value.amount)), offset, span);
      return;
    }
    const more = immediateFields(operand, this.number(expression), span, offset);
    const imm = (fields.imm ?? 0) | (more.imm ?? 0);
    const word = encode(spec, { ...fields, ...more, ...(more.imm === undefined ? {} : { imm }) });
    setNumber(object.bytes, offset, BigInt(word), 4);
  }

  /** `%pcrel_lo`: its operand is the label of the `auipc` with the upper part. */
  private pcrelLow(section: Section, { offset, spec, operand, expression }: InstructionFixup): void {
    if (expression.kind !== 'modifier' || expression.modifier !== '%pcrel_lo') return;
    const type = modifierType(expression.modifier, operand, spec.format === 'S', expression.span);
    const value = evaluate(expression.operand, this.program.symbols);
    const upper = value.section && this.sections.get(value.section)!.relocations;
    const isUpper = (one: Relocation): boolean =>
      one.type === RELOCATION.R_RISCV_PCREL_HI20 && one.offset === Number(value.amount);
    if (upper === undefined || !upper.some(isUpper)) {
      const help = 'its operand is the label of the `auipc` that has the `%pcrel_hi`';
      throw fail('pcrel-lo-without-hi', 'there is no `%pcrel_hi` at this label', expression.operand.span, help);
    }
    this.relocate(section, offset, type, value, expression.operand);
  }

  /** A number that no other object decides. */
  private number(expression: Expression): bigint {
    const { symbols } = this.program;
    const value = evaluate(expression, symbols);
    if (!isAddress(value)) return value.amount;
    const unknown = value.symbol !== undefined && symbols.definition(value.symbol) === undefined;
    if (unknown) throw undefinedSymbol({ kind: 'symbol', name: value.symbol!, span: expression.span }, symbols);
    throw fail('not-constant', 'this is an address, a number is needed here', expression.span);
  }
}

/** Relocations that add and subtract an address, by the bytes of the number. */
const DIFFERENCES: Readonly<Record<number, readonly [add: number, subtract: number]>> = {
  1: [RELOCATION.R_RISCV_ADD8, RELOCATION.R_RISCV_SUB8],
  2: [RELOCATION.R_RISCV_ADD16, RELOCATION.R_RISCV_SUB16],
  4: [RELOCATION.R_RISCV_ADD32, RELOCATION.R_RISCV_SUB32],
  8: [RELOCATION.R_RISCV_ADD64, RELOCATION.R_RISCV_SUB64],
};

/** @throws DiagnosticError if the modifier gives the other part of an address than the operand takes */
function modifierType(modifier: ModifierName, operand: string, isStore: boolean, span: Span): number {
  const isUpper = modifier === '%hi' || modifier === '%pcrel_hi';
  if (operand !== (isUpper ? 'uimm' : 'imm')) throw fail('bad-operand', `\`${modifier}\` cannot stand here`, span);
  switch (modifier) {
    case '%hi':
      return RELOCATION.R_RISCV_HI20;
    case '%pcrel_hi':
      return RELOCATION.R_RISCV_PCREL_HI20;
    case '%lo':
      return isStore ? RELOCATION.R_RISCV_LO12_S : RELOCATION.R_RISCV_LO12_I;
    case '%pcrel_lo':
      return isStore ? RELOCATION.R_RISCV_PCREL_LO12_S : RELOCATION.R_RISCV_PCREL_LO12_I;
  }
}

function nameless(place: SymbolPlace, span: Span): ObjectSymbol {
  return { name: '', binding: 'local', kind: 'notype', place, value: 0, size: 0, span };
}

/** Little-endian, modulo its size. */
function setNumber(bytes: Uint8Array, offset: number, value: bigint, count: number): void {
  for (let i = 0; i < count; i++) bytes[offset + i] = Number((value >> BigInt(8 * i)) & 0xffn);
}

function u32(value: bigint): number {
  return Number(BigInt.asUintN(32, value));
}
