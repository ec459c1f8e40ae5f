/**
 * What follows from the cells that are known: assigns cells of a system, and every other cell that then has one value
 * left, until nothing follows or two checks contradict each other. Every assignment is a consequence, so a cell that is
 * assigned from the inputs alone has that value in every solution.
 *
 * A cell follows from an equation in which it alone is open; from an affine equation whose open cells are digits (their
 * ranges and coefficients leave one value for each); from a look-up whose remaining tuples agree on it.
 */
import { RANGE_BUS } from '../stark/air/bus.ts';
import { add, centred, type Felt, inverse, mul, neg, P } from '../stark/field/koala-bear.ts';
import { type Equation, type Lookup, openForm, type Placed, type RowSystem, residueOf } from './row-system.ts';
import { cellsOf, degreeOf, isCell, valueAt, zerosOf } from './tape.ts';

/** Look-ups with more tuples left say nothing. */
const MOST_TUPLES = 256;
/** A table bounds a field only below this. */
const MOST_SIZE = 2 ** 24;
/** Checks with more open cells wait. */
const MOST_OPEN = 64;
/** Values of all open cells of an equation together that are tried. */
const MOST_LISTED = 256;

export class Propagation {
  readonly system: RowSystem;
  readonly values: Float64Array;
  readonly isAssigned: Uint8Array;
  /** Number of values of a cell as far as its checks bound it: it is in [low, low + size) modulo p. */
  readonly sizes: Float64Array;
  readonly #lows: Float64Array;
  /** Cells that the checks have read: what a search is charged. */
  work = 0;
  readonly #isDeleted: Uint8Array;
  readonly #numOpen: Int32Array;
  readonly #numUnbounded: Int32Array;
  readonly #trail: number[] = [];
  #queue: number[] = [];
  readonly #isQueued: Uint8Array;

  /** @param without `chip: name` of constraints and interactions that are treated as deleted */
  constructor(system: RowSystem, without: ReadonlySet<string> = new Set()) {
    const { checks, honest } = system;
    this.system = system;
    this.values = Float64Array.from(honest);
    this.isAssigned = new Uint8Array(honest.length);
    this.sizes = new Float64Array(honest.length).fill(Number.POSITIVE_INFINITY);
    this.#lows = new Float64Array(honest.length);
    this.#isDeleted = Uint8Array.from(checks, ({ from }) => (from.some((name) => without.has(name)) ? 1 : 0));
    this.#isQueued = new Uint8Array(checks.length);
    this.#numOpen = Int32Array.from(checks, ({ cells }) => cells.length);
    this.#numUnbounded = Int32Array.from(this.#numOpen);
    checks.forEach((_, i) => void this.#enqueue(i));
  }

  /** The size that an equation gives the one cell of it that is open: a bit. */
  #bound(equation: Equation, cell: number): boolean {
    const found = this.#zeros(equation, cell);
    if (found?.areAll !== true || found.zeros.length === 0) return false;
    const zeros = found.zeros.map(centred).sort((a, b) => a - b);
    const isRun = zeros.every((zero, k) => zero === zeros[0]! + k);
    return isRun && this.#shrink(cell, zeros.length, zeros[0]!);
  }

  #shrink(cell: number, size: number, low = 0): boolean {
    if (size >= Math.min(this.sizes[cell]!, MOST_SIZE)) return false;
    this.#lows[cell] = low;
    const wasUnbounded = this.sizes[cell] === Number.POSITIVE_INFINITY;
    this.sizes[cell] = size;
    for (const i of this.system.checksOf[cell]!) {
      if (wasUnbounded) this.#numUnbounded[i]!--;
      this.#enqueue(i);
    }
    return true;
  }

  /**
   * Sizes that look-ups and equations give their open cells, as far as multiplicities and the bits of ranges are known.
   * For good: only before anything is supposed. True if there was one.
   */
  boundByTables(): boolean {
    let found = false;
    this.system.checks.forEach((check, i) => {
      if (this.#isDeleted[i] === 1 || this.#numOpen[i] === 0) return;
      if (check.kind === 'equation') {
        if (this.#numOpen[i] !== 1) return;
        const cell = check.cells.find((c) => this.isAssigned[c] === 0)!;
        if (this.#bound(check, cell)) found = true;
        return;
      }
      const { multiplicity, tuple, answers, bus } = check;
      if (!this.#isKnown(multiplicity) || this.#value(multiplicity) === 0) return;
      tuple.forEach((field, f) => {
        if (!isCell(field.tape) || this.#isKnown(field)) return;
        const cell = [...cellsOf(field.tape)][0]! + field.base;
        const bits = bus === RANGE_BUS.name && f === 1 && this.#isKnown(tuple[0]!) ? this.#value(tuple[0]!) : undefined;
        const size = bits !== undefined ? 2 ** bits : (answers.index?.().largest(f) ?? Number.POSITIVE_INFINITY) + 1;
        if (this.#shrink(cell, size)) found = true;
      });
    });
    return found;
  }

  #zeros(equation: Equation, cell: number) {
    const { values } = this;
    const before = values[cell]!;
    const degrees = [equation.plus, equation.minus].map((place) => (place === undefined ? 0 : degreeOf(place.tape)));
    const found = zerosOf(
      (x) => {
        values[cell] = x;
        return residueOf(equation, values);
      },
      Math.max(...degrees),
    );
    values[cell] = before;
    return found;
  }

  get mark(): number {
    return this.#trail.length;
  }

  /** Cells assigned since a mark. */
  since(mark: number): readonly number[] {
    return this.#trail.slice(mark);
  }

  /** Takes back every assignment since the mark. */
  undo(mark: number): void {
    while (this.#trail.length > mark) {
      const cell = this.#trail.pop()!;
      this.isAssigned[cell] = 0;
      const isUnbounded = this.sizes[cell] === Number.POSITIVE_INFINITY;
      for (const i of this.system.checksOf[cell]!) {
        this.#numOpen[i]!++;
        if (isUnbounded) this.#numUnbounded[i]!++;
      }
    }
    for (const i of this.#queue) this.#isQueued[i] = 0;
    this.#queue = [];
  }

  isWithin(cell: number, value: number): boolean {
    const above = value - this.#lows[cell]!;
    return (above >= P ? above - P : above) < this.sizes[cell]!;
  }

  /** Value number k of a bounded cell. */
  choice(cell: number, k: number): number {
    const value = this.#lows[cell]! + k;
    return value < 0 ? value + P : value;
  }

  /** Whether the cell may have this value as far as its own checks go; what follows is left to `propagate`. */
  assign(cell: number, value: number): boolean {
    if (this.isAssigned[cell] === 1) return this.values[cell] === value;
    if (!this.isWithin(cell, value)) return false;
    this.values[cell] = value;
    this.isAssigned[cell] = 1;
    this.#trail.push(cell);
    const isUnbounded = this.sizes[cell] === Number.POSITIVE_INFINITY;
    for (const i of this.system.checksOf[cell]!) {
      this.#numOpen[i]!--;
      if (isUnbounded) this.#numUnbounded[i]!--;
      this.#enqueue(i);
    }
    return true;
  }

  #enqueue(i: number): void {
    if (this.#isQueued[i] === 1 || this.#isDeleted[i] === 1) return;
    const open = this.#numOpen[i]!;
    if (open > MOST_OPEN) return;
    const { kind } = this.system.checks[i]!;
    if (kind === 'equation' && open > 2 && this.#numUnbounded[i]! > 0) return;
    this.#isQueued[i] = 1;
    this.#queue.push(i);
  }

  /** Assigns all that follows; false: a contradiction, and the system has no solution with what is assigned. */
  propagate(): boolean {
    for (let at = 0; at < this.#queue.length; at++) {
      const i = this.#queue[at]!;
      this.#isQueued[i] = 0;
      const check = this.system.checks[i]!;
      this.work += check.cells.length + 4;
      if (!(check.kind === 'equation' ? this.#equation(check, i) : this.#lookup(check, i))) {
        this.#queue = this.#queue.slice(at + 1);
        return false;
      }
    }
    this.#queue = [];
    return true;
  }

  #equation(equation: Equation, i: number): boolean {
    const open = this.#numOpen[i]!;
    if (open === 0) return residueOf(equation, this.values) === 0;
    if (open === 1) {
      const cell = equation.cells.find((c) => this.isAssigned[c] === 0)!;
      const found = this.#zeros(equation, cell);
      if (found?.areAll !== true) return true;
      const left = found.zeros.filter((zero) => this.isWithin(cell, zero));
      return left.length === 1 ? this.assign(cell, left[0]!) : left.length > 0;
    }
    if (this.#numUnbounded[i]! > 0) return this.#lone(equation);
    return this.#digits(equation) && this.#listed(equation);
  }

  /** An open cell whose coefficient is 0, as the inverse of a difference that is none, leaves the other one alone. */
  #lone(equation: Equation): boolean {
    const form = openForm(equation, this.values, this.isAssigned);
    const terms = [...(form?.terms ?? [])].filter(([, coefficient]) => coefficient !== 0);
    if (form === undefined || terms.length !== 1) return true;
    const [[cell, coefficient]] = terms as [[number, Felt]];
    return this.assign(cell, mul(neg(form.constant), inverse(coefficient)));
  }

  /** All values of a few open cells, one by one: those that every solution has are assigned. */
  #listed(equation: Equation): boolean {
    const open = [...equation.cells].filter((cell) => this.isAssigned[cell] === 0);
    const total = open.reduce((product, cell) => product * this.sizes[cell]!, 1);
    if (open.length < 2 || total > MOST_LISTED) return true;
    this.work += total * equation.cells.length;
    const { values } = this;
    const before = open.map((cell) => values[cell]!);
    let common: (number | undefined)[] | undefined;
    for (let code = 0; code < total; code++) {
      let rest = code;
      for (const cell of open) {
        values[cell] = this.choice(cell, rest % this.sizes[cell]!);
        rest = Math.floor(rest / this.sizes[cell]!);
      }
      if (residueOf(equation, values) !== 0) continue;
      const now = open.map((cell) => values[cell]!);
      common = common === undefined ? now : common.map((value, k) => (value === now[k] ? value : undefined));
      if (common.every((value) => value === undefined)) break;
    }
    open.forEach((cell, k) => {
      values[cell] = before[k]!;
    });
    return common?.every((value, k) => value === undefined || this.assign(open[k]!, value)) ?? false;
  }

  /** Ranges below which each coefficient exceeds all smaller ones together leave one value for each open cell. */
  #digits(equation: Equation): boolean {
    const form = openForm(equation, this.values, this.isAssigned);
    this.work += equation.cells.length;
    if (form === undefined || form.terms.size === 0) return form === undefined || form.constant === 0;
    const entries = [...form.terms];
    for (const scale of [1 as Felt, ...entries.slice(0, 4).map(([, c]) => inverse(c))]) {
      const terms = entries.map(([cell, c]) => ({ cell, c: centred(mul(c, scale)), most: this.sizes[cell]! - 1 }));
      terms.sort((a, b) => Math.abs(a.c) - Math.abs(b.c));
      let span = 0;
      let least = 0;
      const areDigits = terms.every(({ c, most }) => {
        const isAbove = Math.abs(c) > span;
        span += Math.abs(c) * most;
        if (c < 0) least += c * most;
        return isAbove && span < P;
      });
      if (!areDigits) continue;
      // x = low + y. sum c y = target - sum c low as integers: it is in [least, least + span], less than p values.
      const target = centred(mul(neg(form.constant), scale));
      const shift = terms.reduce((total, { cell, c }) => total + c * this.#lows[cell]!, 0);
      let rest = (((target - shift - least) % P) + P) % P;
      for (const { cell, c, most } of terms.reverse()) {
        const digit = Math.min(most, Math.floor(rest / Math.abs(c)));
        rest -= digit * Math.abs(c);
        if (!this.assign(cell, this.choice(cell, c < 0 ? most - digit : digit))) return false;
      }
      return rest === 0;
    }
    return true;
  }

  #lookup(lookup: Lookup, i: number): boolean {
    const { multiplicity, tuple, answers } = lookup;
    if (!this.#isKnown(multiplicity)) return true;
    if (valueAt(multiplicity.tape, this.values, multiplicity.base) === 0) return true;
    if (this.#numOpen[i] === 0) return answers.has(tuple.map((field) => this.#value(field)));
    const left = this.remaining(lookup, MOST_TUPLES + 1);
    if (left === undefined || left.length > MOST_TUPLES) return true;
    if (left.length === 0) return false;
    return tuple.every((field, f) => {
      if (this.#isKnown(field)) return true;
      const first = left[0]![f]!;
      return left.some((t) => t[f] !== first) || this.assignField(field, first);
    });
  }

  /** Tuples that agree with the fields that are known; undefined if its table is not listed or nothing is known. */
  remaining({ tuple, answers }: Lookup, limit: number): readonly ArrayLike<number>[] | undefined {
    const index = answers.index?.();
    if (index === undefined) return undefined;
    let mask = 0;
    const values = tuple.map((field, f) => {
      if (f >= 31 || !this.#isKnown(field)) return 0;
      mask |= 1 << f;
      return this.#value(field);
    });
    if (mask === 0 && index.count > limit) return undefined;
    return index.matching(mask, values, limit).map((t) => index.tuple(t));
  }

  /** Gives the fields of a look-up the values of a tuple, if the look-up counts. */
  assignTuple({ tuple, multiplicity }: Lookup, values: ArrayLike<number>): boolean {
    if (!this.#isKnown(multiplicity) || this.#value(multiplicity) === 0) return true;
    return tuple.every((field, f) => this.#isKnown(field) || this.assignField(field, values[f]!));
  }

  /** Gives a field of one open cell a value, as far as that says something. */
  assignField({ tape, base }: Placed, value: number): boolean {
    if (tape.op !== 'affine') return true;
    const open = [...tape.cells.keys()].filter((k) => this.isAssigned[base + tape.cells[k]!] === 0);
    if (open.length !== 1) return true;
    const cell = base + tape.cells[open[0]!]!;
    const before = this.values[cell]!;
    this.values[cell] = 0;
    const constant = valueAt(tape, this.values, base);
    this.values[cell] = before;
    const slope = ((tape.coefficients[open[0]!]! % P) + P) % P;
    return this.assign(cell, mul(add(value as Felt, neg(constant)), inverse(slope as Felt)));
  }

  #isKnown({ tape, base }: Placed): boolean {
    if (tape.op === 'affine') return tape.cells.every((cell) => this.isAssigned[base + cell] === 1);
    return this.#isKnown({ tape: tape.left, base }) && this.#isKnown({ tape: tape.right, base });
  }

  #value({ tape, base }: Placed): Felt {
    return valueAt(tape, this.values, base);
  }
}
