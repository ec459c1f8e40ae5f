/**
 * One statement from its tokens. Macros, conditions and labels are dealt with before, on lines of tokens.
 *
 * Expressions have C's operators and C's precedence. GNU as differs in two points: there `| & ^` bind tighter than
 * `+ -`, and a true comparison is -1 (here 1).
 */

import { EmbeddedActionsParser, type IToken, tokenMatcher } from 'chevrotain';
import { X_NUMBERS } from '../vm/isa/registers.ts';
import { type DiagnosticError, fail } from './diagnostic.ts';
import {
  Assign,
  BinaryOperator,
  Character,
  Close,
  Comma,
  Complement,
  endOf,
  Float,
  Here,
  Identifier,
  Integer,
  Kind,
  LocalReference,
  Minus,
  Modifier,
  misplaced,
  Not,
  Open,
  Plus,
  Text,
  TOKENS,
  type TokenLine,
} from './lexer.ts';
import { parseCharacter, parseText } from './literal.ts';
import { type Source, type Span, textOf } from './source.ts';
import type { BinaryOperatorName, Expression, ModifierName, OperandNode, Statement, UnaryOperator } from './syntax.ts';

/** Larger binds tighter. */
const PRECEDENCE: Readonly<Record<BinaryOperatorName, number>> = {
  '*': 10,
  '/': 10,
  '%': 10,
  '+': 9,
  '-': 9,
  '<<': 8,
  '>>': 8,
  '<': 7,
  '<=': 7,
  '>': 7,
  '>=': 7,
  '==': 6,
  '!=': 6,
  '&': 5,
  '^': 4,
  '|': 3,
  '&&': 2,
  '||': 1,
};

/**
 * Parses one statement without its labels.
 *
 * @throws DiagnosticError at the first token that does not fit
 */
export function parseStatement(source: Source, tokens: TokenLine): Statement {
  return parse(source, tokens, () => parser.statement());
}

/** Parses one expression. @throws DiagnosticError as `parseStatement` */
export function parseExpression(source: Source, tokens: TokenLine): Expression {
  return parse(source, tokens, () => parser.expression());
}

/** Tokens of one operand: far more than anyone writes, few enough for the stack if all of them are parentheses. */
const MAX_OPERAND_TOKENS = 400;

function parse<T>(source: Source, tokens: TokenLine, rule: () => T): T {
  let length = 0;
  for (const token of tokens) {
    const bad = misplaced(source, token);
    if (bad !== undefined) throw fail(bad.code, bad.message, bad.span);
    length = token.tokenType === Comma ? 0 : length + 1;
    if (length > MAX_OPERAND_TOKENS) {
      const span = { source, start: token.startOffset, end: endOf(token) };
      throw fail(
        'nested-too-deep',
        `an expression has at most ${MAX_OPERAND_TOKENS} tokens`,
        span,
        'divide it by `.set`',
      );
    }
  }
  parser.source = source;
  parser.input = tokens as IToken[];
  const result = rule();
  if (parser.errors.length > 0) throw syntaxError(source, tokens);
  return result;
}

function syntaxError(source: Source, tokens: TokenLine): DiagnosticError {
  const { token } = parser.errors[0]!;
  if (Number.isNaN(token.startOffset)) {
    const end = endOf(tokens.at(-1)!);
    return fail('syntax', 'the statement ends too early', { source, start: end, end: end + 1 });
  }
  const span = { source, start: token.startOffset, end: endOf(token) };
  const quoted = source.origin?.kind === 'macro' && textOf(source.origin.at).includes('"');
  const help = quoted ? 'a quoted macro argument loses its quotes: write `"\\argument"` in the body' : undefined;
  return fail('syntax', `unexpected \`${token.image}\``, span, help);
}

class StatementParser extends EmbeddedActionsParser {
  source: Source = { path: '', text: '', firstLine: 1 };

  constructor() {
    super(TOKENS, { maxLookahead: 2, skipValidations: true });
    this.performSelfAnalysis();
  }

  readonly statement = this.RULE('statement', (): Statement => {
    const name = this.CONSUME(Identifier);
    const operands: OperandNode[] = [];
    let assigned: Expression | undefined;
    this.OR([
      {
        ALT: () => {
          this.CONSUME(Assign);
          assigned = this.SUBRULE(this.expression);
        },
      },
      {
        ALT: () => {
          this.MANY_SEP({
            SEP: Comma,
            DEF: () => {
              operands.push(this.SUBRULE(this.operand));
            },
          });
        },
      },
    ]);
    return this.ACTION(() => {
      const nameSpan = this.spanOf(name);
      const end = endOf(this.LA(0));
      const span = { source: this.source, start: nameSpan.start, end };
      if (assigned === undefined) return { name: name.image, nameSpan, operands, span };
      const target: Expression = { kind: 'symbol', name: name.image, span: nameSpan };
      return {
        name: '.set',
        nameSpan,
        operands: [
          { kind: 'expression', expression: target, span: nameSpan },
          { kind: 'expression', expression: assigned, span: assigned.span },
        ],
        span,
      };
    });
  });

  readonly operand = this.RULE(
    'operand',
    (): OperandNode =>
      this.OR<OperandNode>([
        {
          ALT: () => {
            const token = this.CONSUME(Text);
            return this.ACTION(() => {
              const span = this.spanOf(token);
              return { kind: 'text', text: parseText(token.image, span), span };
            });
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(Kind);
            return this.ACTION(() => ({ kind: 'kind', name: token.image.slice(1), span: this.spanOf(token) }));
          },
        },
        {
          GATE: () => this.atBase(),
          ALT: () => this.SUBRULE(this.base),
        },
        {
          ALT: () => {
            const expression = this.SUBRULE(this.expression);
            const memory = this.OPTION(() => this.SUBRULE2(this.base));
            return this.ACTION((): OperandNode => {
              if (memory === undefined) return { kind: 'expression', expression, span: expression.span };
              return { ...memory, offset: expression, span: join(expression.span, memory.span) };
            });
          },
        },
        { ALT: () => this.ACTION(() => ({ kind: 'empty', span: this.spanOf(this.LA(0)) })) },
      ]),
  );

  /** `(register)` */
  readonly base = this.RULE('base', () => {
    const open = this.CONSUME(Open);
    const register = this.CONSUME(Identifier);
    const close = this.CONSUME(Close);
    return this.ACTION(() => ({
      kind: 'memory' as const,
      offset: undefined,
      base: { kind: 'symbol' as const, name: register.image, span: this.spanOf(register) },
      span: join(this.spanOf(open), this.spanOf(close)),
    }));
  });

  /** Operands and operators in turn, then folded by precedence: one rule instead of one per level. */
  readonly expression: () => Expression = this.RULE('expression', () => {
    const operands = [this.SUBRULE(this.unary)];
    const operators: IToken[] = [];
    this.MANY(() => {
      operators.push(this.CONSUME(BinaryOperator));
      operands.push(this.SUBRULE2(this.unary));
    });
    return this.ACTION(() => fold(operands, operators));
  });

  readonly unary: () => Expression = this.RULE('unary', () =>
    this.OR<Expression>([
      {
        ALT: () => {
          const token = this.OR2([
            { ALT: () => this.CONSUME(Minus) },
            { ALT: () => this.CONSUME(Plus) },
            { ALT: () => this.CONSUME(Not) },
            { ALT: () => this.CONSUME(Complement) },
          ]);
          const operand = this.SUBRULE(this.unary);
          return this.ACTION(() => {
            const operator = token.image as UnaryOperator;
            return { kind: 'unary', operator, operand, span: join(this.spanOf(token), operand.span) };
          });
        },
      },
      { ALT: () => this.SUBRULE(this.primary) },
    ]),
  );

  readonly primary: () => Expression = this.RULE('primary', () =>
    this.OR<Expression>([
      { ALT: () => this.literal(this.CONSUME(Identifier)) },
      { ALT: () => this.literal(this.CONSUME(Integer)) },
      { ALT: () => this.literal(this.CONSUME(Character)) },
      { ALT: () => this.literal(this.CONSUME(Float)) },
      { ALT: () => this.literal(this.CONSUME(Here)) },
      { ALT: () => this.literal(this.CONSUME(LocalReference)) },
      {
        ALT: () => {
          const open = this.CONSUME(Open);
          const inner = this.SUBRULE(this.expression);
          const close = this.CONSUME(Close);
          return this.ACTION(() => ({ ...inner, span: join(this.spanOf(open), this.spanOf(close)) }));
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(Modifier);
          this.CONSUME2(Open);
          const operand = this.SUBRULE2(this.expression);
          const close = this.CONSUME2(Close);
          return this.ACTION(() => {
            const modifier = token.image as ModifierName;
            return { kind: 'modifier', modifier, operand, span: join(this.spanOf(token), this.spanOf(close)) };
          });
        },
      },
    ]),
  );

  /** `(a0)` is a memory operand, `(N)` and `(N)(a0)` begin with an expression. */
  private atBase(): boolean {
    return this.LA(1).tokenType === Open && X_NUMBERS.has(this.LA(2).image) && this.LA(3).tokenType === Close;
  }

  private literal(token: IToken): Expression {
    return this.ACTION((): Expression => {
      const span = this.spanOf(token);
      const number = (amount: bigint): Expression => ({ kind: 'value', value: { amount }, span });
      if (tokenMatcher(token, Identifier)) return { kind: 'symbol', name: token.image, span };
      if (tokenMatcher(token, Float)) return { kind: 'float', text: token.image, span };
      if (tokenMatcher(token, Here)) return { kind: 'here', span };
      if (tokenMatcher(token, LocalReference)) {
        return { kind: 'local', label: token.image.slice(0, -1), forward: token.image.endsWith('f'), span };
      }
      if (tokenMatcher(token, Character)) return number(parseCharacter(token.image, span));
      // A leading zero means octal, as in C.
      if (/^0\d/.test(token.image)) {
        if (/[89]/.test(token.image)) throw fail('syntax', `\`${token.image}\` is not an octal number`, span);
        return number(BigInt(`0o${token.image}`));
      }
      return number(BigInt(token.image));
    });
  }

  private spanOf(token: IToken): Span {
    return { source: this.source, start: token.startOffset, end: endOf(token) };
  }
}

function join(first: Span, last: Span): Span {
  return { source: first.source, start: first.start, end: last.end };
}

/** Shunting-yard over `operands[0] operators[0] operands[1] ...`; operators of one level associate to the left. */
function fold(operands: readonly Expression[], operators: readonly IToken[]): Expression {
  const output: Expression[] = [operands[0]!];
  const pending: BinaryOperatorName[] = [];
  const reduce = () => {
    const operator = pending.pop()!;
    const right = output.pop()!;
    const left = output.pop()!;
    output.push({ kind: 'binary', operator, left, right, span: join(left.span, right.span) });
  };
  operators.forEach((token, i) => {
    const operator = token.image as BinaryOperatorName;
    while (pending.length > 0 && PRECEDENCE[pending.at(-1)!] >= PRECEDENCE[operator]) reduce();
    pending.push(operator);
    output.push(operands[i + 1]!);
  });
  while (pending.length > 0) reduce();
  return output[0]!;
}

const parser = new StatementParser();
