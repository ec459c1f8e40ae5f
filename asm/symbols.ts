/** The symbols of one program: labels, `.set` and `.equ` names, numeric labels. */

import { F_NUMBERS, X_NUMBERS } from '../vm/isa/registers.ts';
import { DiagnosticError, fail } from './diagnostic.ts';
import type { Scope } from './expression.ts';
import type { AssemblySymbol } from './section.ts';
import type { Span } from './source.ts';
import { nearest } from './suggest.ts';
import type { Expression, Value } from './syntax.ts';

/** Separates a numeric label from its count in generated names; no source text can write it. */
const COUNT_MARK = '\u0002';

export class SymbolTable implements Scope {
  readonly all = new Map<string, AssemblySymbol>();
  /** Set at the end of the source: names without a definition then belong to other objects. */
  complete = false;
  private readonly numericCounts = new Map<string, number>();

  definition(name: string): Expression | undefined {
    return this.all.get(name)?.expression;
  }

  isExternal(name: string): boolean {
    if (isGenerated(name)) return false;
    const symbol = this.all.get(name);
    return this.complete && (symbol?.expression === undefined || symbol.binding === 'weak');
  }

  suggestion(name: string): string | undefined {
    const names = [...this.all.values()].filter((s) => s.expression !== undefined && !isGenerated(s.name));
    const candidate = nearest(
      name,
      names.map((s) => s.name),
    );
    return candidate === undefined ? undefined : `did you mean \`${candidate}\`?`;
  }

  /** The symbol of a name, made if there is none. */
  symbol(name: string): AssemblySymbol {
    const known = this.all.get(name);
    if (known !== undefined) return known;
    const symbol: AssemblySymbol = { name, variable: false, binding: 'local', kind: 'notype' };
    this.all.set(name, symbol);
    return symbol;
  }

  /** @throws DiagnosticError if the name is taken */
  defineLabel(name: string, value: Value, span: Span): void {
    if (/^\d/.test(name)) {
      const count = (this.numericCounts.get(name) ?? 0) + 1;
      this.numericCounts.set(name, count);
      name = numericName(name, count);
    }
    this.define(name, { kind: 'value', value, span }, span, false);
  }

  /**
   * Gives a symbol its meaning.
   *
   * @param variable whether it may be given another later
   * @throws DiagnosticError if it already has one that is final
   */
  define(name: string, expression: Expression, span: Span, variable: boolean): void {
    if (X_NUMBERS.has(name) || F_NUMBERS.has(name)) {
      throw fail('reserved-name', `\`${name}\` is a register, a symbol needs another name`, span);
    }
    const symbol = this.symbol(name);
    if (symbol.common !== undefined || (symbol.expression !== undefined && !(variable && symbol.variable))) {
      const { diagnostic } = fail('duplicate-symbol', `\`${name}\` is already defined`, span);
      throw new DiagnosticError({ ...diagnostic, note: { message: 'first defined', span: symbol.span! } });
    }
    symbol.expression = expression;
    symbol.span = span;
    symbol.variable = variable;
  }

  /** The generated name of `1b` or `1f` at this point. */
  localName(label: string, forward: boolean): string | undefined {
    const count = this.numericCounts.get(label) ?? 0;
    if (forward) return numericName(label, count + 1);
    return count === 0 ? undefined : numericName(label, count);
  }

  variable(name: string): Expression | undefined {
    const symbol = this.all.get(name);
    return symbol?.variable ? symbol.expression : undefined;
  }
}

/** Whether a name stands for a numeric label. */
export function isGenerated(name: string): boolean {
  return name.includes(COUNT_MARK);
}

function numericName(label: string, count: number): string {
  // Leading zeros do not make another label.
  return `.L${label.replace(/^0+(?=\d)/, '')}${COUNT_MARK}${count}`;
}
