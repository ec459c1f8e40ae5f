/**
 * Fixed tables that take the operand of an exponential apart, only in proofs that use the function. The operand is a sum of
 * three parts, one for its upper 16 bits and one for each byte of the lower 16, each of which a table has multiplied and
 * reduced: nothing is left to multiply or to shift.
 *
 *     base^a = 2^doublings e^U,   U = argument(aHi) + term(scale, low byte) + term(scale + 8, high byte)
 *
 * argument  (high, scale, doublings, upper, middle, lower), for finite words with 2^-25 <= |a| < 2^7 (exp) or 2^8 (exp2):
 *           scale = 64 sign + biased exponent - 102, and ln(base) times the upper 8 bits of the significand in their
 *           place, less doublings * ln 2. For exp2, `whole` follows: if a is an integer when its low limb is 0, then the
 *           power of two e^U that it has there, 1 or 2; else 0.
 * term      (scale, byte, upper, middle, lower): ln(base) times the byte in the place of the low one.
 *
 * Limbs are those of `fp32-exponential/bus.ts`, canonical; an entry is nearest in units of 2^-72, terms of exp exact. The
 * doublings of a row fit all operands with its upper half: U is in [-0.6, 0.6], for exp2 below -2^7 in (0, ln 2].
 *
 * Assumes, Ensures, Padding: `vm/chips/table.ts`.
 * Proof    tuples are written from integers, see `argumentOf` and `termOf`; the tests compare them with the series of ln 2.
 */
import { type Bus, defineBus } from '../../stark/air/bus.ts';
import { residue } from '../../stark/field/koala-bear.ts';
import { type FixedTable, fixedTable } from '../../vm/chips/table.ts';
import { LN2 } from '../fp32-exponential/tables.ts';

/** Biased exponent of the least operand, 2^-25. */
export const FIRST_EXPONENT = 102;
/** Biased exponents from the least operand up: below 2^7 for exp, 2^8 for exp2. */
export const NUM_EXPONENTS = { exp: 32, exp2: 33 } as const;
/** Added to the scale of a negative operand. */
export const SIGN_SCALE = 64;

export type PowerFunction = keyof typeof NUM_EXPONENTS;

const LIMBS = ['upper', 'middle', 'lower'];
const ARGUMENT = ['high', 'scale', 'doublings', ...LIMBS];
const TERM = ['scale', 'byte', ...LIMBS];
export const ARGUMENT_BUSES: Readonly<Record<PowerFunction, Bus>> = {
  exp: defineBus('fp32-exp-argument', 'table', ARGUMENT),
  exp2: defineBus('fp32-exp2-argument', 'table', [...ARGUMENT, 'whole']),
};
export const TERM_BUSES: Readonly<Record<PowerFunction, Bus>> = {
  exp: defineBus('fp32-exp-term', 'table', TERM),
  exp2: defineBus('fp32-exp2-term', 'table', TERM),
};

/** Bits below the point while computing: 24 more than are kept. */
const WORKING_BITS = 96;
const ONE = 1n << BigInt(WORKING_BITS);
/** ln 2, rounded down. */
const LN2_BITS = LN2.reduce((value, limb) => (value << 24n) + BigInt(limb), 0n);

/** Limbs in units of 2^-72 of a number in units of 2^-96. */
function limbsOf(value: bigint): [upper: number, middle: number, lower: number] {
  const rounded = (value + (1n << 23n)) >> 24n;
  return [Number(rounded >> 48n), Number((rounded >> 24n) & 0xff_ffffn), Number(rounded & 0xff_ffffn)];
}

/** ln(base) * significand * 2^(exponent - 150), exponent biased, in units of 2^-96 and rounded down to one. */
function scaled(of: PowerFunction, isNegative: boolean, exponent: number, significand: number): bigint {
  const factor = of === 'exp' ? ONE : LN2_BITS;
  const product = (factor * BigInt(significand) * 2n ** BigInt(exponent)) >> 150n;
  return isNegative ? -product : product;
}

/** The tuple of an upper half that `isOrdinary` has, its numbers signed. */
function argumentOf(of: PowerFunction, high: number): number[] {
  const isNegative = high >= 2 ** 15;
  const exponent = (high >>> 7) & 0xff;
  const significand = (high & 0x7f) + 0x80; // in the place of 2^(exponent - 134)
  const sign = isNegative ? -1 : 1;
  const unit = 2 ** (exponent - 134);
  const middle = sign * (significand + 0.5) * unit;
  const isFar = exponent === 134;
  // To nearest: at the middle of the operands with this upper half, which is no tie but from 2^7 on.
  const doublings =
    of === 'exp'
      ? Math.round(middle / Math.LN2)
      : isFar
        ? sign * significand - (isNegative ? 1 : 0)
        : Math.round(middle);
  const limbs = limbsOf(scaled(of, isNegative, exponent + 16, significand) - BigInt(doublings) * LN2_BITS);
  const scale = exponent - FIRST_EXPONENT + (isNegative ? SIGN_SCALE : 0);
  const isWhole = Number.isInteger(significand * unit);
  const whole = isWhole ? (isFar && isNegative ? 2 : 1) : 0;
  return [high, scale, doublings, ...limbs, ...(of === 'exp' ? [] : [whole])];
}

/** The tuple of a byte that stands at 2^(exponent - 150), exponent = 102 + scale mod 64, its numbers signed. */
function termOf(of: PowerFunction, scale: number, byte: number): number[] {
  return [scale, byte, ...limbsOf(scaled(of, scale >= SIGN_SCALE, (scale % SIGN_SCALE) + FIRST_EXPONENT, byte))];
}

/** Whether the tables have operands with this upper half: not below 2^-25, below 2^7 or 2^8. */
export const isOrdinary = (of: PowerFunction, high: number): boolean => {
  const place = ((high >>> 7) & 0xff) - FIRST_EXPONENT;
  return place >= 0 && place < NUM_EXPONENTS[of];
};

/** Tuples by their place in a table, computed when they are first asked for. */
interface Places {
  readonly count: number;
  readonly tupleAt: (index: number) => readonly number[];
  /** Where the tuple of these leading fields is, if there is one. */
  readonly placeOf: (tuple: ArrayLike<number>) => number | undefined;
}

function remembering(count: number, tupleAt: (index: number) => number[]): (index: number) => readonly number[] {
  const known = new Array<number[] | undefined>(count);
  return (index) => {
    known[index] ??= tupleAt(index);
    return known[index];
  };
}

function argumentsOf(of: PowerFunction): Places {
  const half = NUM_EXPONENTS[of] * 128;
  const first = FIRST_EXPONENT * 128;
  const highAt = (index: number): number => first + (index < half ? index : index - half + 2 ** 15);
  return {
    count: 2 * half,
    tupleAt: remembering(2 * half, (index) => argumentOf(of, highAt(index))),
    placeOf: (tuple) => {
      const high = tuple[0];
      if (high! >= 2 ** 16 || !isOrdinary(of, high!)) return undefined;
      return high! >= 2 ** 15 ? high! - 2 ** 15 - first + half : high! - first;
    },
  };
}

function termsOf(of: PowerFunction): Places {
  const scales = NUM_EXPONENTS[of] + 8;
  const scaleAt = (place: number): number => (place < scales ? place : place - scales + SIGN_SCALE);
  return {
    count: 2 * scales * 256,
    tupleAt: remembering(2 * scales * 256, (index) => termOf(of, scaleAt(index >>> 8), index & 0xff)),
    placeOf: (tuple) => {
      const [scale, byte] = [tuple[0], tuple[1]];
      if (byte! >= 256 || scale! >= 2 * SIGN_SCALE || scale! % SIGN_SCALE >= scales) return undefined;
      return ((scale! % SIGN_SCALE) + (scale! >= SIGN_SCALE ? scales : 0)) * 256 + byte!;
    },
  };
}

const ARGUMENTS = { exp: argumentsOf('exp'), exp2: argumentsOf('exp2') };
const TERMS = { exp: termsOf('exp'), exp2: termsOf('exp2') };

/** The tuple of an upper half that `isOrdinary` has, its numbers signed. */
export const argumentAt = (of: PowerFunction, high: number): readonly number[] =>
  ARGUMENTS[of].tupleAt(ARGUMENTS[of].placeOf([high])!);
/** The tuple of a byte at a scale of the argument table, or 8 above one, its numbers signed. */
export const termAt = (of: PowerFunction, scale: number, byte: number): readonly number[] =>
  TERMS[of].tupleAt(TERMS[of].placeOf([scale, byte])!);

/** The least number of tuples in a row with height 2^12 for arguments, 2^13 for terms. */
const PER_ROW = 3;

function tableOf(suffix: string, bus: Bus, { count, tupleAt, placeOf }: Places): FixedTable {
  return fixedTable({
    name: `fp32-exp${suffix}`,
    ...{ bus, perRow: PER_ROW, count, separate: true },
    tupleAt: (index) => tupleAt(index).map(residue),
    indexOf: (tuple) => {
      const index = placeOf(tuple);
      if (index === undefined) return undefined;
      const there = tupleAt(index);
      for (let i = 0; i < there.length; i++) if (residue(there[i]!) !== tuple[i]) return undefined;
      return index;
    },
  });
}

/** Fixed tables of a function. */
const tablesOf = (of: PowerFunction): readonly FixedTable[] => {
  const base = of === 'exp' ? '' : '2';
  return [
    tableOf(`${base}-argument`, ARGUMENT_BUSES[of], ARGUMENTS[of]),
    tableOf(`${base}-term`, TERM_BUSES[of], TERMS[of]),
  ];
};
export const expTables: readonly FixedTable[] = tablesOf('exp');
export const exp2Tables: readonly FixedTable[] = tablesOf('exp2');
