/**
 * The rows of one event as a system over their cells: what every constraint, look-up and message demands of them, given
 * the state of the machine before the event. Its solutions are the executions that a forger may prove instead.
 *
 * Tables that talk to each other are in it together: a message that one row sends and another receives is an equation
 * between them, so that no chip has to be trusted about what it is asked. What is left of the messages is the event's
 * own: what it finds (the state, memory words, tables, the hint tape), and what it leaves.
 */
import { type Air, type Interaction, tupleOf } from '../stark/air/air.ts';
import { RANGE_BUS } from '../stark/air/bus.ts';
import type { Rows } from '../stark/air/check.ts';
import type { Expr } from '../stark/air/expr.ts';
import { add, type Felt, mul, neg, sub } from '../stark/field/koala-bear.ts';
import type { TableIndex } from './table-index.ts';
import {
  type Affine,
  cellsOf,
  isCell,
  rowWidth,
  type Tape,
  tapeCompiler,
  residueOf as toResidue,
  valueAt,
} from './tape.ts';

/** A table that takes part, with its honest rows. */
export interface Part {
  readonly air: Air;
  readonly rows: Rows;
  /** Expressions whose values are private inputs: they stay as they are, one list for each row. */
  readonly advice?: readonly Expr[];
}

/** What a tuple may be on the buses that the event looks up: a test, and where it is known a list to choose from. */
export interface Answers {
  has(tuple: readonly number[]): boolean;
  /** Undefined where listing them is no use: ranges. */
  readonly index?: () => TableIndex;
}

/** A tape at a row. */
export interface Placed {
  readonly tape: Tape;
  readonly base: number;
}

interface Named {
  /** `chip: name` of the constraints and interactions that it comes from; deleting one of them deletes it. */
  readonly from: readonly string[];
  /** Cells that it reads, each once. */
  readonly cells: Int32Array;
}

/** plus - minus - constant = 0. */
export interface Equation extends Named {
  readonly kind: 'equation';
  readonly plus: Placed;
  readonly minus: Placed | undefined;
  readonly constant: Felt;
}

/** The tuple is among the answers if the multiplicity is not 0. */
export interface Lookup extends Named {
  readonly kind: 'lookup';
  readonly bus: string;
  readonly tuple: readonly Placed[];
  readonly multiplicity: Placed;
  readonly answers: Answers;
}

export type Check = Equation | Lookup;

/** A message that leaves the event: it is what has to be determined. */
export interface Output extends Named {
  readonly tuple: readonly Placed[];
}

export interface RowSystem {
  /** Honest values, by cell. */
  readonly honest: Float64Array;
  readonly checks: readonly Check[];
  readonly outputs: readonly Output[];
  /** Checks that read a cell. */
  readonly checksOf: readonly (readonly number[])[];
  /** Cells of a chip, and the names of cells. */
  readonly cellsOfChip: ReadonlyMap<string, readonly number[]>;
  nameOf(cell: number): string;
}

interface Message {
  readonly from: string;
  readonly interaction: Interaction;
  readonly tuple: readonly Placed[];
  readonly multiplicity: Placed;
  /** Honest values. */
  readonly values: readonly Felt[];
  readonly times: Felt;
}

/**
 * @param answers by bus name, of buses that the event looks up; a table bus without answers holds the honest tuples
 * @param requests number of leading fields of a peer bus that are a request to a table that takes no part. The request
 *   is an output, and the rest its answer, which the inputs fix.
 */
export function rowSystem(
  parts: readonly Part[],
  answers: ReadonlyMap<string, Answers>,
  requests: ReadonlyMap<string, number> = new Map(),
): RowSystem {
  const bases = new Map<Part, number>();
  let size = 0;
  for (const part of parts) {
    bases.set(part, size);
    size += rowWidth(part.air) * part.rows.main.length;
  }
  const honest: number[] = new Array<number>(size).fill(0);
  const checks: Check[] = [];
  const outputs: Output[] = [];
  const messages: Message[] = [];
  const cellsOfChip = new Map<string, number[]>();
  const names: { readonly from: number; readonly part: Part }[] = [];

  const cells = (places: readonly Placed[]): Int32Array => {
    const all = new Set<number>();
    for (const { tape, base } of places) for (const cell of cellsOf(tape)) all.add(base + cell);
    return Int32Array.from(all);
  };
  const equal = (from: readonly string[], plus: Placed, minus: Placed | undefined, constant: Felt): void => {
    const places = minus === undefined ? [plus] : [plus, minus];
    checks.push({ kind: 'equation', from, cells: cells(places), plus, minus, constant });
  };
  const atHonest = ({ tape, base }: Placed): Felt => valueAt(tape, honest, base);

  for (const part of parts) {
    const { air, rows, advice = [] } = part;
    const [start, width, numRows] = [bases.get(part)!, rowWidth(air), rows.main.length];
    names.push({ from: start, part });
    const own: number[] = [];
    for (let r = 0; r < numRows; r++) {
      const base = start + r * width;
      rows.main[r]!.forEach((value, c) => {
        honest[base + c] = value;
      });
      for (let c = 0; c < air.main.length; c++) own.push(base + c);
    }
    cellsOfChip.set(air.name, own);
    air.known.forEach((_, k) => {
      for (let r = 0; r < numRows; r++) honest[start + r * width + air.main.length + k] = rows.known![r]![k]!;
    });
    const compile = tapeCompiler(air);
    const constraints = air.constraints.map((c) => ({ ...c, tape: compile(c.expr) }));
    const interactions = air.interactions.map((interaction) => ({
      interaction,
      tuple: tupleOf(interaction).map(compile),
      multiplicity: compile(interaction.multiplicity),
    }));
    const held = advice.map(compile);
    for (let r = 0; r < numRows; r++) {
      const base = start + r * width;
      for (const { name, where, tape } of constraints) {
        if ((where === 'first' && r > 0) || (where === 'last' && r < numRows - 1)) continue;
        if (where === 'transition' && r === numRows - 1) continue;
        equal([`${air.name}: ${name}`], { tape, base }, undefined, 0 as Felt);
      }
      for (const { interaction, tuple, multiplicity } of interactions) {
        const placed = tuple.map((tape) => ({ tape, base }));
        messages.push({
          ...{ from: `${air.name}: ${interaction.name}`, interaction, tuple: placed },
          multiplicity: { tape: multiplicity, base },
          values: placed.map(atHonest),
          times: valueAt(multiplicity, honest, base),
        });
      }
      const hold = (tape: Tape, at: number): void =>
        equal([], { tape, base: at }, undefined, valueAt(tape, honest, at));
      for (const tape of held) hold(tape, base);
      air.known.forEach((_, k) => {
        hold({ ...LONE_CELL, cells: Int32Array.of(air.main.length + k) }, base);
      });
    }
  }

  /** A field that is computed has a cell of its own, which the table then bounds. */
  const cellOf = (from: string, field: Placed, value: Felt): Placed => {
    const { tape } = field;
    if (tape.op === 'affine' && (tape.cells.length === 0 || isCell(tape))) return field;
    const cell = { tape: LONE_CELL, base: honest.length };
    cellsOfChip.get(from.slice(0, from.indexOf(': ')))?.push(cell.base);
    honest.push(value);
    equal([from], field, cell, 0 as Felt);
    return cell;
  };

  const lookUp = ({ from, interaction, tuple, multiplicity, values }: Message, found: Answers): void => {
    const fields = tuple.map((field, i) => cellOf(from, field, values[i]!));
    checks.push({
      ...{ kind: 'lookup', from: [from], cells: cells([...fields, multiplicity]) },
      ...{ bus: interaction.bus.name, tuple: fields, multiplicity, answers: found },
    });
  };

  /** What the machine fixes at honest values, and what the event says to it. */
  const meet = (message: Message): void => {
    const { from, interaction, tuple, multiplicity, values, times } = message;
    const { bus, direction, given } = interaction;
    equal([from], multiplicity, undefined, times);
    if (times === 0) return;
    const found = answers.get(bus.name);
    if (found !== undefined && (bus.name === 'memory' ? direction === 'receive' : direction === 'send')) {
      lookUp(message, found);
      outputs.push({ from: [from], cells: cells(tuple), tuple });
    } else if (direction === 'receive') {
      given.forEach((_, i) => void equal([from], tuple[i]!, undefined, values[i]!));
      const claimed = tuple.slice(given.length);
      if (claimed.length > 0) outputs.push({ from: [from], cells: cells(claimed), tuple: claimed });
    } else {
      const request = tuple.slice(0, requests.get(bus.name));
      outputs.push({ from: [from], cells: cells(request), tuple: request });
      for (let i = request.length; i < tuple.length; i++) equal([from], tuple[i]!, undefined, values[i]!);
    }
  };

  const waiting = new Map<string, Message[]>();
  for (const message of messages) {
    const { from, interaction, tuple, multiplicity, values, times } = message;
    const { bus, direction } = interaction;
    if (bus.kind === 'table') {
      if (direction === 'receive') {
        equal([from], multiplicity, undefined, times);
        if (times !== 0) outputs.push({ from: [from], cells: cells(tuple), tuple });
        continue;
      }
      const known = answers.get(bus.name) ?? (bus.name === RANGE_BUS.name ? RANGES : honestTuples(messages, bus.name));
      lookUp(message, known);
      continue;
    }
    // What one row sends another may receive: the two are one message.
    const key = `${bus.name} ${times} ${values.join(' ')}`;
    const others = waiting.get(key) ?? [];
    const at = times === 0 ? -1 : others.findIndex((m) => m.interaction.direction !== direction);
    if (at < 0) {
      waiting.set(key, [...others, message]);
      continue;
    }
    const [other] = others.splice(at, 1);
    const pair = [from, other!.from];
    tuple.forEach((field, i) => void equal(pair, field, other!.tuple[i]!, 0 as Felt));
    equal([from], multiplicity, undefined, times);
    equal([other!.from], other!.multiplicity, undefined, times);
  }
  for (const list of waiting.values()) for (const message of list) meet(message);

  return {
    ...{ honest: Float64Array.from(honest), checks, outputs, cellsOfChip },
    checksOf: checksByCell(checks, honest.length),
    nameOf(cell) {
      if (cell >= size) return 'a computed field of a look-up';
      const { from, part } = names.findLast((n) => n.from <= cell)!;
      const [row, column] = [Math.floor((cell - from) / rowWidth(part.air)), (cell - from) % rowWidth(part.air)];
      const known = part.air.known[column - part.air.main.length];
      return `${part.air.name}[${row}].${(part.air.main[column] ?? known)!.name}`;
    },
  };
}

/** Positions of the checks that read each of `count` cells. */
export function checksByCell(checks: readonly Named[], count: number): readonly (readonly number[])[] {
  const checksOf: number[][] = Array.from({ length: count }, () => []);
  checks.forEach((check, i) => {
    for (const cell of check.cells) checksOf[cell]!.push(i);
  });
  return checksOf;
}

const LONE_CELL: Affine = {
  ...{ op: 'affine', constant: 0, isSmall: true },
  ...{ cells: Int32Array.of(0), coefficients: Float64Array.of(1) },
};

/** (bits, value) of RANGE_BUS. */
const RANGES: Answers = { has: ([bits, value]) => bits! <= 16 && value! < 2 ** bits! };

function honestTuples(messages: readonly Message[], bus: string): Answers {
  const tuples = new Set(
    messages.filter((m) => m.interaction.bus.name === bus && m.times !== 0).map((m) => m.values.join(' ')),
  );
  return { has: (tuple) => tuples.has(tuple.join(' ')) };
}

/** Value of an equation's left side, 0 if it holds. */
export function residueOf({ plus, minus, constant }: Equation, values: Float64Array): Felt {
  const left = valueAt(plus.tape, values, plus.base);
  const right = minus === undefined ? constant : add(constant, valueAt(minus.tape, values, minus.base));
  return right === 0 ? left : sub(left, right);
}

/** Whether a check holds. */
export function holds(check: Check, values: Float64Array): boolean {
  if (check.kind === 'equation') return residueOf(check, values) === 0;
  const { tuple, multiplicity, answers } = check;
  if (valueAt(multiplicity.tape, values, multiplicity.base) === 0) return true;
  return answers.has(tuple.map(({ tape, base }) => valueAt(tape, values, base)));
}

/** An affine form in the cells that are not assigned. */
export interface Open {
  constant: Felt;
  readonly terms: Map<number, Felt>;
}

/** An equation as an affine form in its unassigned cells, undefined if some of them are multiplied. */
export function openForm(equation: Equation, values: Float64Array, isAssigned: Uint8Array): Open | undefined {
  const left = openTape(equation.plus, values, isAssigned);
  const right = equation.minus === undefined ? undefined : openTape(equation.minus, values, isAssigned);
  if (left === undefined || (equation.minus !== undefined && right === undefined)) return undefined;
  if (right !== undefined) addScaled(left, right, neg(1 as Felt));
  left.constant = sub(left.constant, equation.constant);
  return left;
}

function openTape({ tape, base }: Placed, values: Float64Array, isAssigned: Uint8Array): Open | undefined {
  if (tape.op === 'affine') {
    const terms = new Map<number, Felt>();
    let constant = toResidue(tape.constant);
    tape.cells.forEach((cell, i) => {
      const at = base + cell;
      const c = toResidue(tape.coefficients[i]!);
      if (isAssigned[at] === 1) constant = add(constant, mul(c, values[at]! as Felt));
      else terms.set(at, c);
    });
    return { constant, terms };
  }
  const left = openTape({ tape: tape.left, base }, values, isAssigned);
  if (tape.op === 'mul' && left !== undefined && left.terms.size === 0 && left.constant === 0) return left;
  const right = openTape({ tape: tape.right, base }, values, isAssigned);
  if (tape.op === 'mul' && right !== undefined && right.terms.size === 0 && right.constant === 0) return right;
  if (left === undefined || right === undefined) return undefined;
  if (tape.op !== 'mul') {
    addScaled(left, right, tape.op === 'add' ? (1 as Felt) : neg(1 as Felt));
    return left;
  }
  const [form, by] = left.terms.size === 0 ? [right, left] : [left, right];
  if (by.terms.size > 0) return undefined;
  form.constant = mul(form.constant, by.constant);
  for (const [cell, c] of form.terms) form.terms.set(cell, mul(c, by.constant));
  return form;
}

function addScaled(into: Open, form: Open, by: Felt): void {
  into.constant = add(into.constant, mul(form.constant, by));
  for (const [cell, c] of form.terms) {
    const total = add(into.terms.get(cell) ?? (0 as Felt), mul(c, by));
    if (total === 0) into.terms.delete(cell);
    else into.terms.set(cell, total);
  }
}
