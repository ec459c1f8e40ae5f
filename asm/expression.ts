/**
 * The value of an expression: exact integers below 2^64 in magnitude, or an offset in a section.
 *
 * Sections and symbols of other objects have no addresses yet, so an offset may be moved by a number, and two offsets of
 * one section may be subtracted or compared; every other use of one is refused, as a relocation could not express it.
 */

import { fail } from './diagnostic.ts';
import { type Span, textOf } from './source.ts';
import type { BinaryOperatorName, Expression, Value } from './syntax.ts';

/** Where names are looked up. */
export interface Scope {
  /** The bound expression a symbol stands for, or undefined while it is not defined. */
  definition(name: string): Expression | undefined;
  /** Whether the address of a symbol is known to the linker only. */
  isExternal(name: string): boolean;
  /** What the author calls near-misses of an undefined name. */
  suggestion(name: string): string | undefined;
}

/** Where an expression stands: what `.`, `1f`, `1b` and redefinable symbols mean here. */
export interface Place {
  here(): Value;
  /** The unique name of a numeric label, or undefined for a `1b` without any `1:` before. */
  localName(label: string, forward: boolean): string | undefined;
  /** The current value of a symbol that may change later (`.set`). */
  variable(name: string): Expression | undefined;
}

/** A definition may refer to at most this many others in a chain. */
const MAX_DEPTH = 200;
const LIMIT = 1n << 64n;

/**
 * Replaces everything that depends on the place, so that the expression can be evaluated at the end.
 *
 * @throws DiagnosticError on a `1b` without a label before it
 */
export function bind(expression: Expression, place: Place): Expression {
  switch (expression.kind) {
    case 'value':
    case 'float':
      return expression;
    case 'here':
      return { kind: 'value', value: place.here(), span: expression.span };
    case 'symbol':
      return place.variable(expression.name) ?? expression;
    case 'local': {
      const name = place.localName(expression.label, expression.forward);
      const label = expression.label;
      if (name === undefined) throw fail('undefined-symbol', `there is no label \`${label}:\` before`, expression.span);
      return { kind: 'symbol', name, span: expression.span };
    }
    case 'unary':
    case 'modifier':
      return { ...expression, operand: bind(expression.operand, place) };
    case 'binary':
      return { ...expression, left: bind(expression.left, place), right: bind(expression.right, place) };
  }
}

/** Whether every symbol in a bound expression is defined, so that `evaluate` would not report one as undefined. */
export function isDefined(expression: Expression, scope: Scope, depth = 0): boolean {
  switch (expression.kind) {
    case 'value':
    case 'float':
    case 'here':
    case 'local':
      return true;
    case 'symbol': {
      const definition = scope.definition(expression.name);
      // A circular definition counts as defined: evaluating it reports the circle.
      return definition !== undefined && (depth >= MAX_DEPTH || isDefined(definition, scope, depth + 1));
    }
    case 'unary':
    case 'modifier':
      return isDefined(expression.operand, scope, depth);
    case 'binary':
      return isDefined(expression.left, scope, depth) && isDefined(expression.right, scope, depth);
  }
}

/** Evaluates a bound expression. @throws DiagnosticError with the reason why it has no value */
export function evaluate(expression: Expression, scope: Scope, depth = 0): Value {
  const { span } = expression;
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'float':
      throw fail('not-constant', 'a floating-point number cannot stand here', span, 'use `.float` or `.bfloat16`');
    case 'here':
    case 'local':
      throw new TypeError('expression: expected a bound expression, got one with a place in it');
    case 'modifier':
      throw fail('syntax', `\`${expression.modifier}\` must enclose the whole operand`, span);
    case 'symbol': {
      if (scope.isExternal(expression.name)) return { symbol: expression.name, amount: 0n };
      const definition = scope.definition(expression.name);
      if (definition === undefined) throw undefinedSymbol(expression, scope);
      if (depth >= MAX_DEPTH) throw fail('circular-definition', `\`${expression.name}\` is defined by itself`, span);
      return evaluate(definition, scope, depth + 1);
    }
    case 'unary': {
      const value = evaluate(expression.operand, scope, depth);
      if (expression.operator === '+') return value;
      const amount = number(value, expression.operand.span);
      if (expression.operator === '-') return { amount: -amount };
      return { amount: expression.operator === '~' ? ~amount : amount === 0n ? 1n : 0n };
    }
    case 'binary': {
      const left = evaluate(expression.left, scope, depth);
      const right = evaluate(expression.right, scope, depth);
      const value = combine(expression, left, right);
      if (value.amount >= LIMIT || value.amount <= -LIMIT) {
        throw fail('expression-overflow', 'the value does not fit in 64 bits', span);
      }
      return value;
    }
  }
}

/** Evaluates to a number. @throws DiagnosticError also if the value is an address */
export function evaluateNumber(expression: Expression, scope: Scope): bigint {
  return number(evaluate(expression, scope), expression.span);
}

function combine({ operator, left, right, span }: Expression & { kind: 'binary' }, a: Value, b: Value): Value {
  if (isAddress(a) || isAddress(b)) {
    if (operator === '+' && !isAddress(b)) return { ...a, amount: a.amount + b.amount };
    if (operator === '+' && !isAddress(a)) return { ...b, amount: a.amount + b.amount };
    if (operator === '-' && !isAddress(b)) return { ...a, amount: a.amount - b.amount };
    const comparable = operator === '-' || COMPARISONS.has(operator);
    if (!comparable || a.section !== b.section || a.symbol !== b.symbol) {
      const message = `\`${operator}\` of these addresses is not known before the program is linked`;
      throw fail('not-constant', message, span, 'only addresses of one section can be subtracted or compared');
    }
  }
  return { amount: arithmetic(operator, a.amount, b.amount, left.span, right.span) };
}

/** Whether a value is known only when the program is linked. */
export function isAddress({ section, symbol }: Value): boolean {
  return section !== undefined || symbol !== undefined;
}

const COMPARISONS: ReadonlySet<BinaryOperatorName> = new Set(['<', '<=', '>', '>=', '==', '!=']);

function arithmetic(operator: BinaryOperatorName, a: bigint, b: bigint, left: Span, right: Span): bigint {
  const truth = (value: boolean) => (value ? 1n : 0n);
  switch (operator) {
    case '*':
      return a * b;
    case '/':
    case '%':
      if (b === 0n) throw fail('division-by-zero', 'the divisor is zero', right);
      return operator === '/' ? a / b : a % b;
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '<<':
    case '>>':
      if (b < 0n || b > 64n) throw fail('value-out-of-range', `shift by ${b}, expected 0 to 64`, right);
      if (operator === '>>') return a >> b;
      if (b > 0n && (a >= LIMIT || a <= -LIMIT)) throw fail('expression-overflow', 'too large to shift', left);
      return a << b;
    case '<':
      return truth(a < b);
    case '<=':
      return truth(a <= b);
    case '>':
      return truth(a > b);
    case '>=':
      return truth(a >= b);
    case '==':
      return truth(a === b);
    case '!=':
      return truth(a !== b);
    case '&':
      return a & b;
    case '^':
      return a ^ b;
    case '|':
      return a | b;
    case '&&':
      return truth(a !== 0n && b !== 0n);
    case '||':
      return truth(a !== 0n || b !== 0n);
  }
}

function number(value: Value, span: Span): bigint {
  if (!isAddress(value)) return value.amount;
  throw fail('not-constant', `\`${textOf(span)}\` is an address, a number is needed here`, span);
}

/** The error for a name nothing defines. */
export function undefinedSymbol({ name, span }: Expression & { kind: 'symbol' }, scope: Pick<Scope, 'suggestion'>) {
  // Numeric labels have generated names; the author wrote `1f`.
  const written = name.includes('\u0002') ? textOf(span) : name;
  return fail('undefined-symbol', `\`${written}\` is not defined`, span, scope.suggestion(name));
}
