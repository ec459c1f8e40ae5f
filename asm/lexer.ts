/**
 * Tokens of GNU assembler syntax as RISC-V has it: `#` and `//` comment to the end of the line, block comments are
 * white space, a newline or `;` ends a statement.
 *
 * Source: Using as (GNU Binutils), chapters 3 (Syntax) and 9.38 (RISC-V Dependent Features).
 */

import { createToken, type IToken, Lexer, type TokenType } from 'chevrotain';
import { type Diagnostic, fail } from './diagnostic.ts';
import type { Source } from './source.ts';

const operator = (name: string, pattern: string) => createToken({ name, pattern, categories: BinaryOperator });

/** Every operator that stands between two operands; `Minus` and `Plus` stand before one, too. */
export const BinaryOperator = createToken({ name: 'BinaryOperator', pattern: Lexer.NA });
export const EndOfStatement = createToken({ name: 'EndOfStatement', pattern: /[\n;]/, line_breaks: true });
export const Text = createToken({ name: 'Text', pattern: /"(?:[^"\\\n]|\\[^\n])*"/ });
export const Character = createToken({
  name: 'Character',
  pattern: /'(?:\\(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[^\n])|[^'\\\n])'/u,
  start_chars_hint: ["'"],
});
export const Modifier = createToken({ name: 'Modifier', pattern: /%(?:hi|lo|pcrel_hi|pcrel_lo)(?=[ \t]*\()/ });
/** `@function`, `%progbits`: kinds of symbols and sections. */
export const Kind = createToken({ name: 'Kind', pattern: /@\w+|%(?:progbits|nobits|note|function|object|notype)\b/ });
export const LocalReference = createToken({ name: 'LocalReference', pattern: /\d+[bf](?![\w.$])/ });
export const Float = createToken({
  name: 'Float',
  pattern:
    /0[xX][\da-fA-F]*\.?[\da-fA-F]*[pP][+-]?\d+|\d+\.\d*(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?(?![\w.$])|\d+[eE][+-]?\d+/,
  start_chars_hint: [...'0123456789.'],
});
export const Integer = createToken({ name: 'Integer', pattern: /0[xX][\da-fA-F]+|0[bB][01]+|\d+/ });
export const Here = createToken({ name: 'Here', pattern: /\.(?![\w.$])/, start_chars_hint: ['.'] });
export const Identifier = createToken({ name: 'Identifier', pattern: /[A-Za-z_.$][\w.$]*/ });
export const Minus = operator('Minus', '-');
export const Plus = operator('Plus', '+');
export const Not = createToken({ name: 'Not', pattern: '!' });
export const Complement = createToken({ name: 'Complement', pattern: '~' });
export const Assign = createToken({ name: 'Assign', pattern: '=' });
export const Comma = createToken({ name: 'Comma', pattern: ',' });
export const Colon = createToken({ name: 'Colon', pattern: ':' });
export const Open = createToken({ name: 'Open', pattern: '(' });
export const Close = createToken({ name: 'Close', pattern: ')' });
/** `\name`, `\@`, `\()`: only in macro bodies, where the text is filled in before it is lexed again. */
const MacroParameter = createToken({ name: 'MacroParameter', pattern: /\\(?:[\w.$]+|@|\(\))/ });
const UnterminatedText = createToken({ name: 'UnterminatedText', pattern: /"[^\n]*/ });
const UnterminatedComment = createToken({ name: 'UnterminatedComment', pattern: /\/\*[\s\S]*/, line_breaks: true });
/** Characters that begin no token; made of the lexer's errors. */
const Unknown = createToken({ name: 'Unknown', pattern: Lexer.NA });

/** In order of precedence where one pattern is the beginning of another. */
export const TOKENS: TokenType[] = [
  createToken({ name: 'Space', pattern: /[ \t\r\f\v]+/, group: Lexer.SKIPPED }),
  createToken({ name: 'LineComment', pattern: /(?:#|\/\/)[^\n]*/, group: Lexer.SKIPPED }),
  createToken({ name: 'BlockComment', pattern: /\/\*[\s\S]*?\*\//, group: Lexer.SKIPPED, line_breaks: true }),
  UnterminatedComment,
  EndOfStatement,
  Text,
  UnterminatedText,
  Character,
  Modifier,
  Kind,
  LocalReference,
  Float,
  Integer,
  Here,
  Identifier,
  MacroParameter,
  BinaryOperator,
  ...['<<', '>>', '<=', '>=', '==', '!=', '&&', '||', '*', '/', '%', '&', '|', '^', '<', '>'].map((pattern) =>
    operator(`Operator ${pattern}`, pattern),
  ),
  Minus,
  Plus,
  Not,
  Complement,
  Assign,
  Comma,
  Colon,
  Open,
  Close,
  Unknown,
];

const lexer = new Lexer(TOKENS, { positionTracking: 'onlyOffset', skipValidations: true });

/** One statement with its labels: tokens between two ends. Never empty. */
export type TokenLine = readonly IToken[];

/** Splits a source into statements. Characters that fit no token become tokens no statement may hold. */
export function lex(source: Source): TokenLine[] {
  const { tokens, errors } = lexer.tokenize(source.text);
  const unknown = errors.map(({ offset, length }) => unknownToken(source.text.slice(offset, offset + length), offset));
  const all = unknown.length === 0 ? tokens : [...tokens, ...unknown].sort((a, b) => a.startOffset - b.startOffset);
  const lines: IToken[][] = [];
  let line: IToken[] = [];
  for (const token of all) {
    if (token.tokenType !== EndOfStatement) {
      line.push(token);
    } else if (line.length > 0) {
      lines.push(line);
      line = [];
    }
  }
  if (line.length > 0) lines.push(line);
  return lines;
}

function unknownToken(image: string, startOffset: number): IToken {
  return { image, startOffset, tokenType: Unknown, tokenTypeIdx: Unknown.tokenTypeIdx! };
}

/** The offset after a token. */
export function endOf({ startOffset, image }: IToken): number {
  return startOffset + image.length;
}

/** The diagnostic for a token no statement may hold, or undefined. */
export function misplaced(source: Source, token: IToken): Diagnostic | undefined {
  const span = { source, start: token.startOffset, end: endOf(token) };
  if (token.tokenType === UnterminatedText) {
    return fail('unterminated', 'this string has no closing `"`', span).diagnostic;
  }
  if (token.tokenType === UnterminatedComment) {
    return fail('unterminated', 'this comment has no closing `*/`', span).diagnostic;
  }
  if (token.tokenType === MacroParameter) {
    return fail('syntax', `\`${token.image}\` is not a parameter of a macro here`, span).diagnostic;
  }
  if (token.tokenType === Unknown) {
    return fail('unexpected-character', `unexpected \`${token.image}\``, span).diagnostic;
  }
  return undefined;
}
