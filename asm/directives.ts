/** Directives that place data, name symbols and choose sections. Source: Using as, chapter 7 and 9.38.2. */

import { BFLOAT16_PRECISION, BINARY32_PRECISION, floatBits } from './decimal.ts';
import { type DiagnosticError, fail } from './diagnostic.ts';
import type { Binding } from './elf-format.ts';
import { bind, evaluate, isDefined } from './expression.ts';
import { textBytes } from './literal.ts';
import type { Program } from './program.ts';
import type { SectionFlags } from './section.ts';
import { type Span, textOf } from './source.ts';
import type { Expression, OperandNode, Statement } from './syntax.ts';

export type Directive = (program: Program, statement: Statement) => void;

/** Directives of compilers that say nothing this assembler needs; their operands are not even read. */
export const IGNORED =
  /^\.(?:option|file|ident|attribute|loc|cfi_\w+|addrsig|addrsig_sym|variant_cc|hidden|internal|protected|end)$/;

const NOP = Uint8Array.of(0x13, 0, 0, 0);

/** Flags of sections by the beginning of their names. */
const SECTION_FLAGS: readonly (readonly [name: string, flags: string, kind: string])[] = [
  ['.text', 'ax', 'progbits'],
  ['.rodata', 'a', 'progbits'],
  ['.srodata', 'a', 'progbits'],
  ['.data', 'aw', 'progbits'],
  ['.sdata', 'aw', 'progbits'],
  ['.bss', 'aw', 'nobits'],
  ['.sbss', 'aw', 'nobits'],
];

/** Every directive but those of blocks and conditions, which `assembler.ts` reads. */
export const DIRECTIVES: Readonly<Record<string, Directive>> = {
  ...numbers(1, '.byte'),
  ...numbers(2, '.half', '.hword', '.short', '.2byte'),
  ...numbers(4, '.word', '.long', '.4byte', '.int'),
  ...numbers(8, '.dword', '.quad', '.8byte'),
  '.float': (program, statement) => floats(program, statement, BINARY32_PRECISION),
  '.single': (program, statement) => floats(program, statement, BINARY32_PRECISION),
  '.bfloat16': (program, statement) => floats(program, statement, BFLOAT16_PRECISION),
  '.ascii': (program, statement) => texts(program, statement, ''),
  '.asciz': (program, statement) => texts(program, statement, '\0'),
  '.string': (program, statement) => texts(program, statement, '\0'),
  '.zero': space,
  '.space': space,
  '.skip': space,
  '.fill': fillDirective,
  '.uleb128': (program, statement) => leb128(program, statement, false),
  '.sleb128': (program, statement) => leb128(program, statement, true),
  '.org': orgDirective,
  '.align': (program, statement) => align(program, statement, true),
  '.p2align': (program, statement) => align(program, statement, true),
  '.balign': (program, statement) => align(program, statement, false),

  '.globl': (program, statement) => bindNames(program, statement, 'global'),
  '.global': (program, statement) => bindNames(program, statement, 'global'),
  '.weak': (program, statement) => bindNames(program, statement, 'weak'),
  '.local': (program, statement) => bindNames(program, statement, 'local'),
  '.set': (program, statement) => assign(program, statement, true),
  '.equ': (program, statement) => assign(program, statement, true),
  '.eqv': (program, statement) => assign(program, statement, false),
  '.equiv': (program, statement) => assign(program, statement, false),
  '.type': typeDirective,
  '.size': sizeDirective,
  '.comm': commonDirective,
  '.lcomm': commonDirective,

  '.text': (program, statement) => enter(program, statement.name, statement.span),
  '.data': (program, statement) => enter(program, statement.name, statement.span),
  '.rodata': (program, statement) => enter(program, statement.name, statement.span),
  '.bss': (program, statement) => enter(program, statement.name, statement.span),
  '.section': sectionDirective,
  '.pushsection': (program, statement) => {
    program.sectionStack.push(program.section);
    sectionDirective(program, statement);
  },
  '.popsection': (program, statement) => {
    const section = program.sectionStack.pop();
    if (section === undefined) throw fail('unmatched-block', '`.popsection` without `.pushsection`', statement.span);
    program.switchTo(section);
  },
  '.previous': (program) => program.switchTo(program.previous),

  '.error': (_program, statement) => {
    throw fail('user-error', messageOf(statement), statement.span);
  },
  '.warning': (program, statement) => {
    const { diagnostic } = fail('user-warning', messageOf(statement), statement.span);
    program.report({ ...diagnostic, severity: 'warning' });
  },
};

function numbers(bytes: number, ...names: string[]): Record<string, Directive> {
  return Object.fromEntries(
    names.map(
      (name) => [name, (program, statement) => emitNumbers(program, statement, bytes)] satisfies [string, Directive],
    ),
  );
}

function emitNumbers(program: Program, { operands }: Statement, bytes: number): void {
  for (const node of operands) {
    const { section } = program;
    const expression = bind(expressionOf(node), program);
    const value = program.constant(expression);
    if (value === undefined) {
      section.fixups.push({ kind: 'data', offset: section.length, bytes, expression });
      section.fill(bytes, 0, node.span);
    } else {
      checkData(value, bytes, node.span);
      section.appendNumber(value, bytes, node.span);
    }
  }
}

/** Both signed and unsigned numbers of the size are allowed. @throws DiagnosticError */
export function checkData(value: bigint, bytes: number, span: Span): void {
  const bits = BigInt(8 * bytes);
  if (value >= -(1n << (bits - 1n)) && value < 1n << bits) return;
  throw fail('value-out-of-range', `${value} does not fit in ${8 * bytes} bits`, span);
}

function floats(program: Program, { operands }: Statement, precision: number): void {
  const bytes = precision === BINARY32_PRECISION ? 4 : 2;
  for (const node of operands) {
    const bits = signedFloatBits(expressionOf(node), precision);
    program.section.appendNumber(BigInt(bits), bytes, node.span);
  }
}

/** A literal with its signs: 1.5, -2e-3, 7, inf, nan (the canonical quiet NaN). */
function signedFloatBits(expression: Expression, precision: number): number {
  const { span } = expression;
  const exponentBits = 255 * 2 ** (precision - 1);
  if (expression.kind === 'unary' && (expression.operator === '-' || expression.operator === '+')) {
    const bits = signedFloatBits(expression.operand, precision);
    const sign = 2 ** (precision + 7);
    return expression.operator === '+' ? bits : bits >= sign ? bits - sign : bits + sign;
  }
  if (expression.kind === 'symbol' && /^inf(inity)?$/i.test(expression.name)) return exponentBits;
  if (expression.kind === 'symbol' && /^nan$/i.test(expression.name)) return exponentBits + 2 ** (precision - 2);
  const text = expression.kind === 'float' || expression.kind === 'value' ? textOf(span) : '';
  if (!/^[\d.]/.test(text)) throw fail('bad-float', `\`${textOf(span)}\` is not a floating-point literal`, span);
  const bits = floatBits(text, precision);
  if (bits === undefined)
    throw fail('value-out-of-range', `${text} is beyond the largest finite number`, span, 'write `inf`');
  return bits;
}

function texts(program: Program, { operands }: Statement, end: string): void {
  for (const node of operands) {
    if (node.kind !== 'text') throw fail('bad-operand', `expected a string, got \`${textOf(node.span)}\``, node.span);
    program.section.append(textBytes(node.text + end), node.span);
  }
}

function space(program: Program, statement: Statement): void {
  const [count, fill] = between(statement, 1, 2);
  program.section.fill(countOf(program, count!), fill === undefined ? 0 : byteOf(program, fill), statement.span);
}

/** Numbers in groups of 7 bits from the lowest, the top bit of a byte set where more follow. */
function leb128(program: Program, { operands }: Statement, signed: boolean): void {
  for (const node of operands) {
    let rest = program.numberNow(expressionOf(node));
    if (!signed && rest < 0n) throw fail('value-out-of-range', `${rest} is negative`, node.span, 'use `.sleb128`');
    const bytes: number[] = [];
    for (;;) {
      const low = Number(rest & 0x7fn);
      rest >>= 7n;
      // The sign is bit 6 of the last byte.
      const done = signed ? rest === (low >= 64 ? -1n : 0n) : rest === 0n;
      bytes.push(done ? low : low | 0x80);
      if (done) break;
    }
    program.section.append(Uint8Array.from(bytes), node.span);
  }
}

/** `.org offset, fill`: forward to an offset in the section. */
function orgDirective(program: Program, statement: Statement): void {
  const [to, fill] = between(statement, 1, 2);
  const { section } = program;
  const value = evaluate(bind(expressionOf(to!), program), program.symbols);
  if (value.section !== undefined && value.section !== section) {
    throw fail('section-conflict', '`.org` stays in its section', to!.span);
  }
  const count = value.amount - BigInt(section.length);
  if (count < 0n || count > 0xffffffffn) throw fail('value-out-of-range', '`.org` only moves forward', to!.span);
  section.fill(Number(count), fill === undefined ? 0 : byteOf(program, fill), statement.span);
}

/** `.fill repeat, size, value` */
function fillDirective(program: Program, statement: Statement): void {
  const [repeat, size, value] = between(statement, 1, 3);
  const bytes = size === undefined ? 1 : countOf(program, size);
  if (bytes > 8)
    throw fail('value-out-of-range', `\`.fill\` writes at most 8 bytes at a time, not ${bytes}`, size!.span);
  const number = value === undefined ? 0n : program.numberNow(expressionOf(value));
  checkData(number, bytes === 0 ? 8 : bytes, value?.span ?? statement.span);
  const count = countOf(program, repeat!);
  if (bytes === 0) return;
  program.section.checkRoom(count * bytes, statement.span);
  if (number === 0n) program.section.fill(count * bytes, 0, statement.span);
  else for (let i = 0; i < count; i++) program.section.appendNumber(number, bytes, statement.span);
}

/** `.align n, fill, most`: at most `most` bytes, or none. */
function align(program: Program, statement: Statement, power: boolean): void {
  const { section } = program;
  const [by, fill, most] = between(statement, 1, 3);
  const given = countOf(program, by!);
  const alignment = power ? 2 ** given : Math.max(given, 1);
  if (alignment > 2 ** 16 || !Number.isInteger(Math.log2(alignment))) {
    throw fail('bad-alignment', `an alignment is a power of two up to 2^16, not ${alignment}`, by!.span);
  }
  const padding = -section.length & (alignment - 1);
  if (most !== undefined && most.kind !== 'empty' && padding > countOf(program, most)) return;
  section.alignment = Math.max(section.alignment, alignment);
  if (!section.flags.execute || (fill !== undefined && fill.kind !== 'empty')) {
    section.fill(padding, fill === undefined || fill.kind === 'empty' ? 0 : byteOf(program, fill), statement.span);
    return;
  }
  section.fill(padding % 4, 0, statement.span);
  for (let i = 0; i < padding >> 2; i++) {
    section.instructions.push({ offset: section.length, span: statement.span });
    section.append(NOP, statement.span);
  }
}

function bindNames(program: Program, { operands }: Statement, binding: Binding): void {
  for (const node of operands) {
    const symbol = program.symbols.symbol(nameOf(node));
    // Weak stays weak, as in GNU as.
    if (binding !== 'global' || symbol.binding !== 'weak') symbol.binding = binding;
    symbol.declaredLocal = binding === 'local';
  }
}

function assign(program: Program, statement: Statement, variable: boolean): void {
  const [name, value] = between(statement, 2, 2);
  const bound = bind(expressionOf(value!), program);
  const expression: Expression = isDefined(bound, program.symbols)
    ? { kind: 'value', value: evaluate(bound, program.symbols), span: bound.span }
    : bound;
  program.symbols.define(nameOf(name!), expression, name!.span, variable);
}

function typeDirective(program: Program, statement: Statement): void {
  const [name, kind] = between(statement, 2, 2);
  const word = kind!.kind === 'kind' ? kind!.name : textOf(kind!.span).replaceAll('"', '');
  const symbol = program.symbols.symbol(nameOf(name!));
  if (/^(function|STT_FUNC)$/.test(word)) symbol.kind = 'function';
  else if (/^(object|STT_OBJECT)$/.test(word)) symbol.kind = 'object';
  else if (!/^(notype|STT_NOTYPE)$/.test(word)) {
    throw fail('bad-operand', `\`${word}\` is not a kind of symbol`, kind!.span, 'write `@function` or `@object`');
  }
}

function sizeDirective(program: Program, statement: Statement): void {
  const [name, size] = between(statement, 2, 2);
  program.symbols.symbol(nameOf(name!)).size = bind(expressionOf(size!), program);
}

/** `.comm name, size, alignment in bytes`: zeros the linker allots; of a local name (`.lcomm`) in .bss, here. */
function commonDirective(program: Program, statement: Statement): void {
  const [name, size, alignment] = between(statement, 2, 3);
  const multiple = alignment === undefined ? 4 : countOf(program, alignment);
  if (!Number.isInteger(Math.log2(multiple))) {
    throw fail('bad-alignment', `an alignment is a power of two, not ${multiple}`, statement.span);
  }
  const symbol = program.symbols.symbol(nameOf(name!));
  symbol.kind = 'object';
  if (statement.name === '.comm' && !symbol.declaredLocal) {
    if (symbol.expression !== undefined) {
      throw fail('duplicate-symbol', `\`${symbol.name}\` is already defined`, name!.span);
    }
    symbol.binding = 'global';
    symbol.span = name!.span;
    symbol.common = { size: countOf(program, size!), alignment: multiple };
    return;
  }
  const bss = program.sectionNamed('.bss', parseFlags('aw', 'nobits'));
  bss.alignment = Math.max(bss.alignment, multiple);
  bss.fill(-bss.length & (multiple - 1), 0, statement.span);
  const value = { section: bss, amount: BigInt(bss.length) };
  program.symbols.define(symbol.name, { kind: 'value', value, span: statement.span }, name!.span, false);
  if (size!.kind === 'expression') symbol.size = bind(size!.expression, program);
  bss.fill(countOf(program, size!), 0, statement.span);
}

/** `.section name, "flags", @kind` */
function sectionDirective(program: Program, statement: Statement): void {
  const [name, flags, kind] = statement.operands;
  if (name === undefined) throw countError(statement);
  // A name may hold characters that are operators elsewhere (.note.GNU-stack).
  const text = name.kind === 'text' ? name.text : textOf(name.span);
  if (flags === undefined) {
    enter(program, text, statement.span);
    return;
  }
  if (flags.kind !== 'text')
    throw fail('bad-operand', 'expected the flags as a string', flags.span, 'for example `"ax"`');
  const given = parseFlags(flags.text, kind?.kind === 'kind' ? kind.name : defaultsOf(text)?.[2]);
  const known = program.sections.get(text);
  if (known !== undefined && JSON.stringify(known.flags) !== JSON.stringify(given)) {
    throw fail('section-conflict', `section \`${text}\` exists with other flags`, statement.span);
  }
  program.switchTo(program.sectionNamed(text, given));
}

function enter(program: Program, name: string, span: Span): void {
  const known = program.sections.get(name);
  const defaults = defaultsOf(name);
  if (known === undefined && defaults === undefined) {
    throw fail('section-conflict', `section \`${name}\` needs flags`, span, `write \`.section ${name}, "aw"\``);
  }
  program.switchTo(known ?? program.sectionNamed(name, parseFlags(defaults![1], defaults![2])));
}

function defaultsOf(name: string) {
  return SECTION_FLAGS.find(([prefix]) => name === prefix || name.startsWith(`${prefix}.`));
}

function parseFlags(letters: string, kind: string | undefined): SectionFlags {
  const [alloc, write, execute] = [...'awx'].map((letter) => letters.includes(letter));
  return { alloc: alloc!, write: write!, execute: execute!, nobits: kind === 'nobits' };
}

function expressionOf(node: OperandNode): Expression {
  if (node.kind === 'expression') return node.expression;
  throw fail('bad-operand', `expected a number, got \`${textOf(node.span)}\``, node.span);
}

function nameOf(node: OperandNode): string {
  if (node.kind === 'expression' && node.expression.kind === 'symbol') return node.expression.name;
  throw fail('bad-operand', `expected a symbol, got \`${textOf(node.span)}\``, node.span);
}

function countOf(program: Program, node: OperandNode): number {
  const value = program.numberNow(expressionOf(node));
  if (value < 0n || value > 0xffffffffn) throw fail('value-out-of-range', `${value} is not a count`, node.span);
  return Number(value);
}

function byteOf(program: Program, node: OperandNode): number {
  const value = program.numberNow(expressionOf(node));
  checkData(value, 1, node.span);
  return Number(value & 0xffn);
}

function between(statement: Statement, least: number, most: number): readonly OperandNode[] {
  const { operands } = statement;
  if (operands.length < least || operands.length > most) throw countError(statement);
  return operands;
}

function countError({ name, operands, span }: Statement): DiagnosticError {
  return fail('operand-count', `\`${name}\` cannot have ${operands.length} operands`, span);
}

function messageOf({ operands, name }: Statement): string {
  const [first] = operands;
  return first?.kind === 'text' ? first.text : `\`${name}\``;
}
