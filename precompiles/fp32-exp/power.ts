/** The operand of exp or exp2 by its tables: what a row of `air.ts` says of it. */
import { argumentAt, type PowerFunction, termAt } from './argument-tables.ts';

export interface Power {
  scale: number;
  doublings: number;
  /** e^U if that is 1 or 2 since the operand is an integer (exp2), else 0. */
  whole: number;
  /** U as its sender writes it on the bus of `fp32-exponential`. */
  upper: number;
  middle: number;
  lower: number;
  /** Rows of the tables for the three parts of U; their limbs begin at ARGUMENT_LIMBS and TERM_LIMBS, signed. */
  argument: readonly number[];
  low: readonly number[];
  high: readonly number[];
}

/** Where the limbs of U begin in a row of the argument and of the term table. */
export const ARGUMENT_LIMBS = 3;
export const TERM_LIMBS = 2;
const WHOLE = ARGUMENT_LIMBS + 3;

/** The parts of an operand that the tables have (`isOrdinary`). */
export function powerOf(of: PowerFunction, a: number): Power {
  const argument = argumentAt(of, a >>> 16);
  const scale = argument[1]!;
  const low = termAt(of, scale, a & 0xff);
  const high = termAt(of, scale + 8, (a >>> 8) & 0xff);
  const limb = (i: number): number => argument[ARGUMENT_LIMBS + i]! + low[TERM_LIMBS + i]! + high[TERM_LIMBS + i]!;
  return {
    scale,
    doublings: argument[2]!,
    whole: (a & 0xffff) === 0 ? (argument[WHOLE] ?? 0) : 0,
    upper: limb(0),
    middle: limb(1),
    lower: limb(2),
    argument,
    low,
    high,
  };
}
