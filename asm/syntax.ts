/** Statements and expressions as parsed. Every node carries the place it was written. */

import type { Section } from './section.ts';
import type { Span } from './source.ts';

export type UnaryOperator = '-' | '+' | '~' | '!';

export type BinaryOperatorName =
  | ('*' | '/' | '%' | '+' | '-' | '<<' | '>>' | '<' | '<=' | '>' | '>=')
  | ('==' | '!=' | '&' | '^' | '|' | '&&' | '||');

/** Relocation functions: the upper 20 or lower 12 bits of an address, absolute or relative to the pc. */
export type ModifierName = '%hi' | '%lo' | '%pcrel_hi' | '%pcrel_lo';

/** A number, or an offset from something whose address is decided when the program is linked. */
export interface Value {
  /** The start of a section. */
  readonly section?: Section;
  /** A symbol of another object, or one that another object may replace (weak). Never together with a section. */
  readonly symbol?: string;
  /** |amount| < 2^64. */
  readonly amount: bigint;
}

export type Expression =
  | { readonly kind: 'value'; readonly value: Value; readonly span: Span }
  | { readonly kind: 'float'; readonly text: string; readonly span: Span }
  | { readonly kind: 'symbol'; readonly name: string; readonly span: Span }
  /** `.`, the address of what is placed: of each number of a list its own. */
  | { readonly kind: 'here'; readonly span: Span }
  /** `1b`, `1f`: the nearest numeric label before or after. */
  | { readonly kind: 'local'; readonly label: string; readonly forward: boolean; readonly span: Span }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly operand: Expression; readonly span: Span }
  | { readonly kind: 'modifier'; readonly modifier: ModifierName; readonly operand: Expression; readonly span: Span }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperatorName;
      readonly left: Expression;
      readonly right: Expression;
      readonly span: Span;
    };

export type OperandNode =
  | { readonly kind: 'expression'; readonly expression: Expression; readonly span: Span }
  /** `offset(base)`, the offset may be left out. */
  | {
      readonly kind: 'memory';
      readonly offset: Expression | undefined;
      readonly base: Expression;
      readonly span: Span;
    }
  | { readonly kind: 'text'; readonly text: string; readonly span: Span }
  /** `@function` and its like, without the sign. */
  | { readonly kind: 'kind'; readonly name: string; readonly span: Span }
  /** Nothing between two commas. */
  | { readonly kind: 'empty'; readonly span: Span };

/** An instruction, a directive (its name begins with a dot), or `name = expression` written as `.set`. */
export interface Statement {
  readonly name: string;
  readonly nameSpan: Span;
  readonly operands: readonly OperandNode[];
  readonly span: Span;
}
