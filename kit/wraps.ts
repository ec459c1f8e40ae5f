/**
 * Wraps: constraints that may hold mod p and not of integers. A constraint says what its author means, of integers, if
 * what it can come to is always nearer to 0 than p. `cell-ranges.ts` has the ranges that this is judged by, and what is
 * assumed there; `table-cases.ts` takes them apart where one range is not enough.
 */
import type { Machine } from '../machine/machine.ts';
import { type Constraint, tupleOf } from '../stark/air/air.ts';
import type { Expr } from '../stark/air/expr.ts';
import { centred, inverse, P, reduce } from '../stark/field/koala-bear.ts';
import { MEMORY_BUS } from '../vm/buses.ts';
import { MEMORY } from './cell-facts.ts';
import { cellsOf } from './cell-ranges.ts';
import { type Cells, factorsOf, rangeOf } from './cells.ts';
import { intervalOf, isBelowP, type Known, type Ranges, rangeIn, sumOf, width } from './interval.ts';
import { keyOf, type Polynomial, replaced, scaled, substituted, variablesOf } from './polynomial.ts';
import { type CasesOf, casesOf } from './table-cases.ts';
import { type TableIntervals, tableIntervals } from './table-intervals.ts';

export interface Wrap {
  readonly air: string;
  /** The constraint, or the message. */
  readonly name: string;
  /** Which cells may be anything, or how far from 0 it may come. */
  readonly reason: string;
}

/** An equation times 2^k or its inverse, k up to this, is 0 where it was: a division by a power of two is undone. */
const MAX_DOUBLINGS = 24;
const POWERS = Array.from({ length: MAX_DOUBLINGS + 1 }, (_, k) => 2 ** k);
const UNITS = [...POWERS, ...POWERS.map((power) => centred(inverse(reduce(power))))];
const MAX_MULTIPLES = 2;
/** Variables that are replaced, one after another, by what other equations say they are. */
const MAX_REPLACED = 2;
/** So many polynomials are looked at that way. */
const MAX_TRIED = 40;

/**
 * Constraints that the ranges do not show to be equations of integers, and words left in memory that they do not show to
 * be two limbs. Columns declared `free` are multipliers: x y = b says of integers only whether x, or a factor of it, is 0.
 * Other cells without a range may be equal to what has one, or to one another, and no more. Chips in `except` are not
 * judged.
 *
 * **Cost** seconds for the machine of this project, less for one chip.
 */
export function wrapsOf(machine: Pick<Machine, 'chips'>, except: readonly string[] = []): Wrap[] {
  const tables = tableIntervals(machine);
  const isAsked = (chip: string): boolean => !except.includes(chip);
  const all = cellsOf(machine, tables, isAsked);
  return [...all.values()].flatMap((cells) => (isAsked(cells.air.name) ? wrapsIn(cells, tables) : []));
}

/** The same of one chip, where other chips say what their declarations say. */
export function wrapsOfChip(machine: Pick<Machine, 'chips'>, name: string): Wrap[] {
  const tables = tableIntervals(machine);
  const cells = cellsOf(machine, tables, (chip) => chip === name).get(name);
  return cells === undefined ? [] : wrapsIn(cells, tables);
}

function wrapsIn(cells: Cells, tables: TableIntervals): Wrap[] {
  const cases = casesOf(cells, tables);
  const open = new Map(cells.air.constraints.map((constraint) => [constraint, openIn(cells, cases, constraint)]));
  const shown = cells.air.constraints.filter((constraint) => open.get(constraint)!.length === 0);
  const question: Question = { cells, cases, definitions: definitionsOf(cells, shown) };
  const wraps = [...open].flatMap(([{ name }, parts]): Wrap[] => {
    const left = parts.find(({ part }) => part === undefined || !isSmallModulo(question, part));
    return left === undefined ? [] : [{ air: cells.air.name, name, reason: left.reason }];
  });
  return [...wraps, ...wordsLeft(cells)];
}

interface Question {
  readonly cells: Cells;
  readonly cases: CasesOf;
  /** What a variable is, mod p. */
  readonly definitions: ReadonlyMap<string, readonly Polynomial[]>;
}

/** What is not shown of a constraint by itself. */
interface Open {
  readonly reason: string;
  /** What may be shown with other constraints. */
  readonly part?: Polynomial;
}

function openIn(cells: Cells, cases: CasesOf, constraint: Constraint): Open[] {
  return factorsOf(constraint.expr).flatMap((factor): Open[] => {
    const polynomial = cells.polynomialOf(factor, constraint);
    if (polynomial === undefined) return [{ reason: 'too many terms' }];
    const unknown = unknownIn(polynomial, cells.ranges);
    const strange = unknown.filter((variable) => !isFree(cells, variable));
    if (!strange.every((variable) => isEqual(polynomial, variable))) {
      return [{ reason: `anything: ${strange.join(', ')}` }];
    }
    const parts = unknown.length === 0 ? [polynomial] : partsOf(cells, factor, polynomial, unknown);
    return parts.flatMap((part): Open[] => {
      const found = leastOf(part, cells.ranges);
      const reason = found === undefined ? 'anything' : `${found.low} to ${found.high}`;
      if (isBelowP(found)) return [];
      // An equality with an unknown cell bounds nothing: what it is equal to is not looked at further.
      if (strange.length > 0) return [{ reason }];
      return isSmallByCases(cases, part) ? [] : [{ reason, part }];
    });
  });
}

/** Whether the polynomial says of a variable that it is the residue of the rest, once. */
function isEqual(polynomial: Polynomial, variable: string): boolean {
  const own = [...polynomial.values()].filter(({ variables }) => variables.includes(variable));
  return own.length === 1 && own[0]!.variables.length === 1 && Math.abs(own[0]!.coefficient) === 1;
}

const isFixed = (variable: string, ranges: Ranges): boolean => {
  const range = rangeIn(ranges, variable);
  return range !== undefined && width(range) === 0;
};
const unknownIn = (polynomial: Polynomial, ranges: Ranges): string[] =>
  [...variablesOf(polynomial)].filter((variable) => rangeIn(ranges, variable) === undefined);
const isFree = ({ air }: Cells, variable: string): boolean =>
  air.main.some(({ name, domain }) => name === variable && domain.startsWith('free'));

/** The terms without free variables, and what multiplies those with one, factor by factor. */
function partsOf(cells: Cells, root: Expr, polynomial: Polynomial, free: readonly string[]): Polynomial[] {
  const parts: Polynomial[] = [];
  const hasFree = (p: Polynomial): boolean => [...variablesOf(p)].some((v) => free.includes(v));
  const visit = (expr: Expr, isFactor: boolean): void => {
    const own = cells.polynomialOf(expr);
    if (own === undefined || !hasFree(own)) {
      if (own !== undefined && isFactor) parts.push(own);
    } else if (expr.node.op === 'mul') for (const factor of factorsOf(expr)) visit(factor, true);
    else if (expr.node.op !== 'constant' && expr.node.op !== 'column') {
      visit(expr.node.left, false);
      visit(expr.node.right, false);
    }
  };
  visit(root, false);
  return [new Map([...polynomial].filter(([, { variables }]) => !variables.some((v) => free.includes(v)))), ...parts];
}

const sizeOf = (interval: Known): number =>
  interval === undefined ? Infinity : Math.max(-interval.low, interval.high);

/** The least interval of a polynomial or a multiple of it by a unit: found among those whose terms are least. */
function leastOf(polynomial: Polynomial, ranges: Ranges): Known {
  const rest = substituted(polynomial, (v) => (isFixed(v, ranges) ? rangeIn(ranges, v)!.low : undefined));
  const whole = sumOf(rest.values(), ranges);
  if (whole === undefined || isBelowP(whole)) return whole;
  const multiples = UNITS.map((unit) => scaled(rest, unit))
    .map((multiple) => ({ multiple, size: sizeOf(sumOf(multiple.values(), ranges)) }))
    .sort((a, b) => a.size - b.size);
  const found = multiples.slice(0, MAX_MULTIPLES).map(({ multiple }) => intervalOf(multiple, ranges));
  return [whole, ...found].reduce((least, next) => (sizeOf(next) < sizeOf(least) ? next : least));
}

function isSmallByCases(cases: CasesOf, polynomial: Polynomial): boolean {
  const isSmallIn = (all: Iterable<Ranges>): boolean => {
    for (const ranges of all) if (!isBelowP(leastOf(polynomial, ranges))) return false;
    return true;
  };
  for (const all of cases(variablesOf(polynomial))) if (isSmallIn(all)) return true;
  return false;
}

/** Whether it is small where other equations hold. They are shown already: two that both wrap would show each other. */
function isSmallModulo(question: Question, polynomial: Polynomial): boolean {
  const seen = new Set<string>();
  let last: Polynomial[] = [polynomial];
  for (let depth = 0; depth < MAX_REPLACED; depth++) {
    const next: Polynomial[] = [];
    for (const p of last) {
      for (const variable of variablesOf(p)) {
        for (const definition of question.definitions.get(variable) ?? []) {
          const other = replaced(p, variable, definition);
          if (other === undefined || seen.has(keyOf(other))) continue;
          if (seen.size === MAX_TRIED) return false;
          seen.add(keyOf(other));
          if (isBelowP(leastOf(other, question.cells.ranges)) || isSmallByCases(question.cases, other)) return true;
          next.push(other);
        }
      }
    }
    last = next;
  }
  return false;
}

/** Equations that are linear in a variable, solved for it; look-ups are equations of what stands for them. */
function definitionsOf(cells: Cells, shown: readonly Constraint[]): Map<string, Polynomial[]> {
  const all = new Map<string, Polynomial[]>();
  const define = (equation: Polynomial): void => {
    for (const variable of variablesOf(equation)) {
      const own = [...equation.values()].filter(({ variables }) => variables.includes(variable));
      if (own.length > 1 || own[0]!.variables.length > 1) continue;
      const definition = new Map(scaled(equation, centred(P - inverse(reduce(own[0]!.coefficient)))));
      definition.delete(variable);
      all.set(variable, [...(all.get(variable) ?? []), definition]);
    }
  };
  for (const { expr, where } of shown) {
    const [factor, ...others] = factorsOf(expr);
    const equation = factor && cells.polynomialOf(factor);
    if (where === 'every' && others.length === 0 && equation !== undefined) define(equation);
  }
  for (const [expr, { variable, step }] of cells.stands) {
    const polynomial = step === 1 ? cells.polynomialOf(expr) : undefined;
    if (polynomial === undefined) continue;
    const equation = new Map(polynomial).set(variable, { coefficient: -1, variables: [variable] });
    if (isBelowP(leastOf(equation, cells.ranges))) define(equation);
  }
  return all;
}

/** What is left in memory is read back as limbs. */
function wordsLeft(cells: Cells): Wrap[] {
  const { air, ranges } = cells;
  const sent = air.interactions.filter(({ bus, direction }) => bus.name === MEMORY_BUS.name && direction === 'send');
  return sent.flatMap((interaction) => {
    const limbs = tupleOf(interaction).map((expr) => rangeOf(cells, expr, ranges));
    const wrong = [2, 3].find((f) => limbs[f] === undefined || limbs[f].low < 0 || limbs[f].high > MEMORY[f]!.high);
    if (wrong === undefined) return [];
    const limb = limbs[wrong];
    const reason = limb === undefined ? 'a limb that may be anything' : `a limb from ${limb.low} to ${limb.high}`;
    return [{ air: air.name, name: interaction.name, reason }];
  });
}
