/**
 * Operations whose result takes no arithmetic: an operand is an infinity or NaN, a factor, dividend, divisor or radicand is
 * zero, or a radicand is negative. What they give depends on the classes of the operands and two signs only.
 * Source: IEEE 754-2019, 6 and 7; RISC-V Unprivileged ISA, 21.3 (canonical NaN), 21.6 (infinity times zero is invalid
 * even if the addend is a quiet NaN).
 */
import { CANONICAL_NAN, FLAG } from '../fp32-round/semantics.ts';

/** Operations with two factors, with dividend and divisor, with a radicand, and a * b + c. */
export const OPERATION = { mul: 0, div: 1, sqrt: 2, fma: 3 } as const;
/** Of a word. `finite` is not zero. */
export const CLASS = { zero: 0, finite: 1, infinite: 2, quiet: 3, signaling: 4 } as const;

const NUM_CLASSES = 5;
const INFINITE_HIGH = 0x7f80;
const NEGATIVE_ZERO_HIGH = 0x8000;
const NAN_HIGH = CANONICAL_NAN >>> 16;

/** What a result consists of; each sign is added to the high limb. */
export interface Outcome {
  /** High limb but for the signs below. */
  readonly limb: number;
  /** The sign is that of the product, of the addend, or negative in mode RDN; positive if of none. */
  readonly sign: 'none' | 'product' | 'addend' | 'mode';
  /** The result is the addend. */
  readonly copies: boolean;
  readonly flags: number;
}

const outcome = (limb: number, sign: Outcome['sign'] = 'none', flags = 0, copies = false): Outcome => ({
  ...{ limb, sign, flags, copies },
});
const nan = (...operands: readonly number[]): Outcome =>
  outcome(NAN_HIGH, 'none', operands.includes(CLASS.signaling) ? FLAG.invalid : 0);
const invalid = outcome(NAN_HIGH, 'none', FLAG.invalid);

const isNan = (operand: number): boolean => operand >= CLASS.quiet;

/**
 * By classes of the operands; those that an operation lacks are of class zero. `opposed`: product and addend have
 * different signs. Undefined if the result takes arithmetic.
 */
export function outcomeOf(
  operation: number,
  a: number,
  b: number,
  c: number,
  aIsNegative: boolean,
  opposed: boolean,
): Outcome | undefined {
  const { zero, finite, infinite } = CLASS;
  const has = (x: number): boolean => a === x || b === x;
  switch (operation) {
    case OPERATION.sqrt:
      if (isNan(a)) return nan(a);
      if (a === zero) return outcome(aIsNegative ? NEGATIVE_ZERO_HIGH : 0);
      if (aIsNegative) return invalid;
      return a === infinite ? outcome(INFINITE_HIGH) : undefined;
    case OPERATION.div:
      if (isNan(a) || isNan(b)) return nan(a, b);
      if (a === b && a !== finite) return invalid;
      if (a === infinite) return outcome(INFINITE_HIGH, 'product');
      if (a === zero || b === infinite) return outcome(0, 'product');
      return b === zero ? outcome(INFINITE_HIGH, 'product', FLAG.divideByZero) : undefined;
    default: {
      if (has(infinite) && has(zero)) return invalid;
      if (isNan(a) || isNan(b) || isNan(c)) return nan(a, b, c);
      if (has(infinite)) return c === infinite && opposed ? invalid : outcome(INFINITE_HIGH, 'product');
      if (c === infinite) return outcome(INFINITE_HIGH, 'addend');
      if (!has(zero)) return undefined;
      if (operation === OPERATION.mul) return outcome(0, 'product');
      if (c === finite) return outcome(0, 'addend', 0, true);
      return outcome(0, opposed ? 'mode' : 'product');
    }
  }
}

/** Place of a case among all, also of those that have no outcome. */
export const caseIndex = (
  operation: number,
  a: number,
  b: number,
  c: number,
  aIsNegative: number,
  opposed: number,
): number => ((((operation * NUM_CLASSES + a) * NUM_CLASSES + b) * NUM_CLASSES + c) * 2 + aIsNegative) * 2 + opposed;

const classes = (isThere: boolean): number[] => (isThere ? Object.values(CLASS) : [CLASS.zero]);
const BITS = [0, 1] as const;

/** All cases that have one, in the order of their index. */
export const OUTCOMES: readonly (readonly [key: readonly number[], outcome: Outcome])[] = Object.values(
  OPERATION,
).flatMap((operation) =>
  classes(true).flatMap((a) =>
    classes(operation !== OPERATION.sqrt).flatMap((b) =>
      classes(operation === OPERATION.fma).flatMap((c) =>
        BITS.flatMap((aIsNegative) =>
          BITS.flatMap((opposed) => {
            const found = outcomeOf(operation, a, b, c, aIsNegative === 1, opposed === 1);
            return found === undefined ? [] : [[[operation, a, b, c, aIsNegative, opposed], found] as const];
          }),
        ),
      ),
    ),
  ),
);

/** By case index. */
export const OUTCOME_AT: readonly (Outcome | undefined)[] = (() => {
  const all = new Array<Outcome | undefined>(caseIndex(OPERATION.fma + 1, 0, 0, 0, 0, 0)).fill(undefined);
  for (const [key, found] of OUTCOMES)
    all[caseIndex(...(key as [number, number, number, number, number, number]))] = found;
  return all;
})();
