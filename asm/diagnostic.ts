/** What the assembler tells an author: a stable code, a message, the place, and what to do about it. */

import { lineText, locate, type Span } from './source.ts';

/** Stable: tests, docs and editors match on the code, people read the message. */
export type DiagnosticCode =
  | 'bad-alignment'
  | 'bad-float'
  | 'bad-operand'
  | 'bad-string'
  | 'branch-out-of-range'
  | 'circular-definition'
  | 'division-by-zero'
  | 'duplicate-macro'
  | 'duplicate-symbol'
  | 'expression-overflow'
  | 'bad-object'
  | 'immediate-out-of-range'
  | 'include-not-found'
  | 'instruction-outside-text'
  | 'macro-arguments'
  | 'misaligned-instruction'
  | 'misaligned-target'
  | 'nested-too-deep'
  | 'needs-relaxation'
  | 'no-entry'
  | 'not-constant'
  | 'operand-count'
  | 'pcrel-lo-without-hi'
  | 'reserved-name'
  | 'section-conflict'
  | 'section-too-large'
  | 'syntax'
  | 'too-many-assertions'
  | 'too-many-repetitions'
  | 'unchecked-hint'
  | 'undefined-symbol'
  | 'unexpected-character'
  | 'unknown-directive'
  | 'unknown-mnemonic'
  | 'unknown-register'
  | 'unmatched-block'
  | 'unterminated'
  | 'user-error'
  | 'user-warning'
  | 'value-out-of-range';

export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly span: Span;
  /** Another place that matters, for example the first definition of a duplicate. */
  readonly note?: { readonly message: string; readonly span: Span };
  /** What the author can do about it. */
  readonly help?: string;
}

/** Ends the statement being assembled; the diagnostic is collected and assembly goes on with the next one. */
export class DiagnosticError extends Error {
  readonly diagnostic: Diagnostic;

  constructor(diagnostic: Diagnostic) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
  }
}

/** An error in the shape `throw fail(...)`. */
export function fail(code: DiagnosticCode, message: string, span: Span, help?: string): DiagnosticError {
  const diagnostic = { code, severity: 'error', message, span } as const;
  return new DiagnosticError(help === undefined ? diagnostic : { ...diagnostic, help });
}

/** Renders one diagnostic with the offending text underlined and, inside macros and includes, how it got there. */
export function render({ code, severity, message, span, note, help }: Diagnostic): string {
  const { path, line, column } = locate(span);
  const text = lineText(span);
  const width = Math.max(1, Math.min(span.end - span.start, text.length - column + 1));
  const gutter = ' '.repeat(String(line).length);
  // Tabs stay tabs, so that the caret stands below its text whatever the tab width.
  const indent = text.slice(0, column - 1).replace(/[^\t]/g, ' ');
  return [
    `${severity}[${code}]: ${message}`,
    `${gutter}--> ${path}:${line}:${column}`,
    `${gutter} |`,
    `${line} | ${text}`,
    `${gutter} | ${indent}${'^'.repeat(width)}`,
    ...(note === undefined ? [] : [`${gutter} = note: ${note.message} at ${place(note.span)}`]),
    ...origins(span).map((origin) => `${gutter} = note: ${origin}`),
    ...(help === undefined ? [] : [`${gutter} = help: ${help}`]),
  ].join('\n');
}

/** Renders a list, one blank line between, and a closing count of errors and warnings. Empty for an empty list. */
export function renderAll(diagnostics: readonly Diagnostic[]): string {
  if (diagnostics.length === 0) return '';
  const numErrors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const counts = [count(numErrors, 'error'), count(diagnostics.length - numErrors, 'warning')];
  return [...diagnostics.map(render), counts.filter((text) => text !== '').join(', ')].join('\n\n');
}

function origins({ source }: Span): string[] {
  const { origin } = source;
  if (origin === undefined) return [];
  const text =
    origin.kind === 'macro'
      ? `in macro \`${origin.name}\`, used at ${place(origin.at)}`
      : `included at ${place(origin.at)}`;
  return [text, ...origins(origin.at)];
}

function place(span: Span): string {
  const { path, line, column } = locate(span);
  return `${path}:${line}:${column}`;
}

function count(n: number, noun: string): string {
  if (n === 0) return '';
  return n === 1 ? `1 ${noun}` : `${n} ${noun}s`;
}
