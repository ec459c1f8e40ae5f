/**
 * The one way assembly is laid out: labels in the first column, statements in column 4 with operands in column 12,
 * comments after code in column 36, one space after a comma. It works on text, so that whatever is no statement yet
 * (macro bodies, what a condition leaves out) is kept; strings, expressions and comments stay as they are written.
 *
 * Formatting twice is formatting once, and never changes what is assembled.
 */

const INDENT = '    ';
/** Of a mnemonic with the space after it. */
const MNEMONIC_WIDTH = 8;
/** Where data stands after its label. */
const DATA_COLUMN = 16;
const COMMENT_COLUMN = 36;

/** Statements that begin in the first column. */
const OUTER = /^\.(?:macro|endm)$/;
/** Directives whose operands are texts in which every space counts. */
const VERBATIM = /^\.(?:ifn?c|if(?:eq|ne)s|irpc?|macro|print|error|warning)$/;

/** A line as far as layout is concerned. */
interface Line {
  readonly code: string;
  /** With its sign. */
  readonly comment: string;
}

export function format(text: string): string {
  const lines: string[] = [];
  let inComment = false;
  for (const written of text.split('\n')) {
    const raw = written.trimEnd();
    if (inComment || raw.includes('/*')) {
      // What a block comment is on stays as it is.
      lines.push(raw);
      inComment = endsInComment(raw, inComment);
      continue;
    }
    const line = split(raw);
    const laid = line === undefined ? raw : layOut(raw, line);
    if (laid === '' && (lines.length === 0 || lines.at(-1) === '')) continue;
    lines.push(laid);
  }
  while (lines.at(-1) === '') lines.pop();
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Strings, characters and comments in front of single characters, as the lexer takes them. */
const PIECES = /"(?:[^"\\]|\\.)*"|'(?:\\.|[^'\\])'|\/\*|\*\/|\/\/.*|#.*|./gsu;

function endsInComment(line: string, inside: boolean): boolean {
  let at = 0;
  for (;;) {
    if (inside) {
      const end = line.indexOf('*/', at);
      if (end < 0) return true;
      at = end + 2;
      inside = false;
    }
    const open = [...line.slice(at).matchAll(PIECES)].find(([piece]) => piece === '/*');
    if (open === undefined) return false;
    at += open.index + 2;
    inside = true;
  }
}

/** Code and comment; undefined for a line with an open string, which is no statement. */
function split(line: string): Line | undefined {
  for (const { 0: piece, index } of line.matchAll(PIECES)) {
    if (piece === '"') return undefined;
    if (/^(?:#|\/\/)/.test(piece)) return { code: line.slice(0, index).trim(), comment: piece };
  }
  return { code: line.trim(), comment: '' };
}

function layOut(raw: string, { code, comment }: Line): string {
  if (code === '') return comment === '' || !/^\s/.test(raw) ? comment : INDENT + comment;
  const laid = layOutCode(code);
  if (comment === '') return laid;
  const last = laid.slice(laid.lastIndexOf('\n') + 1);
  return `${laid}${' '.repeat(Math.max(1, COMMENT_COLUMN - last.length))}${comment}`;
}

function layOutCode(code: string): string {
  const label = /^((?:[\w.$@\\]|\\\(\))+)\s*:(?!=)\s*/.exec(code);
  if (label === null) return statements(code);
  const name = `${label[1]}:`;
  const rest = code.slice(label[0].length);
  if (rest === '') return name;
  const after = layOutCode(rest).trimStart();
  if (/^\d/.test(name)) return name.length < INDENT.length ? name.padEnd(INDENT.length) + after : `${name} ${after}`;
  // Data stays beside its label, an instruction goes below it.
  if (after.startsWith('.')) return name.length < DATA_COLUMN ? name.padEnd(DATA_COLUMN) + after : `${name} ${after}`;
  return `${name}\n${layOutCode(rest)}`;
}

/** The statements of a line, which `;` separates. */
function statements(code: string): string {
  const parts = splitAt(code, ';').map((part) => part.trim());
  const [first, ...others] = parts;
  const begin = statement(first!);
  const indent = OUTER.test(/^\S*/.exec(begin)![0]) ? '' : INDENT;
  return indent + [begin, ...others.map((part) => statement(part).replace(/^(\S+) +/, '$1 '))].join('; ').trimEnd();
}

function statement(text: string): string {
  const mnemonic = /^\S*/.exec(text)![0];
  const operands = text.slice(mnemonic.length).trim();
  // `x = 1`, a call without a space, or nothing that has operands.
  if (operands === '' || operands.startsWith('=') || /[="',]/.test(mnemonic)) return text;
  const written = VERBATIM.test(mnemonic)
    ? operands
    : splitAt(operands, ',')
        .map((operand) => operand.trim())
        .join(', ')
        .trimEnd();
  if (mnemonic.startsWith('.')) return `${mnemonic} ${written}`;
  return mnemonic.length < MNEMONIC_WIDTH ? mnemonic.padEnd(MNEMONIC_WIDTH) + written : `${mnemonic} ${written}`;
}

/** Splits outside of strings and characters. */
function splitAt(text: string, separator: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const { 0: piece, index } of text.matchAll(PIECES)) {
    if (piece !== separator) continue;
    parts.push(text.slice(start, index));
    start = index + 1;
  }
  return [...parts, text.slice(start)];
}
