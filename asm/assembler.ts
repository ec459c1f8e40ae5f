/**
 * Walks the sources statement by statement: labels, conditions, repetitions, macros and includes here, instructions
 * and directives in `program.ts` and `directives.ts`. One pass; what is not known yet is left to `link.ts`.
 *
 * An error ends its statement, never the assembly: all of them are collected.
 */

import type { IToken } from 'chevrotain';
import type { InstructionTable } from '../vm/isa/table.ts';
import { fail } from './diagnostic.ts';
import { DIRECTIVES, type Directive, IGNORED } from './directives.ts';
import { insnDirective } from './insn.ts';
import { Colon, endOf, Identifier, Integer, lex, Text, type TokenLine } from './lexer.ts';
import { parseText } from './literal.ts';
import { expandMacro, type Macro, parseMacroHeader, splitArguments, substitute } from './macro.ts';
import { parseExpression, parseStatement } from './parser.ts';
import { Program } from './program.ts';
import { fileSource, locate, macroUse, type Source, type Span } from './source.ts';
import { didYouMean } from './suggest.ts';

/**
 * Reads an included file.
 *
 * @param path as written in `.include`
 * @param from path of the file that includes it
 * @returns the file's path, for diagnostics, and its text; undefined if there is no such file
 */
export type ReadFile = (path: string, from: string) => { readonly path: string; readonly text: string } | undefined;

const MAX_NESTING = 128;
const MAX_EXPANSIONS = 2 ** 20;

const BLOCK_ENDS: Readonly<Record<string, string>> = {
  '.macro': '.endm',
  '.rept': '.endr',
  '.irp': '.endr',
  '.irpc': '.endr',
};

/** Conditions on a number, by whether it fulfils them. */
const NUMERIC: Readonly<Record<string, (value: bigint) => boolean>> = {
  '.if': (value) => value !== 0n,
  '.ifne': (value) => value !== 0n,
  '.ifeq': (value) => value === 0n,
  '.ifge': (value) => value >= 0n,
  '.ifgt': (value) => value > 0n,
  '.ifle': (value) => value <= 0n,
  '.iflt': (value) => value < 0n,
};
/** Conditions on two texts. */
const TEXTUAL: Readonly<Record<string, boolean>> = { '.ifc': true, '.ifeqs': true, '.ifnc': false, '.ifnes': false };
const CONDITIONS: ReadonlySet<string> = new Set([
  ...Object.keys(NUMERIC),
  ...Object.keys(TEXTUAL),
  ...['.ifdef', '.ifndef', '.ifnotdef', '.ifb', '.ifnb'],
]);

/** One `.if` that is open. */
interface Condition {
  readonly span: Span;
  /** Whether the enclosing text is assembled at all. */
  readonly live: boolean;
  /** Whether a branch was already chosen. */
  taken: boolean;
  active: boolean;
  sawElse: boolean;
}

/** Assembles one source. The program's `reports` say whether it is complete. */
export function assembleSource(source: Source, table: InstructionTable, read: ReadFile): Program {
  const walker = new Walker(new Program(table, { source, start: 0, end: 0 }), read);
  walker.source(source);
  walker.program.symbols.complete = true;
  return walker.program;
}

class Walker {
  readonly program: Program;
  private readonly read: ReadFile;
  private readonly macros = new Map<string, Macro>();
  private depth = 0;
  private expansions = 0;
  /** Set by `.exitm` until its macro is left. */
  private leaving = false;
  /** Set when an expansion ran away: what follows would only do the same. */
  private stopped = false;

  constructor(program: Program, read: ReadFile) {
    this.program = program;
    this.read = read;
  }

  source(source: Source): void {
    const lines = lex(source);
    this.lines(source, lines, 0, lines.length);
  }

  /** Assembles lines [from, to). Conditions open and close in one range. */
  private lines(source: Source, lines: readonly TokenLine[], from: number, to: number): void {
    const conditions: Condition[] = [];
    const active = () => conditions.at(-1)?.active ?? true;
    this.depth++;
    for (let index = from; index < to && !this.stopped && !this.leaving; index++) {
      const line = lines[index]!;
      this.program.reports.attempt(() => {
        const body = active() ? this.labels(source, line) : line;
        const head = body[0];
        if (head === undefined || this.condition(source, head.image, body, conditions) || !active()) return;
        const blockEnd = BLOCK_ENDS[head.image];
        if (blockEnd === undefined) {
          this.statement(source, body);
          return;
        }
        const close = findEnd(lines, index, to, head.image, blockEnd);
        if (close === undefined) {
          throw fail('unmatched-block', `\`${head.image}\` has no \`${blockEnd}\``, spanOf(source, head));
        }
        const open = index;
        index = close;
        this.block(source, lines, body, open, close);
      });
    }
    this.depth--;
    for (const { span } of this.stopped || this.leaving ? [] : conditions) {
      this.program.reports.attempt(() => {
        throw fail('unmatched-block', 'this condition has no `.endif`', span);
      });
    }
  }

  /** Defines the labels a line begins with and gives the rest. */
  private labels(source: Source, line: TokenLine): TokenLine {
    let at = 0;
    while (line[at + 1]?.tokenType === Colon) {
      const token = line[at]!;
      if (token.tokenType !== Identifier && token.tokenType !== Integer) break;
      const span = spanOf(source, token);
      this.program.reports.attempt(() => this.program.symbols.defineLabel(token.image, this.program.here(), span));
      at += 2;
    }
    return at === 0 ? line : line.slice(at);
  }

  private statement(source: Source, body: TokenLine): void {
    const head = body[0]!;
    const macro = this.macros.get(head.image);
    if (macro !== undefined) {
      const at = { source, start: head.startOffset, end: endOf(body.at(-1)!) };
      this.enter(expandMacro(macro, textAfter(source, body), this.expansions, at), at);
      this.leaving = false;
    } else if (head.image === '.include') {
      this.include(source, body);
    } else if (head.image.startsWith('.') && body[1]?.image !== '=') {
      this.directive(source, body);
    } else {
      const statement = parseStatement(source, body);
      if (statement.name === '.set') DIRECTIVES['.set']!(this.program, statement);
      else if (this.program.knows(statement.name)) this.program.instruction(statement);
      else throw this.unknown(statement.name, statement.nameSpan);
    }
  }

  private unknown(name: string, span: Span) {
    const known = [...this.program.forms.mnemonics, ...this.macros.keys()];
    return fail('unknown-mnemonic', `\`${name}\` is not an instruction or a macro`, span, didYouMean(name, known));
  }

  private directive(source: Source, body: TokenLine): void {
    const head = body[0]!;
    const span = spanOf(source, head);
    if (IGNORED.test(head.image)) return;
    if (head.image === '.exitm') {
      if (source.origin?.kind !== 'macro') throw fail('unmatched-block', '`.exitm` outside a macro', span);
      this.leaving = true;
      return;
    }
    if (head.image === '.purgem') {
      const name = textAfter(source, body);
      if (!this.macros.delete(name)) throw fail('unknown-mnemonic', `\`${name}\` is not a macro`, span);
      return;
    }
    if (head.image === '.insn') {
      // The format stands before the operands without a comma.
      const named = body[1]?.tokenType === Identifier && body[2] !== undefined;
      const rest = named ? [head, ...body.slice(2)] : body;
      insnDirective(this.program, named ? body[1]!.image : undefined, parseStatement(source, rest));
      return;
    }
    const directive: Directive | undefined = Object.hasOwn(DIRECTIVES, head.image) ? DIRECTIVES[head.image] : undefined;
    if (directive !== undefined) {
      directive(this.program, parseStatement(source, body));
    } else if (Object.values(BLOCK_ENDS).includes(head.image)) {
      throw fail('unmatched-block', `\`${head.image}\` ends nothing that is open`, span);
    } else {
      const names = [
        ...Object.keys(DIRECTIVES),
        ...Object.keys(BLOCK_ENDS),
        ...CONDITIONS,
        '.include',
        '.insn',
        '.exitm',
        '.purgem',
      ];
      throw fail('unknown-directive', `\`${head.image}\` is not a directive`, span, didYouMean(head.image, names));
    }
  }

  private include(source: Source, body: TokenLine): void {
    const [head, name] = body;
    const at = { source, start: head!.startOffset, end: endOf(body.at(-1)!) };
    if (name?.tokenType !== Text || body.length > 2) throw fail('syntax', 'write `.include "file.s"`', at);
    const span = spanOf(source, name);
    const path = parseText(name.image, span);
    const file = this.read(path, source.path);
    if (file === undefined) throw fail('include-not-found', `there is no file \`${path}\``, span);
    this.enter(fileSource(file.path, file.text, { kind: 'include', name: path, at }), at);
  }

  /** Assembles a text brought in at `at`. */
  private enter(source: Source, at: Span): void {
    this.countExpansion(at);
    this.source(source);
  }

  /** Ends runaway macros, includes and repetitions: by depth, and by number in all. */
  private countExpansion(at: Span): void {
    this.stopped = this.depth >= MAX_NESTING || ++this.expansions > MAX_EXPANSIONS;
    if (this.depth >= MAX_NESTING) {
      const message = `more than ${MAX_NESTING} includes, macros and repetitions inside each other`;
      throw fail('nested-too-deep', message, macroUse(at) ?? at, 'does one bring in itself?');
    }
    if (this.stopped) {
      throw fail('too-many-repetitions', 'more than 2^20 macros and repetitions in all', macroUse(at) ?? at);
    }
  }

  /** `.macro`, `.rept`, `.irp` and `.irpc`, whose lines are (open, close). */
  private block(source: Source, lines: readonly TokenLine[], body: TokenLine, open: number, close: number): void {
    const head = body[0]!;
    const span = spanOf(source, head);
    if (head.image === '.rept') {
      const count = this.program.numberNow(this.expression(source, body));
      for (let i = 0n; i < count && !this.stopped && !this.leaving; i++) {
        this.countExpansion(span);
        this.lines(source, lines, open + 1, close);
      }
      return;
    }
    const bodySource = blockText(source, lines, open, close);
    if (head.image === '.macro') {
      const macro = { ...parseMacroHeader(textAfter(source, body), span), ...bodySource };
      if (this.macros.has(macro.name))
        throw fail('duplicate-macro', `macro \`${macro.name}\` is already defined`, span);
      this.macros.set(macro.name, macro);
      return;
    }
    const [parameter, values] = parseIrp(textAfter(source, body), head.image === '.irpc', span);
    for (const value of values) {
      if (this.leaving) break;
      const text = substitute(bodySource.body, new Map([[parameter, value]]), this.expansions);
      const { path, firstLine } = bodySource;
      this.enter({ path, text, firstLine, origin: { kind: 'macro', name: head.image, at: span } }, span);
    }
  }

  /** Deals with `.if` and its like; true if the line was one. */
  private condition(source: Source, name: string, body: TokenLine, conditions: Condition[]): boolean {
    const span = spanOf(source, body[0]!);
    const current = conditions.at(-1);
    if (CONDITIONS.has(name)) {
      const live = current?.active ?? true;
      // Opened before it is evaluated, so that a bad condition still has its `.endif`.
      const condition = { span, live, taken: true, active: false, sawElse: false };
      conditions.push(condition);
      if (live) condition.active = condition.taken = this.holds(source, name, body);
      return true;
    }
    if (name !== '.else' && name !== '.elseif' && name !== '.endif') return false;
    if (current === undefined) throw fail('unmatched-block', `\`${name}\` without an \`.if\``, span);
    if (name === '.endif') {
      conditions.pop();
      return true;
    }
    if (current.sawElse) throw fail('unmatched-block', `\`${name}\` after \`.else\``, span);
    current.sawElse = name === '.else';
    current.active = false;
    if (current.live && !current.taken) {
      current.active = current.taken = name === '.else' || this.holds(source, '.if', body);
    }
    return true;
  }

  private holds(source: Source, name: string, body: TokenLine): boolean {
    if (name === '.ifb' || name === '.ifnb') return (textAfter(source, body).trim() === '') === (name === '.ifb');
    if (Object.hasOwn(TEXTUAL, name)) {
      const [a, b, more] = splitArguments(textAfter(source, body));
      if (b === undefined || more !== undefined) {
        throw fail('syntax', `write \`${name} text, text\``, spanOf(source, body[0]!));
      }
      return (a === b) === TEXTUAL[name];
    }
    if (name === '.ifdef' || name === '.ifndef' || name === '.ifnotdef') {
      if (body.length !== 2) throw fail('syntax', `write \`${name} symbol\``, spanOf(source, body[0]!));
      return (this.program.symbols.definition(body[1]!.image) !== undefined) === (name === '.ifdef');
    }
    return NUMERIC[name]!(this.program.numberNow(this.expression(source, body)));
  }

  /** The expression after the first token of a line. */
  private expression(source: Source, body: TokenLine) {
    if (body.length < 2) throw fail('syntax', `\`${body[0]!.image}\` needs an expression`, spanOf(source, body[0]!));
    return parseExpression(source, body.slice(1));
  }
}

function spanOf(source: Source, token: IToken): Span {
  return { source, start: token.startOffset, end: endOf(token) };
}

/** The text of a line after its first token. */
function textAfter(source: Source, body: TokenLine): string {
  return source.text.slice(endOf(body[0]!), endOf(body.at(-1)!)).trim();
}

/** The parameter and the values of `.irp x, a, b` (spaces separate, too) or of `.irpc x, ab`. */
function parseIrp(text: string, byCharacter: boolean, span: Span): [string, string[]] {
  const parameter = /^[A-Za-z_][\w$]*/.exec(text)?.[0];
  if (parameter === undefined) throw fail('syntax', 'write `.irp name, value, value`', span);
  const values = text.slice(parameter.length).replace(/^\s*,/, '').trim();
  if (byCharacter) return [parameter, [...values.replace(/^"(.*)"$/s, '$1')]];
  const parts = splitArguments(values);
  const simple = parts.length === 1 && !/["'()]/.test(parts[0]!);
  // No value is one empty one, as in GNU as.
  if (parts.length === 0) return [parameter, ['']];
  return [parameter, simple ? parts[0]!.split(/\s+/) : parts];
}

/** The index of the line that ends a block, or undefined. Blocks of one kind may be nested. */
function findEnd(
  lines: readonly TokenLine[],
  open: number,
  to: number,
  begin: string,
  end: string,
): number | undefined {
  let depth = 0;
  for (let index = open; index < to; index++) {
    const image = lines[index]!.find(
      (token, i, line) => token.tokenType !== Colon && line[i + 1]?.tokenType !== Colon,
    )?.image;
    if (image === undefined) continue;
    if (BLOCK_ENDS[image] === BLOCK_ENDS[begin] && BLOCK_ENDS[image] !== undefined) depth++;
    if (image === end && --depth === 0) return index;
  }
  return undefined;
}

/** The text between the lines of a block, from the line after the first to the statement that ends it. */
function blockText(source: Source, lines: readonly TokenLine[], open: number, close: number) {
  const first = endOf(lines[open]!.at(-1)!);
  const lineEnd = source.text.indexOf('\n', first);
  const nextStatement = lines[open + 1]![0]!.startOffset;
  // A body on the same line, after `;`, begins where its first statement does.
  const start = lineEnd >= 0 && lineEnd < nextStatement ? lineEnd + 1 : nextStatement;
  const body = source.text.slice(start, lines[close]![0]!.startOffset);
  return { body, path: source.path, firstLine: locate({ source, start, end: start }).line };
}
