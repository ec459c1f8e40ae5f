/**
 * Macros: a parameter list, a body as text, and its uses with the arguments filled in.
 *
 * Arguments are separated by commas; `name=value` gives one by name; a quoted argument loses its quotes, as in GNU
 * as. In the body `\name` is an argument, `\@` the number of the expansion, `\()` nothing (to end a name).
 *
 * Source: Using as, chapter 7.59 (.macro).
 */

import { fail } from './diagnostic.ts';
import type { Source, Span } from './source.ts';

export interface Macro {
  readonly name: string;
  readonly parameters: readonly Parameter[];
  /** The text between `.macro` and `.endm`, whole lines. */
  readonly body: string;
  readonly path: string;
  readonly firstLine: number;
}

interface Parameter {
  readonly name: string;
  readonly kind: 'optional' | 'required' | 'rest';
  readonly fallback: string;
}

/** Reads `name a, b=1, c:req, rest:vararg`. @throws DiagnosticError if it is not that */
export function parseMacroHeader(text: string, span: Span): Pick<Macro, 'name' | 'parameters'> {
  const name = /^[A-Za-z_.$][\w.$]*/.exec(text)?.[0];
  if (name === undefined) throw fail('syntax', '`.macro` needs a name', span);
  const rest = text.slice(name.length).replace(/^\s*,/, '');
  const written = splitArguments(rest).flatMap((part) => (part.includes('=') ? [part] : part.split(/\s+/)));
  const parameters = written
    .filter((part) => part !== '')
    .map((part): Parameter => {
      const match = /^([A-Za-z_][\w$]*)(?::(req|vararg))?(?:\s*=\s*(.*))?$/s.exec(part);
      if (match === null) throw fail('syntax', `\`${part}\` is not a macro parameter`, span);
      const [, parameter, qualifier, fallback] = match;
      const kind = qualifier === 'req' ? 'required' : qualifier === 'vararg' ? 'rest' : 'optional';
      return { name: parameter!, kind, fallback: unquote(fallback ?? '') };
    });
  return { name, parameters };
}

/**
 * The body with arguments filled in, as a source of its own.
 *
 * @param text the arguments as written
 * @param serial the number `\@` stands for
 * @throws DiagnosticError if arguments are missing or too many
 */
export function expandMacro(macro: Macro, text: string, serial: number, at: Span): Source {
  const values = bindArguments(macro, text, at);
  return {
    path: macro.path,
    text: substitute(macro.body, values, serial),
    firstLine: macro.firstLine,
    origin: { kind: 'macro', name: macro.name, at },
  };
}

/** Splits at commas outside quotes and parentheses and trims. No text gives no arguments. */
export function splitArguments(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  // Strings and character literals count as one piece.
  for (const piece of text.matchAll(/"(?:[^"\\]|\\.)*"|'(?:\\.|[^'\\])'|./gs)) {
    if (piece[0] === '(') depth++;
    if (piece[0] === ')') depth--;
    if (piece[0] !== ',' || depth > 0) continue;
    parts.push(text.slice(start, piece.index).trim());
    start = piece.index + 1;
  }
  const last = text.slice(start).trim();
  return parts.length === 0 && last === '' ? [] : [...parts, last];
}

function bindArguments({ name, parameters }: Macro, text: string, at: Span): Map<string, string> {
  const values = new Map<string, string>();
  const usage = `\`${[name, parameters.map((parameter) => parameter.name).join(', ')].join(' ').trim()}\``;
  const given = splitArguments(text);
  let position = 0;
  given.forEach((argument, i) => {
    const named = /^([A-Za-z_][\w$]*)\s*=(?!=)\s*(.*)$/s.exec(argument);
    if (named !== null && parameters.some((parameter) => parameter.name === named[1])) {
      values.set(named[1]!, unquote(named[2]!));
      return;
    }
    const parameter = parameters[position++];
    if (parameter?.kind === 'rest') {
      if (!values.has(parameter.name)) values.set(parameter.name, given.slice(i).join(', '));
      position--;
    } else if (parameter === undefined) {
      throw fail(
        'macro-arguments',
        `macro \`${name}\` has ${parameters.length} parameters, this is one more`,
        at,
        usage,
      );
    } else if (argument !== '') {
      values.set(parameter.name, unquote(argument));
    }
  });
  for (const parameter of parameters) {
    if (values.has(parameter.name)) continue;
    if (parameter.kind === 'required') {
      throw fail('macro-arguments', `macro \`${name}\` needs its parameter \`${parameter.name}\``, at, usage);
    }
    values.set(parameter.name, parameter.fallback);
  }
  return values;
}

/** Fills in `\name`, `\@` and `\()`. Names that are no parameter stay, for macros defined inside. */
export function substitute(body: string, values: ReadonlyMap<string, string>, serial: number): string {
  return body.replace(/\\(?:@|\(\)|([A-Za-z_][\w$]*))/g, (written, parameter: string | undefined) => {
    if (parameter !== undefined) return values.get(parameter) ?? written;
    return written === '\\@' ? String(serial) : '';
  });
}

function unquote(text: string): string {
  return /^"(?:[^"\\]|\\.)*"$/s.test(text) ? text.slice(1, -1) : text;
}
