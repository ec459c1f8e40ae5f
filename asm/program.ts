/**
 * The program while it is assembled: the current section and what statements do to it. `assembler.ts` walks the
 * sources and calls in here for labels and instructions, `directives.ts` for everything that begins with a dot.
 */

import { encode } from '../vm/isa/encoding.ts';
import type { Fields, InstructionSpec, OperandName } from '../vm/isa/instruction.ts';
import { operandsOf } from '../vm/isa/instruction.ts';
import { F_NUMBERS, ROUNDING_MODES, X_NUMBERS } from '../vm/isa/registers.ts';
import type { InstructionTable } from '../vm/isa/table.ts';
import { CSR_NUMBERS } from '../vm/isa/zicsr.ts';
import { type Diagnostic, fail } from './diagnostic.ts';
import { bind, evaluate, isAddress, isDefined, type Place } from './expression.ts';
import { type Arguments, chooseForm, type Forms, formsOf } from './form.ts';
import { immediateFields } from './immediate.ts';
import { lex } from './lexer.ts';
import { parseStatement } from './parser.ts';
import { FENCE_TSO, LOAD_IMMEDIATE, loadImmediate } from './pseudo.ts';
import { Report } from './report.ts';
import { Section, type SectionFlags } from './section.ts';
import { fileSource, type Span, textOf } from './source.ts';
import { didYouMean } from './suggest.ts';
import { SymbolTable } from './symbols.ts';
import type { Expression, OperandNode, Statement, Value } from './syntax.ts';

/** Stands before the message in the name of the symbol that becomes its id. No source text can write it. */
export const MESSAGE_MARK = '\u0003';

export class Program implements Place {
  readonly table: InstructionTable;
  readonly forms: Forms;
  readonly symbols = new SymbolTable();
  readonly sections = new Map<string, Section>();
  readonly reports = new Report();
  /** Where diagnostics of the whole program point. */
  readonly start: Span;
  section: Section;
  /** `.previous` and `.popsection` come back here. */
  previous: Section;
  readonly sectionStack: Section[] = [];

  constructor(table: InstructionTable, start: Span) {
    this.table = table;
    this.start = start;
    this.forms = formsOf(table);
    this.section = this.sectionNamed('.text', { alloc: true, write: false, execute: true, nobits: false });
    this.previous = this.section;
  }

  here(): Value {
    return { section: this.section, amount: BigInt(this.section.length) };
  }

  localName(label: string, forward: boolean): string | undefined {
    return this.symbols.localName(label, forward);
  }

  variable(name: string): Expression | undefined {
    return this.symbols.variable(name);
  }

  report(diagnostic: Diagnostic): void {
    this.reports.add(diagnostic);
  }

  /** The section of a name, made with these flags if there is none. */
  sectionNamed(name: string, flags: SectionFlags): Section {
    const known = this.sections.get(name);
    if (known !== undefined) return known;
    const section = new Section(name, flags);
    this.sections.set(name, section);
    return section;
  }

  switchTo(section: Section): void {
    this.previous = this.section;
    this.section = section;
  }

  /** The number an expression is here and now, or undefined if it waits for a definition or an address. */
  constant(expression: Expression): bigint | undefined {
    if (!isDefined(expression, this.symbols)) return undefined;
    const value = evaluate(expression, this.symbols);
    return isAddress(value) ? undefined : value.amount;
  }

  /** The number an operand is; it must be known at this point. @throws DiagnosticError if it is not */
  numberNow(expression: Expression): bigint {
    const bound = bind(expression, this);
    if (!isDefined(bound, this.symbols)) {
      const help = 'here a symbol must be defined before it is used';
      throw fail('not-constant', `\`${textOf(expression.span)}\` is not known at this point`, expression.span, help);
    }
    const value = evaluate(bound, this.symbols);
    if (!isAddress(value)) return value.amount;
    throw fail('not-constant', 'this is an address, a number is needed here', expression.span);
  }

  /**
   * Assembles an instruction or a pseudo-instruction.
   *
   * @param span what the author wrote; differs from the statement's own for parts of a pseudo-instruction
   * @throws DiagnosticError if there is no such instruction or the operands do not fit it
   */
  instruction(statement: Statement, span: Span = statement.span): void {
    const forms = this.forms.of(statement.name);
    if (this.isFenceTso(statement.name) && statement.operands.length === 0) {
      this.word(FENCE_TSO, span);
      return;
    }
    if (forms.length === 0) {
      const help = didYouMean(statement.name, this.forms.mnemonics);
      throw fail('unknown-mnemonic', `\`${statement.name}\` is not an instruction`, statement.nameSpan, help);
    }
    const { form, args } = chooseForm(statement, forms);
    if ('spec' in form.meaning) this.place(form.meaning.spec, args, span);
    else this.expand(form.meaning.pseudo, args, span);
  }

  /** Whether there is an instruction or pseudo-instruction of this name. */
  knows(mnemonic: string): boolean {
    return this.forms.of(mnemonic).length > 0 || this.isFenceTso(mnemonic);
  }

  private isFenceTso(mnemonic: string): boolean {
    return mnemonic === 'fence.tso' && this.table.byMnemonic('fence') !== undefined;
  }

  /** Replaces the operand names in a pseudo-instruction's expansion by the operands and assembles the result. */
  private expand(
    { mnemonic, expansion }: { mnemonic: string; expansion: readonly string[] },
    args: Arguments,
    span: Span,
  ) {
    const texts = mnemonic === LOAD_IMMEDIATE.mnemonic ? this.loadImmediate(args) : expansion;
    for (const text of texts) {
      const template = templateOf(text);
      const operands = template.operands.map((node) => fillOperand(node, args, span));
      this.instruction({ ...template, nameSpan: span, operands, span }, span);
    }
  }

  private loadImmediate(args: Arguments): readonly string[] {
    const expression = args.get('imm') as Expression;
    const bound = bind(expression, this);
    const value = this.constant(bound);
    if (value === undefined) {
      const help = 'for an address use `la`; a constant must be defined before `li` uses it';
      throw fail('not-constant', 'the value of this operand is not known here', expression.span, help);
    }
    if (value < -(1n << 31n) || value >= 1n << 32n) {
      throw fail('immediate-out-of-range', `${value} does not fit in 32 bits`, expression.span);
    }
    return loadImmediate(Number(value));
  }

  /** Places an instruction that is already a word. */
  word(word: number, span: Span): void {
    this.place(
      { mnemonic: '.insn', op: 0, format: 'R', opcode: word & 0x7f, syntax: '', summary: '' },
      new Map(),
      span,
    );
    this.section.setWord(this.section.length - 4, word);
  }

  /** Encodes an instruction of the table, or leaves a fixup for an operand that is not a number yet. */
  place(spec: InstructionSpec, args: Arguments, span: Span): void {
    const { section } = this;
    if (!section.flags.execute) {
      const message = `this instruction is in section \`${section.name}\`, which is not executable`;
      throw fail('instruction-outside-text', message, span, 'switch to `.text` first');
    }
    const offset = section.length;
    if (offset % 4 !== 0) {
      throw fail(
        'misaligned-instruction',
        'an instruction must begin at a multiple of 4 bytes',
        span,
        'put `.align 2` before',
      );
    }
    let fields: Partial<Fields> = {};
    let waiting: { operand: OperandName; expression: Expression } | undefined;
    for (const { name, field, register } of operandsOf(spec.syntax)) {
      const argument = args.get(name);
      if (argument === undefined) {
        // A rounding mode left out is the dynamic one.
        if (name === 'rm') fields = { ...fields, rm: ROUNDING_MODES['dyn']! };
      } else if (argument.kind === 'text') {
        waiting = { operand: name, expression: { kind: 'symbol', name: MESSAGE_MARK + argument.text, span } };
      } else if (register !== undefined && argument.kind === 'symbol') {
        fields = { ...fields, [field]: (register === 'x' ? X_NUMBERS : F_NUMBERS).get(argument.name)! };
      } else {
        const expression = bind(named(name, argument), this);
        const value = expression.kind === 'modifier' || name === 'target' ? undefined : this.constant(expression);
        if (name === 'id' && value === undefined) {
          throw fail('not-constant', 'an assertion id must be known here', argument.span);
        }
        if (value === undefined) waiting = { operand: name, expression };
        else fields = merge(fields, immediateFields(name, value, argument.span, offset));
      }
    }
    section.alignment = Math.max(section.alignment, 4);
    section.instructions.push({ offset, span });
    section.appendWord(encode(spec, fields), span);
    if (waiting !== undefined) section.fixups.push({ kind: 'instruction', offset, spec, fields, ...waiting });
  }
}

/** Names that mean a number in one operand only: rounding modes, csrs, fence sets. */
function named(operand: OperandName, expression: Expression): Expression {
  if (expression.kind !== 'symbol') return expression;
  const { name, span } = expression;
  const number = (amount: number): Expression => ({ kind: 'value', value: { amount: BigInt(amount) }, span });
  if (operand === 'rm') return number(ROUNDING_MODES[name]!);
  if (operand === 'csr' && Object.hasOwn(CSR_NUMBERS, name))
    return number(CSR_NUMBERS[name as keyof typeof CSR_NUMBERS]!);
  if (operand !== 'pred' && operand !== 'succ') return expression;
  if (!/^i?o?r?w?$/.test(name))
    throw fail('bad-operand', `\`${name}\` is not a fence set`, span, 'letters of `iorw` in this order');
  return number([...'wroi'].reduce((bits, letter, i) => bits | (name.includes(letter) ? 1 << i : 0), 0));
}

/** Fence sets share a field. */
function merge(fields: Partial<Fields>, more: Partial<Fields>): Partial<Fields> {
  if (fields.imm === undefined || more.imm === undefined) return { ...fields, ...more };
  return { ...fields, imm: fields.imm | more.imm };
}

const templates = new Map<string, Statement>();

/** The statement a line of a pseudo-instruction's expansion is. */
function templateOf(text: string): Statement {
  const known = templates.get(text);
  if (known !== undefined) return known;
  const source = fileSource('pseudo-instruction', text);
  const template = parseStatement(source, lex(source)[0]!);
  templates.set(text, template);
  return template;
}

function fillOperand(node: OperandNode, args: Arguments, span: Span): OperandNode {
  if (node.kind === 'expression') return { ...node, expression: fill(node.expression, args, span), span };
  if (node.kind !== 'memory') return node;
  const offset = node.offset === undefined ? undefined : fill(node.offset, args, span);
  return { ...node, offset, base: fill(node.base, args, span), span };
}

function fill(expression: Expression, args: Arguments, span: Span): Expression {
  switch (expression.kind) {
    case 'symbol': {
      const argument = args.get(expression.name as OperandName);
      return argument === undefined || argument.kind === 'text' ? { ...expression, span } : argument;
    }
    case 'unary':
    case 'modifier': {
      const operand = fill(expression.operand, args, span);
      return { ...expression, operand, span: expression.kind === 'modifier' ? operand.span : span };
    }
    case 'binary':
      return {
        ...expression,
        left: fill(expression.left, args, span),
        right: fill(expression.right, args, span),
        span,
      };
    default:
      return { ...expression, span };
  }
}
