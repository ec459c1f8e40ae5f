/**
 * Messages of a bus compiled to JavaScript, for the rows of tall tables: a sum of cells takes 2 ns where a closure takes
 * 30. Making one costs as much as some hundred rows. Reference: `messageFunction` in `witness.ts`.
 */
import { type Interaction, tupleOf } from '../stark/air/air.ts';
import type { Column, Expr } from '../stark/air/expr.ts';
import { add, mul, P, sub } from '../stark/field/koala-bear.ts';
import { canonicalOf, exactForm, type RowFunction, type TableCells } from './row-function.ts';
import type { MessageFunction } from './witness.ts';

/** @throws {RangeError} if the message reads the next row. */
export function compiledMessage(interaction: Interaction): MessageFunction {
  const fields = tupleOf(interaction);
  const tuple = new Uint32Array(fields.length);
  const one = new Source();
  const multiplicity = one.function(`return ${one.value(interaction.multiplicity)};`, tuple) as RowFunction;
  const all = new Source();
  const values = fields.map((field, i) => `out[${i}] = ${all.value(field)};`);
  const read = all.function(values.join('\n'), tuple) as (table: TableCells, row: number) => void;
  return { tuple, multiplicity, read };
}

/** Statements of one function and the names of what they have computed. */
class Source {
  readonly #lines: string[] = [];
  readonly #names = new Map<Expr, string>();

  /** JavaScript for a canonical residue. */
  value(expr: Expr): string {
    const known = this.#names.get(expr);
    if (known !== undefined) return known;
    const name = this.#linear(expr) ?? this.#operation(expr);
    this.#names.set(expr, name);
    return name;
  }

  function(body: string, out: Uint32Array): unknown {
    const text = `return ({ cells, stride, known, fixed }, row) => {
      const base = row * stride;
      ${this.#lines.join('\n')}
      ${body}
    };`;
    return new Function('add', 'sub', 'mul', 'canonical', 'out', text)(add, sub, mul, canonicalOf, out);
  }

  #linear(expr: Expr): string | undefined {
    const form = exactForm(expr);
    if (form === undefined) return undefined;
    const { terms } = form;
    const constant = form.constant < 0 ? form.constant + P : form.constant;
    if (terms.length === 0) return `${constant}`;
    if (terms.length === 1 && terms[0]![1] === 1 && constant === 0) return this.#cell(terms[0]![0]);
    const products = terms.map(([column, c]) => `${c} * ${this.#cell(column)}`);
    return this.#let(`canonical(${[form.constant, ...products].join(' + ')})`);
  }

  #operation({ node }: Expr): string {
    if (node.op === 'constant') return `${node.value}`;
    if (node.op !== 'column') return this.#let(`${node.op}(${this.value(node.left)}, ${this.value(node.right)})`);
    throw new RangeError(`interaction: expected local cells only, got the next ${node.column.name}`);
  }

  #cell({ kind, index }: Column): string {
    return kind === 'main' ? `cells[base + ${index}]` : `(${kind}[${index}]?.[row] ?? 0)`;
  }

  #let(value: string): string {
    const name = `v${this.#lines.length}`;
    this.#lines.push(`const ${name} = ${value};`);
    return name;
  }
}
