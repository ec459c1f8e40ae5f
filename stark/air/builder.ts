/**
 * Builds a program of the chunked vector interpreter, operation by operation.
 *
 * A value is stored as true value times 2^(-32 scale). Columns come in at scale 0; a Montgomery product of scales s and
 * t has scale s + t + 1; constants take any scale for free, so most expressions never pay for a conversion. Values are
 * hash-consed: the same operation on the same operands is emitted once.
 */
import * as F from '../field/koala-bear.ts';
import { type Felt, P } from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import * as Op from '../kernels/opcodes.ts';
import { DOTS, layOut, type Node, type Place, type Program, type Source, type Width } from './program.ts';

export interface Value {
  readonly id: number;
  readonly width: Width;
  readonly scale: number;
}

const R = F.reduce(2 ** 32);
/** 2^(32 k) mod p, k of either sign. */
export const montgomeryPower = (k: number): Felt => (k < 0 ? F.inverse(F.pow(R, -k)) : F.pow(R, k));

const shoupOf = (w: Felt): number => Number((BigInt(w) << 32n) / BigInt(P));

export class ProgramBuilder {
  readonly #nodes: Node[] = [];
  readonly #known = new Map<string, Value>();
  readonly #constants: number[] = [];
  readonly #constantAt = new Map<string, number>();

  #push(node: Node, scale: number): Value {
    this.#nodes.push(node);
    return { id: this.#nodes.length - 1, width: node.width, scale };
  }

  #node(value: Value): Node {
    return this.#nodes[value.id]!;
  }

  #once(key: string, make: () => Value): Value {
    let value = this.#known.get(key);
    if (value === undefined) {
      value = make();
      this.#known.set(key, value);
    }
    return value;
  }

  #constant(words: readonly number[]): number {
    const key = words.join();
    let at = this.#constantAt.get(key);
    if (at === undefined) {
      at = this.#constants.length;
      this.#constants.push(...words);
      this.#constantAt.set(key, at);
    }
    return at * 4;
  }

  #operation(op: number, width: Width, args: readonly Value[], scale: number, words: readonly number[] = []): Value {
    const constant = words.length === 0 ? 0 : this.#constant(words);
    const node = (): Node => ({
      place: { at: 'temporary' },
      ...{ width, op, constant },
      args: args.map((a) => this.#node(a)),
      components: args.map(() => 0),
    });
    return this.#once(`${op}:${args.map((a) => a.id)}:${constant}`, () => this.#push(node(), scale));
  }

  #input(key: string, place: Place, width: Width): Value {
    return this.#once(key, () => this.#push({ place, width, op: -1, args: [], components: [], constant: 0 }, 0));
  }

  column(source: Source, index: number, rotation: 0 | 1): Value {
    return this.#input(`column ${source} ${index} ${rotation}`, { at: 'column', source, index, rotation }, 1);
  }

  /** An element of K whose components are five adjacent columns. */
  extColumn(source: Source, index: number, rotation: 0 | 1): Value {
    return this.#input(`ext ${source} ${index} ${rotation}`, { at: 'column', source, index, rotation }, 5);
  }

  vector(name: string): Value {
    return this.#input(`vector ${name}`, { at: 'vector', name }, 1);
  }

  add(a: Value, b: Value): Value {
    const [x, y] = this.#align(a, b);
    return this.#operation(Op.OP_ADD, x.width, x.id < y.id ? [x, y] : [y, x], x.scale);
  }

  sub(a: Value, b: Value): Value {
    const [x, y] = this.#align(a, b);
    return this.#operation(Op.OP_SUB, x.width, [x, y], x.scale);
  }

  /** F_p x F_p, K x K, or K x F_p in this order. */
  mul(a: Value, b: Value): Value {
    const op = a.width === 1 ? Op.OP_MUL : b.width === 1 ? Op.OP_EXT_MUL_BASE : Op.OP_EXT_MUL;
    const args = a.width === b.width && b.id < a.id ? [b, a] : [a, b];
    return this.#operation(op, a.width, args, a.scale + b.scale + 1);
  }

  addConstant(a: Value, c: Felt): Value {
    return this.#operation(Op.OP_ADD_CONSTANT, 1, [a], a.scale, [F.mul(c, montgomeryPower(-a.scale))]);
  }

  constantSub(c: Felt, a: Value): Value {
    return this.#operation(Op.OP_CONSTANT_SUB, 1, [a], a.scale, [F.mul(c, montgomeryPower(-a.scale))]);
  }

  /** a w for a true constant w. */
  scale(a: Value, w: Felt): Value {
    return this.#operation(Op.OP_SCALE, a.width, [a], a.scale, [w, shoupOf(w)]);
  }

  /** `factor` times the value, at another scale. */
  rescale(a: Value, scale: number, factor: Felt = F.ONE): Value {
    if (a.scale === scale && factor === F.ONE) return a;
    const w = F.mul(factor, montgomeryPower(a.scale - scale));
    return this.#operation(Op.OP_SCALE, a.width, [a], scale, [w, shoupOf(w)]);
  }

  #align(a: Value, b: Value): [Value, Value] {
    if (a.scale === b.scale) return [a, b];
    // A column is converted once for all its readers.
    return this.#node(b).place.at === 'column' ? [a, this.rescale(b, a.scale)] : [this.rescale(a, b.scale), b];
  }

  /** 1 / a, at scale -1. Where a is zero the job raises its flag. */
  invert(a: Value): Value {
    const scratch = this.#push(
      { place: { at: 'temporary' }, width: 5, op: -1, args: [], components: [], constant: 0 },
      0,
    );
    return this.#operation(Op.OP_EXT_INVERT, 5, [this.rescale(a, -1), scratch], -1);
  }

  /**
   * constant + sum of coefficient * term, at scale -1: terms are elements of F_p, or components of elements of K.
   * The products of four terms share one reduction.
   */
  linear(
    constant: Ext,
    terms: readonly { readonly value: Value; readonly component?: number; readonly coefficient: Ext }[],
  ): Value {
    const accumulator = this.accumulator(constant);
    for (const term of terms) accumulator.add(term.value, term.coefficient, term.component);
    return accumulator.finish();
  }

  /** A sum that grows as its terms are computed, so that they need not be alive together. */
  accumulator(start: Ext): Accumulator {
    // The constant is complete only at the end, so it has its own words.
    const constant = this.#constants.length * 4;
    this.#constants.push(0, 0, 0, 0, 0);
    let total = start;
    let sum = this.#push(
      { place: { at: 'temporary' }, width: 5, op: Op.OP_EXT_FILL, args: [], components: [], constant },
      -1,
    );
    let pending: { node: Node; component: number; words: number[] }[] = [];
    const flush = (): void => {
      const terms = pending;
      pending = [];
      sum = this.#push(
        {
          place: { at: 'temporary' },
          ...{ width: 5, op: DOTS[terms.length - 1]! },
          args: [this.#node(sum), ...terms.map((t) => t.node)],
          components: [0, ...terms.map((t) => t.component)],
          constant: this.#constant(terms.flatMap((t) => t.words)),
        },
        -1,
      );
    };
    return {
      add: (value, coefficient, component = 0) => {
        const factor = montgomeryPower(value.scale + 2); // one for the scale, one for the product, one for scale -1
        pending.push({ node: this.#node(value), component, words: coefficient.map((c) => F.mul(c, factor)) });
        if (pending.length === DOTS.length) flush();
      },
      addConstant: (value) => {
        total = K.add(total, value);
      },
      finish: () => {
        total.forEach((c, i) => {
          this.#constants[constant / 4 + i] = F.mul(c, R);
        });
        if (pending.length > 0) flush();
        return sum;
      },
    };
  }

  build(outputs: readonly Value[]): Program {
    return layOut(
      this.#nodes,
      outputs.map((o) => this.#node(o)),
      Uint32Array.from(this.#constants),
    );
  }
}

export interface Accumulator {
  /** Adds coefficient * value, or coefficient * component of an element of K. */
  add(value: Value, coefficient: Ext, component?: number): void;
  addConstant(value: Ext): void;
  /** The sum; nothing can be added afterwards. */
  finish(): Value;
}
