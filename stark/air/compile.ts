/**
 * From a table's constraints to programs of the chunked vector interpreter: `compileLookups` computes the auxiliary
 * trace over the rows of the trace domain, `compileQuotient` the sum of all constraints over a coset. Both are compiled
 * for the challenges of one proof. Reference: `stark/quotient/verify-eval.ts` reads the same expressions over K.
 */
import type { Felt } from '../field/koala-bear.ts';
import * as F from '../field/koala-bear.ts';
import type { Ext } from '../field/quintic.ts';
import * as K from '../field/quintic.ts';
import {
  type Batch,
  busId,
  type LookupChallenges,
  type LookupLayout,
  numConstraints,
  phiColumn,
  signOf,
  type TableLookups,
} from '../logup/layout.ts';
import type { ZerofierClass } from '../quotient/classes.ts';
import { type Air, type Interaction, tupleOf } from './air.ts';
import { type Accumulator, ProgramBuilder, type Value } from './builder.ts';
import { type Algebra, type Expr, evaluate } from './expr.ts';
import type { Program } from './program.ts';

/** A value of F_p on every row: computed, or the same constant everywhere. */
type Term = Value | Felt;
/** A value up to its sign, so that subtractions replace negations. */
interface Signed {
  readonly negative: boolean;
  readonly value: Value;
}
interface Fraction {
  readonly denominator: Value;
  readonly negative: boolean;
  readonly multiplicity: Term;
}

/** A table with its lookups: what both programs are compiled from. */
export interface CompileInput {
  readonly air: Air;
  readonly lookups: TableLookups;
  readonly layout: LookupLayout;
  readonly challenges: LookupChallenges;
}

/**
 * Outputs: f_0 .. f_{B-2}, then the whole sum of the row, sum_b f_b, five slots each, at scale 0.
 */
export function compileLookups(input: CompileInput): Program {
  const compiler = new Compiler(input);
  const { builder } = compiler;
  const fractions = input.lookups.batches.map((batch) => {
    const terms = compiler.fractions(batch);
    const product = terms.map((t) => t.denominator).reduce((a, b) => builder.mul(a, b));
    const inverse = builder.invert(product);
    const numerator = terms.length === 1 ? undefined : compiler.numerator(terms);
    const { negative, value } =
      numerator === undefined
        ? { negative: terms[0]!.negative, value: compiler.times(inverse, terms[0]!.multiplicity) }
        : { negative: numerator.negative, value: builder.mul(numerator.value, inverse) };
    return builder.rescale(value, 0, negative ? F.neg(F.ONE) : F.ONE);
  });
  const total = fractions.reduce((a, b) => builder.add(a, b));
  return builder.build([...fractions.slice(0, -1), total]);
}

/**
 * One output, at scale 0: sum over classes of 1/Z_class sum_i weights[i] C_i, constraints in the order: the table's own,
 * one per batch, `final`, `wrap`. The inverse zerofiers are vectors by class name.
 * @param weights alpha_C^(first + i) for constraint i of the table.
 * @throws {RangeError} unless there is one weight per constraint.
 */
export function compileQuotient(input: CompileInput, weights: readonly Ext[], terminal: Ext): Program {
  const { air, lookups } = input;
  if (weights.length !== numConstraints(air, lookups)) {
    throw new RangeError(`weights: expected ${numConstraints(air, lookups)}, got ${weights.length}`);
  }
  const compiler = new Compiler(input);
  const { builder } = compiler;
  const sums = new Map<ZerofierClass, Accumulator>();
  const sumOf = (where: ZerofierClass): Accumulator => {
    let accumulator = sums.get(where);
    if (accumulator === undefined) {
      accumulator = builder.accumulator(K.ZERO);
      sums.set(where, accumulator);
    }
    return accumulator;
  };
  const addExt = (to: Accumulator, value: Value, weight: Ext): void => {
    for (let i = 0; i < K.DEGREE; i++) to.add(value, timesPowerOfX(weight, i), i);
  };
  const addTerm = (to: Accumulator, term: Term, weight: Ext): void => {
    if (typeof term !== 'number') to.add(term, weight);
    else to.addConstant(K.mulBase(weight, term));
  };

  let at = 0;
  for (const { where, expr } of air.constraints) addTerm(sumOf(where), compiler.base(expr), weights[at++]!);
  if (lookups.batches.length > 0) {
    const phi = (rotation: 0 | 1): Value => builder.extColumn('aux', phiColumn(lookups), rotation);
    const columns = lookups.batches.slice(0, -1).map((_, i) => builder.extColumn('aux', i * K.DEGREE, 0));
    for (const [i, batch] of lookups.batches.entries()) {
      const weight = weights[at++]!;
      const fraction = columns[i] ?? columns.reduce((a, b) => builder.sub(a, b), builder.sub(phi(1), phi(0)));
      const terms = compiler.fractions(batch);
      if (terms.length > 1) addExt(sumOf('every'), compiler.residual(fraction, terms), weight);
      else {
        const [{ denominator, negative, multiplicity }] = terms as [Fraction];
        addExt(sumOf('every'), builder.mul(fraction, denominator), weight);
        addTerm(sumOf('every'), multiplicity, negative ? weight : K.neg(weight));
      }
    }
    const final = weights[at++]!;
    addExt(sumOf('final'), phi(0), final);
    sumOf('final').addConstant(K.neg(K.mul(final, terminal)));
    const wrap = weights[at++]!;
    addExt(sumOf('wrap'), phi(1), wrap);
    for (let i = 0; i < K.DEGREE; i++) {
      sumOf('wrap').add(builder.column('main', i, 0), K.neg(timesPowerOfX(wrap, i)));
    }
  }
  const parts = [...sums].map(([where, sum]) => builder.mul(sum.finish(), builder.vector(where)));
  const total = parts.length === 0 ? builder.linear(K.ZERO, []) : parts.reduce((a, b) => builder.add(a, b));
  return builder.build([builder.rescale(total, 0)]);
}

const timesPowerOfX = (a: Ext, power: number): Ext => K.mul(a, K.pow(K.X, power));

class Compiler {
  readonly builder = new ProgramBuilder();
  readonly #input: CompileInput;
  readonly #memo = new Map<Expr, Term>();
  readonly #ring: Algebra<Term>;

  constructor(input: CompileInput) {
    this.#input = input;
    this.#ring = termAlgebra(this.builder);
  }

  base(expr: Expr): Term {
    return evaluate(expr, this.#ring, this.#memo);
  }

  fractions(batch: Batch): Fraction[] {
    return batch.map((interaction) => ({
      denominator: this.#fingerprint(interaction),
      negative: signOf(interaction) !== F.ONE,
      multiplicity: this.base(interaction.multiplicity),
    }));
  }

  /** alpha + id beta_W + sum_i beta_i t_i; constant fields join the constant. */
  #fingerprint(interaction: Interaction): Value {
    const { layout, challenges } = this.#input;
    const { alpha, betas } = challenges;
    let constant = K.add(alpha, K.mulBase(betas[layout.tupleWidth]!, F.reduce(busId(layout, interaction.bus))));
    const terms: { value: Value; coefficient: Ext }[] = [];
    for (const [i, field] of tupleOf(interaction).entries()) {
      const term = this.base(field);
      if (typeof term === 'number') constant = K.add(constant, K.mulBase(betas[i]!, term));
      else terms.push({ value: term, coefficient: betas[i]! });
    }
    return this.builder.linear(constant, terms);
  }

  /** a m for a in K. */
  times(a: Value, m: Term): Value {
    if (typeof m !== 'number') return this.builder.mul(a, m);
    return m === 1 ? a : this.builder.scale(a, m);
  }

  #product(fractions: readonly Fraction[]): Value {
    return fractions.map((f) => f.denominator).reduce((a, b) => this.builder.mul(a, b));
  }

  #addSigned(a: Signed, b: Signed): Signed {
    const combine = a.negative === b.negative ? 'add' : 'sub';
    return { negative: a.negative, value: this.builder[combine](a.value, b.value) };
  }

  /** sum_i m_i prod_{k != i} D_k, for two fractions or more: m_1 P + D_1 N with P and N of the tail. */
  numerator([first, ...tail]: readonly Fraction[]): Signed {
    const own = { negative: first!.negative, value: this.times(this.#product(tail), first!.multiplicity) };
    if (tail.length > 1) {
      const { negative, value } = this.numerator(tail);
      return this.#addSigned(own, { negative, value: this.builder.mul(first!.denominator, value) });
    }
    const other = this.times(first!.denominator, tail[0]!.multiplicity);
    return this.#addSigned(own, { negative: tail[0]!.negative, value: other });
  }

  /** f prod_i D_i - sum_i m_i prod_{k != i} D_k, for two fractions or more: D_1 (f P - N) - m_1 P. */
  residual(f: Value, fractions: readonly Fraction[]): Value {
    const { builder } = this;
    const [first, ...tail] = fractions as [Fraction, ...Fraction[]];
    const minus = (a: Value, b: Signed): Value => (b.negative ? builder.add(a, b.value) : builder.sub(a, b.value));
    if (tail.length === 1) {
      return minus(builder.mul(builder.mul(f, first.denominator), tail[0]!.denominator), this.numerator(fractions));
    }
    const own = { negative: first.negative, value: this.times(this.#product(tail), first.multiplicity) };
    return minus(builder.mul(first.denominator, this.residual(f, tail)), own);
  }
}

/** Expressions over F_p as slots; constants are folded and never occupy one. */
const termAlgebra = (builder: ProgramBuilder): Algebra<Term> => ({
  constant: (value) => value,
  column: ({ kind, index }, rotation) => builder.column(kind, index, rotation),
  add: (a, b) => {
    if (typeof a === 'number') return typeof b === 'number' ? F.add(a, b) : a === 0 ? b : builder.addConstant(b, a);
    if (typeof b === 'number') return b === 0 ? a : builder.addConstant(a, b);
    return builder.add(a, b);
  },
  sub: (a, b) => {
    if (typeof a === 'number') return typeof b === 'number' ? F.sub(a, b) : builder.constantSub(a, b);
    if (typeof b === 'number') return b === 0 ? a : builder.addConstant(a, F.neg(b));
    return builder.sub(a, b);
  },
  mul: (a, b) => {
    if (typeof a === 'number') return typeof b === 'number' ? F.mul(a, b) : scaled(builder, b, a);
    return typeof b === 'number' ? scaled(builder, a, b) : builder.mul(a, b);
  },
});

function scaled(builder: ProgramBuilder, a: Value, w: Felt): Term {
  if (w === 0) return F.ZERO;
  if (w === 1) return a;
  if (w === 2) return builder.add(a, a);
  return w === F.neg(F.ONE) ? builder.constantSub(F.ZERO, a) : builder.scale(a, w);
}
